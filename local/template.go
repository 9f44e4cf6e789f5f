package local

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A template is a template body that was read and found well-formed. It is not changed.
type template struct {
	body string
	root *tree.Node
	// resources are in the order in which they are written.
	resources []*definition          `record:"-"`
	byID      map[string]*definition `record:"-"`
	// source is the template that transforms made this one of; nil if it has none.
	source *template
}

// A definition is a resource as the template declares it.
type definition struct {
	id    string
	typ   string
	node  *tree.Node
	order int
	// explicit is what DependsOn names.
	explicit []string
}

func (d *definition) properties() *tree.Node {
	if p := d.node.Get("Properties"); p != nil {
		return p
	}
	return tree.Object()
}

// policy is DeletionPolicy or UpdateReplacePolicy.
func policy(node *tree.Node, name string) string { return node.Get(name).Str() }

// readTemplate reads a body and checks its form, as far as its transforms let that be known.
func readTemplate(body string) (*template, error) {
	root, err := parseBody(body)
	if err != nil {
		return nil, err
	}
	if err := checkNulls("", root); err != nil {
		return nil, err
	}
	if err := checkTransforms(root); err != nil {
		return nil, err
	}
	t := newTemplate(body, root)
	if t.isRaw() {
		return t, checkParameters(root)
	}
	return t, checkSections(root)
}

// newTemplate lists the resources of a template.
func newTemplate(body string, root *tree.Node) *template {
	t := &template{body: body, root: root}
	t.Revive()
	return t
}

// Revive lists the resources of a template that was read.
func (t *template) Revive() {
	t.byID = map[string]*definition{}
	for i, m := range t.root.Get("Resources").Members() {
		typ := m.Value.Get("Type").Str()
		if typ == "" {
			continue // a loop, or a mistake that is told elsewhere
		}
		d := &definition{id: m.Key, typ: typ, node: m.Value, order: i, explicit: names(m.Value.Get("DependsOn"))}
		t.resources = append(t.resources, d)
		t.byID[d.id] = d
	}
}

// isRaw reports whether a template has transforms that were not applied yet.
func (t *template) isRaw() bool { return len(transformNames(t.root)) > 0 }

// original is the template as it was given.
func (t *template) original() *template {
	if t.source != nil {
		return t.source
	}
	return t
}

// names reads one name or a list of them.
func names(n *tree.Node) []string {
	if s, ok := n.Scalar(); ok {
		return []string{s}
	}
	if n == nil {
		return nil
	}
	var list []string
	for _, e := range n.List {
		list = append(list, e.Str())
	}
	return list
}

func (t *template) description() string { return t.root.Get("Description").Str() }

// isJSON reports whether a body is read as JSON.
func isJSON(body string) bool {
	return strings.HasPrefix(strings.TrimLeft(body, " \t\r\n"), "{")
}
