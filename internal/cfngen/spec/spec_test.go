package spec

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

const sample = `{"schema": {
	"resource": {"entities": [{
		"$id": "1", "cloudFormationType": "AWS::T::A", "primaryIdentifier": ["Arn"],
		"arnTemplate": "arn:x", "isStateful": true, "cfnRefIdentifier": ["Name"],
		"tagInformation": {"tagPropertyName": "Tags", "variant": "standard"},
		"additionalReplacementProperties": [["List", "*", "Deep"], ["Tags", "*", "Key"]],
		"attributes": {"Arn": {"type": {"type": "string", "allowedValues": ["x"]}}},
		"properties": {
			"Name": {"type": {"type": "string"}, "required": true, "causesReplacement": "yes", "defaultValue": "\"a\"",
				"relationshipRefs": [{"cloudFormationType": "AWS::T::B", "propertyName": "C/D"}], "deprecated": "WARN"},
			"List": {"type": {"type": "array", "element": {"type": "ref", "reference": {"$ref": "2"}}}},
			"Tags": {"type": {"type": "array", "element": {"type": "tag"}}, "defaultValue": "- none"},
			"Any": {"type": {"type": "union", "types": [{"type": "string"}, {"type": "json"}, {"type": "string"}]}, "causesReplacement": "maybe"},
			"Modes": {"type": {"type": "array", "element": {"type": "integer", "allowedValues": [1, 2, 1]}}, "defaultValue": "1"}
		}}]},
	"typeDefinition": {"entities": [
		{"$id": "2", "name": "D", "properties": {"Deep": {"type": {"type": "date-time"}}}},
		{"$id": "3", "name": "Unused", "properties": {}}]},
	"usesType": {"forward": {"1": [{"$id": "2"}, {"$id": "3"}]}}
}}`

func TestDecode(t *testing.T) {
	got, err := Decode([]byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	expr := func(text string) (e model.Expr) {
		if err := e.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		return e
	}
	want := []*model.Type{{
		Name: "AWS::T::A", Identifier: []string{"Arn"}, Arn: "arn:x", Stateful: true,
		Ref: &model.Ref{Names: []string{"Name"}}, TagProperty: "Tags", TagShape: "standard",
		Attributes: map[string]*model.Attribute{"Arn": {Type: expr("string")}},
		Properties: model.Properties{
			"Name": {Type: expr("string"), Required: true, Replacement: "yes", Default: json.RawMessage(`"a"`),
				Targets: []string{"AWS::T::B.C.D"}, Deprecated: true},
			"List":  {Type: expr("[]#D")},
			"Tags":  {Type: expr("[]tag")},
			"Any":   {Type: expr("(json|string)"), Replacement: "maybe"},
			"Modes": {Type: expr("[]integer"), Enum: []string{"1", "2"}},
		},
		Definitions: map[string]model.Properties{"D": {"Deep": {Type: expr("timestamp"), Replacement: "yes"}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}

func TestDecodeRefusesWhatItDoesNotKnow(t *testing.T) {
	for from, to := range map[string]string{
		`"date-time"`:                  `"moment"`,
		`"causesReplacement": "maybe"`: `"causesReplacement": "rarely"`,
		`"$ref": "2"`:                  `"$ref": "9"`,
		`{"$id": "3"}`:                 `{"$id": "9"}`,
		`"name": "Unused"`:             `"name": "D"`,
	} {
		_, err := Decode([]byte(strings.Replace(sample, from, to, 1)))
		if err == nil || !strings.Contains(err.Error(), "AWS::T::A") {
			t.Errorf("%s: error %v does not name the type", to, err)
		}
	}
}

func TestDefaultOf(t *testing.T) {
	for _, test := range []struct {
		text string
		kind model.Kind
		want string
	}{
		{`60`, model.Integer, `60`}, {`1.5`, model.Integer, ``}, {`1.5`, model.Number, `1.5`},
		{`"a"`, model.String, `"a"`}, {`"-"`, model.String, ``}, {`""`, model.String, ``},
		{`false`, model.Boolean, `false`}, {`"false"`, model.Boolean, ``}, {`some words`, model.String, ``},
		{``, model.String, ``}, {`[]`, model.JSON, ``}, {`0`, model.String, ``},
	} {
		if got := string(defaultOf(test.text, test.kind)); got != test.want {
			t.Errorf("defaultOf(%s, %s) = %s, want %s", test.text, test.kind, got, test.want)
		}
	}
}
