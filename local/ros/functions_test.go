package ros_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
)

// TestFunctions evaluates each function of ROS's own in an output.
func TestFunctions(t *testing.T) {
	for _, tt := range []struct{ value, want string }{
		{`{"Fn::Base64Encode":"hi"}`, `"aGk="`},
		{`{"Fn::Base64Decode":"aGk="}`, `"hi"`},
		{`{"Fn::Str":5}`, `"5"`},
		{`{"Fn::Str":{"a":1}}`, `"{\"a\":1}"`},
		{`{"Fn::Replace":[{"a":"b"},"banana"]}`, `"bbnbnb"`},
		{`{"Fn::Select":["1",["a","b"]]}`, `"b"`},
		{`{"Fn::Select":["-1",["a","b"]]}`, `"b"`},
		{`{"Fn::Select":["1:3",["a","b","c"]]}`, `["b","c"]`},
		{`{"Fn::Select":["*","a,b"]}`, `["a","b"]`},
		{`{"Fn::Select":["k",{"k":"v"}]}`, `"v"`},
		{`{"Fn::Select":["9",["a"],"none"]}`, `"none"`},
		{`{"Fn::Select":["9",["a"]]}`, `""`},
		{`{"Fn::ListMerge":[["a"],["b","c"]]}`, `["a","b","c"]`},
		{`{"Fn::GetJsonValue":["k","{\"k\": 3}"]}`, `3`},
		{`{"Fn::SelectMapList":["k",[{"k":"a"},{"l":"b"},{"k":"c"}]]}`, `["a","c"]`},
		{`{"Fn::MergeMapToList":[{"k":["a","b"]},{"l":["c","d"]}]}`, `[{"k":"a","l":"c"},{"k":"b","l":"d"}]`},
		{`{"Fn::Length":"abc"}`, `3`},
		{`{"Fn::Length":{"a":1}}`, `1`},
		{`{"Fn::Index":["b",["a","b"]]}`, `1`},
		{`{"Fn::Indent":["a\nb",1]}`, `"  a\n  b"`},
		{`{"Fn::Add":[1,2.5]}`, `3.5`},
		{`{"Fn::Add":[{"a":1},{"a":2,"b":3}]}`, `{"a":2,"b":3}`},
		{`{"Fn::Add":[["a"],["b"]]}`, `["a","b"]`},
		{`{"Fn::Max":[1,3,2]}`, `3`},
		{`{"Fn::Min":[3,1,2]}`, `1`},
		{`{"Fn::Avg":[1,[1,2,2]]}`, `1.7`},
		{`{"Fn::Calculate":["(2+3)/2*3-1",1]}`, `6.5`},
		{`{"Fn::Calculate":["({0}+{1})%3",0,[5,-1]]}`, `1`},
		{`{"Fn::MatchPattern":["^a","ab"]}`, `true`},
		{`{"Fn::Any":["false","true"]}`, `true`},
		{`{"Fn::Jq":["First",".a[]",{"a":[1,2]}]}`, `1`},
		{`{"Fn::Jq":["All",".a[] | . + 1","{\"a\":[1,2]}"]}`, `[2,3]`},
		{`{"Fn::Jq":["First","empty",{}]}`, `null`},
		{`{"Fn::FormatTime":["%Y-%m-%d %H","Asia/Shanghai"]}`, `"2000-01-01 08"`},
		{`{"Fn::If":["Yes","a",{"Ref":"ALIYUN::NoValue"}]}`, `"a"`},
	} {
		stack := deployed(t, tt.value)
		got, err := json.Marshal(outputs(stack)["O"])
		if err != nil || stack["Status"] != "CREATE_COMPLETE" || string(got) != tt.want {
			t.Errorf("%s: got %s (%v), want %s", tt.value, got, stack["StatusReason"], tt.want)
		}
	}
}

// What a function cannot take fails the stack, and says which function.
func TestFunctionsRefuse(t *testing.T) {
	for _, value := range []string{
		`{"Fn::Base64Decode":"%"}`, `{"Fn::Replace":["a"]}`, `{"Fn::Select":["1"]}`, `{"Fn::ListMerge":["a"]}`, `{"Fn::GetJsonValue":["k","{"]}`,
		`{"Fn::GetJsonValue":["k",{}]}`, `{"Fn::Index":["c",["a"]]}`, `{"Fn::Indent":["a",99]}`, `{"Fn::Add":["a"]}`, `{"Fn::Max":[]}`, `{"Fn::Avg":[1,[]]}`,
		`{"Fn::Calculate":["1/0",0]}`, `{"Fn::Calculate":["os.Exit(1)",0]}`, `{"Fn::Calculate":["1+",0]}`, `{"Fn::Calculate":["{3}",0,[1]]}`, `{"Fn::Calculate":["1",99]}`,
		`{"Fn::MatchPattern":["(","a"]}`, `{"Fn::Jq":["Some",".",{}]}`, `{"Fn::Jq":["First","|",{}]}`, `{"Fn::Jq":["All","range(5000)",{}]}`, `{"Fn::Jq":["First",".","{"]}`,
		`{"Fn::FormatTime":["%Y","Nowhere/At/All"]}`, `{"Fn::MarketplaceImage":"cmjj"}`, `{"Fn::ImportValue":"x"}`, `{"Fn::GetStackOutput":["x","y"]}`,
	} {
		stack := deployed(t, value)
		if stack["Status"] != "CREATE_ROLLBACK_COMPLETE" || !strings.Contains(fmt.Sprint(stack["StatusReason"]), "outputs.O: ") {
			t.Errorf("%s: got %v", value, stack)
		}
	}
}

// deployed deploys a stack whose output is a value, in the time of a synctest bubble.
func deployed(t *testing.T, value string) map[string]any {
	t.Helper()
	var stack map[string]any
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		id := c.ok("CreateStack", "StackName", "demo", "TemplateBody", `{"ROSTemplateFormatVersion":"2015-09-01","Conditions":{"Yes":{"Fn::Equals":[1,1]}},"Outputs":{"O":{"Value":`+value+`}}}`)["StackId"].(string)
		stack = c.rest(id)
	})
	return stack
}
