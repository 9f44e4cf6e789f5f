package goimport

import (
	"strconv"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/policy"
)

// document is a policy document on its way to Go. If single values stand always alone, the document
// is Compact; if only some of them do, these are written with policy.One.
type document struct {
	im     *importer
	one    bool // write single values that stand alone with policy.One
	alone  bool // a single value was seen alone
	inList bool // a single value was seen in a list
}

// policy is a map as a policy.Document; false if it is none, or one that a Document would write in
// another form.
func (im *importer) policy(n *tree.Node) (*code, bool) {
	statements := n.Get("Statement")
	if !statements.Is(tree.List) || len(statements.List) == 0 {
		return nil, false
	}
	d := &document{im: im}
	c, ok := d.code(n, statements)
	if ok && d.alone && d.inList {
		mixed := &document{im: im, one: true}
		return mixed.code(n, statements)
	}
	if !ok {
		return nil, false
	}
	if !d.alone {
		if short, ok := d.trust(n, c); ok {
			return short, true
		}
		return c, true
	}
	c.items = append(c.items[:len(c.items)-1:len(c.items)-1], item{key: "Compact: ", value: leaf("true", goType{})}, c.items[len(c.items)-1])
	return c, true
}

var documentType = goType{kind: foreign, name: "policy.Document"}

func (d *document) code(n, statements *tree.Node) (*code, bool) {
	c := &code{text: "policy.Document{", close: "}", typ: documentType, layout: inline}
	for _, m := range n.Map {
		var name string
		switch m.Key {
		case "Version", "Id":
			name = map[string]string{"Version": "Version", "Id": "ID"}[m.Key]
		case "Statement":
			continue
		default:
			return nil, false
		}
		v, ok := d.text(m.Value)
		if !ok {
			return nil, false
		}
		if m.Key == "Version" && m.Value.Str() == policy.Version {
			v = leaf("policy.Version", goType{})
		}
		c.items = append(c.items, item{key: name + ": ", value: v})
	}
	list := &code{text: "[]policy.Statement{", close: "}"}
	for _, s := range statements.List {
		v, ok := d.statement(s)
		if !ok {
			return nil, false
		}
		list.items = append(list.items, item{value: v})
	}
	c.items = append(c.items, item{key: "Statement: ", value: list})
	return c, true
}

// trust is the document as policy.Trust writes it, if it is that.
func (d *document) trust(n *tree.Node, c *code) (*code, bool) {
	statements := c.items[len(c.items)-1].value
	if len(n.Map) != 2 || n.Get("Version").Str() != policy.Version || len(statements.items) != 1 {
		return nil, false
	}
	s := statements.items[0].value
	if s.text != "policy.AssumeRole(" {
		return nil, false
	}
	return &code{text: "policy.Trust(", items: s.items, close: ")", layout: inline, typ: documentType}, true
}

// text is a text in a document: a string or a function, nothing else.
func (d *document) text(n *tree.Node) (*code, bool) {
	if !n.Is(tree.String) && !isFunction(n) {
		return nil, false
	}
	return d.im.value(n, textType)
}

func (d *document) statement(n *tree.Node) (*code, bool) {
	if !n.Is(tree.Map) || n.Get("Effect") == nil || !wellFormed(n) {
		return nil, false
	}
	if c, ok := d.assumeRole(n); ok {
		return c, true
	}
	c := &code{text: "{", close: "}"}
	for _, m := range n.Map {
		var v *code
		var ok bool
		switch m.Key {
		case "Effect":
			switch {
			case m.Value.Is(tree.String) && m.Value.Text == policy.Allow:
				continue // the zero of the field
			case m.Value.Is(tree.String) && m.Value.Text == policy.Deny:
				v, ok = leaf("policy.Deny", goType{}), true
			default:
				v, ok = d.text(m.Value)
			}
		case "Sid":
			v, ok = d.text(m.Value)
		case "Action", "NotAction", "Resource", "NotResource":
			v, ok = d.values(m.Value)
		case "Principal", "NotPrincipal":
			v, ok = d.principal(m.Value)
		case "Condition":
			v, ok = d.conditions(m.Value)
		}
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{key: m.Key + ": ", value: v})
	}
	return c, true
}

// wellFormed says whether package policy accepts the statement: it has actions, and nothing in two
// forms.
func wellFormed(n *tree.Node) bool {
	one := func(a, b string) bool { return n.Get(a) == nil || n.Get(b) == nil }
	return one("Action", "NotAction") && one("Resource", "NotResource") && one("Principal", "NotPrincipal") &&
		(n.Get("Action") != nil || n.Get("NotAction") != nil) &&
		!empty(n.Get("Action")) && !empty(n.Get("NotAction"))
}

func empty(n *tree.Node) bool { return n.Is(tree.List) && len(n.List) == 0 }

// assumeRole is the statement of a trust policy for services.
func (d *document) assumeRole(n *tree.Node) (*code, bool) {
	principal, action := n.Get("Principal"), n.Get("Action")
	if len(n.Map) != 3 || principal == nil || action == nil || n.Get("Effect").Str() != policy.Allow || len(principal.Map) != 1 {
		return nil, false
	}
	services := principal.Get("Service")
	if services == nil || action.Is(tree.List) && len(action.List) != 1 {
		return nil, false
	}
	name := action
	if action.Is(tree.List) {
		name = action.List[0]
	}
	if !name.Is(tree.String) || name.Text != "sts:AssumeRole" {
		return nil, false
	}
	if d.one && !(action.Is(tree.List) && services.Is(tree.List)) {
		return nil, false
	}
	before := *d
	c, ok := d.values(services)
	if !ok || c.close != "}" || c.typ.kind != list {
		*d = before
		return nil, false
	}
	d.single(action.Is(tree.List))
	return &code{text: "policy.AssumeRole(", items: c.items, close: ")", layout: inline, typ: goType{kind: foreign, name: "policy.Statement"}}, true
}

// single notes a single value, alone or in a list.
func (d *document) single(inList bool) {
	if inList {
		d.inList = true
	} else {
		d.alone = true
	}
}

// values is one value or a list of them.
func (d *document) values(n *tree.Node) (*code, bool) {
	c := literal(textsType)
	elements := n.Items()
	if !n.Is(tree.List) {
		if isFunction(n) && d.listFunction(n) {
			return d.im.function(n, textsType)
		}
		elements = []*tree.Node{n}
	}
	if len(elements) == 1 {
		d.single(n.Is(tree.List))
	}
	if d.one && !n.Is(tree.List) {
		c = &code{text: "policy.One(", close: ")", layout: inline, typ: textsType}
	}
	for _, e := range elements {
		if !e.Is(tree.String) && !isFunction(e) {
			return nil, false
		}
		v, ok := d.im.element(e, textType)
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{value: v})
	}
	return c, true
}

// listFunction says whether a function gives a list: by what it is, or by its arms.
func (d *document) listFunction(n *tree.Node) bool {
	switch name, arg, _ := n.Function(); name {
	case "Fn::Split", "Fn::Cidr", "Fn::GetAZs":
		return true
	case "Ref":
		s := d.im.symbols[arg.Str()]
		return s != nil && s.typ.kind == list
	case "Fn::If":
		args, ok := items(arg, 3, 3)
		return ok && (args[1].Is(tree.List) || isNoValue(args[1])) && (args[2].Is(tree.List) || isNoValue(args[2]))
	}
	return false
}

func (d *document) principal(n *tree.Node) (*code, bool) {
	if n.Is(tree.String) && n.Text == "*" {
		return &code{text: "&policy.Principal{", close: "}", items: []item{{key: "Everybody: ", value: leaf("true", goType{})}}}, true
	}
	if !n.Is(tree.Map) || isFunction(n) {
		return nil, false
	}
	c := &code{text: "&policy.Principal{", close: "}"}
	for _, m := range n.Map {
		switch m.Key {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			return nil, false
		}
		v, ok := d.values(m.Value)
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{key: m.Key + ": ", value: v})
	}
	return c, true
}

func (d *document) conditions(n *tree.Node) (*code, bool) {
	if !n.Is(tree.Map) || isFunction(n) {
		return nil, false
	}
	c := &code{text: "policy.Conditions{", close: "}"}
	for _, operator := range n.Map {
		if !operator.Value.Is(tree.Map) || isFunction(operator.Value) {
			return nil, false
		}
		keys := &code{text: "{", close: "}"}
		for _, m := range operator.Value.Map {
			v, ok := d.values(m.Value)
			if !ok {
				return nil, false
			}
			keys.items = append(keys.items, item{key: strconv.Quote(m.Key) + ": ", value: v.elided()})
		}
		c.items = append(c.items, item{key: strconv.Quote(operator.Key) + ": ", value: keys})
	}
	return c, true
}
