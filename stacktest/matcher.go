package stacktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A Matcher is a part of a pattern that more than one value fits. [Where] makes one of any test.
// A Matcher is data and safe for concurrent use, except one that captures.
type Matcher interface {
	// String says what fits.
	fmt.Stringer
	// match notes what of got, which is nil if nothing is there, does not fit.
	match(m *matching, path string, got *tree.Node)
}

// matcher makes a Matcher of two functions.
type matcher struct {
	what string
	test func(m *matching, path string, got *tree.Node) bool
}

func (p matcher) String() string { return p.what }

// AppendValue refuses: a matcher is not written.
func (p matcher) AppendValue([]byte) ([]byte, error) {
	return nil, errors.New("a matcher where a value is written; matchers stand in an Object or in a []any")
}

func (p matcher) match(m *matching, path string, got *tree.Node) {
	before := len(m.differences)
	if !p.test(m, path, got) && len(m.differences) == before {
		m.differ(path, p.what, got)
	}
}

// wrong is a matcher that was made by mistake: nothing fits it, and it says why.
func wrong(format string, args ...any) Matcher {
	return matcher{fmt.Sprintf(format, args...), func(*matching, string, *tree.Node) bool { return false }}
}

// Any takes whatever is there, but not that nothing is.
func Any() Matcher {
	return matcher{"anything", func(_ *matching, _ string, got *tree.Node) bool { return got != nil }}
}

// Absent takes only that nothing is there.
func Absent() Matcher {
	return matcher{"nothing", func(_ *matching, _ string, got *tree.Node) bool { return got == nil }}
}

// Not takes what a pattern does not, which may be that nothing is there.
func Not(pattern any) Matcher {
	return nested("not ", pattern, false, func(m *matching, p Matcher, path string, got *tree.Node) bool {
		_, fits := m.try(p, path, got)
		return !fits
	})
}

// Pattern takes text, a number or a boolean in which a regular expression is found, in the syntax of
// package regexp. It must be anchored to hold for the whole.
func Pattern(expr string) Matcher {
	re, err := regexp.Compile(expr)
	if err != nil {
		return wrong("a regular expression, but this is none: %v", err)
	}
	return matcher{"text like " + expr, func(_ *matching, _ string, got *tree.Node) bool {
		s, ok := got.Scalar()
		return ok && re.MatchString(s)
	}}
}

// Exactly takes an object that a pattern describes whole: at every level, it has no other members.
func Exactly(pattern any) Matcher {
	return nested("exactly ", pattern, true, func(m *matching, p Matcher, path string, got *tree.Node) bool {
		p.match(m, path, got)
		return true
	})
}

// Contains takes a list in which, for each of the patterns, an element fits, in any order and among
// others.
func Contains(patterns ...any) Matcher {
	return nested("a list with ", patterns, false, func(m *matching, p Matcher, path string, got *tree.Node) bool {
		if !got.Is(tree.List) {
			return false
		}
		wanted, _ := p.(elements)
		for _, want := range wanted {
			if !contains(m, want, path, got.List) {
				m.differ(path, "an element like "+want.String(), got)
			}
		}
		return true
	})
}

// contains looks for an element that fits, and keeps what it captures.
func contains(m *matching, want Matcher, path string, list []*tree.Node) bool {
	for i, e := range list {
		if inner, fits := m.try(want, element(path, i), e); fits {
			m.captures = append(m.captures, inner.captures...)
			return true
		}
	}
	return false
}

// JSON takes text that is a JSON document which a pattern describes: a policy or a definition that a
// property holds as a string.
func JSON(pattern any) Matcher {
	return nested("JSON like ", pattern, false, func(m *matching, p Matcher, path string, got *tree.Node) bool {
		if !got.Is(tree.String) {
			return false
		}
		inner, err := tree.Parse([]byte(got.Text))
		if err != nil {
			return false
		}
		p.match(m, path, inner)
		return true
	})
}

// Where takes a value for which ok returns true. The value is as package encoding/json reads it,
// with a json.Number for a number; what says in a message what fits.
func Where(what string, ok func(value any) bool) Matcher {
	return matcher{what, func(_ *matching, _ string, got *tree.Node) bool {
		var v any
		return got != nil && decode(got, &v) == nil && ok(v)
	}}
}

func decode(n *tree.Node, into any) error {
	d := json.NewDecoder(strings.NewReader(n.JSON()))
	d.UseNumber()
	return d.Decode(into)
}

// nested is a matcher around a pattern, which is compiled when the options are known.
func nested(what string, pattern any, exact bool, test func(m *matching, p Matcher, path string, got *tree.Node) bool) Matcher {
	p, err := CompareOptions{}.compile(pattern, exact)
	if err != nil {
		return wrong("%sa pattern, but this is none: %v", what, err)
	}
	return matcher{what + p.String(), func(m *matching, path string, got *tree.Node) bool {
		if !m.opts.Functions {
			return test(m, p, path, got)
		}
		normal, err := m.opts.compile(pattern, exact)
		return err == nil && test(m, normal, path, got)
	}}
}
