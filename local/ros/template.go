package ros

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

const (
	formatVersion = "2015-09-01"
	maxTemplate   = 512 << 10
	maxResources  = 200
	maxName       = 255
)

// A template is one that was read and found to be well-formed.
type template struct {
	doc        *tree.Node
	parameters []tree.Member
	resources  []tree.Member
	outputs    []tree.Member
	refers     map[string][]string // the resources that each resource needs
}

// sections are those of a template that the cloud understands.
var sections = []string{"ROSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Mappings", "Conditions", "Resources", "Outputs"}

// parseTemplate reads a template and checks what can be checked without values.
func parseTemplate(q *request) (*template, error) {
	body := q.get("TemplateBody")
	switch {
	case q.get("TemplateURL") != "" || q.get("TemplateId") != "" || q.get("TemplateScratchId") != "":
		return nil, refuse(501, "NotSupported", "the embedded cloud takes templates as TemplateBody only")
	case body == "":
		return nil, missing("TemplateBody")
	case len(body) > maxTemplate:
		return nil, invalidTemplate("The template has %d bytes; at most %d are allowed.", len(body), maxTemplate)
	}
	doc, err := readDocument([]byte(body))
	if err != nil {
		return nil, invalidTemplate("The template is not well-formed: %v", err)
	}
	t := &template{
		doc: doc, refers: map[string][]string{},
		parameters: doc.Get("Parameters").Members(), resources: doc.Get("Resources").Members(), outputs: doc.Get("Outputs").Members(),
	}
	return t, t.check()
}

func readDocument(body []byte) (*tree.Node, error) {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '{' {
		return tree.Parse(trimmed)
	}
	return yaml.Parse(body)
}

func (t *template) check() error {
	if !t.doc.Is(tree.Map) || t.doc.Get("ROSTemplateFormatVersion").Str() != formatVersion {
		return invalidTemplate("The template version is invalid: ROSTemplateFormatVersion must be %q.", formatVersion)
	}
	for _, m := range t.doc.Map {
		if !slices.Contains(sections, m.Key) {
			return invalidTemplate("The template section %s is invalid, or not one of those that the embedded cloud understands.", m.Key)
		}
		if m.Key != "ROSTemplateFormatVersion" && m.Key != "Description" && !m.Value.Is(tree.Map) {
			return invalidTemplate("The template section %s must be a map.", m.Key)
		}
	}
	if len(t.resources) > maxResources {
		return invalidTemplate("The template has %d resources; at most %d are allowed.", len(t.resources), maxResources)
	}
	for _, m := range t.resources {
		if err := t.checkResource(m); err != nil {
			return err
		}
	}
	for _, m := range t.outputs {
		if m.Value.Get("Value") == nil {
			return invalidTemplate("The output %s has no Value.", m.Key)
		}
		if _, err := t.references("Outputs."+m.Key, m.Value.Get("Value")); err != nil {
			return err
		}
	}
	_, err := t.order()
	return err
}

func (t *template) checkResource(m tree.Member) error {
	name := m.Value.Get("Type").Str()
	if name == "" {
		return invalidTemplate("The resource %s has no Type.", m.Key)
	}
	if err := checkType(m.Key, name, m.Value.Get("Properties")); err != nil {
		return err
	}
	if c := m.Value.Get("Condition"); c != nil && t.doc.At("Conditions", c.Str()) == nil {
		return invalidTemplate("The condition %s of the resource %s is not in the template.", c.Str(), m.Key)
	}
	needs, err := t.references("Resources."+m.Key, m.Value.Get("Properties"))
	if err != nil {
		return err
	}
	depends := m.Value.Get("DependsOn")
	for _, other := range append(depends.Items(), depends) {
		id, ok := other.Scalar()
		if !ok {
			continue
		}
		if t.doc.At("Resources", id) == nil {
			return invalidTemplate("The resource %s depends on %s, which is not in the template.", m.Key, id)
		}
		needs = append(needs, id)
	}
	slices.Sort(needs)
	t.refers[m.Key] = slices.Compact(needs)
	return nil
}

// references returns the resources that a value refers to.
func (t *template) references(at string, n *tree.Node) ([]string, error) {
	var found []string
	add := func(name string) error {
		switch base := baseOf(name); {
		case strings.HasPrefix(name, "ALIYUN::"), t.doc.At("Parameters", name) != nil:
		case t.doc.At("Resources", base) != nil:
			found = append(found, base)
		default:
			return invalidTemplate("%s refers to %s, which is not in the template.", at, name)
		}
		return nil
	}
	return found, walkReferences(n, add)
}

// walkReferences calls add for each name that a value refers to.
func walkReferences(n *tree.Node, add func(string) error) error {
	if name, arg, ok := n.Function(); ok {
		if err := functionReferences(name, arg, add); err != nil {
			return err
		}
	}
	for _, item := range n.Items() {
		if err := walkReferences(item, add); err != nil {
			return err
		}
	}
	for _, m := range n.Members() {
		if err := walkReferences(m.Value, add); err != nil {
			return err
		}
	}
	return nil
}

func functionReferences(name string, arg *tree.Node, add func(string) error) error {
	switch {
	case name == "Ref" && arg.Is(tree.String):
		return add(arg.Text)
	case name == "Fn::GetAtt" && arg.Is(tree.String):
		base, _, _ := strings.Cut(arg.Text, ".")
		return add(base)
	case name == "Fn::GetAtt" && len(arg.Items()) > 0:
		return add(arg.List[0].Str())
	case name == "Fn::Sub":
		text, variables := arg, (*tree.Node)(nil)
		if len(arg.Items()) == 2 {
			text, variables = arg.List[0], arg.List[1]
		}
		parts, err := eval.ParseSub(text.Str())
		if err != nil {
			return invalidTemplate("%v", err)
		}
		for _, p := range parts {
			if p.Name == "" || variables.Get(p.Name) != nil {
				continue
			}
			base, _, _ := strings.Cut(p.Name, ".")
			if err := add(base); err != nil {
				return err
			}
		}
	}
	return nil
}

// baseOf is the name of a resource without the number that Count gives it.
func baseOf(id string) string {
	base, _, _ := strings.Cut(id, "[")
	return base
}

func instanceID(base string, index int) string {
	if index < 0 {
		return base
	}
	return base + "[" + strconv.Itoa(index) + "]"
}

// order sorts the resources so that each comes after those that it needs.
func (t *template) order() ([]string, error) {
	var (
		sorted []string
		state  = map[string]int{} // 1 is under way, 2 is done
		visit  func(id string) error
	)
	visit = func(id string) error {
		switch state[id] {
		case 1:
			return invalidTemplate("Circular Dependency Found: %s", id)
		case 2:
			return nil
		}
		state[id] = 1
		for _, other := range t.refers[id] {
			if err := visit(other); err != nil {
				return err
			}
		}
		state[id] = 2
		sorted = append(sorted, id)
		return nil
	}
	for _, m := range t.resources {
		if err := visit(m.Key); err != nil {
			return nil, err
		}
	}
	return sorted, nil
}
