// Package tree is a template as a document: JSON values in the order in which they were written,
// each with its place in the source. It is the ground on which the evaluator, the reader of
// templates and the embedded cloud stand; YAML is turned into it by internal/yaml.
package tree

import (
	"slices"
	"sort"
	"strconv"
	"unicode/utf8"
)

// A Kind says what a node is.
type Kind uint8

// The kinds of JSON, and two more that only evaluation gives.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
	// Absent is what AWS::NoValue evaluates to: the property or element is not there.
	Absent
	// Unknown is a value that is not known yet, such as the attribute of a resource that was not
	// created. Text says what it waits for.
	Unknown
)

func (k Kind) String() string {
	return [...]string{"null", "boolean", "number", "string", "list", "map", "absent", "unknown"}[k]
}

// A Node is one value of a document. Nodes are shared freely and must not be changed once they are
// part of a document. The methods that read take a nil Node as one that is not there.
type Node struct {
	Kind Kind
	// Secret marks a value that came from a NoEcho parameter; evaluation carries it along.
	Secret bool
	// Text is the value of a String, the literal of a Number or Bool, the reason of an Unknown.
	Text string
	// List holds the elements of a List.
	List []*Node
	// Map holds the members of a Map, in the order in which they were written.
	Map []Member
	// Line and Column say where the value begins, from 1; 0 is unknown.
	Line, Column int
}

// A Member is a key of a Map with its value, and the place of the key.
type Member struct {
	Key          string
	Value        *Node
	Line, Column int
}

// Text returns a String node.
func Text(s string) *Node { return &Node{Kind: String, Text: s} }

// Int returns a Number node.
func Int(i int) *Node { return &Node{Kind: Number, Text: strconv.Itoa(i)} }

// Boolean returns a Bool node.
func Boolean(b bool) *Node { return &Node{Kind: Bool, Text: strconv.FormatBool(b)} }

// Object returns a Map node of members.
func Object(members ...Member) *Node { return &Node{Kind: Map, Map: members} }

// ListOf returns a List node of elements.
func ListOf(elements ...*Node) *Node { return &Node{Kind: List, List: elements} }

// Field returns a Member.
func Field(key string, value *Node) Member { return Member{Key: key, Value: value} }

// Is reports whether n is there and of kind k.
func (n *Node) Is(k Kind) bool { return n != nil && n.Kind == k }

// Get returns the value of key in a Map, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Map {
		if n.Map[i].Key == key {
			return n.Map[i].Value
		}
	}
	return nil
}

// At follows keys through Maps, and returns nil where one is missing.
func (n *Node) At(keys ...string) *Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

// Scalar returns the text of a String, Number or Bool.
func (n *Node) Scalar() (string, bool) {
	if n == nil || n.Kind != String && n.Kind != Number && n.Kind != Bool {
		return "", false
	}
	return n.Text, true
}

// Str returns the text of a scalar, or "".
func (n *Node) Str() string {
	s, _ := n.Scalar()
	return s
}

// Function returns the name and argument of an intrinsic function: a Map of the one key Ref,
// Condition or Fn::something.
func (n *Node) Function() (name string, argument *Node, ok bool) {
	if n == nil || n.Kind != Map || len(n.Map) != 1 {
		return "", nil, false
	}
	name = n.Map[0].Key
	if name == "Ref" || name == "Condition" || len(name) > 4 && name[:4] == "Fn::" {
		return name, n.Map[0].Value, true
	}
	return "", nil, false
}

// Equal reports whether two values are the same, whatever the order of their keys and their places
// in the source. A number equals another of the same literal.
func Equal(a, b *Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Map) != len(b.Map) {
		return false
	}
	for _, m := range a.Map {
		v := b.Get(m.Key)
		if v == nil || !Equal(m.Value, v) {
			return false
		}
	}
	return slices.EqualFunc(a.List, b.List, Equal)
}

// Sorted returns n with the keys of every Map in alphabetical order.
func (n *Node) Sorted() *Node {
	if n == nil || n.Kind != List && n.Kind != Map {
		return n
	}
	c := *n
	c.List, c.Map = slices.Clone(n.List), slices.Clone(n.Map)
	for i, e := range c.List {
		c.List[i] = e.Sorted()
	}
	for i := range c.Map {
		c.Map[i].Value = c.Map[i].Value.Sorted()
	}
	sort.SliceStable(c.Map, func(i, j int) bool { return c.Map[i].Key < c.Map[j].Key })
	return &c
}

// FromJSON is Parse for text that a program made itself and that is therefore well-formed; what is
// not gives nil.
func FromJSON(text string) *Node {
	n, err := Parse([]byte(text))
	if err != nil {
		return nil
	}
	return n
}

// AppendJSON appends the compact JSON of n. Absent and Unknown, which JSON does not have, are
// written as null.
func (n *Node) AppendJSON(dst []byte) []byte {
	if n == nil {
		return append(dst, "null"...)
	}
	switch n.Kind {
	case Bool, Number:
		return append(dst, n.Text...)
	case String:
		return appendString(dst, n.Text)
	case List:
		dst = append(dst, '[')
		for i, e := range n.List {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = e.AppendJSON(dst)
		}
		return append(dst, ']')
	case Map:
		dst = append(dst, '{')
		for i := range n.Map {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(appendString(dst, n.Map[i].Key), ':')
			dst = n.Map[i].Value.AppendJSON(dst)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// JSON returns the compact JSON of n.
func (n *Node) JSON() string { return string(n.AppendJSON(nil)) }

// MarshalJSON makes a Node usable with encoding/json.
func (n *Node) MarshalJSON() ([]byte, error) { return n.AppendJSON(nil), nil }

// appendString appends s as a JSON string. What is not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = appendEscape(append(dst, s[start:i]...), c)
		i += size
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	if c >= utf8.RuneSelf {
		return utf8.AppendRune(dst, utf8.RuneError)
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// Members returns the members of a Map, nil for anything else.
func (n *Node) Members() []Member {
	if n == nil {
		return nil
	}
	return n.Map
}

// Items returns the elements of a List, nil for anything else.
func (n *Node) Items() []*Node {
	if n == nil {
		return nil
	}
	return n.List
}
