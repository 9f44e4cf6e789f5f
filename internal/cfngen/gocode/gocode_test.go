package gocode

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

var update = flag.Bool("update", false, "write testdata anew")

func TestValueName(t *testing.T) {
	for value, want := range map[string]string{
		"FARGATE": "FARGATE", "FARGATE_SPOT": "FARGATE_SPOT", "internet-facing": "InternetFacing",
		"t2.micro": "T2Micro", "aws:kms": "AwsKms", "TLSv1.2": "TLSv1_2", "2012-10-17": "2012_10_17",
		"Count/Second": "CountSecond", "ml.m5.24xlarge": "MlM5_24xlarge", "*": "", "": "", "a b": "AB",
	} {
		if got := valueName(value); got != want {
			t.Errorf("valueName(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestConstantsThatComeOutAlike(t *testing.T) {
	p := &model.Property{Type: str(), Enum: []string{"enabled", "Enabled", "ENABLED", "*", ""}}
	want := []constant{{"X_ENABLED", "ENABLED"}, {"X_Enabled", "Enabled"}, {"X_Enabled_2", "enabled"}}
	if diff := cmp.Diff(want, constantsOf("X", p), cmp.AllowUnexported(constant{})); diff != "" {
		t.Errorf("constants (-want +got):\n%s", diff)
	}
	p.Type = model.Expr{Kind: model.Integer}
	if got := constantsOf("X", p); got != nil {
		t.Errorf("an integer has the constants %v", got)
	}
}

func TestAttrName(t *testing.T) {
	for name, want := range map[string]string{"Arn": "AttrArn", "Endpoint.Port": "AttrEndpoint_Port", "id": "AttrId"} {
		if got := attrName(name); got != want {
			t.Errorf("attrName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestGoType(t *testing.T) {
	for text, want := range map[string]string{
		"string": "fn.String", "integer": "fn.Integer", "number": "fn.Double", "boolean": "fn.Boolean",
		"timestamp": "fn.Timestamp", "json": "any", "[]tag": "[]fn.Tag", "#D": "*A_D", "[]#D": "[]A_D",
		"{}#D": "map[string]A_D", "[][]string": "[][]fn.String", "(json|string)": "any", "[](#D|#E)": "[]any",
	} {
		var e model.Expr
		if err := e.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if got := goType("A", e, false); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestCollisionsFail(t *testing.T) {
	for _, test := range []struct {
		want string
		typ  model.Type
	}{
		{"Ref", model.Type{Properties: props("Ref")}},
		{"Extra", model.Type{Properties: props("Extra")}},
		{"CloudFormationType", model.Type{Properties: props("CloudFormationType")}},
		{"the property Name and the property name", model.Type{Properties: props("Name", "name")}},
		{"the attribute Arn and the property AttrArn", model.Type{Properties: props("AttrArn"), Attributes: attrs("Arn")}},
		{"the attribute A.B and the attribute A_B", model.Type{Attributes: attrs("A.B", "A_B")}},
		{"cannot be called", model.Type{Properties: props("Na-me")}},
		{"Extra", model.Type{
			Properties:  model.Properties{"P": {Type: model.Expr{Kind: model.Object, Name: "D"}}},
			Definitions: map[string]model.Properties{"D": props("Extra")},
		}},
		{"A_D_E_F", model.Type{
			Properties: model.Properties{
				"D": {Type: str(), Enum: []string{"E_F"}},
				"P": {Type: model.Expr{Kind: model.Object, Name: "D"}},
			},
			Definitions: map[string]model.Properties{"D": {"E": {Type: str(), Enum: []string{"F"}}}},
		}},
	} {
		test.typ.Name = "AWS::T::A"
		_, err := Package("x", []*model.Type{&test.typ})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "AWS::T::A") {
			t.Errorf("error %v, want one that names the type and %q", err, test.want)
		}
	}
}

func TestCollisionsOfFilesAndPackagesFail(t *testing.T) {
	for _, names := range [][]string{{"AWS::T::AB", "AWS::T::Ab"}, {"AWS::T::Doc"}, {"AWS::T"}} {
		var types []*model.Type
		for _, name := range names {
			types = append(types, &model.Type{Name: name})
		}
		if _, err := Package("x", types); err == nil {
			t.Errorf("%v: no error", names)
		}
	}
	if _, err := Services([]*model.Type{{Name: "AWS::IoT::A"}, {Name: "AWS::IOT::A"}}); err == nil {
		t.Error("two services of one package: no error")
	}
}

// TestSample holds the shape of the generated code, as testdata/sample.go.txt
// has it.
func TestSample(t *testing.T) {
	one, two := 1, 2
	typ := &model.Type{
		Name: "AWS::T::A",
		Properties: model.Properties{
			"Name":   {Type: str(), Required: true, Replacement: "yes", MinLength: &one, MaxLength: &two, Pattern: "^a$"},
			"lower":  {Type: model.Expr{Kind: model.List, Elem: &model.Expr{Kind: model.Object, Name: "D"}}},
			"Policy": {Type: model.Expr{Kind: model.Union, Arms: []model.Expr{{Kind: model.JSON}, str()}}, Replacement: "maybe"},
		},
		Definitions: map[string]model.Properties{
			"D": {"Mode": {Type: str(), Enum: []string{"on", "off"}, Default: []byte(`"on"`)}, "Self": {Type: model.Expr{Kind: model.Object, Name: "D"}}},
			"E": {},
		},
		Attributes: map[string]*model.Attribute{
			"Arn":    {Type: str()},
			"E":      {Type: model.Expr{Kind: model.Object, Name: "E"}},
			"E.Port": {Type: model.Expr{Kind: model.Integer}},
		},
		Identifier: []string{"Arn", "Name"},
		Deprecated: "Use B.",
		Stateful:   true,
	}
	typ.Complete()
	files, err := Package("source 1", []*model.Type{typ})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/sample.go.txt", files["t/a.go"], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/sample.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(files["t/a.go"])); diff != "" {
		t.Errorf("code (-want +got):\n%s", diff)
	}
}

func str() model.Expr { return model.Expr{Kind: model.String} }

func props(names ...string) model.Properties {
	p := model.Properties{}
	for _, name := range names {
		p[name] = &model.Property{Type: str()}
	}
	return p
}

func attrs(names ...string) map[string]*model.Attribute {
	a := map[string]*model.Attribute{}
	for _, name := range names {
		a[name] = &model.Attribute{Type: str()}
	}
	return a
}
