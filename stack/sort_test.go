package stack_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/stack"
)

func TestSort(t *testing.T) {
	one := parse(t, `{"Outputs": {"B": {"Value": "1", "Description": "d"}, "A": {"Value": 2}}, "Own": {"b": 1, "a": 2},
		"Resources": {"B": {"Type": "T", "Properties": {"z": {"b": 1, "a": [{"d": 1, "c": 2}]}, "a": 1}, "DependsOn": "A"}, "A": {"Type": "T", "CreationPolicy": {"ResourceSignal": {"Timeout": "PT1M", "Count": "1"}}}},
		"Mappings": {"M": {"b": {"y": 1, "x": 2}, "a": {"k": 1}}}, "Description": "d"}`)
	two := parse(t, `{"Description": "d", "Own": {"a": 2, "b": 1}, "Mappings": {"M": {"a": {"k": 1}, "b": {"x": 2, "y": 1}}},
		"Resources": {"A": {"CreationPolicy": {"ResourceSignal": {"Count": "1", "Timeout": "PT1M"}}, "Type": "T"}, "B": {"DependsOn": "A", "Type": "T", "Properties": {"a": 1, "z": {"a": [{"c": 2, "d": 1}], "b": 1}}}},
		"Outputs": {"A": {"Value": 2}, "B": {"Description": "d", "Value": "1"}}}`)
	one.Sort()
	two.Sort()
	want := `{"Description":"d","Mappings":{"M":{"a":{"k":1},"b":{"x":2,"y":1}}},` +
		`"Resources":{"A":{"CreationPolicy":{"ResourceSignal":{"Count":"1","Timeout":"PT1M"}},"Type":"T"},` +
		`"B":{"DependsOn":"A","Properties":{"a":1,"z":{"a":[{"c":2,"d":1}],"b":1}},"Type":"T"}},` +
		`"Outputs":{"A":{"Value":2},"B":{"Description":"d","Value":"1"}},"Own":{"a":2,"b":1}}`
	if diff := cmp.Diff(want, minified(t, one)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(minified(t, one), minified(t, two)); diff != "" {
		t.Errorf("the same in another order (-one +two):\n%s", diff)
	}
	// A template that was not read has nothing to follow.
	built := &stack.Template{}
	built.Output("B", stack.Output{Value: "1"})
	stack.Add(built, "Z", &queue{})
	stack.Add(built, "A", &queue{})
	built.Sort()
	if got, want := minified(t, built), `{"Resources":{"A":{"Type":"AWS::SQS::Queue"},"Z":{"Type":"AWS::SQS::Queue"}},"Outputs":{"B":{"Value":"1"}}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestLocate(t *testing.T) {
	tpl := parse(t, "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties:\n      Tags:\n        - Key: a\n        - {Key: b, a.b: 1}\n")
	ds := tpl.Locate(stack.Diagnostics{
		{Path: "Resources.Jobs.Type"}, {Path: "Resources.Jobs.Properties.Tags[1].Key"}, {Path: "Resources.Jobs.Properties.Tags[1].a.b"},
		{Path: "Resources.Jobs.Properties.Tags[7]"}, {Path: "Resources.Jobs.Properties.Nothing"}, {Path: "Nowhere"}, {Path: "Resources.Jobs", Line: 9, Column: 9},
	})
	var got [][2]int
	for _, d := range ds {
		got = append(got, [2]int{d.Line, d.Column})
	}
	want := [][2]int{{3, 11}, {7, 17}, {7, 25}, {6, 9}, {5, 7}, {1, 1}, {9, 9}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ds := (&stack.Template{}).Locate(stack.Diagnostics{{Path: "Resources.A"}}); ds[0].Line != 0 {
		t.Errorf("a template without a source has a line: %+v", ds)
	}
}
