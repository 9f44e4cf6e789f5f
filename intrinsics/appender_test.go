package intrinsics_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// writes is an Appender that writes what it is told.
type writes struct {
	text string
	err  error
}

func (w writes) AppendValue(dst []byte) ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return append(dst, w.text...), nil
}

func TestForeignAppender(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`{"a":[1,"x"]}`, `{"a":[1,"x"]}`},
		{" { \"a b\" : [ ] }\n", `{"a b":[]}`},
		{`null`, `null`},
	} {
		got, err := fn.Append(nil, map[string]any{"P": writes{text: c.text}})
		if want := `{"P":` + c.want + `}`; err != nil || string(got) != want {
			t.Errorf("%q is written as %s, %v; want %s", c.text, got, err, want)
		}
	}
}

func TestForeignAppenderMistakes(t *testing.T) {
	for _, c := range []struct {
		name string
		v    writes
		want string
	}{
		{"an error, and nil for the bytes", writes{err: errors.New("no such thing")}, "P: no such thing"},
		{"nothing", writes{}, "P: JSON that is not well-formed"},
		{"an open string", writes{text: `"abc`}, "P: JSON that is not well-formed"},
		{"a backslash at the end", writes{text: `"\`}, "P: JSON that is not well-formed"},
		{"braces too many", writes{text: `}}}}`}, "P: JSON that is not well-formed"},
		{"braces too few", writes{text: `{`}, "P: JSON that is not well-formed"},
		{"two values", writes{text: `1,"Q":2`}, "P: JSON that is not well-formed"},
		{"no UTF-8", writes{text: "\"\xff\""}, "P: text that is not valid UTF-8"},
	} {
		_, err := fn.Append(nil, map[string]any{"P": c.v, "Q": 1})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
}

func TestAt(t *testing.T) {
	cause := errors.New("no such thing")
	inner := fn.At("b", cause)
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, "<nil>"},
		{cause, "a: no such thing"},
		{inner, "a.b: no such thing"},
		{fn.At("[0]", cause), "a[0]: no such thing"},
		{errors.Join(inner, cause), "a.b: no such thing\na: no such thing"},
		{fmt.Errorf("while reading: %w", inner), "a: while reading: b: no such thing"},
	} {
		err := fn.At("a", c.err)
		if got := fmt.Sprint(err); got != c.want || c.err != nil && !errors.Is(err, cause) {
			t.Errorf("%v becomes %q, want %q", c.err, got, c.want)
		}
	}
}
