package validate

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// dynamic checks the references {{resolve:service:name}} in a text.
func (w *walker) dynamic(p *place, n *tree.Node) {
	for rest := n.Text; ; {
		_, after, ok := strings.Cut(rest, "{{resolve:")
		if !ok {
			return
		}
		inside, tail, closed := strings.Cut(after, "}}")
		rest = tail
		service, name, _ := strings.Cut(inside, ":")
		switch {
		case !closed && isJoined(p):
			return // what follows ends it
		case !closed || name == "" && !strings.Contains(inside, "${"):
			w.report("dynamic-reference", p, n, "the dynamic reference {{resolve:"+cut(inside)+" names nothing", "write {{resolve:ssm:name}} or {{resolve:secretsmanager:id:SecretString:key}}")
		case strings.Contains(service, "$") || w.section == "Metadata":
		case service != "ssm" && service != "ssm-secure" && service != "secretsmanager":
			w.report("dynamic-reference", p, n, fmt.Sprintf("%q is no service of dynamic references", cut(service)), nearest(service, []string{"ssm", "ssm-secure", "secretsmanager"}, "use ssm, ssm-secure or secretsmanager"))
		case service == "ssm-secure" && w.section == "Resources" && !w.free && !hidesValue(p):
			w.report("dynamic-reference-place", p, n, "ssm-secure stands where CloudFormation does not resolve it", "it is resolved in a few passwords only; use secretsmanager")
		case service != "ssm" && w.section == "Outputs" && !w.free:
			w.report("dynamic-reference-place", p, n, "a secret is resolved where everybody can read it", "leave it out of the outputs")
		}
	}
}

// isJoined reports whether a text is a piece of a longer one.
func isJoined(p *place) bool {
	for ; p != nil; p = p.up {
		if p.key == "Fn::Join" {
			return true
		}
	}
	return false
}

func cut(s string) string { return strings.Trim(shown(s), `"`) }

// hidesValue reports whether a place is in a property in which ssm-secure is resolved.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
func hidesValue(p *place) bool {
	for ; p != nil; p = p.up {
		switch p.key {
		case "AuthToken", "DbPassword", "MasterUserPassword", "Password":
			return true
		}
	}
	return false
}
