package local

import (
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

func parseYAML(body string) (*tree.Node, error) {
	root, err := yaml.Parse([]byte(body))
	if err != nil {
		return nil, invalid("Template format error: YAML not well-formed.%s", position(err))
	}
	return root, nil
}
