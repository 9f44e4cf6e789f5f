package rosspec

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// TestDecode reads a file in the manner of a generated one.
func TestDecode(t *testing.T) {
	source, err := os.ReadFile("testdata/sample.js")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(string(source))
	if err != nil {
		t.Fatal(err)
	}
	one, most, low, high := 1, 128, 1.0, 43200.0
	str, object := model.Expr{Kind: model.String}, model.Expr{Kind: model.Object, Name: "Disk"}
	want := []*model.Type{{
		Name:       "ALIYUN::TEST::Server",
		Attributes: map[string]*model.Attribute{"ServerId": {Type: str}},
		Properties: model.Properties{
			"Name":    {Type: str, Required: true, MinLength: &one, MaxLength: &most, Pattern: `^[a-z]+$`},
			"Timeout": {Type: model.Expr{Kind: model.Number}, Minimum: &low, Maximum: &high},
			"Kind":    {Type: str, Enum: []string{"small", "large"}},
			"Disks":   {Type: model.Expr{Kind: model.List, Elem: &object}},
			"Options": {Type: model.Expr{Kind: model.Map, Elem: &model.Expr{Kind: model.JSON}}},
			"Tags":    {Type: model.Expr{Kind: model.List, Elem: &model.Expr{Kind: model.Tag}}},
		},
		Definitions: map[string]model.Properties{"Disk": {
			"Size":  {Type: model.Expr{Kind: model.Number}, Required: true},
			"Disks": {Type: model.Expr{Kind: model.List, Elem: &object}},
		}},
		TagProperty: "Tags", TagShape: "list",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNotKnownIsAnError(t *testing.T) {
	source, err := os.ReadFile("testdata/sample.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"ros.numberToRosTemplate(properties.timeout)", "ros.dateToRosTemplate(properties.timeout)"},
		{"ros.numberToRosTemplate(properties.timeout)", "properties.timeout"},
		{`["small", "large"]`, `small`},
		{"reg: /", "expression: /"},
	} {
		if _, err := Decode(strings.Replace(string(source), change[0], change[1], 1)); err == nil || !strings.Contains(err.Error(), "erver") {
			t.Errorf("%s: got %v, want an error that names the type", change[1], err)
		}
	}
}
