package intrinsics_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// texts are all functions that give text, with what they write.
var texts = []struct {
	name  string
	value fn.String
	want  string
}{
	{"Ref", fn.Ref("X"), `{"Ref":"X"}`},
	{"pseudo parameter", fn.Region, `{"Ref":"AWS::Region"}`},
	{"GetAtt", fn.GetAtt("X", "A.B"), `{"Fn::GetAtt":["X","A.B"]}`},
	{"Join", fn.Join("-", "a", fn.Region), `{"Fn::Join":["-",["a",{"Ref":"AWS::Region"}]]}`},
	{"+", "a" + fn.Region, `{"Fn::Join":["",["a",{"Ref":"AWS::Region"}]]}`},
	{"Select", fn.Select(1, fn.Split(",", fn.Ref("X"))), `{"Fn::Select":[1,{"Fn::Split":[",",{"Ref":"X"}]}]}`},
	{"Sub", fn.Sub("${X}-${!Y}", nil), `{"Fn::Sub":"${X}-${!Y}"}`},
	{"Sub with variables", fn.Sub("${x}", fn.Vars{"x": fn.GetAtt("X", "A")}), `{"Fn::Sub":["${x}",{"x":{"Fn::GetAtt":["X","A"]}}]}`},
	{"Base64", fn.Base64(fn.Sub("${X}", nil)), `{"Fn::Base64":{"Fn::Sub":"${X}"}}`},
	{"FindInMap", fn.FindInMap("M", fn.Region, fn.Ref("K")), `{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},{"Ref":"K"}]}`},
	{"FindInMap with functions everywhere", fn.FindInMap(fn.Sub("${X}", nil), fn.Select(0, fn.GetAZs("")), "k"),
		`{"Fn::FindInMap":[{"Fn::Sub":"${X}"},{"Fn::Select":[0,{"Fn::GetAZs":""}]},"k"]}`},
	{"FindInMap with a default", fn.FindInMapOr("M", "a", "b", fn.Ref("D")), `{"Fn::FindInMap":["M","a","b",{"DefaultValue":{"Ref":"D"}}]}`},
	{"ImportValue", fn.ImportValue(fn.StackName + "-x"), `{"Fn::ImportValue":{"Fn::Join":["",[{"Ref":"AWS::StackName"},"-x"]]}}`},
	{"GetStackOutput", fn.GetStackOutput(fn.StackOutput{StackName: fn.Ref("S"), OutputName: "O", Region: "r"}),
		`{"Fn::GetStackOutput":{"StackName":{"Ref":"S"},"OutputName":"O","Region":"r"}}`},
	{"If", fn.If("C", fn.Ref("X"), ""), `{"Fn::If":["C",{"Ref":"X"},{"Ref":"AWS::NoValue"}]}`},
	{"Transform", fn.Transform("M", map[string]any{"P": fn.Transform("N", nil)}),
		`{"Fn::Transform":{"Name":"M","Parameters":{"P":{"Fn::Transform":{"Name":"N"}}}}}`},
	{"ToJsonString", fn.ToJsonString(map[string]any{"a": []any{fn.Region, fn.Length(fn.GetAZs(""))}}),
		`{"Fn::ToJsonString":{"a":[{"Ref":"AWS::Region"},{"Fn::Length":{"Fn::GetAZs":""}}]}}`},
	{"ValueOf", fn.ValueOf("P", "A"), `{"Fn::ValueOf":["P","A"]}`},
	{"ssm", fn.ResolveSSM("/a", 0), `"{{resolve:ssm:/a}}"`},
	{"ssm with a version", fn.ResolveSSM("/a", 3), `"{{resolve:ssm:/a:3}}"`},
	{"ssm of an expression", fn.ResolveSSM("/"+fn.Region, 1), `{"Fn::Join":["",["{{resolve:ssm:/",{"Ref":"AWS::Region"},":1}}"]]}`},
	{"ssm-secure", fn.ResolveSSMSecure("/a", 2), `"{{resolve:ssm-secure:/a:2}}"`},
	{"secret", fn.ResolveSecret(fn.Secret{ID: "s"}), `"{{resolve:secretsmanager:s}}"`},
	{"secret with a key", fn.ResolveSecret(fn.Secret{ID: "s", Key: "k"}), `"{{resolve:secretsmanager:s:SecretString:k}}"`},
	{"secret with a stage", fn.ResolveSecret(fn.Secret{ID: "s", Stage: "AWSPREVIOUS"}), `"{{resolve:secretsmanager:s:SecretString::AWSPREVIOUS}}"`},
	{"secret with a version", fn.ResolveSecret(fn.Secret{ID: "s", Key: "k", Version: "v"}), `"{{resolve:secretsmanager:s:SecretString:k::v}}"`},
	{"FromJSON", fn.FromJSON[fn.String]([]byte(` {"Fn::New": [1, {"Ref": "X"}]}`)), `{"Fn::New":[1,{"Ref":"X"}]}`},
	{"literal", "a", `"a"`},
}

// lists are all functions that give a list.
var lists = []struct {
	name  string
	value []fn.String
	want  string
}{
	{"Ref", fn.RefOf[[]fn.String]("L"), `{"Ref":"L"}`},
	{"notification topics", fn.NotificationARNs(), `{"Ref":"AWS::NotificationARNs"}`},
	{"Split", fn.Split(",", fn.ImportValue("x")), `{"Fn::Split":[",",{"Fn::ImportValue":"x"}]}`},
	{"Cidr", fn.CidrOf(fn.Ref("B"), fn.Length(fn.GetAZs("")), fn.RefOf[fn.Integer]("N")), `{"Fn::Cidr":[{"Ref":"B"},{"Fn::Length":{"Fn::GetAZs":""}},{"Ref":"N"}]}`},
	{"GetAZs", fn.GetAZs(fn.Region), `{"Fn::GetAZs":{"Ref":"AWS::Region"}}`},
	{"FindInMap", fn.FindInMapOr("M", "a", "b", []fn.String{"d"}), `{"Fn::FindInMap":["M","a","b",{"DefaultValue":["d"]}]}`},
	{"If", fn.IfOf("C", []fn.String{"a"}, fn.GetAZs("")), `{"Fn::If":["C",["a"],{"Fn::GetAZs":""}]}`},
	{"Select", fn.Select(0, [][]fn.String{{"a"}, fn.GetAZs("")}), `{"Fn::Select":[0,[["a"],{"Fn::GetAZs":""}]]}`},
	{"Transform", fn.TransformOf[[]fn.String]("M", nil), `{"Fn::Transform":{"Name":"M"}}`},
	{"RefAll", fn.RefAll("AWS::EC2::VPC::Id"), `{"Fn::RefAll":"AWS::EC2::VPC::Id"}`},
	{"ValueOf", fn.ValuesOf("P", "A"), `{"Fn::ValueOf":["P","A"]}`},
	{"ValueOfAll", fn.ValueOfAll("T", "A"), `{"Fn::ValueOfAll":["T","A"]}`},
	{"FromJSON", fn.FromJSON[[]fn.String]([]byte(`{"Fn::New":1}`)), `{"Fn::New":1}`},
	{"literal", []fn.String{"a", fn.Region}, `["a",{"Ref":"AWS::Region"}]`},
}

// Every function may stand in every position.
func TestEveryFunctionInEveryPosition(t *testing.T) {
	for _, tt := range texts {
		v, w := tt.value, tt.want
		for _, at := range []struct {
			name string
			in   any
			want string
		}{
			{"alone", v, w},
			{"property", &thing{Text: v}, `{"Text":` + w + `}`},
			{"list element", &thing{List: []fn.String{"x", v}}, `{"List":["x",` + w + `]}`},
			{"only list element", &thing{List: []fn.String{v}}, `{"List":[` + w + `]}`},
			{"grid", &thing{Grid: [][]fn.String{{v}}}, `{"Grid":[[` + w + `]]}`},
			{"map value", &thing{Map: map[string]fn.String{"k": v}}, `{"Map":{"k":` + w + `}}`},
			{"nested object", &thing{One: &part{Name: v}}, `{"One":{"Name":` + w + `}}`},
			{"object in a list", &thing{Many: []part{{Name: v}}}, `{"Many":[{"Name":` + w + `}]}`},
			{"object in a map", &thing{ByName: map[string]part{"k": {Name: v}}}, `{"ByName":{"k":{"Name":` + w + `}}}`},
			{"free", &thing{Free: v}, `{"Free":` + w + `}`},
			{"free, inside", &thing{Free: map[string]any{"a": []any{v, map[string]string{"b": string(v)}}}}, `{"Free":{"a":[` + w + `,{"b":` + w + `}]}}`},
			{"extra", &thing{Extra: fn.Extra{"New": v}}, `{"New":` + w + `}`},
			{"argument of Join", fn.Join("-", v), `{"Fn::Join":["-",[` + w + `]]}`},
			{"argument of Split", fn.Split("-", v), `{"Fn::Split":["-",` + w + `]}`},
			{"argument of Base64", fn.Base64(v), `{"Fn::Base64":` + w + `}`},
			{"argument of GetAZs", fn.GetAZs(v), `{"Fn::GetAZs":` + w + `}`},
			{"argument of ImportValue", fn.ImportValue(v), `{"Fn::ImportValue":` + w + `}`},
			{"argument of Select", fn.Select(0, []fn.String{v, "x"}), `{"Fn::Select":[0,[` + w + `,"x"]]}`},
			{"argument of Cidr", fn.Cidr(v, 1, 2), `{"Fn::Cidr":[` + w + `,1,2]}`},
			{"key of FindInMap", fn.FindInMap(v, v, v), `{"Fn::FindInMap":[` + w + `,` + w + `,` + w + `]}`},
			{"default of FindInMap", fn.FindInMapOr("M", "a", "b", v), `{"Fn::FindInMap":["M","a","b",{"DefaultValue":` + w + `}]}`},
			{"variable of Sub", fn.Sub("${x}", fn.Vars{"x": v}), `{"Fn::Sub":["${x}",{"x":` + w + `}]}`},
			{"arm of If", fn.If("C", v, v), `{"Fn::If":["C",` + w + `,` + w + `]}`},
			{"argument of Equals", fn.Equals(v, v), `{"Fn::Equals":[` + w + `,` + w + `]}`},
			{"argument of Contains", fn.Contains([]fn.String{v, "x"}, v), `{"Fn::Contains":[[` + w + `,"x"],` + w + `]}`},
			{"argument of EachMemberEquals", fn.EachMemberEquals(nil, v), `{"Fn::EachMemberEquals":[[],` + w + `]}`},
			{"parameter of Transform", fn.Transform("M", map[string]any{"a": v}), `{"Fn::Transform":{"Name":"M","Parameters":{"a":` + w + `}}}`},
			{"inside ToJsonString", fn.ToJsonString([]fn.String{v, "x"}), `{"Fn::ToJsonString":[` + w + `,"x"]}`},
			{"body of ForEach", &thing{Extra: fn.ForEach("N", "I", []fn.String{v, "x"}, map[string]any{"${I}": v})},
				`{"Fn::ForEach::N":["I",[` + w + `,"x"],{"${I}":` + w + `}]}`},
		} {
			if diff := cmp.Diff(at.want, write(t, at.in)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.name, at.name, diff)
			}
		}
	}
}

func TestEveryListFunctionInEveryPosition(t *testing.T) {
	for _, tt := range lists {
		v, w := tt.value, tt.want
		for _, at := range []struct {
			name string
			in   any
			want string
		}{
			{"alone", v, w},
			{"property", &thing{List: v}, `{"List":` + w + `}`},
			{"list of lists", &thing{Grid: [][]fn.String{v, {"x"}}}, `{"Grid":[` + w + `,["x"]]}`},
			{"free", &thing{Free: v}, `{"Free":` + w + `}`},
			{"free, inside", &thing{Free: map[string]any{"a": v, "b": []any{v, 1}}}, `{"Free":{"a":` + w + `,"b":[` + w + `,1]}}`},
			{"extra", &thing{Extra: fn.Extra{"New": v}}, `{"New":` + w + `}`},
			{"argument of Join", fn.Join("-", v...), `{"Fn::Join":["-",` + w + `]}`},
			{"argument of Select", fn.Select(0, v), `{"Fn::Select":[0,` + w + `]}`},
			{"argument of Length", fn.Length(v), `{"Fn::Length":` + w + `}`},
			{"argument of Contains", fn.Contains(v, "x"), `{"Fn::Contains":[` + w + `,"x"]}`},
			{"arguments of EachMemberIn", fn.EachMemberIn(v, v), `{"Fn::EachMemberIn":[` + w + `,` + w + `]}`},
			{"argument of EachMemberEquals", fn.EachMemberEquals(v, "x"), `{"Fn::EachMemberEquals":[` + w + `,"x"]}`},
			{"arm of If", fn.IfOf("C", v, nil), `{"Fn::If":["C",` + w + `,{"Ref":"AWS::NoValue"}]}`},
			{"argument of Equals", fn.EqualsOf(v, v), `{"Fn::Equals":[` + w + `,` + w + `]}`},
			{"collection of ForEach", fn.ForEach("N", "I", v, nil), `{"Fn::ForEach::N":["I",` + w + `,null]}`},
			{"inside ToJsonString", fn.ToJsonString(map[string]any{"a": v}), `{"Fn::ToJsonString":{"a":` + w + `}}`},
		} {
			if diff := cmp.Diff(at.want, write(t, at.in)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", tt.name, at.name, diff)
			}
		}
	}
}

// Functions that are not bound to one type stand for every kind of value.
func TestGenericFunctionsInEveryPosition(t *testing.T) {
	const w = `{"Fn::Transform":{"Name":"M"}}`
	v := &thing{
		Text: fn.TransformOf[fn.String]("M", nil), Count: fn.TransformOf[fn.Integer]("M", nil),
		Ratio: fn.TransformOf[fn.Double]("M", nil), On: fn.TransformOf[fn.Boolean]("M", nil),
		When: fn.TransformOf[fn.Timestamp]("M", nil), List: fn.TransformOf[[]fn.String]("M", nil),
		Numbers: fn.TransformOf[[]fn.Integer]("M", nil), Grid: fn.TransformOf[[][]fn.String]("M", nil),
		Map: fn.TransformOf[map[string]fn.String]("M", nil), One: fn.TransformOf[*part]("M", nil),
		Many: fn.TransformOf[[]part]("M", nil), ByName: fn.TransformOf[map[string]part]("M", nil), Free: fn.TransformOf[any]("M", nil),
	}
	var want strings.Builder
	for i, name := range []string{"Text", "Count", "Ratio", "On", "When", "List", "Numbers", "Grid", "Map", "One", "Many", "ByName", "Free"} {
		if i > 0 {
			want.WriteString(",")
		}
		fmt.Fprintf(&want, "%q:%s", name, w)
	}
	if diff := cmp.Diff("{"+want.String()+"}", write(t, v)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var back thing
	if err := fn.Decode([]byte(write(t, v)), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(write(t, v), write(t, &back)); diff != "" {
		t.Errorf("read and written again (-want +got):\n%s", diff)
	}
}

func TestDecode(t *testing.T) {
	for _, in := range []string{
		`{"Text":"a","Count":22,"Ratio":1.50,"On":true,"When":"2020-01-01","List":["a",{"Ref":"X"},""],"Numbers":[1,"2"],"Grid":[["a"],{"Fn::Split":[",","x"]}],"Map":{"a":"","b":{"Ref":"X"}},` +
			`"One":{"Name":"x","Parts":[{},{"Name":{"Ref":"X"},"New":[1,{"a":null}]}]},"Many":[{"Fn::If":["C",{"Name":"b"},{"Ref":"AWS::NoValue"}]},{}],"ByName":{"k":{"Name":"x"}},` +
			`"Free":{"a":[1,2.50,true,null,"x",{"Fn::Sub":"${X}"},{"Ref":"X","b":1}]},"odd.name":"x","New":{"b":1}}`,
		`{"Text":"","Count":"22","Ratio":"1.5","On":"true","List":{"Ref":"L"},"Map":{"Fn::Transform":{"Name":"M"}},"One":{"Fn::If":["C",{"Name":"b"},{"Ref":"AWS::NoValue"}]}}`,
		`{"Text":5,"Count":"x","Ratio":null,"On":1,"When":"","List":"a","Numbers":null,"Map":[1],"One":"text","Many":{"a":1},"Free":null}`,
		`{"Count":"","Ratio":{"Fn::New":[]},"On":"yes"}`,
	} {
		var v thing
		if err := fn.Decode([]byte(in), &v); err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if diff := cmp.Diff(in, write(t, &v)); diff != "" {
			t.Errorf("(-read +written):\n%s", diff)
		}
	}
	var v thing
	if err := fn.Decode([]byte(`{"Text":"a","Count":22,"On":true,"List":["a"],"One":{"Name":"x"}}`), &v); err != nil {
		t.Fatal(err)
	}
	if v.Text != "a" || v.Count != "22" || v.On != fn.True || v.List[0] != "a" || v.One.Name != "x" {
		t.Errorf("read %+v", v)
	}
	conditions := `[{"Condition":"C"},{"Fn::Equals":["a","b"]}]`
	if cs := fn.FromJSON[[]fn.Condition]([]byte(conditions)); cs[0] != "C" || write(t, cs) != conditions {
		t.Errorf("conditions: %q", cs)
	}
}

func TestDecodeRefuses(t *testing.T) {
	var plain struct{ A int }
	for _, tt := range []struct {
		in   string
		v    any
		want string
	}{
		{`{"A":1`, &thing{}, "not well-formed"},
		{`{}`, thing{}, "give a pointer"},
		{`{"B":1}`, &plain, "B: a property that"},
		{`{"A":"x"}`, &plain, "A: json: cannot unmarshal"},
		{`{"A":{"Ref":"X"}}`, &plain, "for which a int has no room"},
		{`{"One":{"Parts":[{"Name":"\u0000"}]}}`, &thing{}, "One.Parts[0].Name: text with a NUL"},
		{`{"a\u0000":1}`, &thing{}, "a: an expression in a key"},
	} {
		if err := fn.Decode([]byte(tt.in), tt.v); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want an error with %q", tt.in, err, tt.want)
		}
	}
	for name, v := range map[string]fn.String{
		"FromJSON": fn.FromJSON[fn.String]([]byte(`{`)), "GetStackOutput": fn.GetStackOutput(fn.StackOutput{}),
		"ResolveSSM": fn.ResolveSSM("", 0), "ResolveSSM, version": fn.ResolveSSM("x", -1), "ResolveSecret": fn.ResolveSecret(fn.Secret{}),
		"ResolveSecret, both": fn.ResolveSecret(fn.Secret{ID: "a", Stage: "b", Version: "c"}),
	} {
		if _, err := fn.Append(nil, v); err == nil || !strings.Contains(err.Error(), "; ") && name != "FromJSON" {
			t.Errorf("%s: got %v, want an error with a cure", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{}`, `{"Text":"a","Count":1}`, `{"List":{"Ref":"X"}}`, `{"One":{"Fn::If":["C",{},{}]}}`, `{"Free":[null,{"a":1}]}`, `{"Map":null}`, `{"Fn::Transform":{}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var v thing
		if fn.Decode(data, &v) != nil {
			return
		}
		out, err := fn.Append(nil, &v)
		if err != nil {
			return // it does not fit the struct: text that is not UTF-8, too deep
		}
		var again thing
		if err := fn.Decode(out, &again); err != nil {
			t.Fatalf("does not read what it wrote: %v: %s", err, out)
		}
		twice, err := fn.Append(nil, &again)
		if err != nil || string(twice) != string(out) {
			t.Fatalf("%s becomes %s, %v", out, twice, err)
		}
		if !json.Valid(out) {
			t.Fatalf("not JSON: %s", out)
		}
	})
}
