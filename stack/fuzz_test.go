package stack_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// checkParse holds what Parse promises for any input.
func checkParse(t *testing.T, data []byte) {
	t.Helper()
	tpl, err := stack.Parse(data)
	if err != nil {
		if tpl != nil {
			t.Fatal("an error and a template")
		}
		if !strings.HasPrefix(err.Error(), "line ") {
			t.Fatalf("an error without a place: %v", err)
		}
		return
	}
	out, err := tpl.Minified()
	if err != nil {
		t.Fatalf("%q was read and cannot be written: %v", data, err)
	}
	if n, err := tree.Parse(bytes.TrimPrefix(data, []byte("\ufeff"))); err == nil && n.JSON() != string(out) {
		t.Fatalf("changed by a round trip:\nread    %s\nwritten %s", n.JSON(), out)
	}
	again, err := stack.Parse(out)
	if err != nil {
		t.Fatalf("does not read what it wrote: %v: %s", err, out)
	}
	if twice, err := again.Minified(); err != nil || string(twice) != string(out) {
		t.Fatalf("not stable:\nonce  %s\ntwice %s, %v", out, twice, err)
	}
	text, err := tpl.YAML()
	if err != nil {
		t.Fatal(err)
	}
	if again, err = stack.Parse(text); err != nil {
		t.Fatalf("does not read its own YAML: %v:\n%s", err, text)
	}
	if twice, err := again.Minified(); err != nil || string(twice) != string(out) {
		t.Fatalf("changed by YAML:\nJSON %s\nback %s, %v\n%s", out, twice, err, text)
	}
	if cs, err := stack.Diff(tpl, again, nil); err != nil || len(cs) > 0 {
		t.Fatalf("differs from itself: %v, %v", cs, err)
	}
}

func FuzzParseJSON(f *testing.F) {
	data, err := os.ReadFile("testdata/odd.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, s := range []string{
		`{"Resources":{"A":{"Type":"X","DependsOn":[],"Properties":{"a":{"Ref":"b"}}}}}`,
		`{"Parameters":{"P":{"NoEcho":"TRUE","Default":null,"AllowedValues":[]}}}`,
		`{"Outputs":{"O":{"Export":{"Name":""}}}}`, `{"Mappings":{"M":{"a":{}}}}`, `{"Mappings":{"M":{}}}`,
		`{"Conditions":{"C":true,"D":"x","E":{"Condition":""}}}`, `{"Rules":{"R":{"Assertions":[{}]}}}`,
		`{"Transform":[],"Description":"","Metadata":null}`, `{"Resources":{"Fn::ForEach::X":["a",{"Ref":"b"},{}]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkParse)
}

func FuzzParseYAML(f *testing.F) {
	data, err := os.ReadFile("testdata/odd.json")
	if err != nil {
		f.Fatal(err)
	}
	tpl, err := stack.Parse(data)
	if err != nil {
		f.Fatal(err)
	}
	text, err := tpl.YAML()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, s := range []string{
		"Resources:\n  A: &a\n    Type: X\n  B:\n    <<: *a\n    Properties: !Transform {Name: M}\n",
		"Parameters:\n  P: {Type: String, Default: 2012-10-17, NoEcho: yes}\n",
		"Outputs:\n  O:\n    Value: !Join ['', [!Ref A, |-\n      x]]\n", "Description: >\n  a\n  b\n", "Outputs: ~\n",
		"Metadata: [1.50, 0x10, 1e3, .5, 012, 1_0, !Sub '${A}']\n", "? a\n: b\n", "--- {a: 1}\n...\n", "%YAML 1.1\n---\na: 1\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkParse)
}
