package goimport

import "github.com/updraft-go/updraft/internal/tree"

// output adds an output, or an export.
func (im *importer) output(m tree.Member) {
	if isLoop(m.Key) {
		im.outputLoop(m)
		return
	}
	t := goType{kind: object, name: "stack.Output", shape: &fixedShape{open: true, silent: true, fields: map[string]field{
		"Description": {"Description", nameType}, "Value": {"Value", textType},
		"Condition": {"Condition", conditionNameType}, "Export": {"Export", exportType},
	}}}
	c, _ := im.object(m.Value, t)
	id := leaf(quote(m.Key), goType{})
	for i, it := range c.items {
		if it.key == "Export: " && im.target() == variable("t") {
			c.items = append(c.items[:i:i], c.items[i+1:]...)
			im.add(&stmt{value: call(im.target()+".Export", goType{}, id, it.value, c), section: "outputs"})
			return
		}
	}
	im.add(&stmt{value: call(im.target()+".Output", goType{}, id, c), section: "outputs"})
}

var (
	// conditionNameType is the name of a condition.
	conditionNameType = goType{kind: foreign, name: "a condition's name"}
	// exportType is a map that holds the name of an export.
	exportType = goType{kind: foreign, name: "an export"}
)

// outside is a value of which CloudFormation and Go have different forms.
func (im *importer) outside(n *tree.Node, t goType) (*code, bool) {
	switch {
	case t.same(conditionNameType):
		if n.Is(tree.String) && n.Text != "" {
			return im.conditionRef(n.Text), true
		}
	case t.same(exportType):
		name := n.Get("Name")
		if name != nil && len(n.Map) == 1 {
			return im.value(name, textType)
		}
	case t.same(dependsType):
		return im.dependsOn(n)
	default:
		return im.foreignValue(n, t)
	}
	return nil, false
}
