package stack

import (
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

// YAML returns the template as YAML with the short forms of functions, for people to read. Errors
// are those of [Template.JSON].
func (t *Template) YAML() ([]byte, error) { return t.yaml(false) }

// LongYAML is [Template.YAML] without tags: functions are written Fn::GetAtt, not !GetAtt, which
// every reader of YAML takes.
func (t *Template) LongYAML() ([]byte, error) { return t.yaml(true) }

func (t *Template) yaml(long bool) ([]byte, error) {
	body, err := t.Minified()
	if err != nil {
		return nil, err
	}
	n, err := tree.Parse(body)
	if err != nil {
		return nil, exported(err)
	}
	return yaml.Append(make([]byte, 0, len(body)*5/4), n, long), nil
}
