package model

import (
	"fmt"
	"slices"
	"strings"
)

// Kind is the outermost shape of an Expr.
type Kind string

// The kinds of value that a property may take.
const (
	String    Kind = "string"
	Integer   Kind = "integer"
	Number    Kind = "number"
	Boolean   Kind = "boolean"
	JSON      Kind = "json"
	Timestamp Kind = "timestamp"
	Tag       Kind = "tag"
	Object    Kind = "object"
	List      Kind = "list"
	Map       Kind = "map"
	Union     Kind = "union"
)

var scalars = []Kind{String, Integer, Number, Boolean, JSON, Timestamp, Tag}

// Expr is the type of a property. Its text is a scalar kind, "#Name" for a
// nested definition, "[]T" for a list, "{}T" for a map and "(A|B)" for a union.
type Expr struct {
	Kind Kind
	Name string // of the definition, if Kind is Object
	Elem *Expr  // of a List or Map
	Arms []Expr // of a Union
}

// String returns the text of e.
func (e Expr) String() string {
	switch e.Kind {
	case Object:
		return "#" + e.Name
	case List:
		return "[]" + e.Elem.String()
	case Map:
		return "{}" + e.Elem.String()
	case Union:
		arms := make([]string, len(e.Arms))
		for i, arm := range e.Arms {
			arms[i] = arm.String()
		}
		return "(" + strings.Join(arms, "|") + ")"
	}
	return string(e.Kind)
}

// MarshalText writes the text of e.
func (e Expr) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the text of an Expr.
func (e *Expr) UnmarshalText(text []byte) error {
	got, rest, err := parseExpr(string(text))
	if err != nil {
		return fmt.Errorf("type %q: %w", text, err)
	}
	if rest != "" {
		return fmt.Errorf("type %q: %q is left over", text, rest)
	}
	*e = got
	return nil
}

// Objects yields the names of the definitions that e mentions.
func (e Expr) Objects(yield func(string) bool) {
	e.objects(yield)
}

func (e Expr) objects(yield func(string) bool) bool {
	if e.Kind == Object {
		return yield(e.Name)
	}
	if e.Elem != nil && !e.Elem.objects(yield) {
		return false
	}
	for _, arm := range e.Arms {
		if !arm.objects(yield) {
			return false
		}
	}
	return true
}

func parseExpr(s string) (e Expr, rest string, err error) {
	switch {
	case strings.HasPrefix(s, "[]"):
		return parseElem(List, s[2:])
	case strings.HasPrefix(s, "{}"):
		return parseElem(Map, s[2:])
	case strings.HasPrefix(s, "("):
		return parseUnion(s[1:])
	}
	word, rest := s, ""
	if i := strings.IndexAny(s, "|)"); i >= 0 {
		word, rest = s[:i], s[i:]
	}
	if name, ok := strings.CutPrefix(word, "#"); ok && name != "" {
		return Expr{Kind: Object, Name: name}, rest, nil
	}
	if slices.Contains(scalars, Kind(word)) {
		return Expr{Kind: Kind(word)}, rest, nil
	}
	return Expr{}, s, fmt.Errorf("no such kind: %q", word)
}

func parseElem(kind Kind, s string) (Expr, string, error) {
	elem, rest, err := parseExpr(s)
	return Expr{Kind: kind, Elem: &elem}, rest, err
}

func parseUnion(s string) (Expr, string, error) {
	e := Expr{Kind: Union}
	for {
		arm, rest, err := parseExpr(s)
		if err != nil {
			return e, s, err
		}
		e.Arms = append(e.Arms, arm)
		switch {
		case strings.HasPrefix(rest, "|"):
			s = rest[1:]
		case strings.HasPrefix(rest, ")"):
			return e, rest[1:], nil
		default:
			return e, rest, fmt.Errorf("the union lacks its closing parenthesis")
		}
	}
}
