package validate

import (
	"fmt"
	"strings"
)

// These make checks of which properties go together, in every object at a path.

// exclusive demands that at most one of the properties is set.
func exclusive(path string, names ...string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) { atMostOne(s, v, names) })
	}
}

func atMostOne(s *subject, v value, names []string) {
	first := ""
	for _, name := range names {
		switch w := v.get(name); {
		case !w.there():
		case first == "":
			first = name
		default:
			s.flag(w, fmt.Sprintf("%s is set beside %s", name, first), "leave one of them out")
			return
		}
	}
}

// some demands that at least one of the properties is set.
func some(path string, names ...string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) { atLeastOne(s, v, names) })
	}
}

func atLeastOne(s *subject, v value, names []string) {
	for _, name := range names {
		if !v.get(name).missing() {
			return
		}
	}
	s.flag(v, "none of "+strings.Join(names, ", ")+" is set", "set one of them")
}

// one demands that exactly one of the properties is set.
func one(path string, names ...string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			atMostOne(s, v, names)
			atLeastOne(s, v, names)
		})
	}
}

// together demands other properties where one is set.
func together(path, name string, needs ...string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			if v.get(name).there() {
				demand(s, v, needs, name+" is set")
			}
		})
	}
}

// where demands properties where one has one of the values, which are separated by bars.
func where(path, name, values string, needs ...string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			if w := v.get(name); w.is(strings.Split(values, "|")...) {
				text, _ := w.text()
				demand(s, v, needs, name+" is "+text)
			}
		})
	}
}

// never forbids properties where one has one of the values, which are separated by bars.
func never(path, name, values string, forbidden ...string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			w := v.get(name)
			if !w.is(strings.Split(values, "|")...) {
				return
			}
			for _, f := range forbidden {
				if x := v.get(f); x.there() {
					text, _ := w.text()
					s.flag(x, fmt.Sprintf("%s is set where %s is %s", f, name, text), "leave it out")
				}
			}
		})
	}
}

func demand(s *subject, v value, needs []string, since string) {
	for _, need := range needs {
		if v.get(need).missing() {
			s.flag(v, fmt.Sprintf("%s is missing where %s", need, since), "set "+need)
		}
	}
}

// ordered demands that one number is not above another.
func ordered(path, low, high string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			a, aok := v.get(low).number()
			b, bok := v.get(high).number()
			if aok && bok && a > b {
				s.flag(v.get(low), fmt.Sprintf("%s, %v, is above %s, %v", low, a, high, b), "exchange them")
			}
		})
	}
}

// most demands that a list has at most so many elements.
func most(path, name string, n int) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			if items, _ := v.get(name).items(); len(items) > n {
				s.flag(v.get(name), fmt.Sprintf("%s has %d elements; at most %d are allowed", name, len(items), n), "leave some out")
			}
		})
	}
}

// distinct demands that a property differs among the elements of a list.
func distinct(path, name string) func(*subject) {
	return func(s *subject) {
		seen := map[string]bool{}
		s.each(path, func(v value) {
			w := v.get(name)
			text, ok := w.text()
			if ok && seen[text] {
				s.flag(w, fmt.Sprintf("%s %s stands twice", name, shown(text)), "change one of them")
			}
			if ok {
				seen[text] = true
			}
		})
	}
}

// all runs several checks as one rule.
func all(checks ...func(*subject)) func(*subject) {
	return func(s *subject) {
		for _, c := range checks {
			c(s)
		}
	}
}

// textual demands something of a literal text, for which wrong gives the complaint, or "".
func textual(path, name, cure string, wrong func(text string) string) func(*subject) {
	return func(s *subject) {
		s.each(path, func(v value) {
			w := v.get(name)
			if text, ok := w.text(); ok {
				if complaint := wrong(text); complaint != "" {
					s.flag(w, complaint, cure)
				}
			}
		})
	}
}
