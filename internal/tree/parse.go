package tree

import (
	"fmt"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep lists and maps may be nested in a document that is read.
const MaxDepth = 200

// A SyntaxError is a place at which a document is not what it should be.
type SyntaxError struct {
	Line, Column int // from 1
	Message      string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Parse reads a JSON document. A key that stands twice in one map, text that is not UTF-8, and
// nesting deeper than MaxDepth are refused.
//
// # Errors
//
// A [*SyntaxError]; the node is then nil.
func Parse(data []byte) (*Node, error) {
	p := parser{data: data, line: 1}
	p.space()
	n, err := p.value(0)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos < len(p.data) {
		return nil, p.errorf("%s after the end of the document", p.seen())
	}
	return n, nil
}

type parser struct {
	data      []byte
	pos       int
	line      int
	lineStart int
}

func (p *parser) errorf(format string, args ...any) error {
	return &SyntaxError{Line: p.line, Column: p.column(), Message: fmt.Sprintf(format, args...)}
}

func (p *parser) column() int { return p.pos - p.lineStart + 1 }

// seen names what stands at the position, for a message.
func (p *parser) seen() string {
	if p.pos >= len(p.data) {
		return "the end of the text"
	}
	r, _ := utf8.DecodeRune(p.data[p.pos:])
	return strconv.QuoteRune(r)
}

func (p *parser) peek() byte {
	if p.pos < len(p.data) {
		return p.data[p.pos]
	}
	return 0
}

func (p *parser) space() {
	for p.pos < len(p.data) {
		switch p.data[p.pos] {
		case '\n':
			p.line++
			p.lineStart = p.pos + 1
		case ' ', '\t', '\r':
		default:
			return
		}
		p.pos++
	}
}

func (p *parser) value(depth int) (*Node, error) {
	if depth > MaxDepth {
		return nil, p.errorf("nested more than %d levels deep", MaxDepth)
	}
	n := &Node{Line: p.line, Column: p.column()}
	var err error
	switch c := p.peek(); {
	case c == '{':
		n.Kind = Map
		n.Map, err = p.members(depth)
	case c == '[':
		n.Kind = List
		n.List, err = p.elements(depth)
	case c == '"':
		n.Kind = String
		n.Text, err = p.text()
	case c == '-' || c >= '0' && c <= '9':
		n.Kind = Number
		n.Text, err = p.number()
	default:
		n.Kind, n.Text, err = p.word()
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (p *parser) word() (Kind, string, error) {
	for _, w := range []struct {
		text string
		kind Kind
	}{{"true", Bool}, {"false", Bool}, {"null", Null}} {
		if len(p.data)-p.pos >= len(w.text) && string(p.data[p.pos:p.pos+len(w.text)]) == w.text {
			p.pos += len(w.text)
			if w.kind == Null {
				return Null, "", nil
			}
			return w.kind, w.text, nil
		}
	}
	return 0, "", p.errorf("%s where a value belongs", p.seen())
}

func (p *parser) members(depth int) ([]Member, error) {
	p.pos++
	members := []Member{}
	p.space()
	if p.peek() == '}' {
		p.pos++
		return members, nil
	}
	var keys keySet
	for {
		p.space()
		m, err := p.member(depth)
		if err != nil {
			return nil, err
		}
		if !keys.add(members, m.Key) {
			return nil, &SyntaxError{Line: m.Line, Column: m.Column, Message: fmt.Sprintf("the key %q stands twice in this map", m.Key)}
		}
		members = append(members, m)
		if done, err := p.next('}'); err != nil {
			return nil, err
		} else if done {
			return members, nil
		}
	}
}

// A keySet finds duplicate keys: by a walk over a small map, by a set over a large one.
type keySet map[string]bool

func (s *keySet) add(members []Member, key string) bool {
	if len(members) < 16 {
		return !slices.ContainsFunc(members, func(m Member) bool { return m.Key == key })
	}
	if *s == nil {
		*s = make(keySet, 2*len(members))
		for _, m := range members {
			(*s)[m.Key] = true
		}
	}
	if (*s)[key] {
		return false
	}
	(*s)[key] = true
	return true
}

func (p *parser) member(depth int) (Member, error) {
	m := Member{Line: p.line, Column: p.column()}
	if p.peek() != '"' {
		return m, p.errorf("%s where a key in double quotes belongs", p.seen())
	}
	var err error
	if m.Key, err = p.text(); err != nil {
		return m, err
	}
	p.space()
	if p.peek() != ':' {
		return m, p.errorf("%s where a colon belongs, after the key %q", p.seen(), m.Key)
	}
	p.pos++
	p.space()
	m.Value, err = p.value(depth + 1)
	return m, err
}

func (p *parser) elements(depth int) ([]*Node, error) {
	p.pos++
	list := []*Node{}
	p.space()
	if p.peek() == ']' {
		p.pos++
		return list, nil
	}
	for {
		p.space()
		n, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
		if done, err := p.next(']'); err != nil {
			return nil, err
		} else if done {
			return list, nil
		}
	}
}

// next reads the comma or the bracket that follows an element.
func (p *parser) next(closing byte) (done bool, err error) {
	p.space()
	switch p.peek() {
	case ',':
		p.pos++
		return false, nil
	case closing:
		p.pos++
		return true, nil
	}
	return false, p.errorf("%s where a comma or %q belongs", p.seen(), closing)
}

func (p *parser) number() (string, error) {
	start := p.pos
	digits := func() bool {
		from := p.pos
		for p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '9' {
			p.pos++
		}
		return p.pos > from
	}
	if p.peek() == '-' {
		p.pos++
	}
	zero := p.peek() == '0'
	first := p.pos
	ok := digits() && (!zero || p.pos == first+1)
	if ok && p.peek() == '.' {
		p.pos++
		ok = digits()
	}
	if c := p.peek(); ok && (c == 'e' || c == 'E') {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		ok = digits()
	}
	if !ok {
		return "", p.errorf("a number that is not well-formed")
	}
	return string(p.data[start:p.pos]), nil
}

func (p *parser) text() (string, error) {
	p.pos++
	start := p.pos
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			s := p.data[start:p.pos]
			if !utf8.Valid(s) {
				return "", p.errorf("text that is not valid UTF-8")
			}
			p.pos++
			return string(s), nil
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return "", p.errorf("the control character %q inside a string; write it as an escape", c)
		}
		p.pos++
	}
	return "", p.errorf("a string that does not end")
}

// escaped goes on with a string at its first escape.
func (p *parser) escaped(start int) (string, error) {
	b := append([]byte(nil), p.data[start:p.pos]...)
	for p.pos < len(p.data) {
		c := p.data[p.pos]
		switch {
		case c == '"':
			if !utf8.Valid(b) {
				return "", p.errorf("text that is not valid UTF-8")
			}
			p.pos++
			return string(b), nil
		case c < ' ':
			return "", p.errorf("the control character %q inside a string; write it as an escape", c)
		case c != '\\':
			b = append(b, c)
			p.pos++
			continue
		}
		var err error
		if b, err = p.escape(b); err != nil {
			return "", err
		}
	}
	return "", p.errorf("a string that does not end")
}

func (p *parser) escape(b []byte) ([]byte, error) {
	p.pos++
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	for i := range len(from) {
		if p.peek() == from[i] {
			p.pos++
			return append(b, to[i]), nil
		}
	}
	if p.peek() != 'u' {
		return b, p.errorf("the escape \\%s, which JSON does not have", p.seen())
	}
	r, ok := p.hex(p.pos + 1)
	if !ok {
		return b, p.errorf("an escape \\u without four hexadecimal digits")
	}
	p.pos += 5
	if utf16.IsSurrogate(r) {
		low, ok := rune(0), false
		if p.pos+1 < len(p.data) && p.data[p.pos] == '\\' && p.data[p.pos+1] == 'u' {
			low, ok = p.hex(p.pos + 2)
		}
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return b, p.errorf("half of a surrogate pair")
		}
		p.pos += 6
	}
	return utf8.AppendRune(b, r), nil
}

func (p *parser) hex(at int) (rune, bool) {
	if at+4 > len(p.data) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(p.data[at:at+4]), 16, 32)
	return rune(v), err == nil
}
