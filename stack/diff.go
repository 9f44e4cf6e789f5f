package stack

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// DiffOptions are the options of [Diff]. The zero value, and nil, know nothing of resource types.
type DiffOptions struct {
	// Effect says what the change of a property does to a resource of a type: UpdatesInPlace,
	// MayReplace, Replaces or UnknownEffect. path leads from the resource's properties to the value,
	// with the indices of lists as plain numbers. If it is nil, every effect is unknown. Package
	// validate has a Diff that gives one made of the schema.
	Effect func(resourceType string, path ...string) Effect
}

// Diff returns what changes from one template to another, each difference at the innermost place
// that holds it. Only what has a meaning counts: not the order of keys, not whether a scalar is in
// quotes, not how a function is spelled. A function is one value: a change inside is a change of it.
// A nil template is one without anything in it.
//
// # Errors
//
// Those of [Template.JSON], if one of the templates cannot be written.
func Diff(before, after *Template, opts *DiffOptions) (Changes, error) {
	if opts == nil {
		opts = &DiffOptions{}
	}
	a, err := before.document()
	if err != nil {
		return nil, err
	}
	b, err := after.document()
	if err != nil {
		return nil, err
	}
	d := differ{opts: opts}
	for _, m := range both(a, b) {
		d.section(m.key, m.before, m.after)
	}
	return d.found, nil
}

// document is the template as it is written.
func (t *Template) document() (*tree.Node, error) {
	if t == nil {
		return tree.Object(), nil
	}
	body, err := t.Minified()
	if err != nil {
		return nil, err
	}
	n, err := tree.Parse(body)
	return n, exported(err)
}

// A pair is a key with its values before and after, nil where it is not.
type pair struct {
	key           string
	before, after *tree.Node
}

// both returns the keys of two maps: those of b in order, then those that only a has.
func both(a, b *tree.Node) []pair {
	pairs := make([]pair, 0, len(b.Members()))
	from, to := cursor{members: a.Members()}, cursor{members: b.Members()}
	for _, m := range b.Members() {
		pairs = append(pairs, pair{m.Key, from.find(m.Key), m.Value})
	}
	for _, m := range a.Members() {
		if to.find(m.Key) == nil {
			pairs = append(pairs, pair{m.Key, m.Value, nil})
		}
	}
	return pairs
}

// differ collects changes; the fields below opts say where it is.
type differ struct {
	opts   *DiffOptions
	found  Changes
	path   []string
	within Change // the resource
	depth  int    // of the path at which the resource's properties begin; 0 outside
	masked bool
}

// at runs f one step deeper.
func (d *differ) at(step string, f func()) {
	d.path = append(d.path, step)
	f()
	d.path = d.path[:len(d.path)-1]
}

func (d *differ) section(name string, before, after *tree.Node) {
	named := before.Is(tree.Map) || before == nil
	named = named && (after.Is(tree.Map) || after == nil)
	if !named || !slices.Contains(documentKeys[5:], name) { // the sections of named things
		d.at(name, func() { d.value(before, after) })
		return
	}
	for _, m := range both(before, after) {
		d.at(name, func() {
			d.at(m.key, func() {
				switch name {
				case "Resources":
					d.resource(m)
				case "Parameters":
					d.masked = isNoEcho(m.before) || isNoEcho(m.after)
					d.value(m.before, m.after)
					d.masked = false
				default:
					d.value(m.before, m.after)
				}
			})
		})
	}
}

func isNoEcho(parameter *tree.Node) bool {
	return strings.EqualFold(parameter.Get("NoEcho").Str(), "true")
}

func (d *differ) resource(m pair) {
	kind := m.after
	if kind == nil {
		kind = m.before
	}
	d.within = Change{LogicalID: m.key, Type: kind.Get("Type").Str()}
	defer func() { d.within = Change{} }()
	switch {
	case strings.HasPrefix(m.key, forEach):
		d.within.Effect = UnknownEffect
		d.value(m.before, m.after)
	case m.before == nil:
		d.within.Effect = Creates
		d.value(nil, m.after)
	case m.after == nil:
		d.within.Effect = leaving(m.before)
		d.value(m.before, nil)
	default:
		for _, p := range both(m.before, m.after) {
			d.at(p.key, func() { d.attribute(p) })
		}
	}
}

// leaving is what becomes of a resource that is no longer in the template.
func leaving(resource *tree.Node) Effect {
	policy := resource.Get("DeletionPolicy")
	switch {
	case policy.Is(tree.Map):
		return UnknownEffect
	case strings.HasPrefix(policy.Str(), Retain):
		return Keeps
	}
	return Deletes
}

// attribute compares what stands under one key of a resource.
func (d *differ) attribute(p pair) {
	d.within.Effect = NoEffect
	switch p.key {
	case "Type":
		d.within.Effect = Replaces
	case "Condition":
		d.within.Effect = UnknownEffect
	case "DependsOn":
		before, after := names(p.before), names(p.after)
		if slices.Equal(before, after) && (before != nil || same(orNull(p.before), orNull(p.after))) {
			return
		}
	case "Properties":
		d.properties(p)
		return
	}
	d.value(p.before, p.after)
}

// properties compares them one by one, also where there were none or are none.
func (d *differ) properties(p pair) {
	if isCall(p.before) || isCall(p.after) {
		d.within.Effect = UnknownEffect
		d.value(p.before, p.after)
		return
	}
	d.depth = len(d.path)
	for _, property := range both(p.before, p.after) {
		d.at(property.key, func() { d.value(property.before, property.after) })
	}
	d.depth = 0
}

func orNull(n *tree.Node) *tree.Node {
	if n == nil {
		return &tree.Node{}
	}
	return n
}

// names are what DependsOn names, whatever its form and order.
func names(n *tree.Node) []string {
	if n == nil {
		return nil
	}
	ids, _ := namesOf(n)
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	return ids
}

// value compares two values at the current path.
func (d *differ) value(a, b *tree.Node) {
	switch {
	case a == nil && b == nil || a != nil && b != nil && same(a, b):
	case a == nil || b == nil || a.Kind != b.Kind || isCall(a) || isCall(b):
		d.report(a, b)
	case a.Kind == tree.Map:
		for _, m := range both(a, b) {
			d.at(m.key, func() { d.value(m.before, m.after) })
		}
	case a.Kind == tree.List:
		d.list(a.List, b.List)
	default:
		d.report(a, b)
	}
}

func isCall(n *tree.Node) bool {
	_, _, ok := n.Function()
	return ok
}

// list pairs the elements of two lists: those that are the same at the start and the end are left
// out, the others are compared in order.
func (d *differ) list(a, b []*tree.Node) {
	first := 0
	for first < len(a) && first < len(b) && same(a[first], b[first]) {
		first++
	}
	for len(a) > first && len(b) > first && same(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	for i := first; i < max(len(a), len(b)); i++ {
		var before, after *tree.Node
		if i < len(a) {
			before = a[i]
		}
		if i < len(b) {
			after = b[i]
		}
		d.at("["+strconv.Itoa(i)+"]", func() { d.value(before, after) })
	}
}

// same reports whether two values mean the same.
func same(a, b *tree.Node) bool {
	as, aok := a.Scalar()
	bs, bok := b.Scalar()
	switch {
	case aok && bok:
		return as == bs
	case a.Kind != b.Kind || len(a.List) != len(b.List) || len(a.Map) != len(b.Map):
		return false
	}
	if x, y := a.Get("Fn::GetAtt"), b.Get("Fn::GetAtt"); x != nil && y != nil && len(a.Map) == 1 {
		return dottedText(x) == dottedText(y)
	}
	from := cursor{members: b.Map}
	for _, m := range a.Map {
		if v := from.find(m.Key); v == nil || !same(m.Value, v) {
			return false
		}
	}
	return slices.EqualFunc(a.List, b.List, same)
}

// dottedText is the argument of Fn::GetAtt as one text.
func dottedText(n *tree.Node) string {
	if !n.Is(tree.List) {
		return n.JSON()
	}
	var parts []string
	for _, item := range n.List {
		if !item.Is(tree.String) {
			return n.JSON()
		}
		parts = append(parts, item.Text)
	}
	return tree.Text(strings.Join(parts, ".")).JSON()
}

func (d *differ) report(a, b *tree.Node) {
	c := d.within
	c.Path, c.Before, c.After = pathText(d.path), d.text(a), d.text(b)
	switch {
	case a == nil:
		c.Kind = Added
	case b == nil:
		c.Kind = Removed
	}
	if d.depth > 0 {
		c.Effect = UnknownEffect
		if d.opts.Effect != nil {
			c.Effect = d.opts.Effect(c.Type, bare(d.path[d.depth:])...)
		}
	}
	d.found = append(d.found, c)
}

// bare returns steps with the indices of lists as plain numbers.
func bare(steps []string) []string {
	out := slices.Clone(steps)
	for i, s := range out {
		if isIndex(s) {
			out[i] = s[1 : len(s)-1]
		}
	}
	return out
}

func isIndex(step string) bool { return strings.HasPrefix(step, "[") && strings.HasSuffix(step, "]") }

// pathText joins steps with dots.
func pathText(steps []string) string {
	var b strings.Builder
	for i, s := range steps {
		if i > 0 && !isIndex(s) {
			b.WriteByte('.')
		}
		b.WriteString(s)
	}
	return b.String()
}

// mask stands for what a NoEcho parameter holds.
const mask = `"****"`

// text is a value as JSON, without secrets.
func (d *differ) text(n *tree.Node) string {
	switch {
	case n == nil:
		return ""
	case !d.masked:
		return n.JSON()
	case len(d.path) > 2 && (d.path[2] == "Default" || d.path[2] == "AllowedValues"):
		return mask
	case len(d.path) > 2 || n.Kind != tree.Map:
		return n.JSON()
	}
	c := *n
	c.Map = slices.Clone(n.Map)
	for i, m := range c.Map {
		if m.Key == "Default" || m.Key == "AllowedValues" {
			c.Map[i].Value = tree.Text("****")
		}
	}
	return c.JSON()
}
