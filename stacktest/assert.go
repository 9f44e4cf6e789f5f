package stacktest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/tree"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// wanted is a pattern for the members of a section.
type wanted struct {
	section string // such as Resources
	noun    string // such as resource, for messages
	kind    string // the Type that a member must have; "" is any
	name    any    // a pattern for the name; nil is any
	body    any    // a pattern for what stands under the name; nil is any
}

// candidate is a member that is looked at, with what does not fit.
type candidate struct {
	name string
	*matching
}

func (c candidate) fits() bool { return len(c.differences) == 0 }

// search compares a pattern with the members of a section that have the name and type.
type search struct {
	wanted
	candidates []candidate
	present    []tree.Member // all of the section
}

// find writes the template and compares. A mistake in the template or the pattern is an error.
func (o CompareOptions) find(tpl *stack.Template, w wanted) (*search, error) {
	doc, err := o.document(tpl)
	if err != nil {
		return nil, fmt.Errorf("the template cannot be written: %w", err)
	}
	name, err := o.pattern(w.name)
	if err != nil {
		return nil, fmt.Errorf("the pattern for the name: %w", err)
	}
	body, err := o.pattern(w.body)
	if err != nil {
		return nil, fmt.Errorf("the pattern: %w", err)
	}
	s := &search{wanted: w, present: doc.Get(w.section).Members()}
	for _, m := range s.present {
		c := candidate{m.Key, &matching{opts: o}}
		if w.kind != "" && m.Value.Get("Type").Str() != w.kind {
			continue
		}
		if _, named := c.try(name, "", tree.Text(m.Key)); !named {
			continue
		}
		body.match(c.matching, below(w.section, m.Key), whole(w.section, m.Value))
		s.candidates = append(s.candidates, c)
	}
	return s, nil
}

// whole gives a resource that has no properties an empty object of them, so that a pattern of what is
// absent fits.
func whole(section string, n *tree.Node) *tree.Node {
	if section != "Resources" || !n.Is(tree.Map) || n.Get("Properties") != nil {
		return n
	}
	return tree.Object(append(slices.Clip(n.Map), tree.Field("Properties", tree.Object()))...)
}

// pattern compiles a pattern of which nil takes anything.
func (o CompareOptions) pattern(v any) (Matcher, error) {
	if v == nil {
		return Any(), nil
	}
	return o.compile(v, false)
}

// fitting returns the names of those that fit.
func (s *search) fitting() []string {
	var names []string
	for _, c := range s.candidates {
		if c.fits() {
			names = append(names, c.name)
		}
	}
	return names
}

// keep sets the variables of Capture from the first that fits.
func (s *search) keep() {
	i := slices.IndexFunc(s.candidates, candidate.fits)
	for _, set := range s.candidates[i].captures {
		set()
	}
}

// has checks that something fits, and returns the names of what does.
func has(t testing.TB, tpl *stack.Template, w wanted, opts *CompareOptions) []string {
	t.Helper()
	s, err := value(opts).find(tpl, w)
	if err != nil {
		t.Errorf("%v", err)
		return nil
	}
	names := s.fitting()
	if len(names) == 0 {
		t.Errorf("%s", s.nothing())
		return nil
	}
	s.keep()
	return names
}

// what names what is looked for.
func (s *search) what() string {
	out := s.noun
	if s.kind != "" {
		out += " of type " + s.kind
	}
	switch name := s.name.(type) {
	case nil:
	case Matcher:
		out += " whose name is " + name.String()
	default:
		out += fmt.Sprintf(" %v", name)
	}
	return out
}

// nothing says that nothing fits, and shows what comes nearest.
func (s *search) nothing() string {
	if len(s.candidates) == 0 {
		return fmt.Sprintf("the template has no %s; %s", s.what(), s.contents())
	}
	nearest, _ := s.nearest()
	if len(s.candidates) == 1 {
		return fmt.Sprintf("%s %s does not fit:%s", s.noun, nearest.name, list(nearest.differences))
	}
	return fmt.Sprintf("none of %d fits as %s; nearest is %s:%s", len(s.candidates), s.what(), nearest.name, list(nearest.differences))
}

// nearest returns the candidate, of those that do not fit, in which the least differs.
func (s *search) nearest() (nearest candidate, ok bool) {
	for _, c := range s.candidates {
		if !c.fits() && (!ok || len(c.differences) < len(nearest.differences)) {
			nearest, ok = c, true
		}
	}
	return nearest, ok
}

// contents says what the section has.
func (s *search) contents() string {
	if len(s.present) == 0 {
		return "its " + s.section + " are empty"
	}
	var names []string
	for _, m := range s.present {
		name := m.Key
		if kind := m.Value.Get("Type").Str(); kind != "" {
			name += " (" + kind + ")"
		}
		names = append(names, name)
	}
	return "it has " + strings.Join(names, ", ")
}

// fields makes an Object of those members that are set.
func fields(pairs ...any) Object {
	o := Object{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != nil {
			o[pairs[i].(string)] = condition(pairs[i+1])
		}
	}
	return o
}

// condition makes the name of a condition of one that was declared.
func condition(v any) any {
	if c, ok := v.(fn.Condition); ok {
		return string(c)
	}
	return v
}
