package validate

import (
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// facts are conditions that are taken to hold or not, the innermost first. nil assumes nothing.
type facts struct {
	up    *facts
	name  string
	holds bool
}

// with adds an assumption.
func (f *facts) with(name string, holds bool) *facts {
	return &facts{up: f, name: name, holds: holds}
}

// logic answers whether conditions can hold together. A condition is a formula over comparisons: of
// a parameter, say, with literals.
type logic struct {
	formulas map[string]*formula
	subjects []subjectOf
	byText   map[string]int
	answers  map[string]bool
}

// A subjectOf is what is compared, with the values that make a difference. "\x00" is any other.
type subjectOf struct{ values []string }

type operator uint8

const (
	free operator = iota // nothing is known of it
	constant
	equal
	not
	and
	or
	named
)

type formula struct {
	op      operator
	truth   bool   // of a constant
	subject int    // of a comparison
	value   string // with which it is compared
	name    string
	args    []*formula
}

const (
	anyOther     = "\x00"
	maxWorlds    = 4096 // combinations of values that are tried
	maxDecisions = 6    // conditions that are told apart within one resource
)

func newLogic(c *checker) *logic {
	l := &logic{formulas: map[string]*formula{}, byText: map[string]int{}, answers: map[string]bool{}}
	for name, n := range c.conditions {
		l.formulas[name] = l.formula(c, n)
	}
	return l
}

func (l *logic) formula(c *checker, n *tree.Node) *formula {
	name, arg, _ := n.Function()
	items := arg.Items()
	switch {
	case name == "Condition":
		return &formula{op: named, name: arg.Str()}
	case name == "Fn::Not" && len(items) == 1:
		return &formula{op: not, args: []*formula{l.formula(c, items[0])}}
	case name == "Fn::And" || name == "Fn::Or":
		f := &formula{op: and}
		if name == "Fn::Or" {
			f.op = or
		}
		for _, item := range items {
			f.args = append(f.args, l.formula(c, item))
		}
		return f
	case name == "Fn::Equals" && len(items) == 2:
		return l.comparison(c, items[0], items[1])
	}
	return &formula{op: free, subject: l.subject("?"+strconv.Itoa(len(l.subjects)), []string{"true", anyOther}), value: "true"}
}

func (l *logic) comparison(c *checker, a, b *tree.Node) *formula {
	as, aLiteral := a.Scalar()
	bs, bLiteral := b.Scalar()
	switch {
	case aLiteral && bLiteral:
		return &formula{op: constant, truth: as == bs}
	case aLiteral:
		return l.comparison(c, b, a)
	case bLiteral:
		i := l.subject(a.JSON(), allowed(c, a))
		if s := &l.subjects[i]; !slices.Contains(s.values, bs) && slices.Contains(s.values, anyOther) {
			s.values = append(s.values, bs)
		}
		return &formula{op: equal, subject: i, value: bs}
	}
	if tree.Equal(a, b) {
		return &formula{op: constant, truth: true}
	}
	text := []string{a.JSON(), b.JSON()}
	slices.Sort(text)
	return &formula{op: equal, subject: l.subject(strings.Join(text, "="), []string{"true", anyOther}), value: "true"}
}

// allowed returns the values that a subject can have.
func allowed(c *checker, n *tree.Node) []string {
	if name, arg, ok := n.Function(); ok && name == "Ref" {
		if values := c.parameters[arg.Str()].Get("AllowedValues").Items(); len(values) > 0 {
			var out []string
			for _, v := range values {
				out = append(out, v.Str())
			}
			return out
		}
	}
	return []string{anyOther}
}

func (l *logic) subject(text string, values []string) int {
	if i, ok := l.byText[text]; ok {
		return i
	}
	l.subjects = append(l.subjects, subjectOf{values: values})
	l.byText[text] = len(l.subjects) - 1
	return len(l.subjects) - 1
}

// possible reports whether all facts can hold at a time. It says no where that would take too long
// to find out.
func (l *logic) possible(f *facts) bool {
	if f == nil {
		return true
	}
	var key strings.Builder
	involved := map[int]bool{}
	for g := f; g != nil; g = g.up {
		if l.formulas[g.name] == nil {
			return false
		}
		key.WriteString(g.name)
		key.WriteString(strconv.FormatBool(g.holds))
		key.WriteByte(' ')
	}
	if answer, ok := l.answers[key.String()]; ok {
		return answer
	}
	seen := map[string]bool{}
	for g := f; g != nil; g = g.up {
		l.involve(g.name, involved, seen)
	}
	answer := l.search(f, involved)
	l.answers[key.String()] = answer
	return answer
}

// involve gathers the subjects on which a condition depends.
func (l *logic) involve(name string, into map[int]bool, seen map[string]bool) {
	if seen[name] {
		return
	}
	seen[name] = true
	var visit func(f *formula)
	visit = func(f *formula) {
		switch f.op {
		case equal, free:
			into[f.subject] = true
		case named:
			if l.formulas[f.name] != nil {
				l.involve(f.name, into, seen)
			}
		}
		for _, a := range f.args {
			visit(a)
		}
	}
	visit(l.formulas[name])
}

// subjectsOf returns what a condition compares.
func (l *logic) subjectsOf(name string) map[int]bool {
	involved := map[int]bool{}
	if l.formulas[name] != nil {
		l.involve(name, involved, map[string]bool{})
	}
	return involved
}

// search tries every combination of values.
func (l *logic) search(f *facts, involved map[int]bool) bool {
	var order []int
	worlds := 1
	for i := range involved {
		order = append(order, i)
		if worlds *= len(l.subjects[i].values); worlds > maxWorlds {
			return false
		}
	}
	slices.Sort(order)
	world := make(map[int]string, len(order))
	for w := range worlds {
		for _, i := range order {
			values := l.subjects[i].values
			world[i] = values[w%len(values)]
			w /= len(values)
		}
		if l.allHold(f, world) {
			return true
		}
	}
	return false
}

func (l *logic) allHold(f *facts, values map[int]string) bool {
	w := world{logic: l, values: values, known: map[string]bool{}}
	for ; f != nil; f = f.up {
		if w.condition(f.name) != f.holds {
			return false
		}
	}
	return true
}

// A world is one choice of values, with the conditions that were worked out for it.
type world struct {
	*logic
	values map[int]string
	known  map[string]bool
}

func (w *world) condition(name string) bool {
	holds, known := w.known[name]
	if known {
		return holds
	}
	w.known[name] = false // a circle, which is reported elsewhere, ends here
	if f := w.formulas[name]; f != nil {
		holds = w.holds(f)
	}
	w.known[name] = holds
	return holds
}

func (w *world) holds(f *formula) bool {
	switch f.op {
	case constant:
		return f.truth
	case equal, free:
		return w.values[f.subject] == f.value
	case named:
		return w.condition(f.name)
	case not:
		return !w.holds(f.args[0])
	}
	for _, a := range f.args {
		if w.holds(a) == (f.op == or) {
			return f.op == or
		}
	}
	return f.op == and
}
