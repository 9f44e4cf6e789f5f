package tree_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/tree"
)

func TestParseKeepsOrderAndPlaces(t *testing.T) {
	n, err := tree.Parse([]byte("{\n  \"b\": [1, -2.50, true, null],\n  \"a\": {\"x\": \"\\u00e9\\ud83d\\ude00\\n\"}\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.JSON(), `{"b":[1,-2.50,true,null],"a":{"x":"é😀\n"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if x := n.At("a", "x"); x.Line != 3 || x.Column != 14 {
		t.Errorf("a.x is at %d:%d, want 3:14", x.Line, x.Column)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{``, "line 1, column 1: the end of the text where a value belongs"},
		{`{"a":1,}`, "line 1, column 8: '}' where a key in double quotes belongs"},
		{`{"a":1 "b":2}`, `line 1, column 8: '"' where a comma or '}' belongs`},
		{`{a:1}`, "line 1, column 2: 'a' where a key in double quotes belongs"},
		{"{\n\"a\":1,\n \"a\":2}", `line 3, column 2: the key "a" stands twice in this map`},
		{`[1,2`, "line 1, column 5: the end of the text where a comma or ']' belongs"},
		{`[01]`, "line 1, column 4: a number that is not well-formed"},
		{`{} x`, "line 1, column 4: 'x' after the end of the document"},
		{`"\ud800"`, "line 1, column 8: half of a surrogate pair"},
		{"\"\xff\"", "line 1, column 3: text that is not valid UTF-8"},
		{"{\"a\":[", "line 1, column 7: the end of the text where a value belongs"},
		{strings.Repeat("[", 10000), "nested more than 200 levels deep"},
	} {
		n, err := tree.Parse([]byte(tt.in))
		if n != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%.20q) = %v, %v; want an error with %q", tt.in, n, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":[1,"x\n",null,{"b":true}]}`, `"\u00e9"`, `[1e5,-0.1]`, `{"a":1,}`, `[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := tree.Parse(data)
		if err != nil {
			if n != nil {
				t.Fatal("an error and a value")
			}
			return
		}
		if !json.Valid(data) {
			t.Fatalf("accepted what encoding/json refuses: %q", data)
		}
		out := n.JSON()
		again, err := tree.Parse([]byte(out))
		if err != nil {
			t.Fatalf("does not read what it wrote: %v: %s", err, out)
		}
		if !tree.Equal(n, again) || again.JSON() != out {
			t.Fatalf("changed by a round trip: %s", out)
		}
	})
}
