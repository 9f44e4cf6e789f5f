package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var pseudo = []string{
	"AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region",
	"AWS::StackId", "AWS::StackName", "AWS::URLSuffix",
}

// references checks that everything that is referred to is there, and notes the dependencies of
// resources.
func (c *checker) references() {
	for _, m := range c.doc.Get("Conditions").Members() {
		w := walker{checker: c, section: "Conditions"}
		w.walk("Conditions."+m.Key, m.Value)
	}
	for _, m := range c.doc.Get("Resources").Members() {
		path := "Resources." + m.Key
		w := walker{checker: c, section: "Resources", resource: m.Key}
		for _, a := range m.Value.Members() {
			switch a.Key {
			case "Type":
			case "Condition":
				w.condition(path+".Condition", a.Value)
			case "DependsOn":
				w.dependsOn(path+".DependsOn", a.Value)
			default:
				w.walk(path+"."+a.Key, a.Value)
			}
		}
	}
	for _, m := range c.doc.Get("Outputs").Members() {
		path := "Outputs." + m.Key
		w := walker{checker: c, section: "Outputs"}
		for _, a := range m.Value.Members() {
			if a.Key == "Condition" {
				w.condition(path+".Condition", a.Value)
				continue
			}
			w.walk(path+"."+a.Key, a.Value)
		}
	}
}

// walker goes through one part of the template.
type walker struct {
	*checker
	section  string
	resource string // the logical ID in whose definition it is, if any
}

func (w *walker) walk(path string, n *tree.Node) {
	name, arg, ok := n.Function()
	if ok {
		path += "." + name
		switch name {
		case "Ref":
			w.ref(path, arg)
			return
		case "Fn::GetAtt":
			w.getAtt(path, arg)
		case "Fn::Sub":
			w.sub(path, arg)
		case "Fn::If":
			if items := arg.Items(); len(items) > 0 {
				w.condition(path+"[0]", items[0])
			}
		case "Fn::FindInMap":
			w.findInMap(path, arg)
		case "Condition":
			if w.section == "Conditions" {
				w.condition(path, arg)
			}
			return
		}
		w.inside(path, arg)
		return
	}
	w.inside(path, n)
}

func (w *walker) inside(path string, n *tree.Node) {
	for i, item := range n.Items() {
		w.walk(fmt.Sprintf("%s[%d]", path, i), item)
	}
	for _, m := range n.Members() {
		w.walk(path+"."+m.Key, m.Value)
	}
}

func (w *walker) ref(path string, arg *tree.Node) {
	if !arg.Is(tree.String) {
		w.report("ref", path, arg, "Ref takes the name of a parameter or resource", "give it as literal text")
		return
	}
	w.named(path, arg, arg.Text)
}

// named checks a name that stands for a parameter, pseudo parameter or resource.
func (w *walker) named(path string, n *tree.Node, name string) {
	if slices.Contains(pseudo, name) || w.parameters[name] != nil {
		return
	}
	if w.resources[name] != nil && w.section != "Conditions" {
		w.depends(path, name)
		return
	}
	all := append(sortedNames(w.resources), sortedNames(w.parameters)...)
	w.report("ref", path, n, fmt.Sprintf("%q is no parameter or resource of this template", name),
		nearest(name, append(all, pseudo...), "add it to this template with stack.Add, or export it from its own template and import it here"))
}

func (w *walker) depends(path, on string) {
	if w.resource != "" {
		w.edges[w.resource] = append(w.edges[w.resource], edge{to: on, path: path})
	}
}

func (w *walker) getAtt(path string, arg *tree.Node) {
	var name, attribute string
	switch items := arg.Items(); {
	case arg.Is(tree.String):
		name, attribute, _ = strings.Cut(arg.Text, ".")
	case len(items) >= 2 && items[0].Is(tree.String):
		name, attribute = items[0].Text, items[1].Str()
	}
	if name == "" {
		w.report("getatt", path, arg, "Fn::GetAtt takes a resource and one of its attributes", "use the Attr methods of the resource")
		return
	}
	w.attribute(path, arg, name, attribute)
}

// attribute checks that a resource has an attribute. "" is one that is not literal.
func (w *walker) attribute(path string, n *tree.Node, name, attribute string) {
	resource := w.resources[name]
	if resource == nil {
		w.report("getatt", path, n, fmt.Sprintf("%q is no resource of this template", name),
			nearest(name, sortedNames(w.resources), "add it to this template with stack.Add, or export the attribute from its own template and import it here"))
		return
	}
	w.depends(path, name)
	kind := resource.Get("Type").Str()
	t, known := schema.Lookup(kind)
	if attribute == "" || !known || kind == "AWS::CloudFormation::Stack" || strings.HasPrefix(kind, "AWS::CloudFormation::CustomResource") {
		return
	}
	if _, ok := t.Attribute(attribute); ok {
		return
	}
	var names []string
	for _, a := range t.Attributes {
		names = append(names, a.Name)
	}
	// An attribute that is an object is not in the list, its members are.
	if slices.ContainsFunc(names, func(s string) bool { return strings.HasPrefix(s, attribute+".") }) {
		return
	}
	w.report("getatt", path, n, fmt.Sprintf("%s has no attribute %q", kind, attribute),
		nearest(attribute, names, "its attributes are "+strings.Join(names, ", ")))
}

func (w *walker) sub(path string, arg *tree.Node) {
	text, vars := arg, (*tree.Node)(nil)
	if items := arg.Items(); len(items) == 2 {
		text, vars = items[0], items[1]
	}
	if !text.Is(tree.String) {
		w.report("sub", path, arg, "Fn::Sub takes a text, or a text and a map of variables", "use fn.Sub")
		return
	}
	parts, err := eval.ParseSub(text.Text)
	if err != nil {
		w.report("sub", path, text, err.Error(), "write ${!Name} for a literal ${Name}")
		return
	}
	for _, p := range parts {
		switch name, attribute, dotted := strings.Cut(p.Name, "."); {
		case p.Name == "" || vars.Get(p.Name) != nil:
		case dotted:
			w.attribute(path, text, name, attribute)
		default:
			w.named(path, text, p.Name)
		}
	}
}

func (w *walker) findInMap(path string, arg *tree.Node) {
	items := arg.Items()
	if len(items) < 3 {
		w.report("findinmap", path, arg, "Fn::FindInMap takes a mapping and two keys", "use the mapping's Find method")
		return
	}
	if !items[0].Is(tree.String) {
		return
	}
	m := w.mappings[items[0].Text]
	if m == nil {
		w.report("findinmap", path, items[0], fmt.Sprintf("%q is no mapping of this template", items[0].Text),
			nearest(items[0].Text, sortedNames(w.mappings), "add it with the template's Mapping method"))
		return
	}
	if len(items) > 3 || !items[1].Is(tree.String) || !items[2].Is(tree.String) {
		return
	}
	if m.At(items[1].Text, items[2].Text) == nil {
		w.report("findinmap", path, items[1], fmt.Sprintf("the mapping %s has no value under %q, %q", items[0].Text, items[1].Text, items[2].Text), "add it, or give a DefaultValue")
	}
}

func (w *walker) condition(path string, n *tree.Node) {
	if name := n.Str(); !n.Is(tree.String) || w.conditions[name] == nil {
		w.report("condition", path, n, fmt.Sprintf("%q is no condition of this template", name),
			nearest(name, sortedNames(w.conditions), "declare it with the template's Condition method"))
	}
}

func (w *walker) dependsOn(path string, n *tree.Node) {
	items := n.Items()
	if n.Is(tree.String) {
		items = []*tree.Node{n}
	}
	for _, item := range items {
		name := item.Str()
		if w.resources[name] == nil {
			w.report("dependson", path, item, fmt.Sprintf("%q is no resource of this template", name),
				nearest(name, sortedNames(w.resources), "add it to this template, or leave it out"))
			continue
		}
		w.depends(path, name)
	}
}
