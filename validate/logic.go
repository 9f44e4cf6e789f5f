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
	maxNesting   = 24   // conditions that name each other
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
	for g := f; g != nil; g = g.up {
		l.involve(l.formulas[g.name], involved, 0)
	}
	answer := l.search(f, involved)
	l.answers[key.String()] = answer
	return answer
}

// involve gathers the subjects on which a formula depends.
func (l *logic) involve(f *formula, into map[int]bool, depth int) {
	if f == nil || depth > maxNesting {
		return
	}
	switch f.op {
	case equal, free:
		into[f.subject] = true
	case named:
		l.involve(l.formulas[f.name], into, depth+1)
	}
	for _, a := range f.args {
		l.involve(a, into, depth+1)
	}
}

// subjectsOf returns what a condition compares.
func (l *logic) subjectsOf(name string) map[int]bool {
	involved := map[int]bool{}
	l.involve(l.formulas[name], involved, 0)
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

func (l *logic) allHold(f *facts, world map[int]string) bool {
	for ; f != nil; f = f.up {
		if l.holds(l.formulas[f.name], world, 0) != f.holds {
			return false
		}
	}
	return true
}

func (l *logic) holds(f *formula, world map[int]string, depth int) bool {
	if f == nil || depth > maxNesting {
		return false
	}
	switch f.op {
	case constant:
		return f.truth
	case equal, free:
		return world[f.subject] == f.value
	case named:
		return l.holds(l.formulas[f.name], world, depth+1)
	case not:
		return !l.holds(f.args[0], world, depth+1)
	}
	for _, a := range f.args {
		if l.holds(a, world, depth+1) == (f.op == or) {
			return f.op == or
		}
	}
	return f.op == and
}
