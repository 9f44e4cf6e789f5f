package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// world is a resolver of fixed answers.
type world struct{}

func (world) Ref(name string) (*tree.Node, error) {
	switch name {
	case "AWS::StackName":
		return tree.Text("staging-alb"), nil
	case "AWS::Region":
		return tree.Text("eu-central-1"), nil
	case "Count":
		return tree.Text("2"), nil
	case "Zones":
		return tree.ListOf(tree.Text("a"), tree.Text("b")), nil
	case "Password":
		return &tree.Node{Kind: tree.String, Text: "s3cret", Secret: true}, nil
	case "Later":
		return &tree.Node{Kind: tree.Unknown, Text: "Later"}, nil
	}
	return nil, fmt.Errorf("unresolved %s", name)
}

func (world) GetAtt(resource, attribute string) (*tree.Node, error) {
	if resource == "Later" {
		return &tree.Node{Kind: tree.Unknown, Text: "Later." + attribute}, nil
	}
	return tree.Text(resource + "/" + attribute), nil
}

func (world) Import(name string) (*tree.Node, error) { return tree.Text("import of " + name), nil }

func (world) Zones(region string) (*tree.Node, error) {
	return tree.ListOf(tree.Text(region+"a"), tree.Text(region+"b")), nil
}

const template = `{
 "Mappings": {"Sizes": {"eu-central-1": {"small": "t3.micro", "list": ["x", "y"]}}},
 "Conditions": {
  "Yes": {"Fn::Equals": ["1", 1]},
  "No": {"Fn::Not": [{"Condition": "Yes"}]},
  "Late": {"Fn::Equals": [{"Ref": "Later"}, "x"]},
  "Loop": {"Fn::Or": [{"Condition": "Loop"}, {"Condition": "Yes"}]},
  "Either": {"Fn::Or": [{"Condition": "Late"}, {"Condition": "Yes"}]},
  "Both": {"Fn::And": [{"Condition": "Late"}, {"Condition": "Yes"}]}
 }
}`

func TestValue(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"a":[1,"b",null,{"c":true}]}`, `{"a":[1,"b",null,{"c":true}]}`},
		{`{"Ref":"Count"}`, `"2"`},
		{`{"Fn::GetAtt":["Q","Arn"]}`, `"Q/Arn"`},
		{`{"Fn::GetAtt":"Q.Outputs.X"}`, `"Q/Outputs.X"`},
		{`{"Fn::Join":["-",["a",{"Ref":"Count"},3,true]]}`, `"a-2-3-true"`},
		{`{"Fn::Join":[",",{"Ref":"Zones"}]}`, `"a,b"`},
		{`{"Fn::Join":["-",[{"Fn::Select":[0,{"Fn::Split":["-",{"Ref":"AWS::StackName"}]}]},"cluster-id"]]}`, `"staging-cluster-id"`},
		{`{"Fn::Select":["1",{"Fn::GetAZs":""}]}`, `"b"`},
		{`{"Fn::Sub":"${AWS::StackName}-${!X}-$5-${Q.Arn}"}`, `"staging-alb-${X}-$5-Q/Arn"`},
		{`{"Fn::Sub":["${a}/${Count}",{"a":{"Ref":"AWS::Region"}}]}`, `"eu-central-1/2"`},
		{`{"Fn::FindInMap":["Sizes",{"Ref":"AWS::Region"},"small"]}`, `"t3.micro"`},
		{`{"Fn::FindInMap":["Sizes","nowhere","small",{"DefaultValue":"d"}]}`, `"d"`},
		{`{"Fn::Base64":"hé"}`, `"aMOp"`},
		{`{"Fn::Cidr":["10.0.0.0/16",3,8]}`, `["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"]`},
		{`{"Fn::Cidr":["2001:db8::/56","2","64"]}`, `["2001:db8::/64","2001:db8:0:1::/64"]`},
		{`{"Fn::ImportValue":{"Fn::Sub":"${Count}-x"}}`, `"import of 2-x"`},
		{`{"Fn::If":["Yes","a","b"]}`, `"a"`},
		{`{"a":{"Fn::If":["No","a",{"Ref":"AWS::NoValue"}]},"b":1}`, `{"b":1}`},
		{`[{"Fn::If":["No","a",{"Ref":"AWS::NoValue"}]},"b"]`, `["b"]`},
		{`{"Fn::If":["Either","a","b"]}`, `"a"`},
		{`{"Fn::ToJsonString":{"a":{"Ref":"Count"}}}`, `"{\"a\":\"2\"}"`},
		{`{"Fn::Length":{"Ref":"Zones"}}`, `2`},
		{`{"Fn::Contains":[{"Ref":"Zones"},"b"]}`, `true`},
		{`{"Fn::Contains":[["a"],"b"]}`, `false`},
		{`{"Fn::Contains":[[2],{"Ref":"Count"}]}`, `true`},
		{`{"Fn::EachMemberEquals":[["a","a"],"a"]}`, `true`},
		{`{"Fn::EachMemberEquals":[{"Ref":"Zones"},"a"]}`, `false`},
		{`{"Fn::EachMemberIn":[{"Ref":"Zones"},["a","b","c"]]}`, `true`},
		{`{"Fn::EachMemberIn":[{"Ref":"Zones"},["a"]]}`, `false`},
	} {
		n, err := eval.New(tree.FromJSON(template), world{}).Value(tree.FromJSON(tt.in))
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		if got := n.JSON(); got != tt.want {
			t.Errorf("%s = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestUnknownAndSecretAreCarriedThrough(t *testing.T) {
	for _, f := range []string{
		`{"Ref":"%s"}`,
		`{"Fn::Join":["-",["a",{"Ref":"%s"}]]}`,
		`{"Fn::Sub":"x${%s}"}`,
		`{"Fn::Sub":["x${v}",{"v":{"Ref":"%s"}}]}`,
		`{"Fn::Base64":{"Ref":"%s"}}`,
		`{"Fn::Select":[0,{"Fn::Split":[",",{"Ref":"%s"}]}]}`,
		`{"Fn::If":["Yes",{"Ref":"%s"},"b"]}`,
		`{"Fn::ToJsonString":[{"Ref":"%s"}]}`,
		`{"Fn::Contains":[[{"Ref":"%s"}],"x"]}`,
	} {
		e := eval.New(tree.FromJSON(template), world{})
		if n, err := e.Value(tree.FromJSON(fmt.Sprintf(f, "Later"))); err != nil || n.Kind != tree.Unknown {
			t.Errorf("%s of an unknown value = %v, %v; want unknown", f, n, err)
		}
		if n, err := e.Value(tree.FromJSON(fmt.Sprintf(f, "Password"))); err != nil || !n.Secret {
			t.Errorf("%s of a secret = %v, %v; want a secret", f, n, err)
		}
	}
	e := eval.New(tree.FromJSON(template), world{})
	for _, name := range []string{"Late", "Both"} {
		if c, err := e.Condition(name); err != nil || c.Kind != tree.Unknown {
			t.Errorf("condition %s = %v, %v; want unknown", name, c, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`{"Ref":"Nowhere"}`, "unresolved Nowhere"},
		{`{"Ref":["a"]}`, "takes the name"},
		{`{"Fn::GetAtt":"Q"}`, "two non-empty parameters"},
		{`{"Fn::Join":["-"]}`, "every Fn::Join object requires two parameters"},
		{`{"Fn::Join":["-",[["x"]]]}`, "every Fn::Join object requires two parameters"},
		{`{"Fn::Select":[2,["a","b"]]}`, "cannot select nonexistent value at index 2"},
		{`{"Fn::FindInMap":["Sizes","nowhere","small"]}`, "Unable to get mapping for Sizes::nowhere::small"},
		{`{"Fn::Sub":"${a b}"}`, "variable names in Fn::Sub"},
		{`{"Fn::Sub":["${Zones}",{}]}`, "don't specify expected arguments"},
		{`{"Fn::If":["Loop","a","b"]}`, "Circular dependency"},
		{`{"Fn::If":["Missing","a","b"]}`, "unresolved condition dependency Missing"},
		{`{"Fn::Cidr":["10.0.0.0/24",8,6]}`, "do not fit"},
		{`{"Fn::Cidr":["10.0.0.0/24",0,6]}`, "from 1 to 256"},
		{`{"Fn::EachMemberIn":["a",["a"]]}`, "the first of which is a list"},
		{`{"Fn::Nonsense":"x"}`, "the function Fn::Nonsense is not known"},
	} {
		n, err := eval.New(tree.FromJSON(template), world{}).Value(tree.FromJSON(tt.in))
		if n != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s = %v, %v; want an error with %q", tt.in, n, err, tt.want)
		}
	}
}

func FuzzParseSub(f *testing.F) {
	for _, s := range []string{"", "a", "${A}", "${!A}", "${", "$${A.B}", "${AWS::Region}-${x", "${ a }"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, err := eval.ParseSub(text)
		if err != nil && parts != nil {
			t.Fatal("an error and parts")
		}
		for i, p := range parts {
			if (p.Literal == "") == (p.Name == "") {
				t.Fatalf("part %d of %q is %+v", i, text, p)
			}
		}
	})
}
