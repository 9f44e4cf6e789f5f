package local

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// checkProperties checks the properties of a resource against the schema of its type, as AWS does
// before it makes the resource. The error is the reason of the failure.
func checkProperties(r *resource) error {
	var found []string
	for _, v := range violations(r) {
		found = append(found, v.String())
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return invalid("Properties validation failed for resource %s with message:\n%s", r.id, found[0])
	}
	return invalid("Properties validation failed for resource %s with message:\n[%s]", r.id, strings.Join(found, ", "))
}

// violations are what is wrong with the properties of a resource. What is not known yet is not wrong.
func violations(r *resource) []violation {
	t, ok := schema.Lookup(r.typ)
	if !ok || isCustom(r.typ) || r.live().Is(tree.Unknown) {
		return nil
	}
	c := checker{t: t}
	c.members("", t.Properties, r.live())
	return c.found
}

// A violation is something in the properties of a resource that its schema does not allow.
type violation struct {
	at   string // where it is, as in /Tags/0; "" is the properties as a whole
	what string
}

func (v violation) String() string { return "#" + v.at + ": " + v.what }

// A checker collects what is wrong with the properties of a resource.
type checker struct {
	t     *schema.Type
	found []violation
}

func (c *checker) say(at, format string, args ...any) {
	c.found = append(c.found, violation{at, fmt.Sprintf(format, args...)})
}

// members checks an object against the properties that it may have.
func (c *checker) members(at string, known []schema.Property, n *tree.Node) {
	for i := range known {
		p := &known[i]
		v := n.Get(p.Name)
		switch {
		case v != nil:
			c.value(at+"/"+p.Name, p, p.Type, v)
		case p.Required:
			c.say(at, "required key [%s] not found", p.Name)
		}
	}
	for _, m := range n.Map {
		if !slices.ContainsFunc(known, func(p schema.Property) bool { return p.Name == m.Key }) {
			c.say(at, "extraneous key [%s] is not permitted", m.Key)
		}
	}
}

// value checks one value against a type.
func (c *checker) value(at string, p *schema.Property, t schema.TypeRef, v *tree.Node) {
	if v.Is(tree.Unknown) || strings.Contains(v.Str(), "{{resolve:") {
		return
	}
	switch t.Kind {
	case schema.String, schema.Timestamp:
		c.text(at, p, v)
	case schema.Integer, schema.Number, schema.Boolean:
		c.scalar(at, p, t.Kind, v)
	case schema.List:
		c.list(at, p, t, v)
	case schema.Map:
		if c.is(at, v, tree.Map) {
			for _, m := range v.Map {
				c.value(at+"/"+m.Key, p, *t.Elem, m.Value)
			}
		}
	case schema.Object:
		if def, ok := c.t.Definition(t.Ref); ok && c.is(at, v, tree.Map) {
			c.members(at, def.Properties, v)
		}
	case schema.Tag:
		c.is(at, v, tree.Map)
	}
}

func (c *checker) list(at string, p *schema.Property, t schema.TypeRef, v *tree.Node) {
	if !c.is(at, v, tree.List) {
		return
	}
	for i, e := range v.List {
		c.value(at+"/"+strconv.Itoa(i), p, *t.Elem, e)
	}
}

func (c *checker) text(at string, p *schema.Property, v *tree.Node) {
	text, ok := v.Scalar()
	if !ok {
		c.is(at, v, tree.String)
		return
	}
	if len(p.Enum) > 0 && !slices.Contains(p.Enum, text) {
		c.say(at, "%s is not a valid enum value", shownText(v))
	}
	c.length(at, p, text)
	c.pattern(at, p, v)
}

// shownText is a value in a message, without a secret.
func shownText(v *tree.Node) string {
	if v.Secret {
		return mask
	}
	return v.Str()
}

// scalar checks a number or boolean, which may be written as text.
func (c *checker) scalar(at string, p *schema.Property, kind schema.Kind, v *tree.Node) {
	text, ok := v.Scalar()
	var err error
	switch {
	case !ok:
		err = strconv.ErrSyntax
	case kind == schema.Boolean:
		_, err = strconv.ParseBool(text)
	case kind == schema.Integer:
		_, err = strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
	default:
		_, err = strconv.ParseFloat(text, 64)
	}
	if err != nil {
		c.say(at, "expected type: %s, found: %s", kind, javaKind(v.Kind))
	} else if kind != schema.Boolean {
		c.bounds(at, p, v)
	}
}

// is checks the kind of a value.
func (c *checker) is(at string, v *tree.Node, kind tree.Kind) bool {
	if v.Kind == kind {
		return true
	}
	c.say(at, "expected type: %s, found: %s", javaKind(kind), javaKind(v.Kind))
	return false
}

// javaKind names a kind as AWS's messages do.
func javaKind(k tree.Kind) string {
	switch k {
	case tree.List:
		return "JSONArray"
	case tree.Map:
		return "JSONObject"
	case tree.Bool:
		return "Boolean"
	case tree.Number:
		return "Number"
	}
	return "String"
}
