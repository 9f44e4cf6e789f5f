package overlay

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/updraft-go/updraft/internal/cfngen/data"
	"github.com/updraft-go/updraft/internal/cfngen/model"
)

func TestOverlayFitsTheSchema(t *testing.T) {
	types, err := data.Types()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if err := Apply(types, facts); err != nil {
		t.Error(err)
	}
}

func TestApplyNamesWhatDoesNotFit(t *testing.T) {
	for _, test := range []struct{ facts, want string }{
		{`{"AWS::T::Gone": {}}`, "AWS::T::Gone: the schema has no such type"},
		{`{"AWS::Gone::*": {}}`, "AWS::Gone::*: the schema has no such type"},
		{`{"AWS::T::A": {"properties": {"Nam": {}}}}`, "AWS::T::A.properties.Nam: the schema has no such property"},
		{`{"AWS::T::A": {"definitions": {"E": {}}}}`, "AWS::T::A.definitions.E: the schema has no such definition"},
		{`{"AWS::T::A": {"definitions": {"D": {"X": {}}}}}`, "AWS::T::A.definitions.D.X: the schema has no such property"},
		{`{"AWS::T::A": {"attributes": {"X": "y"}}}`, "AWS::T::A.attributes.X: the schema has no such attribute"},
		{`{"AWS::T::A": {"ref": {"names": ["X"]}}}`, "AWS::T::A.ref: the schema has no property or attribute X"},
		{`{"AWS::T::A": {"name": {"property": "X"}}}`, "AWS::T::A.name.property: the schema has no property X"},
		{`{"AWS::T::A": {"physicalID": "${X}"}}`, "AWS::T::A.physicalID: the schema has no property or attribute X"},
		{`{"AWS::T::A": {"physicalID": "${Name"}}`, "AWS::T::A.physicalID: a hole is not closed"},
		{`{"AWS::T::A": {"properties": {"Name": {"pattern": "("}}}}`, "AWS::T::A.properties.Name.pattern: error parsing regexp"},
		{`{"AWS::T::A": {"properties": {"Name": {"length": [2, 1]}}}}`, "AWS::T::A.properties.Name.length: the ends are in the wrong order"},
		{`{"AWS::T::A": {"properties": {"Name": {"range": [1, 2]}}}}`, "AWS::T::A.properties.Name: the kind string has no range"},
		{`{"AWS::T::A": {"properties": {"Size": {"length": [1, 2]}}}}`, "AWS::T::A.properties.Size: the kind integer has no pattern and no length"},
		{`{"AWS::T::A": {"properties": {"Size": {"replacement": "often"}}}}`, `AWS::T::A.properties.Size.replacement: "often" is none of`},
		{`{"AWS::T::A": {"properties": {"Name": {"replacement": "yes"}}}}`, "AWS::T::A.properties.Name.replacement: the schema says so already"},
		{`{"AWS::T::A": {"properties": {"Mode": {"enum": ["a"]}}}}`, "AWS::T::A.properties.Mode.enum: the allowed values are known"},
	} {
		facts, err := read(fstest.MapFS{"t.json": {Data: []byte(test.facts)}})
		if err != nil {
			t.Errorf("%s: %v", test.facts, err)
			continue
		}
		if err := Apply([]*model.Type{sample()}, facts); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.facts, err, test.want)
		}
	}
}

func TestReadRefusesUnknownKeys(t *testing.T) {
	fsys := fstest.MapFS{"a.json": {Data: []byte(`{"AWS::T::A": {"propertys": {}}}`)}}
	if _, err := read(fsys); err == nil || !strings.Contains(err.Error(), `unknown field "propertys"`) {
		t.Errorf("error %v does not name the field", err)
	}
}

func TestApplyRefusesWhatIsSaidTwice(t *testing.T) {
	for _, facts := range []string{
		`{"AWS::T::A": {"physicalID": "x"}}`,
		`{"AWS::T::A": {"name": {}}}`,
		`{"AWS::T::A": {"properties": {"Name": {"pattern": "x"}}}}`,
		`{"AWS::T::A": {"properties": {"Name": {"length": [1, null]}}}}`,
		`{"AWS::T::A": {"properties": {"Size": {"range": [null, 1]}}}}`,
		`{"AWS::T::A": {"properties": {"Name": {"enum": ["x"]}}}}`,
	} {
		file := &fstest.MapFile{Data: []byte(facts)}
		entries, err := read(fstest.MapFS{"a.json": file, "b.json": file})
		if err != nil {
			t.Fatal(err)
		}
		err = Apply([]*model.Type{sample()}, entries)
		if err == nil || !strings.Contains(err.Error(), "overlay/b.json: AWS::T::A.") || !strings.Contains(err.Error(), "already") {
			t.Errorf("%s in two files: error %v", facts, err)
		}
	}
}

func TestApplyAmends(t *testing.T) {
	typ := sample()
	facts, err := read(fstest.MapFS{"t.json": {Data: []byte(`{
		"AWS::T::*": {"deprecated": "gone"},
		"AWS::T::A": {"name": {"property": "Name"}, "properties": {"Name": {"replacement": "maybe", "length": [1, null]}}}
	}`)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := Apply([]*model.Type{typ}, facts); err != nil {
		t.Fatal(err)
	}
	name := typ.Properties["Name"]
	if name.Replacement != "maybe" || *name.MinLength != 1 || name.MaxLength != nil {
		t.Errorf("the property is %+v", name)
	}
	if typ.Deprecated != "gone" || typ.NameRule.Shape != usualName {
		t.Errorf("deprecated %q, name rule %+v", typ.Deprecated, typ.NameRule)
	}
}

func sample() *model.Type {
	return &model.Type{
		Name: "AWS::T::A",
		Properties: model.Properties{
			"Name": {Type: model.Expr{Kind: model.String}, Replacement: "yes"},
			"Size": {Type: model.Expr{Kind: model.Integer}},
			"Mode": {Type: model.Expr{Kind: model.String}, Enum: []string{"x"}},
		},
		Definitions: map[string]model.Properties{"D": {}},
	}
}
