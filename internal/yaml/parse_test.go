package yaml_test

import (
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"scalars", "a: 1\nb: -2.5\nc: true\nd: ~\ne: '1'\nf: 2012-10-17\ng: 0777\nh: 1_000\ni: yes\nj: 0x1F\nk: 1e3\nl: .5\nm: 12:30:45",
			`{"a":1,"b":-2.5,"c":true,"d":null,"e":"1","f":"2012-10-17","g":"0777","h":"1_000","i":"yes","j":"0x1F","k":1e3,"l":".5","m":"12:30:45"}`},
		{"multi-line", "a: |\n  x\n   y\nb: >-\n  x\n  y\n", `{"a":"x\n y\n","b":"x y"}`},
		{"short forms", "a: !Ref X\nb: !GetAtt X.Y.Z\nc: !Sub '${A}'\nd: !Join ['-', [!Ref X, b]]\ne: !If [C, !Ref A, !Ref AWS::NoValue]\nf: !GetAZs\ng: !Condition C",
			`{"a":{"Ref":"X"},"b":{"Fn::GetAtt":["X","Y.Z"]},"c":{"Fn::Sub":"${A}"},"d":{"Fn::Join":["-",[{"Ref":"X"},"b"]]},"e":{"Fn::If":["C",{"Ref":"A"},{"Ref":"AWS::NoValue"}]},"f":{"Fn::GetAZs":""},"g":{"Condition":"C"}}`},
		{"nested short forms", "a: !Split\n  - ','\n  - Fn::ImportValue: !Sub '${X}-y'", `{"a":{"Fn::Split":[",",{"Fn::ImportValue":{"Fn::Sub":"${X}-y"}}]}}`},
		{"short form of a map", "a: !Transform {Name: AWS::Include, Parameters: {Location: x}}", `{"a":{"Fn::Transform":{"Name":"AWS::Include","Parameters":{"Location":"x"}}}}`},
		{"number in a function", "a: !Select [0, !GetAZs '']\nb: !Ref 1", `{"a":{"Fn::Select":[0,{"Fn::GetAZs":""}]},"b":{"Ref":1}}`},
		{"anchors", "a: &x {k: [1, 2]}\nb: *x", `{"a":{"k":[1,2]},"b":{"k":[1,2]}}`},
		{"merge", "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\nc:\n  <<: [*x, {m: 4}]", `{"a":{"k":1,"l":2},"b":{"l":3,"k":1},"c":{"k":1,"l":2,"m":4}}`},
		{"JSON is YAML", `{"a": [1, "x", null], "b": {"Ref": "X"}}`, `{"a":[1,"x",null],"b":{"Ref":"X"}}`},
	} {
		n, err := yaml.Parse([]byte(tt.in))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := n.JSON(); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestParseKnowsPlaces(t *testing.T) {
	n, err := yaml.Parse([]byte("Resources:\n  A:\n    Type: !Ref X\n"))
	if err != nil {
		t.Fatal(err)
	}
	if v := n.At("Resources", "A", "Type"); v.Line != 3 || v.Column != 11 {
		t.Errorf("Type is at %d:%d, want 3:11", v.Line, v.Column)
	}
}

func TestParseRefuses(t *testing.T) {
	bomb := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := range 9 {
		name := string(rune('1' + i))
		prev := string(rune('0' + i))
		bomb += "a" + name + ": &a" + name + " [" + strings.Repeat("*a"+prev+",", 9) + "*a" + prev + "]\n"
	}
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", "line 1, column 1: the document is empty"},
		{"duplicate key", "a: 1\nb:\n  c: 1\n  c: 2", `line 4, column 3: the key "c" stands twice`},
		{"unknown tag", "a: !Reff X", "line 1, column 4: the tag !Reff, which is no function"},
		{"binary", "a: !!binary aGVsbG8=", "the tag !!binary"},
		{"second document", "a: 1\n---\nb: 2", "a second document"},
		{"tab", "a:\n\tb: 1", "line 2"},
		{"cycle", "a: &x [*x]", `the anchor "x" holds itself`},
		{"bomb", bomb, "more than 1000000 values"},
		{"a long text many times", "a: &a " + strings.Repeat("x", 1<<20) + "\nb: [" + strings.Repeat("*a,", 1000) + "]", "more than 33554432 bytes of text"},
		{"deep", strings.Repeat("[", 500) + strings.Repeat("]", 500), "nested more than 200 levels deep"},
		{"deep tags", "a: " + strings.Repeat("!Not [", 120) + strings.Repeat("]", 120), "nested more than 200 levels deep"},
		{"very deep", strings.Repeat("[", 200_000), "depth"},
		{"map as a key", "? {a: 1}\n: b", "a key that is not text"},
		{"invalid UTF-8", "a: \xff\xfe\xfd", "line 1"},
		{"truncated", "a: [1, 2", "line"},
	} {
		n, err := yaml.Parse([]byte(tt.in))
		if n != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, %v; want an error with %q", tt.name, n, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1", "a: !Ref X", "a: &x [1]\nb: *x", "<<: {a: 1}", "a: |\n  x", "{", "- !Sub", "? a", "a: !If [C, !Ref A, b]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := yaml.Parse(data)
		if err != nil {
			if n != nil {
				t.Fatal("an error and a value")
			}
			return
		}
		out := n.JSON()
		if _, err := tree.Parse([]byte(out)); err != nil {
			t.Fatalf("%q gives %s, which is not JSON: %v", data, out, err)
		}
		if !deep(n, 0) {
			checkAppend(t, n)
		}
	})
}

// The short forms of Alibaba Cloud's functions are tags in a template that says it is for it, and no
// others.
func TestShortFormsOfROS(t *testing.T) {
	const body = "A: !Base64Encode a\nB: !Replace [{x: !Ref P}, x]\n"
	n, err := yaml.Parse([]byte("ROSTemplateFormatVersion: '2015-09-01'\n" + body))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := n.JSON(), `{"ROSTemplateFormatVersion":"2015-09-01","A":{"Fn::Base64Encode":"a"},"B":{"Fn::Replace":[{"x":{"Ref":"P"}},"x"]}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := yaml.Parse([]byte(body)); err == nil {
		t.Error("a template of CloudFormation takes !Base64Encode")
	}
}
