// Package yaml is the one place that knows the YAML library. It turns a template in YAML, with the
// short forms of functions (!Ref, !Sub …), into the tree that the same template in JSON gives.
package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/updraft-go/updraft/internal/tree"
)

// maxNodes and maxText bound what aliases may unfold to: a few lines of YAML can stand for billions
// of values, or for one long text billions of times.
const (
	maxNodes = 1_000_000
	maxText  = 32 << 20
)

// Parse reads one YAML document. Scalars stay as CloudFormation sees them: what looks like a date
// or an octal number is text. Duplicate keys, unknown tags, more than one document, anchors that
// hold themselves and nesting deeper than tree.MaxDepth are refused.
//
// # Errors
//
// A [*tree.SyntaxError]; the node is then nil.
func Parse(data []byte) (*tree.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &tree.SyntaxError{Line: 1, Column: 1, Message: "the document is empty"}
		}
		return nil, syntaxError(err)
	}
	c := converter{open: map[*yaml.Node]bool{}, ros: isROS(doc.Content[0])}
	n, err := c.node(doc.Content[0], 0)
	if err != nil {
		return nil, err
	}
	var second yaml.Node
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, &tree.SyntaxError{Line: second.Line, Column: second.Column, Message: "a second document; a template is one"}
	case !errors.Is(err, io.EOF):
		return nil, syntaxError(err)
	}
	return n, nil
}

var libraryError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(?s:(.*))$`)

// syntaxError takes the line out of the library's message.
func syntaxError(err error) error {
	m := libraryError.FindStringSubmatch(err.Error())
	if m == nil {
		return &tree.SyntaxError{Line: 1, Column: 1, Message: err.Error()}
	}
	line, convErr := strconv.Atoi(m[1])
	if convErr != nil {
		line = 1
	}
	return &tree.SyntaxError{Line: line, Column: 1, Message: m[2]}
}

// converter turns the library's nodes into ours.
type converter struct {
	open  map[*yaml.Node]bool // the anchors inside which we are
	ros   bool                // the functions are those of Alibaba Cloud too
	count int
	text  int
}

func errorAt(y *yaml.Node, format string, args ...any) error {
	return &tree.SyntaxError{Line: y.Line, Column: y.Column, Message: fmt.Sprintf(format, args...)}
}

func (c *converter) node(y *yaml.Node, depth int) (*tree.Node, error) {
	if err := c.bound(y, depth); err != nil {
		return nil, err
	}
	if y.Kind == yaml.AliasNode {
		return c.alias(y, depth)
	}
	if y.Anchor != "" {
		c.open[y] = true
		defer delete(c.open, y)
	}
	function, err := c.functionOf(y)
	if err != nil {
		return nil, err
	}
	if function != "" {
		depth++ // the map that the tag stands for
	}
	n := &tree.Node{Line: y.Line, Column: y.Column}
	switch y.Kind {
	case yaml.ScalarNode:
		scalar(n, y)
	case yaml.SequenceNode:
		n.Kind = tree.List
		n.List, err = c.elements(y, depth)
	case yaml.MappingNode:
		n.Kind = tree.Map
		n.Map, err = c.members(y, depth)
	default:
		return nil, errorAt(y, "a YAML construct that a template cannot hold")
	}
	if err != nil {
		return nil, err
	}
	return wrap(function, n), nil
}

// bound counts y, and refuses what is too much.
func (c *converter) bound(y *yaml.Node, depth int) error {
	c.count++
	c.text += len(y.Value)
	switch {
	case c.count > maxNodes:
		return errorAt(y, "more than %d values once the aliases are unfolded", maxNodes)
	case c.text > maxText:
		return errorAt(y, "more than %d bytes of text once the aliases are unfolded", maxText)
	case depth > tree.MaxDepth:
		return errorAt(y, "nested more than %d levels deep", tree.MaxDepth)
	}
	return nil
}

func (c *converter) alias(y *yaml.Node, depth int) (*tree.Node, error) {
	if c.open[y.Alias] {
		return nil, errorAt(y, "the anchor %q holds itself", y.Value)
	}
	return c.node(y.Alias, depth)
}

func (c *converter) elements(y *yaml.Node, depth int) ([]*tree.Node, error) {
	list := make([]*tree.Node, 0, len(y.Content))
	for _, item := range y.Content {
		n, err := c.node(item, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

func (c *converter) members(y *yaml.Node, depth int) ([]tree.Member, error) {
	var (
		members = make([]tree.Member, 0, len(y.Content)/2)
		seen    keySet
		merged  []tree.Member
	)
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Tag == "!!merge" {
			ms, err := c.merge(v, depth)
			if err != nil {
				return nil, err
			}
			merged = append(merged, ms...)
			continue
		}
		for k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode {
			return nil, errorAt(k, "a key that is not text")
		}
		if !seen.add(members, k.Value) {
			return nil, errorAt(k, "the key %q stands twice in this map", k.Value)
		}
		c.text += len(k.Value)
		n, err := c.node(v, depth+1)
		if err != nil {
			return nil, err
		}
		members = append(members, tree.Member{Key: k.Value, Value: n, Line: k.Line, Column: k.Column})
	}
	for _, m := range merged { // the map's own keys, and earlier merges, win
		if seen.add(members, m.Key) {
			members = append(members, m)
		}
	}
	return members, nil
}

// A keySet finds duplicate keys: by a walk over a small map, by a set over a large one.
type keySet map[string]bool

func (s *keySet) add(members []tree.Member, key string) bool {
	if len(members) < 16 {
		return !slices.ContainsFunc(members, func(m tree.Member) bool { return m.Key == key })
	}
	if *s == nil {
		*s = make(keySet, 2*len(members))
		for _, m := range members {
			(*s)[m.Key] = true
		}
	}
	if (*s)[key] {
		return false
	}
	(*s)[key] = true
	return true
}

// merge reads the value of a << key: a map, or a list of maps.
func (c *converter) merge(v *yaml.Node, depth int) ([]tree.Member, error) {
	n, err := c.node(v, depth+1)
	if err != nil {
		return nil, err
	}
	sources := []*tree.Node{n}
	if n.Kind == tree.List {
		sources = n.List
	}
	var members []tree.Member
	for _, s := range sources {
		if s.Kind != tree.Map {
			return nil, errorAt(v, "<< takes a map or a list of maps")
		}
		members = append(members, s.Map...)
	}
	return members, nil
}
