package intrinsics

import (
	"errors"
	"unicode/utf8"
)

var errUTF8 = errors.New("text that is not valid UTF-8; a template can hold only Unicode text (encode binary data as base64)")

// plain tells the bytes that stand in a JSON string as they are.
var plain = func() (t [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// isPlain reports whether s needs no escapes.
func isPlain(s string) bool {
	for i := range len(s) {
		if !plain[s[i]] {
			return false
		}
	}
	return true
}

// appendQuoted appends s as a JSON string. Unlike encoding/json it leaves <, > and & alone: a
// template is read by CloudFormation and by people, not by a browser.
func appendQuoted(dst []byte, s string) ([]byte, error) {
	dst = append(dst, '"')
	if isPlain(s) {
		return append(append(dst, s...), '"'), nil
	}
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return dst, errUTF8
			}
			i += size
			continue
		}
		dst = append(dst, s[start:i]...)
		dst = appendEscape(dst, c)
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"'), nil
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
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
