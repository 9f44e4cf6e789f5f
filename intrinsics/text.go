package intrinsics

import (
	"errors"
	"strings"
)

// A String is text with expressions in it: see the package comment. The zero value, "", is absent.
type String string

// An Integer is a whole number or an expression that gives one. [Int] makes a literal; the zero
// value, "", is absent. A literal that is no number (a dynamic reference, say) is written as text.
type Integer string

// A Double is a number or an expression that gives one. [Num] makes a literal; the zero value, "",
// is absent.
type Double string

// A Boolean is true, false, or an expression that gives one of them. [True], [False] and [Bool] make
// literals; the zero value, "", is absent.
type Boolean string

// A Timestamp is a point in time as ISO 8601 text, or an expression that gives one. The zero value,
// "", is absent.
type Timestamp string

// Between two NULs stands one expression: its JSON, then checksumLen hexadecimal digits. The first
// byte tells what it is.
const (
	mark     = "\x00"
	markList = '*' // list-valued, one star for each level of list; JSON follows
	markFail = '!' // a mistake that is told when the template is written; its text follows

	checksumLen = 6
)

var (
	errTorn = errors.New("a torn expression: the text was cut or changed after it was built; build it from whole expressions with + or fn.Join, or let CloudFormation do it with fn.Split, fn.Select or fn.Sub")
	errList = errors.New("a list where a single value belongs; take an element with fn.Select or join the list with fn.Join")
)

// expression is one part of a text that is not literal.
type expression struct {
	json  string // compact JSON
	depth int    // levels of list that it stands for; 0 is a single value
}

// mint puts JSON between marks. prefix is empty or stars.
func mint(prefix string, json []byte) string {
	var small [256]byte
	b := append(small[:0], 0)
	return seal(append(append(b, prefix...), json...))
}

// mintParts is mint for JSON that is put together of parts.
func mintParts(parts ...string) string {
	var small [256]byte
	b := append(small[:0], 0)
	for _, p := range parts {
		b = append(b, p...)
	}
	return seal(b)
}

// seal adds the checksum and the last mark to an expression with its first.
func seal(b []byte) string {
	return string(append(appendChecksum(b, b[1:]), 0))
}

// fail is an expression that can only be an error: it is told when the template is written.
func fail(err error) string {
	msg := strings.ReplaceAll(err.Error(), mark, "")
	return mint("!", []byte(msg))
}

// parseExpression reads what stands between two marks.
func parseExpression(s string) (expression, error) {
	n := len(s) - checksumLen
	if n < 1 {
		return expression{}, errTorn
	}
	var sum [checksumLen]byte
	if string(appendChecksum(sum[:0], s[:n])) != s[n:] {
		return expression{}, errTorn
	}
	s = s[:n]
	if s[0] == markFail {
		return expression{}, errors.New(s[1:])
	}
	depth := 0
	for depth < len(s) && s[depth] == markList {
		depth++
	}
	return expression{json: s[depth:], depth: depth}, nil
}

// whole returns the expression that text is from its first byte to its last, if it is just one.
func whole(text string) (expression, bool, error) {
	if len(text) < 2 || text[0] != 0 {
		return expression{}, false, nil
	}
	end := strings.IndexByte(text[1:], 0)
	if end != len(text)-2 {
		return expression{}, false, nil
	}
	x, err := parseExpression(text[1 : len(text)-1])
	return x, err == nil, err
}

// appendText appends the JSON of a text: a string, an expression, or a Fn::Join of both.
func appendText(dst []byte, text string) ([]byte, error) {
	i := strings.IndexByte(text, 0)
	if i < 0 {
		return appendQuoted(dst, text)
	}
	x, ok, err := whole(text)
	if err != nil {
		return dst, err
	}
	if ok {
		if x.depth > 0 {
			return dst, errList
		}
		return append(dst, x.json...), nil
	}
	return appendJoin(dst, text)
}

// appendJoin writes a text of several parts as Fn::Join with an empty delimiter.
func appendJoin(dst []byte, text string) ([]byte, error) {
	start := len(dst)
	dst = append(dst, `{"Fn::Join":["",[`...)
	body := len(dst)
	var literal string // not yet written: it may go on after an Empty
	flush := func() error {
		if literal == "" {
			return nil
		}
		if len(dst) > body {
			dst = append(dst, ',')
		}
		var err error
		dst, err = appendQuoted(dst, literal)
		literal = ""
		return err
	}
	for expr := false; ; expr = !expr {
		part, rest, more := strings.Cut(text, mark)
		text = rest
		if !expr {
			literal += part
			if !more {
				break
			}
			continue
		}
		if !more {
			return dst[:start], errTorn
		}
		x, err := parseExpression(part)
		if err != nil {
			return dst[:start], err
		}
		if x.depth > 0 {
			return dst[:start], errList
		}
		if x.json == `""` {
			continue
		}
		if err := flush(); err != nil {
			return dst[:start], err
		}
		if len(dst) > body {
			dst = append(dst, ',')
		}
		dst = append(dst, x.json...)
	}
	if len(dst) == body { // nothing but literals and Empty
		return appendQuoted(dst[:start], literal)
	}
	if err := flush(); err != nil {
		return dst[:start], err
	}
	return append(dst, "]]}"...), nil
}

// Literal returns the text of s if no expression is in it.
func (s String) Literal() (string, bool) {
	return string(s), !strings.Contains(string(s), mark)
}
