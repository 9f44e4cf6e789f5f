package local

import (
	"strings"

	"github.com/updraft-go/updraft/internal/sam"
	"github.com/updraft-go/updraft/internal/tree"
)

// serverless expands the resources of the Serverless Application Model.
func (x *expansion) serverless(root *tree.Node) (*tree.Node, error) {
	out, err := sam.Expand(root, sam.Options{Partition: x.region.partition, Parameter: func(name string) *tree.Node {
		if p := x.scope.parameters.get(name); p != nil && !p.noted {
			return p.value
		}
		return nil
	}})
	if err != nil {
		return nil, failedTransform(sam.Name, "%v", err)
	}
	return out, nil
}

// isServerless reports whether a resource type is one that only a transform knows.
func isServerless(typ string) bool { return strings.HasPrefix(typ, "AWS::Serverless::") }
