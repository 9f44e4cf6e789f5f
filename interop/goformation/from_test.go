package goformation_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/cloudformation/ec2"
	"github.com/awslabs/goformation/v7/cloudformation/iam"
	"github.com/awslabs/goformation/v7/cloudformation/policies"
	"github.com/awslabs/goformation/v7/cloudformation/sns"
	"github.com/awslabs/goformation/v7/cloudformation/sqs"

	"github.com/updraft-go/updraft/interop/goformation"
)

// value turns a queue with that name, and returns the name as it is in our template.
func value(t *testing.T, name string) (string, error) {
	t.Helper()
	r, err := goformation.FromResource(&sqs.Queue{QueueName: &name})
	if err != nil {
		return "", err
	}
	return resourceJSON(t, r), nil
}

func TestFromEachHelper(t *testing.T) {
	for name, c := range map[string]struct{ theirs, want string }{
		"Ref":          {cloudformation.Ref("X"), `{"Ref":"X"}`},
		"GetAtt":       {cloudformation.GetAtt("X", "Arn"), `{"Fn::GetAtt":["X","Arn"]}`},
		"ImportValue":  {cloudformation.ImportValue(cloudformation.Sub("${A}-b")), `{"Fn::ImportValue":{"Fn::Sub":"${A}-b"}}`},
		"Base64":       {cloudformation.Base64("a\nb\"c"), `{"Fn::Base64":"a\nb\"c"}`},
		"GetAZs":       {cloudformation.GetAZs(""), `{"Fn::GetAZs":""}`},
		"Sub":          {cloudformation.Sub("${A}<é>"), `{"Fn::Sub":"${A}<é>"}`},
		"SubVars":      {cloudformation.SubVars("${A}", map[string]any{"A": cloudformation.Ref("X")}), `{"Fn::Sub":["${A}",{"A":{"Ref":"X"}}]}`},
		"Split":        {cloudformation.Split(",", cloudformation.ImportValue("a")), `{"Fn::Split":[",",{"Fn::ImportValue":"a"}]}`},
		"Select":       {cloudformation.Select(1, []string{"a", cloudformation.Ref("X")}), `{"Fn::Select":[1,["a",{"Ref":"X"}]]}`},
		"Select Split": {cloudformation.Select("0", cloudformation.Split("-", "a-b")), `{"Fn::Select":["0",{"Fn::Split":["-","a-b"]}]}`},
		"Equals":       {cloudformation.Equals(cloudformation.Ref("X"), 5), `{"Fn::Equals":[{"Ref":"X"},5]}`},
		"Cidr":         {cloudformation.CIDR("10.0.0.0/16", "6", "8"), `{"Fn::Cidr":["10.0.0.0/16","6","8"]}`},
		"FindInMap":    {cloudformation.FindInMap("M", cloudformation.Ref("X"), "b"), `{"Fn::FindInMap":["M",{"Ref":"X"},"b"]}`},
		"If":           {cloudformation.If("IsProd", cloudformation.Ref("X"), "no"), `{"Fn::If":["IsProd",{"Ref":"X"},"no"]}`},
		"Join":         {cloudformation.Join("", []string{"a", cloudformation.Ref("X")}), `{"Fn::Join":["",["a",{"Ref":"X"}]]}`},
		"Join a list":  {cloudformation.Join(",", cloudformation.Ref("List")), `{"Fn::Join":[",",{"Ref":"List"}]}`},
		"And": {cloudformation.And([]string{cloudformation.Equals("a", "b"), cloudformation.Not([]string{cloudformation.Equals("c", "d")})}),
			`{"Fn::And":[{"Fn::Equals":["a","b"]},{"Fn::Not":[{"Fn::Equals":["c","d"]}]}]}`},
		"Or":                {cloudformation.Or([]string{cloudformation.Equals("a", "b"), cloudformation.Equals("c", "d")}), `{"Fn::Or":[{"Fn::Equals":["a","b"]},{"Fn::Equals":["c","d"]}]}`},
		"Transform":         {cloudformation.TransformFn("M", map[string]string{"A": "b"}), `{"Fn::Transform":{"Name":"M","Parameters":{"A":"b"}}}`},
		"dynamic reference": {"{{resolve:ssm:/a:1}}", `"{{resolve:ssm:/a:1}}"`},
		"other base64":      {base64.StdEncoding.EncodeToString([]byte(`{"a":1}`)), `"eyJhIjoxfQ=="`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := value(t, c.theirs)
			if want := `{"Type":"AWS::SQS::Queue","Properties":{"QueueName":` + c.want + `}}`; err != nil || !equalJSON(t, got, want) {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}

// A function in an interface{} is evaluated by goformation's JSON, to "a:us-east-1" and to null.
func TestFromKeepsFunctionsWrittenByHand(t *testing.T) {
	join := map[string]any{"Fn::Join": []any{":", []any{"a", map[string]any{"Ref": "AWS::Region"}}}}
	att := map[string]any{"Fn::GetAtt": []any{"X", "Arn"}}
	length := map[string]any{"Fn::Length": cloudformation.Ref("List")}
	r, err := goformation.FromResource(&sqs.Queue{RedrivePolicy: map[string]any{"a": join, "b": att, "c": length}})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Type":"AWS::SQS::Queue","Properties":{"RedrivePolicy":{
		"a":{"Fn::Join":[":",["a",{"Ref":"AWS::Region"}]]},"b":{"Fn::GetAtt":["X","Arn"]},"c":{"Fn::Length":{"Ref":"List"}}}}}`
	if got := resourceJSON(t, r); !equalJSON(t, got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// goformation leaves base64 text behind.
func TestFromFindInMapWithADefault(t *testing.T) {
	got, err := value(t, cloudformation.FindInMap("M", "a", "b", cloudformation.Ref("X")))
	want := `{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::FindInMap":["M","a","b",{"DefaultValue":{"Ref":"X"}}]}}}`
	if err != nil || !equalJSON(t, got, want) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

func TestFromKeepsDigits(t *testing.T) {
	theirs := cloudformation.NewTemplate()
	theirs.Metadata["big"] = 123456789012345678
	ours, err := goformation.FromTemplate(theirs)
	if err != nil {
		t.Fatal(err)
	}
	if got := templateJSON(t, ours); !strings.Contains(got, "123456789012345678") {
		t.Errorf("got %s, want all 18 digits", got)
	}
}

// goformation writes a Version that nobody set.
func TestFromCustomResource(t *testing.T) {
	r, err := goformation.FromResource(&cloudformation.CustomResource{Type: "Custom::Seed"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := resourceJSON(t, r), `{"Type":"Custom::Seed"}`; !equalJSON(t, got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFromRefuses(t *testing.T) {
	text := func(s string) *string { return &s }
	queue := func(name string) cloudformation.Resource { return &sqs.Queue{QueueName: text(name)} }
	for name, c := range map[string]struct {
		theirs cloudformation.Resource
		want   string // in the error
	}{
		"numbers in CIDR":            {queue(cloudformation.CIDR("10.0.0.0/16", 6, 8)), "Properties.QueueName: goformation wrote"},
		"a boolean in Equals":        {queue(cloudformation.Equals("a", true)), "Properties.QueueName: goformation wrote"},
		"a number in SubVars":        {queue(cloudformation.SubVars("${A}", map[string]any{"A": 5})), "Properties.QueueName: goformation wrote"},
		"inside of another":          {queue(cloudformation.Select(0, cloudformation.CIDR("10.0.0.0/16", 6, 8))), "Properties.QueueName.Fn::Select[1]: goformation wrote"},
		"a map in Join":              {queue(cloudformation.Join("", []any{"a", map[string]any{"Ref": "X"}})), "Properties.QueueName.Fn::Join[1][1]: \"map[Ref:X]\""},
		"a name in Not":              {queue(cloudformation.Not([]string{"D"})), "Properties.QueueName.Fn::Not[0]: the text \"D\" where a test belongs"},
		"a required property is nil": {&iam.Role{}, "Properties.AssumeRolePolicyDocument: a null"},
		"no resource":                {nil, "a null"},
		"not UTF-8":                  {queue("a\xff"), "Properties.QueueName: \"a\\xff\" is not UTF-8"},
		"a policy on a property": {&ec2.Instance{Volumes: []ec2.Instance_Volume{{Device: "a", VolumeId: "b", AWSCloudFormationDeletionPolicy: "Retain"}}},
			"Properties.Volumes[0].DeletionPolicy: DeletionPolicy is set on a property"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := goformation.FromResource(c.theirs)
			if err == nil || !strings.Contains(err.Error(), c.want) || r != nil {
				t.Errorf("got %v, %v, want an error with %q", r, err, c.want)
			}
		})
	}
	if _, err := goformation.FromTemplate(nil); err == nil {
		t.Error("got no error for a nil template")
	}
}

func TestFromAttributes(t *testing.T) {
	r, err := goformation.FromResource(&sns.Topic{
		AWSCloudFormationDependsOn:           []string{"A", "B"},
		AWSCloudFormationCondition:           "IsProd",
		AWSCloudFormationDeletionPolicy:      policies.DeletionPolicy("Retain"),
		AWSCloudFormationUpdateReplacePolicy: "Snapshot",
		AWSCloudFormationMetadata:            map[string]any{"a": cloudformation.Ref("X")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Type":"AWS::SNS::Topic","DependsOn":["A","B"],"Condition":"IsProd","DeletionPolicy":"Retain","UpdateReplacePolicy":"Snapshot","Metadata":{"a":{"Ref":"X"}}}`
	if got := resourceJSON(t, r); !equalJSON(t, got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(r.DependsOn) != 2 || r.Condition != "IsProd" || r.DeletionPolicy != "Retain" {
		t.Errorf("got %+v, want the attributes in their fields", r.Attributes)
	}
}
