package ros_test

import (
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/intrinsics/ros"
)

func TestFunctions(t *testing.T) {
	a, list := fn.GetAtt("A", "Id"), []fn.String{"x", fn.Ref("P")}
	for _, tt := range []struct {
		value any
		want  string
	}{
		{ros.Base64Encode("a" + a), `{"Fn::Base64Encode":{"Fn::Join":["",["a",{"Fn::GetAtt":["A","Id"]}]]}}`},
		{ros.Base64Decode("YQ=="), `{"Fn::Base64Decode":"YQ=="}`},
		{ros.Str(fn.Int(5)), `{"Fn::Str":5}`},
		{ros.Replace(map[string]fn.String{"print": a}, "print"), `{"Fn::Replace":[{"print":{"Fn::GetAtt":["A","Id"]}},"print"]}`},
		{ros.Indent("a", 2), `{"Fn::Indent":["a",2]}`},
		{ros.FormatTime("%Y", ""), `{"Fn::FormatTime":["%Y","UTC"]}`},
		{ros.MarketplaceImage("cmjj"), `{"Fn::MarketplaceImage":"cmjj"}`},
		{ros.GetStackOutput("id", "Vpc", ""), `{"Fn::GetStackOutput":["id","Vpc"]}`},
		{ros.GetStackOutput(fn.Ref("S"), "Vpc", "cn-beijing"), `{"Fn::GetStackOutput":[{"Ref":"S"},"Vpc","cn-beijing"]}`},
		{ros.SelectOr("key", map[string]any{"key": "v"}, ""), `{"Fn::Select":["key",{"key":"v"}]}`},
		{ros.SelectOr("1:3", list, "none"), `{"Fn::Select":["1:3",["x",{"Ref":"P"}],"none"]}`},
		{ros.GetJsonValue("k", a), `{"Fn::GetJsonValue":["k",{"Fn::GetAtt":["A","Id"]}]}`},
		{ros.Jq(".a", map[string]any{"a": 1}), `{"Fn::Jq":["First",".a",{"a":1}]}`},
		{ros.JqAll(".a", a), `{"Fn::Jq":["All",".a",{"Fn::GetAtt":["A","Id"]}]}`},
		{ros.Length(list), `{"Fn::Length":["x",{"Ref":"P"}]}`},
		{ros.IndexOf("x", list), `{"Fn::Index":["x",["x",{"Ref":"P"}]]}`},
		{ros.ListMerge(list, fn.Split(",", "a,b")), `{"Fn::ListMerge":[["x",{"Ref":"P"}],{"Fn::Split":[",","a,b"]}]}`},
		{ros.ListMerge(), `{"Fn::ListMerge":[]}`},
		{ros.MergeMapToList(map[string][]fn.String{"k": list}), `{"Fn::MergeMapToList":[{"k":["x",{"Ref":"P"}]}]}`},
		{ros.SelectMapList("k", []map[string]any{{"k": 1}}), `{"Fn::SelectMapList":["k",[{"k":1}]]}`},
		{ros.If("C", "a", ""), `{"Fn::If":["C","a",{"Ref":"ALIYUN::NoValue"}]}`},
		{ros.IfOf("C", list, nil), `{"Fn::If":["C",["x",{"Ref":"P"}],{"Ref":"ALIYUN::NoValue"}]}`},
		{ros.MatchPattern("^a", "ab"), `{"Fn::MatchPattern":["^a","ab"]}`},
		{ros.Contains(nil, "a"), `{"Fn::Contains":[[],"a"]}`},
		{ros.EachMemberIn(list, list), `{"Fn::EachMemberIn":[["x",{"Ref":"P"}],["x",{"Ref":"P"}]]}`},
		{ros.Any(list), `{"Fn::Any":["x",{"Ref":"P"}]}`},
		{ros.Add(fn.Num(1), fn.Num(2.5)), `{"Fn::Add":[1,2.5]}`},
		{ros.AddMaps(map[string]any{"a": 1}, map[string]any{"b": a}), `{"Fn::Add":[{"a":1},{"b":{"Fn::GetAtt":["A","Id"]}}]}`},
		{ros.Max(fn.Num(1)), `{"Fn::Max":[1]}`},
		{ros.Min(), `{"Fn::Min":[]}`},
		{ros.Avg(1, fn.Num(1), fn.Num(2)), `{"Fn::Avg":[1,[1,2]]}`},
		{ros.Calculate("1+{0}", 0, fn.Num(2)), `{"Fn::Calculate":["1+{0}",0,[2]]}`},
		{ros.Calculate("1+2", 0), `{"Fn::Calculate":["1+2",0]}`},
		{fn.GetAZs(ros.Region), `{"Fn::GetAZs":{"Ref":"ALIYUN::Region"}}`},
		{ros.Format(), `{"ROSTemplateFormatVersion":"2015-09-01"}`},
	} {
		got, err := fn.Append(nil, tt.value)
		if err != nil || string(got) != tt.want {
			t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
		}
	}
}

// The constants carry a checksum, as every expression does.
func TestPseudoParametersAreWhole(t *testing.T) {
	for name, c := range map[string]string{
		"AccountId": string(ros.AccountID), "TenantId": string(ros.TenantID), "Region": string(ros.Region), "StackId": string(ros.StackID),
		"StackName": string(ros.StackName), "ResourceGroupId": string(ros.ResourceGroupID), "NoValue": string(ros.NoValue), "Index": string(ros.Index),
	} {
		if want := string(fn.Ref("ALIYUN::" + name)); c != want {
			t.Errorf("%s is %q, want %q", name, c, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for want, v := range map[string]any{
		"unnamed test":           ros.If(fn.Equals("a", "b"), "x", "y"),
		"without an expression":  ros.Calculate(" ", 0),
		"is the name of no func": fn.Call[fn.String](`a"b`, "x"),
		"a torn expression":      ros.Str(ros.Region[:5]),
	} {
		if got, err := fn.Append(nil, v); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %s, %v, want an error with %q", got, err, want)
		}
	}
}
