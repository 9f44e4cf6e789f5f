package stacktest_test

import (
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/stacktest"
)

const three = `
Conditions: {IsProd: !Equals [a, b]}
Resources:
  A: {Type: AWS::SQS::Queue, DependsOn: [C, B], Condition: IsProd}
  B: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: '5', Tags: [{Key: a, Value: x}, {Key: b, Value: y}]}}
  C: {Type: AWS::SNS::Topic, DependsOn: B, Properties: {TopicName: !Sub '${AWS::StackName}-t'}}
Outputs:
  O: {Value: !Ref A, Condition: IsProd}
`

func TestHasResourceFits(t *testing.T) {
	for name, c := range map[string]struct {
		want stacktest.Resource
		opts *stacktest.CompareOptions
		ids  int
	}{
		"all":                   {stacktest.Resource{}, nil, 3},
		"a type":                {stacktest.Resource{Type: "AWS::SQS::Queue"}, nil, 2},
		"an ID":                 {stacktest.Resource{LogicalID: "B"}, nil, 1},
		"an ID that is matched": {stacktest.Resource{LogicalID: stacktest.Pattern("[AC]")}, nil, 2},
		"no properties":         {stacktest.Resource{Properties: stacktest.Object{"DelaySeconds": stacktest.Absent()}}, nil, 2},
		"an empty object":       {stacktest.Resource{Properties: stacktest.Object{}}, nil, 3},
		"a typed resource":      {stacktest.Resource{Properties: &sqs.Queue{DelaySeconds: "5"}}, &stacktest.CompareOptions{Scalars: true}, 1},
		"a typed empty one":     {stacktest.Resource{Properties: &sqs.Queue{}}, nil, 2},
		"DependsOn, a name":     {stacktest.Resource{Attributes: stacktest.Object{"DependsOn": "B"}}, nil, 1},
		"DependsOn, a list":     {stacktest.Resource{Attributes: stacktest.Object{"DependsOn": []string{"C", "B"}}}, nil, 1},
		"DependsOn, a matcher":  {stacktest.Resource{Attributes: stacktest.Object{"DependsOn": stacktest.Contains("B")}}, nil, 2},
		"a condition":           {stacktest.Resource{Attributes: stacktest.Object{"Condition": fn.Condition("IsProd")}}, nil, 1},
		"an element":            {stacktest.Resource{Properties: stacktest.Object{"Tags": stacktest.Contains(map[string]string{"Key": "b"})}}, nil, 1},
		"elements by matchers":  {stacktest.Resource{Properties: stacktest.Object{"Tags": []stacktest.Object{{"Key": stacktest.Any()}, {"Key": "b"}}}}, nil, 1},
		"an expression by form": {stacktest.Resource{Properties: stacktest.Object{"TopicName": fn.StackName + "-t"}}, &stacktest.CompareOptions{Functions: true}, 1},
		"a matcher by form":     {stacktest.Resource{Properties: stacktest.Object{"TopicName": stacktest.Exactly(fn.StackName + "-t")}}, &stacktest.CompareOptions{Functions: true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			ids := stacktest.HasResource(t, parse(t, three), c.want, c.opts)
			if len(ids) != c.ids {
				t.Errorf("got %v, want %d", ids, c.ids)
			}
			stacktest.Count(t, parse(t, three), c.want, c.ids, c.opts)
		})
	}
}

func TestHasResourceSays(t *testing.T) {
	queue := func(properties any) stacktest.Resource {
		return stacktest.Resource{Type: "AWS::SQS::Queue", LogicalID: "B", Properties: properties}
	}
	for name, c := range map[string]struct {
		want stacktest.Resource
		says []string
	}{
		"no such type":       {stacktest.Resource{Type: "AWS::S3::Bucket"}, []string{"the template has no resource of type AWS::S3::Bucket; it has A (AWS::SQS::Queue), B (AWS::SQS::Queue), C (AWS::SNS::Topic)"}},
		"another type":       {stacktest.Resource{Type: "AWS::S3::Bucket", LogicalID: "A"}, []string{"no resource of type AWS::S3::Bucket A"}},
		"the nearest":        {stacktest.Resource{Properties: stacktest.Object{"DelaySeconds": "5", "QueueName": "q"}}, []string{"none of 3 fits as resource; nearest is B", "Resources.B.Properties.QueueName: want \"q\", got nothing"}},
		"a longer list":      {queue(stacktest.Object{"Tags": []any{stacktest.Any()}}), []string{`Resources.B.Properties.Tags[1]: want nothing, got {"Key":"b","Value":"y"}`}},
		"a shorter list":     {queue(stacktest.Object{"Tags": []any{stacktest.Any(), stacktest.Any(), "c"}}), []string{`Tags[2]: want "c", got nothing`}},
		"no list":            {queue(stacktest.Object{"DelaySeconds": []string{"5"}}), []string{`DelaySeconds: want ["5"], got "5"`}},
		"no object":          {queue(stacktest.Object{"DelaySeconds": map[string]any{"a": 1}}), []string{`DelaySeconds: want {"a":1}, got "5"`}},
		"no JSON":            {queue(stacktest.Object{"Tags": []any{stacktest.Object{"Key": stacktest.JSON(1)}, stacktest.Any()}}), []string{`Tags[0].Key: want JSON like 1, got "a"`}},
		"other members":      {queue(stacktest.Exactly(stacktest.Object{"DelaySeconds": "5"})), []string{"B.Properties.Tags: want nothing"}},
		"a bad pattern":      {queue(stacktest.Object{"DelaySeconds": stacktest.Pattern("(")}), []string{"a regular expression, but this is none"}},
		"nil":                {queue(stacktest.Object{"DelaySeconds": nil}), []string{"DelaySeconds: want a pattern, but nil is none: use Any"}},
		"nil in a matcher":   {queue(stacktest.Object{"DelaySeconds": stacktest.Not(nil)}), []string{"a pattern, but this is none: nil is none"}},
		"a typed matcher":    {queue(&sqs.Queue{Extra: fn.Extra{"DelaySeconds": stacktest.Any()}}), []string{"matchers stand in an Object or in a []any"}},
		"a torn expression":  {queue(stacktest.Object{"DelaySeconds": fn.StackName[1:]}), []string{"the pattern: Properties.DelaySeconds"}},
		"another expression": {queue(stacktest.Object{"DelaySeconds": fn.Ref("X")}), []string{`want {"Ref":"X"}, got "5"`}},
	} {
		t.Run(name, func(t *testing.T) {
			r := record(t)
			if ids := stacktest.HasResource(r, parse(t, three), c.want, nil); ids != nil {
				t.Errorf("got %v, want nil", ids)
			}
			r.says(c.says...)
		})
	}
}

func TestCaptureKeepsOnlyWhatFitsWhole(t *testing.T) {
	tpl := parse(t, three)
	id, value := "untouched", 0
	r := record(t)
	stacktest.HasResource(r, tpl, stacktest.Resource{LogicalID: "B", Properties: stacktest.Object{
		"DelaySeconds": stacktest.Capture(&id, stacktest.Any()), "QueueName": "q",
	}}, nil)
	r.says("QueueName")
	if id != "untouched" {
		t.Errorf("got %q from a resource that does not fit", id)
	}
	r = record(t)
	stacktest.HasResource(r, tpl, stacktest.Resource{LogicalID: "B", Properties: stacktest.Object{"DelaySeconds": stacktest.Capture(&value, stacktest.Any())}}, nil)
	r.says("DelaySeconds: want anything that can be kept", "json")

	var tag struct{ Value string }
	var expression map[string]any
	stacktest.HasResource(t, tpl, stacktest.Resource{LogicalID: "B", Properties: stacktest.Object{
		"Tags": stacktest.Contains(stacktest.Capture(&tag, stacktest.Object{"Key": "b"})),
	}}, nil)
	stacktest.HasOutput(t, tpl, stacktest.Output{Value: stacktest.Capture(&expression, stacktest.Any())}, nil)
	if tag.Value != "y" || expression["Ref"] != "A" {
		t.Errorf("got %v and %v, want the second tag and the Ref", tag, expression)
	}
	r = record(t)
	stacktest.HasResource(r, tpl, stacktest.Resource{LogicalID: "A", Properties: stacktest.Object{"Nothing": stacktest.Capture(&id, stacktest.Any())}}, nil)
	r.says("Nothing: want anything, got nothing")
}

func TestCountAndEachSay(t *testing.T) {
	queues := stacktest.Resource{Type: "AWS::SQS::Queue"}
	r := record(t)
	stacktest.Count(r, parse(t, three), stacktest.Resource{Properties: &sqs.Queue{DelaySeconds: "6"}}, 1, &stacktest.CompareOptions{Scalars: true})
	r.says("got 0 resources as described (nothing), want 1; nearest of the others is A", "DelaySeconds")
	r = record(t)
	stacktest.EachResource(r, parse(t, three), stacktest.Resource{}, queues, nil)
	r.says("resource C is no resource of type AWS::SQS::Queue")
	r = record(t)
	stacktest.EachResource(r, parse(t, three), stacktest.Resource{Type: "none"}, queues, nil)
	r.silent()
}

func TestOutputsAndSections(t *testing.T) {
	tpl := parse(t, three)
	stacktest.HasOutput(t, tpl, stacktest.Output{Name: stacktest.Pattern("^O$"), Value: fn.Ref("A"), Condition: fn.Condition("IsProd"), Export: nil}, nil)
	r := record(t)
	stacktest.HasOutput(r, tpl, stacktest.Output{Export: "x"}, nil)
	r.says(`Outputs.O.Export: want {"Name":"x"}, got nothing`)
	r = record(t)
	stacktest.HasParameter(r, tpl, stacktest.Parameter{Name: "P"}, nil)
	r.says("the template has no parameter P; its Parameters are empty")
	r = record(t)
	stacktest.HasEntry(r, tpl, "Rules", nil, nil, nil)
	r.says("the template has no rule; its Rules are empty")
}

func TestTemplateThatCannotBeWritten(t *testing.T) {
	bad := &stack.Template{}
	bad.Output("A", stack.Output{})
	r := record(t)
	stacktest.HasResource(r, bad, stacktest.Resource{}, nil)
	r.says("the template cannot be written: Outputs.A")
}
