package yaml

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A style is how a text can be written.
type style uint8

const (
	plain  style = iota
	single       // in single quotes, as it is
	double       // in double quotes, with escapes
)

// appendScalar appends a text so that every reader of YAML 1.1 and 1.2 takes it for that text: in
// quotes where it would be a number, a date, a boolean, null, or syntax. flow says that it stands in
// brackets.
func appendScalar(dst []byte, s string, flow bool) []byte {
	switch styleOf(s, flow) {
	case plain:
		return append(dst, s...)
	case single:
		dst = append(dst, '\'')
		for i := range len(s) {
			if s[i] == '\'' {
				dst = append(dst, '\'')
			}
			dst = append(dst, s[i])
		}
		return append(dst, '\'')
	}
	return appendDouble(dst, s)
}

func styleOf(s string, flow bool) style {
	if s == "" {
		return single
	}
	best := plain
	if startsOdd(s[0]) || s[0] == ' ' || s[len(s)-1] == ' ' || s[len(s)-1] == ':' || isWord(s) || looksNumeric(s) || strings.HasPrefix(s, "...") {
		best = single
	}
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c < ' ' || c == 0x7f:
			return double
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if !isPlainRune(r, size) {
				return double
			}
			i += size
			continue
		case c == ':' && (flow || i+1 < len(s) && s[i+1] == ' '), c == '#' && i > 0 && s[i-1] == ' ':
			best = single
		case flow && strings.IndexByte("[]{},?", c) >= 0:
			best = single
		}
		i++
	}
	return best
}

// startsOdd reports whether a plain text cannot begin with c, or hardly.
func startsOdd(c byte) bool { return strings.IndexByte("-?:,[]{}#&*!|>'\"%@`=<~", c) >= 0 }

func isPlainRune(r rune, size int) bool {
	return !(r == utf8.RuneError && size == 1) && r != '\ufeff' && unicode.IsPrint(r)
}

// words are those that mean something else than their text, in some version of YAML.
var words = map[string]bool{
	"y": true, "n": true, "yes": true, "no": true, "on": true, "off": true, "true": true, "false": true,
	"null": true, ".inf": true, "+.inf": true, ".nan": true,
}

func isWord(s string) bool { return len(s) <= 5 && words[strings.ToLower(s)] }

// looksNumeric reports whether a text might be a number, a date or a time: it begins like one and
// has nothing else in it.
func looksNumeric(s string) bool {
	if c := s[0]; c != '+' && c != '.' && (c < '0' || c > '9') {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && strings.IndexByte("abcdefABCDEFxXoO_.:+-TtZz ", c) < 0 {
			return false
		}
	}
	return true
}

func appendDouble(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r < ' ' || r == 0x7f:
			dst = appendHex(append(dst, '\\', 'x'), r, 2)
		case r < utf8.RuneSelf || isPlainRune(r, size):
			dst = append(dst, s[i:i+size]...)
		case r <= 0xffff:
			dst = appendHex(append(dst, '\\', 'u'), r, 4)
		default:
			dst = appendHex(append(dst, '\\', 'U'), r, 8)
		}
		i += size
	}
	return append(dst, '"')
}

func appendHex(dst []byte, r rune, digits int) []byte {
	const hex = "0123456789abcdef"
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		dst = append(dst, hex[r>>shift&15])
	}
	return dst
}

// isLiteral reports whether a text is written as a block of lines: it has several, and nothing in
// it that a block would lose.
func isLiteral(s string) bool {
	if !strings.Contains(s, "\n") || strings.IndexByte(" \t\n", s[0]) >= 0 {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != "" && strings.TrimLeft(line, " \t") == "" {
			return false
		}
	}
	for i, r := range s {
		if r == '\n' || r == '\t' || r >= ' ' && r < 0x7f {
			continue
		}
		if r < utf8.RuneSelf {
			return false
		}
		if _, size := utf8.DecodeRuneInString(s[i:]); !isPlainRune(r, size) {
			return false
		}
	}
	return true
}
