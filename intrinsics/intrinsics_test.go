package intrinsics_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// part and thing stand for the generated structs: every kind of position once.
type part struct {
	fn.Extra
	Name  fn.String
	Parts []part
}

type thing struct {
	fn.Named
	fn.Extra
	Text    fn.String
	Count   fn.Integer
	Ratio   fn.Double
	On      fn.Boolean
	When    fn.Timestamp
	List    []fn.String
	Numbers []fn.Integer
	Grid    [][]fn.String
	Map     map[string]fn.String
	One     *part
	Many    []part
	ByName  map[string]part
	Free    any
	lower   string
	Odd     fn.String `cfn:"odd.name"`
}

func (*thing) CloudFormationType() string { return "Test::Thing::Thing" }

func write(t *testing.T, v any) string {
	t.Helper()
	b, err := fn.Append(nil, v)
	if err != nil {
		t.Fatalf("Append: %v", err)
	}
	if !json.Valid(b) {
		t.Fatalf("not JSON: %s", b)
	}
	return string(b)
}

func TestWhatIsWritten(t *testing.T) {
	q := &thing{}
	fn.Bind(q, "Q")
	for _, tt := range []struct {
		name string
		in   any
		want string
	}{
		{"nothing", &thing{lower: "x"}, `{}`},
		{"literals", &thing{Text: "a\"b<&>\n\x01é", Count: fn.Int(0), Ratio: fn.Num(-0.5), On: fn.False, When: fn.Time(time.Unix(0, 0))},
			`{"Text":"a\"b<&>\n\u0001é","Count":0,"Ratio":-0.5,"On":false,"When":"1970-01-01T00:00:00Z"}`},
		{"untyped constants", &thing{Count: "22", Ratio: "1.50", On: "true"}, `{"Count":22,"Ratio":1.50,"On":true}`},
		{"a number that is no number", &thing{Count: "007", On: "{{resolve:ssm:on}}"}, `{"Count":"007","On":"{{resolve:ssm:on}}"}`},
		{"empty is not absent", &thing{Text: fn.Empty, List: []fn.String{}, Map: map[string]fn.String{}, One: &part{}, Free: map[string]any{}},
			`{"Text":"","List":[],"Map":{},"One":{},"Free":{}}`},
		{"an empty string inside", &thing{List: []fn.String{"", "a"}, Map: map[string]fn.String{"k": ""}}, `{"List":["","a"],"Map":{"k":""}}`},
		{"a name with a tag", &thing{Odd: "x"}, `{"odd.name":"x"}`},
		{"ref", &thing{Text: q.Ref(), Count: fn.RefOf[fn.Integer]("N"), On: fn.RefOf[fn.Boolean]("B")}, `{"Text":{"Ref":"Q"},"Count":{"Ref":"N"},"On":{"Ref":"B"}}`},
		{"attribute", &thing{Text: q.GetAtt("Arn"), List: fn.GetAttOf[[]fn.String](q, "Names")}, `{"Text":{"Fn::GetAtt":["Q","Arn"]},"List":{"Fn::GetAtt":["Q","Names"]}}`},
		{"plus becomes join", fn.AccountID + ".dkr.ecr." + fn.Region + ".amazonaws.com/" + fn.ImportValue("repo") + ":" + fn.Ref("Tag"),
			`{"Fn::Join":["",[{"Ref":"AWS::AccountId"},".dkr.ecr.",{"Ref":"AWS::Region"},".amazonaws.com/",{"Fn::ImportValue":"repo"},":",{"Ref":"Tag"}]]}`},
		{"plus with empty", "a" + fn.Empty + "b", `"ab"`},
		{"plus with empty and an expression", "a" + fn.Empty + "b" + fn.Region + fn.Empty, `{"Fn::Join":["",["ab",{"Ref":"AWS::Region"}]]}`},
		{"sprintf", fn.String(fmt.Sprintf("http://%s:%d", q.GetAtt("Host"), 80)), `{"Fn::Join":["",["http://",{"Fn::GetAtt":["Q","Host"]},":80"]]}`},
		{"join", fn.Join("-", "a", fn.StackName), `{"Fn::Join":["-",["a",{"Ref":"AWS::StackName"}]]}`},
		{"join of a list", fn.Join(",", fn.RefOf[[]fn.String]("Subnets")...), `{"Fn::Join":[",",{"Ref":"Subnets"}]}`},
		{"join of nothing", fn.Join(","), `{"Fn::Join":[",",[]]}`},
		{"split of an import", &thing{List: fn.Split(",", fn.ImportValue(fn.StackName+"-x"))},
			`{"List":{"Fn::Split":[",",{"Fn::ImportValue":{"Fn::Join":["",[{"Ref":"AWS::StackName"},"-x"]]}}]}}`},
		{"select", fn.Select(0, fn.Split("-", fn.StackName)), `{"Fn::Select":[0,{"Fn::Split":["-",{"Ref":"AWS::StackName"}]}]}`},
		{"select of literals", fn.Select(1, []fn.String{"a", "b"}), `{"Fn::Select":[1,["a","b"]]}`},
		{"select with an expression", fn.SelectAt(fn.RefOf[fn.Integer]("I"), fn.GetAZs("")), `{"Fn::Select":[{"Ref":"I"},{"Fn::GetAZs":""}]}`},
		{"sub", fn.Sub("${AWS::StackName}-id", nil), `{"Fn::Sub":"${AWS::StackName}-id"}`},
		{"sub with variables", fn.Sub("${a}", fn.Vars{"a": q.Ref()}), `{"Fn::Sub":["${a}",{"a":{"Ref":"Q"}}]}`},
		{"base64", fn.Base64("#!/bin/sh\n" + fn.Region), `{"Fn::Base64":{"Fn::Join":["",["#!/bin/sh\n",{"Ref":"AWS::Region"}]]}}`},
		{"cidr", fn.Cidr("10.0.0.0/16", 6, 8), `{"Fn::Cidr":["10.0.0.0/16",6,8]}`},
		{"map", fn.FindInMap("M", fn.Region, "k"), `{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"k"]}`},
		{"map of a list", &thing{List: fn.FindInMapOf[[]fn.String]("M", "a", "b")}, `{"List":{"Fn::FindInMap":["M","a","b"]}}`},
		{"if", fn.If("Prod", "m5.large", ""), `{"Fn::If":["Prod","m5.large",{"Ref":"AWS::NoValue"}]}`},
		{"extra", &thing{Text: "a", Extra: fn.Extra{"New": fn.Int(1), "Also": q.Ref()}}, `{"Text":"a","Also":{"Ref":"Q"},"New":1}`},
		{"plain go", map[string]any{"i": 1, "f": 2.5, "b": true, "n": nil, "s": []string{"x"}, "raw": json.RawMessage(`{ "a" : [1, "b c"] }`), "x": fn.Region},
			`{"b":true,"f":2.5,"i":1,"n":null,"raw":{"a":[1,"b c"]},"s":["x"],"x":{"Ref":"AWS::Region"}}`},
		{"a user's struct", struct {
			A int    `json:"a"`
			B string `json:"b,omitempty"`
			C string `json:"-"`
			D fn.String
		}{C: "x", D: fn.Region}, `{"a":0,"D":{"Ref":"AWS::Region"}}`},
		{"an expression in a plain string", map[string]string{"a": string(fn.Region)}, `{"a":{"Ref":"AWS::Region"}}`},
		{"conditions", fn.And("A", fn.Not(fn.Or("B", fn.Equals(fn.Region, "x")))),
			`{"Fn::And":[{"Condition":"A"},{"Fn::Not":[{"Fn::Or":[{"Condition":"B"},{"Fn::Equals":[{"Ref":"AWS::Region"},"x"]}]}]}]}`},
	} {
		if diff := cmp.Diff(tt.want, write(t, tt.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Every position may be one expression as a whole.
func TestEveryPositionTakesAnExpression(t *testing.T) {
	v := &thing{
		Text:    fn.If("C", "a", "b"),
		Count:   fn.IfOf("C", fn.Int(1), fn.Int(0)),
		Ratio:   fn.IfOf("C", fn.Num(1), ""),
		On:      fn.IfOf("C", fn.True, fn.False),
		When:    fn.RefOf[fn.Timestamp]("T"),
		List:    fn.IfOf("C", []fn.String{"a", fn.Region}, nil),
		Numbers: fn.IfOf("C", []fn.Integer{"1"}, []fn.Integer{}),
		Grid:    fn.IfOf("C", [][]fn.String{{"a"}}, nil),
		Map:     fn.IfOf("C", map[string]fn.String{"a": "b"}, nil),
		One:     fn.IfOf("C", &part{Name: "x"}, nil),
		Many:    fn.IfOf("C", []part{{Name: "x"}}, nil),
		ByName:  fn.IfOf("C", map[string]part{"a": {Name: "x"}}, nil),
		Free:    fn.IfOf[any]("C", map[string]any{"a": 1}, nil),
	}
	const none = `{"Ref":"AWS::NoValue"}`
	want := `{"Text":{"Fn::If":["C","a","b"]},"Count":{"Fn::If":["C",1,0]},"Ratio":{"Fn::If":["C",1,` + none + `]},` +
		`"On":{"Fn::If":["C",true,false]},"When":{"Ref":"T"},"List":{"Fn::If":["C",["a",{"Ref":"AWS::Region"}],` + none + `]},` +
		`"Numbers":{"Fn::If":["C",[1],[]]},"Grid":{"Fn::If":["C",[["a"]],` + none + `]},"Map":{"Fn::If":["C",{"a":"b"},` + none + `]},` +
		`"One":{"Fn::If":["C",{"Name":"x"},` + none + `]},"Many":{"Fn::If":["C",[{"Name":"x"}],` + none + `]},` +
		`"ByName":{"Fn::If":["C",{"a":{"Name":"x"}},` + none + `]},"Free":{"Fn::If":["C",{"a":1},` + none + `]}}`
	if diff := cmp.Diff(want, write(t, v)); diff != "" {
		t.Errorf("whole positions (-want +got):\n%s", diff)
	}

	elements := &thing{
		List:   []fn.String{"a", fn.If("C", "b", "")},
		Grid:   [][]fn.String{fn.Split(",", "x"), {"y"}},
		Map:    map[string]fn.String{"k": fn.If("C", "b", "")},
		Many:   []part{{Name: "a"}, fn.IfOf("C", part{Name: "b"}, part{})},
		ByName: map[string]part{"k": fn.IfOf("C", part{Name: "b"}, part{})},
		Free:   []any{fn.Split(",", "x"), map[string]any{"k": fn.IfOf[any]("C", 1, 2)}},
	}
	want = `{"List":["a",{"Fn::If":["C","b",` + none + `]}],"Grid":[{"Fn::Split":[",","x"]},["y"]],"Map":{"k":{"Fn::If":["C","b",` + none + `]}},` +
		`"Many":[{"Name":"a"},{"Fn::If":["C",{"Name":"b"},` + none + `]}],"ByName":{"k":{"Fn::If":["C",{"Name":"b"},` + none + `]}},` +
		`"Free":[{"Fn::Split":[",","x"]},{"k":{"Fn::If":["C",1,2]}}]}`
	if diff := cmp.Diff(want, write(t, elements)); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}

	single := &thing{
		Grid: [][]fn.String{fn.Split(",", "x")},
		Many: []part{fn.IfOf("C", part{Name: "b"}, part{})},
	}
	want = `{"Grid":[{"Fn::Split":[",","x"]}],"Many":[{"Fn::If":["C",{"Name":"b"},` + none + `]}]}`
	if diff := cmp.Diff(want, write(t, single)); diff != "" {
		t.Errorf("a list of one expression is no list expression (-want +got):\n%s", diff)
	}
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	lost := &thing{}
	region := string(fn.Region)
	list := fn.RefOf[[]fn.String]("L")
	for _, tt := range []struct {
		name string
		in   any
		want string
	}{
		{"cut at the end", &thing{Text: fn.String(region[:8])}, "Text: a torn expression"},
		{"cut at the start", &thing{One: &part{Parts: []part{{}, {Name: fn.String(region[3:])}}}}, "One.Parts[1].Name: a torn expression"},
		{"lower case", map[string]fn.String{"k": fn.String(strings.ToLower(string(fn.Ref("Queue"))))}, "k: a torn expression"},
		{"two halves", &thing{Text: fn.String(string(fn.Ref("AB"))[:10] + string(fn.Ref("CD"))[10:])}, "Text: a torn expression"},
		{"printf cuts", &thing{Text: fn.String(fmt.Sprintf("%.5s", fn.Region))}, "Text: a torn expression"},
		{"a forged mark", &thing{Text: "\x00{\"Ref\":\"X\"}000000\x00"}, "Text: a torn expression"},
		{"a lone NUL", &thing{Text: "a\x00b"}, "Text: a torn expression"},
		{"ref before add", &thing{List: []fn.String{"a", lost.Ref()}}, "List[1]: a Ref to a resource that was not added"},
		{"attribute before add", &thing{Text: "x" + lost.GetAtt("Arn")}, "Text: the attribute Arn of a resource that was not added"},
		{"a list as a string", &thing{Text: list[0]}, "Text: a list where a single value belongs"},
		{"a list in a join", &thing{Text: "a" + list[0]}, "Text: a list where a single value belongs"},
		{"append to a list expression", &thing{List: append(fn.Split(",", "a"), "b")}, "List[0]: an expression that stands for a whole list is an element among others"},
		{"a field beside a whole", &thing{One: func() *part { p := fn.IfOf("C", &part{}, nil); p.Name = "x"; return p }()}, "One: an expression that stands for the whole has something beside it"},
		{"an unnamed test", &thing{Text: fn.If(fn.Equals("a", "b"), "x", "y")}, "Text: an unnamed test"},
		{"no condition", &thing{Text: fn.If("", "x", "y")}, "Text: a condition without a name"},
		{"negative index", &thing{Text: fn.Select(-1, fn.GetAZs(""))}, "Text: fn.Select with the index -1"},
		{"sub of an expression", &thing{Text: fn.Sub("a"+region, nil)}, "Text: fn.Sub with an expression in its text"},
		{"set twice", &thing{Text: "a", Extra: fn.Extra{"Text": "b"}}, "Text: set both in its field and in Extra"},
		{"not UTF-8", &thing{Text: "\xff"}, "Text: text that is not valid UTF-8"},
		{"NaN", &thing{Ratio: fn.Num(math.NaN())}, "Ratio: NaN is not a number"},
		{"a channel", &thing{Free: make(chan int)}, "Free: a chan int cannot be written"},
		{"expression in a key", map[string]any{"a" + region: 1}, "an expression in a key"},
		{"marshalled by hand", &thing{Free: json.RawMessage(`"\u0000x"`)}, "Free: an expression inside JSON that was marshalled by hand"},
		{"mistake in an argument", &thing{Text: fn.Join("-", lost.Ref(), "x")}, "Text: [0]: a Ref to a resource"},
	} {
		_, err := fn.Append(nil, tt.in)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.name, err, tt.want)
		}
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	lost := &thing{}
	_, err := fn.Append(nil, &thing{Text: lost.Ref(), List: []fn.String{lost.Ref(), "a", lost.Ref()}})
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three mistakes", err)
	}
}

func TestAValueThatHoldsItself(t *testing.T) {
	loop := map[string]any{}
	loop["self"] = loop
	p := &part{}
	p.Parts = []part{{Extra: fn.Extra{"p": p}}}
	for _, v := range []any{loop, p} {
		if _, err := fn.Append(nil, v); err == nil || !strings.Contains(err.Error(), "levels deep") {
			t.Errorf("got %.80v, want an error about the depth", err)
		}
	}
}

func TestIfOfPanicsForATypeWithoutRoom(t *testing.T) {
	defer func() {
		if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "int cannot carry") {
			t.Errorf("got %v, want a panic that names the type", r)
		}
	}()
	fn.IfOf("C", 1, 2)
}

// No literal text is taken for an expression, and no expression is lost in text.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "{\"Ref\":\"X\"}", string(fn.Region), "a" + string(fn.Region) + "b", "\x00", "\x00\x00", "*", "\x00*\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := fn.Append(nil, fn.String(s))
		if err != nil {
			return
		}
		if !json.Valid(b) {
			t.Fatalf("%q was written as %s, which is not JSON", s, b)
		}
		if strings.Contains(s, "\x00") {
			return
		}
		var back string
		if err := json.Unmarshal(b, &back); err != nil || back != s {
			t.Fatalf("%q came back as %q, %v", s, back, err)
		}
	})
}
