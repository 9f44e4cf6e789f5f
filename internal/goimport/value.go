package goimport

import (
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

const (
	unknownProperty = "not known to this version of updraft"
	otherKind       = "does not fit the type of the property"
)

// value is n as a value of the Go type t; false if it does not fit. An untyped constant fits a
// scalar. A function is tried first; what fits in no other way is carried verbatim.
func (im *importer) value(n *tree.Node, t goType) (*code, bool) {
	key := attempt{n, t.String(), t.enum}
	if r, ok := im.tried[key]; ok {
		return r.code, r.ok
	}
	c, ok := im.fit(n, t)
	if ok && len(c.items) == 0 {
		c.want = t
	}
	im.tried[key] = result{c, ok}
	return c, ok
}

// attempt is a value tried as a type; a function tries its arguments as several, and without
// a memory nested ones would take a time that doubles with each level.
type attempt struct {
	node *tree.Node
	typ  string
	enum *enum
}

type result struct {
	code *code
	ok   bool
}

func (im *importer) fit(n *tree.Node, t goType) (*code, bool) {
	if t.kind == free {
		return im.freely(n), true
	}
	if t.same(conditionType) {
		return im.test(n), true
	}
	if t.kind == foreign {
		return im.outside(n, t)
	}
	if isFunction(n) {
		if c, ok := im.function(n, t); ok {
			return c, true
		}
		return im.carry(n, t)
	}
	switch {
	case t.kind == scalar:
		return im.scalar(n, t)
	case t.kind == list && n.Is(tree.List):
		return im.list(n, t)
	case t.kind == dict && n.Is(tree.Map):
		return im.dict(n, t)
	case t.kind == object && n.Is(tree.Map):
		return im.object(n, t)
	}
	return nil, false
}

// scalar is a literal of a scalar type: of the type's own spelling where n has it, else as text.
func (im *importer) scalar(n *tree.Node, t goType) (*code, bool) {
	s, ok := n.Scalar()
	if !ok {
		return nil, false
	}
	switch {
	case s == "" && t.name == textType.name:
		return leaf("fn.Empty", textType), true
	case s == "":
		return leaf(t.name+"(fn.Empty)", t), true
	case t.name == booleanType.name && s == "true":
		return leaf("fn.True", t), true
	case t.name == booleanType.name && s == "false":
		return leaf("fn.False", t), true
	case t.name == wholeType.name && isInt(s):
		return leaf("fn.Int("+s+")", t), true
	case t.name == fractionType.name && isFloat(s):
		return leaf("fn.Num("+s+")", t), true
	}
	if name := t.enum.constant(s); name != "" {
		c := leaf(name, goType{})
		if !strings.HasPrefix(name, "stack.") {
			c.short = quote(s)
		}
		return c, true
	}
	return im.text(s), true
}

// isInt says whether Go writes the number s exactly so, and has room for it in an int of 32 bits.
func isInt(s string) bool {
	i, err := strconv.ParseInt(s, 10, 32)
	return err == nil && strconv.FormatInt(i, 10) == s
}

func isFloat(s string) bool {
	f, err := strconv.ParseFloat(s, 64)
	return err == nil && strconv.FormatFloat(f, 'f', -1, 64) == s && !strings.ContainsAny(s, "nN") && s != "-0"
}

func (im *importer) list(n *tree.Node, t goType) (*code, bool) {
	c := literal(t)
	for _, e := range n.List {
		v, ok := im.element(e, *t.elem)
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{value: v})
	}
	return c, true
}

// element is an element of a list or map. There "" is a text that is present, and the type of a
// literal need not be said.
func (im *importer) element(n *tree.Node, t goType) (*code, bool) {
	if n.Is(tree.String) && n.Text == "" && t.kind == scalar && (t.name == textType.name || t.name == "string") {
		return &code{text: `""`, want: t}, true
	}
	c, ok := im.value(n, t)
	if ok && c.close == "}" && c.typ.same(t) {
		c = c.elided()
	}
	return c, ok
}

func (im *importer) dict(n *tree.Node, t goType) (*code, bool) {
	c := literal(t)
	for _, m := range n.Map {
		v, ok := im.element(m.Value, *t.elem)
		if !ok {
			return nil, false
		}
		c.items = append(c.items, item{key: quote(m.Key) + ": ", value: v})
	}
	return c, true
}

// object is a struct literal. A property that the struct does not know, or whose value is of another
// kind, goes into its Extra.
func (im *importer) object(n *tree.Node, t goType) (*code, bool) {
	c := literal(t)
	extra := &code{text: "fn.Extra{", close: "}"}
	for _, m := range n.Map {
		f, known := t.shape.field(m.Key)
		comment := unknownProperty
		if known {
			subject := im.subject
			im.subject += f.name
			v, ok := im.value(m.Value, f.typ)
			im.subject = subject
			if ok && v.text != "nil" {
				c.items = append(c.items, item{key: f.name + ": ", value: v})
				continue
			}
			comment = otherKind
		}
		if !t.shape.extra() {
			return nil, false
		}
		if strings.HasPrefix(m.Key, "Fn::") || t.shape.quiet() {
			comment = ""
		}
		extra.items = append(extra.items, item{key: quote(m.Key) + ": ", value: im.free(m.Value), comment: comment})
	}
	if len(extra.items) > 0 {
		c.items = append(c.items, item{key: "Extra: ", value: extra})
	}
	return c, true
}

// free is n as free-form JSON: a policy document, plain Go data, and functions in it. It keeps the
// kind of every scalar.
func (im *importer) free(n *tree.Node) *code {
	c, _ := im.value(n, freeType)
	return c
}

func (im *importer) freely(n *tree.Node) *code {
	switch n.Kind {
	case tree.String:
		return im.text(n.Text)
	case tree.Bool:
		return leaf(n.Text, goType{})
	case tree.Number:
		return number(n.Text)
	case tree.List:
		c := literal(listOf(freeType))
		for _, e := range n.List {
			c.items = append(c.items, item{value: im.free(e)})
		}
		return c
	case tree.Map:
		if isFunction(n) {
			if c, ok := im.function(n, freeType); ok {
				return c
			}
		} else if c, ok := im.policy(n); ok {
			return c
		}
		return im.plain(n)
	}
	return leaf("nil", goType{})
}

// plain is a map as Go data, whatever its keys mean.
func (im *importer) plain(n *tree.Node) *code {
	c := literal(dictOf(freeType))
	for _, m := range n.Map {
		c.items = append(c.items, item{key: quote(m.Key) + ": ", value: im.free(m.Value)})
	}
	return c
}

// number is a number in free-form JSON, with the digits that were written.
func number(s string) *code {
	switch {
	case isInt(s), isFloat(s) && strings.Contains(s, "."):
		return leaf(s, goType{})
	}
	return leaf("fn.Double("+strconv.Quote(s)+")", fractionType)
}
