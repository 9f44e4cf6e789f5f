package yaml_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	library "go.yaml.in/yaml/v3"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

func TestAppend(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"map", `{"a":1,"b":{"c":"x","d":[]},"e":[1,{"f":true,"g":null},["h","i"],{}]}`,
			"a: 1\nb:\n  c: x\n  d: []\ne:\n  - 1\n  - f: true\n    g: null\n  - - h\n    - i\n  - {}\n"},
		{"scalars that look like others", `["22","1.5","yes","No","null","~","2012-10-17","0777","12:30","1_0","0x1f","1e3",".5","+1","","-","true","=","<<","on","y",".inf","10.0.0.0/16","t3.micro"]`,
			"- '22'\n- '1.5'\n- 'yes'\n- 'No'\n- 'null'\n- '~'\n- '2012-10-17'\n- '0777'\n- '12:30'\n- '1_0'\n- '0x1f'\n- '1e3'\n- '.5'\n- '+1'\n- ''\n- '-'\n- 'true'\n- '='\n- '<<'\n- 'on'\n- 'y'\n- '.inf'\n- 10.0.0.0/16\n- t3.micro\n"},
		{"syntax", `["a: b","a:b","a #b","a#b","a:"," a","a ","*","&a","!x","it's","{x}","a, b","%","@","\u0007\"","a\tb","\u2028","\ufeff","é","😀","#x","- x","?"]`,
			"- 'a: b'\n- a:b\n- 'a #b'\n- a#b\n- 'a:'\n- ' a'\n- 'a '\n- '*'\n- '&a'\n- '!x'\n- it's\n- '{x}'\n- a, b\n- '%'\n- '@'\n- \"\\x07\\\"\"\n- \"a\\tb\"\n- \"\\u2028\"\n- \"\\ufeff\"\n- é\n- 😀\n- '#x'\n- '- x'\n- '?'\n"},
		{"lines", `{"a":"x\n  y\n\nz\n","b":"x\ny","c":"x\n\n\n","d":" x\ny","e":["x\ny\n"],"f":"\n"}`,
			"a: |\n  x\n    y\n\n  z\nb: |-\n  x\n  y\nc: |+\n  x\n\n\nd: \" x\\ny\"\ne:\n  - |\n    x\n    y\nf: \"\\n\"\n"},
		{"keys", `{"1":1,"on":2,"a b":3,"a: b":4,"Fn::X":5,"":6,"<<":{"x":1},"${Name}":7}`,
			"'1': 1\n'on': 2\na b: 3\n'a: b': 4\nFn::X: 5\n'': 6\n'<<':\n  x: 1\n${Name}: 7\n"},
		{"tags", `{"a":{"Ref":"X"},"b":{"Fn::GetAtt":["X","Y.Z"]},"c":{"Fn::Sub":"${A}-b"},"d":{"Fn::Sub":["${A}",{"A":{"Ref":"B"}}]},"e":{"Fn::GetAZs":""},"f":{"Condition":"C"}}`,
			"a: !Ref X\nb: !GetAtt X.Y.Z\nc: !Sub ${A}-b\nd: !Sub\n  - ${A}\n  - A: !Ref B\ne: !GetAZs ''\nf: !Condition C\n"},
		{"a tag takes no tag", `{"a":{"Fn::Base64":{"Fn::Sub":"x"}},"b":{"Fn::ImportValue":{"Ref":"X"}},"c":[{"Fn::GetAZs":{"Ref":"AWS::Region"}}]}`,
			"a:\n  Fn::Base64: !Sub x\nb:\n  Fn::ImportValue: !Ref X\nc:\n  - Fn::GetAZs: !Ref AWS::Region\n"},
		{"lists of functions", `{"a":{"Fn::Join":["-",["a",{"Ref":"AWS::Region"},{"Fn::Select":[0,{"Fn::GetAZs":""}]}]]},"b":{"Fn::If":["C",{"x":1},{"Ref":"AWS::NoValue"}]},"c":[{"Fn::If":["C","a, b",2]}]}`,
			"a: !Join ['-', [a, !Ref 'AWS::Region', !Select [0, !GetAZs '']]]\nb: !If\n  - C\n  - x: 1\n  - !Ref AWS::NoValue\nc:\n  - !If [C, 'a, b', 2]\n"},
		{"maps as arguments", `{"a":{"Fn::Transform":{"Name":"X"}},"b":{"Fn::GetStackOutput":{"StackName":{"Ref":"S"}}}}`,
			"a: !Transform\n  Name: X\nb:\n  Fn::GetStackOutput:\n    StackName: !Ref S\n"},
		{"long where short says something else", `[{"Fn::GetAtt":"a.b"},{"Ref":1},{"Fn::GetAtt":["a.b","c"]},{"Condition":{"a":1}},{"Fn::GetAZs":null},{"Fn::New":"x"},{"Fn::GetAtt":["a",{"Ref":"b"}]}]`,
			"- Fn::GetAtt: a.b\n- Ref: 1\n- Fn::GetAtt:\n    - a.b\n    - c\n- Condition:\n    a: 1\n- Fn::GetAZs: null\n- Fn::New: x\n- Fn::GetAtt:\n    - a\n    - !Ref b\n"},
		{"the end of a document", `{"... a":"... b"}`, "'... a': '... b'\n"},
		{"a scalar", `"x"`, "x\n"},
	} {
		n := tree.FromJSON(tt.in)
		got := string(yaml.Append(nil, n, false))
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		checkAppend(t, n)
	}
}

// checkAppend holds both forms to what is read of them: here, and by the library on its own.
func checkAppend(t *testing.T, n *tree.Node) {
	t.Helper()
	for _, long := range []bool{false, true} {
		out := yaml.Append(nil, n, long)
		again, err := yaml.Parse(out)
		if err != nil {
			t.Fatalf("does not read what it wrote: %v:\n%s", err, out)
		}
		if got, want := again.JSON(), n.JSON(); got != want {
			t.Fatalf("changed by a round trip:\ngot  %s\nwant %s\nYAML:\n%s", got, want, out)
		}
		if !long {
			continue
		}
		var doc library.Node
		if err := library.Unmarshal(out, &doc); err != nil {
			t.Fatalf("the library: %v:\n%s", err, out)
		}
		compareScalars(t, n, doc.Content[0], string(out))
	}
}

// compareScalars checks that each text is a text by the rules of YAML itself.
func compareScalars(t *testing.T, n *tree.Node, y *library.Node, out string) {
	t.Helper()
	switch n.Kind {
	case tree.Map:
		for i, m := range n.Map {
			if k := y.Content[2*i]; k.Value != m.Key || k.ShortTag() != "!!str" {
				t.Fatalf("the key %q is read as %s %q:\n%s", m.Key, k.ShortTag(), k.Value, out)
			}
			compareScalars(t, m.Value, y.Content[2*i+1], out)
		}
	case tree.List:
		for i, item := range n.List {
			compareScalars(t, item, y.Content[i], out)
		}
	case tree.String:
		if y.ShortTag() != "!!str" || y.Value != n.Text {
			t.Fatalf("the text %q is read as %s %q:\n%s", n.Text, y.ShortTag(), y.Value, out)
		}
	}
}

func TestAppendLongKey(t *testing.T) {
	checkAppend(t, tree.Object(tree.Field(strings.Repeat("k: ", 600), tree.Object(tree.Field("a", tree.ListOf(tree.Int(1)))))))
}

func FuzzAppend(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,"x\n",null,{"b":true}]}`, `{"Ref":"X"}`, `[{"Fn::If":["C",{"Ref":"a"},"b: c"]}]`, `{"Fn::GetAtt":["a","b"]}`,
		`["a\n\n"," a","\ta\nb","a\n b\n","- a","? a","a: ","#",":","'","\"","%a","...","---","a\n---\nb"]`,
		`{"":{"":[[],[[]],{}]}}`, `{"a":{"Fn::Sub":"x\ny"}}`, `{"Fn::Join":["",["a\u0085b"]]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := tree.Parse(data)
		if err != nil || deep(n, 0) {
			return
		}
		checkAppend(t, n)
	})
}

// deep reports whether the functions' maps would take n past the depth that is read.
func deep(n *tree.Node, depth int) bool {
	if depth > tree.MaxDepth/2 {
		return true
	}
	for _, item := range n.Items() {
		if deep(item, depth+1) {
			return true
		}
	}
	for _, m := range n.Members() {
		if deep(m.Value, depth+1) {
			return true
		}
	}
	return false
}
