package stack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// indented indents compact JSON that comes in two parts.
func indented(first, second string) string {
	var in indenter
	in.write([]byte(first))
	in.write([]byte(second))
	return string(in.out)
}

func standard(t *testing.T, src string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(src), "", "  "); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestIndentAsStandard(t *testing.T) {
	sources := []string{
		`{}`, `[]`, `""`, `0`, `{"a":{}}`, `{"a":[]}`, `[[],{},[{}]]`, `{"a":true,"b":null,"c":-1.5e3,"d":false}`,
		`{"a{":"}","b[":"]","c,":",","d:":":"}`, `{"\\":"\\\\","\"":"\\\""}`, `["ä\u0000\n","日本","\ud83d\ude00"]`,
		strings.Repeat(`{"a":[`, deepest/2) + strings.Repeat(`]}`, deepest/2),
		`{"a":"` + strings.Repeat("x", 5000) + `"}`, `["` + strings.Repeat(`\n`, 5000) + `","` + strings.Repeat(`\"`, 5000) + `"]`,
	}
	for n := range 20 { // an escape at each place of a word
		s := strings.Repeat("x", n)
		sources = append(sources,
			fmt.Sprintf(`{"%[1]s":"%[1]s"}`, s), fmt.Sprintf(`["%[1]s\"%[1]s","%[1]s\\","\\\"%[1]s"]`, s), fmt.Sprintf(`["%s\u00e4",[{"b":1}]]`, s))
	}
	for _, src := range sources {
		if got, want := indented(src, ""), standard(t, src); got != want {
			t.Errorf("%s is indented as\n%s\nwant\n%s", src, got, want)
		}
	}
}

func TestIndentInParts(t *testing.T) {
	const src = `{"Resources":{"A":{"Type":"X","List":[1,2,{"a":"}"}]},"B":{"Type":"Y"}},"Outputs":{"C":{"Value":"z"}}}`
	want := standard(t, src)
	for i := range src {
		if i > 0 && (src[i] == '}' || src[i] == ']') && src[i-1] != '{' && src[i-1] != '"' {
			if got := indented(src[:i], src[i:]); got != want {
				t.Errorf("%s and %s are indented as\n%s\nwant\n%s", src[:i], src[i:], got, want)
			}
		}
	}
}

// Deeper than that, lines begin where those of the deepest level do.
func TestIndentDeep(t *testing.T) {
	src := strings.Repeat(`{"a":[`, 300) + `1` + strings.Repeat(`]}`, 300)
	got := indented(src, "")
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(got)); err != nil || b.String() != src {
		t.Fatalf("another document: %v\n%s", err, got)
	}
	if want := "\n" + strings.Repeat(" ", 2*deepest) + "1\n"; !strings.Contains(got, want) {
		t.Errorf("no line of the deepest level:\n%.3000s", got)
	}
}

func FuzzIndent(f *testing.F) {
	for _, s := range []string{`{"a":[1,"b\\"]}`, `"abc`, `"\`, `}}}}`, `{`, `[{]}`, `"1234567\`, `"12345678\`, ``, `"` + strings.Repeat(`\n`, 500) + `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		indented(src, "") // takes anything
		if !json.Valid([]byte(src)) {
			return
		}
		var b bytes.Buffer
		if err := json.Compact(&b, []byte(src)); err != nil {
			t.Fatal(err)
		}
		src = b.String()
		got := indented(src, "")
		if strings.Count(src, "{")+strings.Count(src, "[") <= deepest && got != standard(t, src) {
			t.Errorf("%q is indented as\n%s", src, got)
		}
	})
}
