package stacktest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/stacktest"
)

// printer stands for the *testing.T of a test, so that the examples can show what a test would say.
type printer struct {
	testing.TB
	failed  bool
	message strings.Builder
	cleanup []func()
}

func (p *printer) Helper()                  {}
func (p *printer) Context() context.Context { return context.Background() }
func (p *printer) Cleanup(f func())         { p.cleanup = append(p.cleanup, f) }
func (p *printer) Errorf(format string, args ...any) {
	p.failed = true
	fmt.Fprintf(&p.message, format+"\n", args...)
	fmt.Println(strings.ReplaceAll(fmt.Sprintf(format, args...), "\t", "  "))
}
func (p *printer) Fatalf(format string, args ...any) { p.Errorf(format, args...) }
func (p *printer) end() {
	for _, f := range p.cleanup {
		f()
	}
}

var t = &printer{} // in a test: t *testing.T

// jobs is the template that the examples look at.
func jobs() *stack.Template {
	tpl := &stack.Template{Description: "jobs, and those that failed"}
	seconds := tpl.NumberParameter("Seconds", stack.Parameter{Default: "30"})
	dead := stack.Add(tpl, "Dead", &sqs.Queue{MessageRetentionPeriod: fn.Int(1209600)})
	queue := stack.Add(tpl, "Jobs", &sqs.Queue{
		QueueName:         fn.StackName + "-jobs",
		VisibilityTimeout: seconds.Ref(),
		RedrivePolicy:     map[string]any{"deadLetterTargetArn": dead.AttrArn(), "maxReceiveCount": 5},
	}, stack.Attributes{DeletionPolicy: stack.Retain})
	tpl.Export("URL", fn.StackName+"-jobs-url", stack.Output{Value: queue.Ref()})
	return tpl
}

func ExampleHasResource() {
	// A typed resource describes one with at least these properties.
	ids := stacktest.HasResource(t, jobs(), stacktest.Resource{
		Properties: &sqs.Queue{QueueName: fn.StackName + "-jobs"},
		Attributes: stacktest.Object{"DeletionPolicy": "Retain"},
	}, nil)
	fmt.Println(ids)

	// An Object may hold matchers. What comes nearest is shown.
	stacktest.HasResource(t, jobs(), stacktest.Resource{
		Type: "AWS::SQS::Queue",
		Properties: stacktest.Object{
			"RedrivePolicy":     stacktest.Object{"maxReceiveCount": 3, "deadLetterTargetArn": stacktest.Any()},
			"VisibilityTimeout": stacktest.Absent(),
		},
	}, nil)
	// Output:
	// [Jobs]
	// none of 2 fits as resource of type AWS::SQS::Queue; nearest is Dead:
	//   Resources.Dead.Properties.RedrivePolicy: want {"deadLetterTargetArn":anything,"maxReceiveCount":3}, got nothing
}

func ExampleHasOutput() {
	fmt.Println(stacktest.HasOutput(t, jobs(), stacktest.Output{
		Name:   "URL",
		Value:  fn.Ref("Jobs"),
		Export: fn.StackName + "-jobs-url",
	}, nil))
	stacktest.HasOutput(t, jobs(), stacktest.Output{Name: "Arn"}, nil)
	// Output:
	// [URL]
	// the template has no output Arn; it has URL
}

func ExampleHasParameter() {
	fmt.Println(stacktest.HasParameter(t, jobs(), stacktest.Parameter{Type: "Number", Default: stacktest.Pattern("^[0-9]+$")}, nil))
	stacktest.HasParameter(t, jobs(), stacktest.Parameter{Name: "Seconds", Default: "60"}, nil)
	// Output:
	// [Seconds]
	// parameter Seconds does not fit:
	//   Parameters.Seconds.Default: want "60", got "30"
}

func ExampleHasEntry() {
	tpl := jobs()
	tpl.Condition("IsProd", fn.Equals(fn.Ref("Stage"), "prod"))
	fmt.Println(stacktest.HasEntry(t, tpl, "Conditions", "IsProd", fn.Equals(fn.Ref("Stage"), "prod"), nil))
	stacktest.HasEntry(t, tpl, "Conditions", "IsProd", stacktest.Object{"Fn::Equals": stacktest.Contains("staging")}, nil)
	// Output:
	// [IsProd]
	// condition IsProd does not fit:
	//   Conditions.IsProd.Fn::Equals: want an element like "staging", got [{"Ref":"Stage"},"prod"]
}

func ExampleCount() {
	stacktest.Count(t, jobs(), stacktest.Resource{Type: "AWS::SQS::Queue"}, 2, nil)
	stacktest.Count(t, jobs(), stacktest.Resource{LogicalID: stacktest.Pattern("^D")}, 2, nil)
	// Output:
	// got 1 resources as described (Dead), want 2
}

func ExampleEachResource() {
	queues := stacktest.Resource{Type: "AWS::SQS::Queue"}
	stacktest.EachResource(t, jobs(), queues, stacktest.Resource{Properties: stacktest.Object{"FifoQueue": stacktest.Absent()}}, nil)
	stacktest.EachResource(t, jobs(), queues, stacktest.Resource{Properties: stacktest.Object{"QueueName": stacktest.Any()}}, nil)
	// Output:
	// resource Dead does not fit:
	//   Resources.Dead.Properties.QueueName: want anything, got nothing
}

func ExampleGolden() {
	// In a test: var update = flag.Bool("update", false, "write the golden files anew"), and
	// Update: *update.
	stacktest.Golden(t, jobs(), "testdata/jobs.yaml", &stacktest.GoldenOptions{Update: false})

	changed := jobs()
	changed.Parameters.Delete("Seconds")
	stacktest.Golden(t, changed, "testdata/jobs.yaml", nil)
	// Output:
	// the template differs from testdata/jobs.yaml; if that is meant, set GoldenOptions.Update once:
	//   Parameters: want {"Seconds":{"Default":"30","Type":"Number"}}, got nothing
}

func ExampleDiff() {
	want, err := stack.Parse([]byte("Resources: {Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${AWS::StackName}-jobs', DelaySeconds: '22'}}}"))
	if err != nil {
		fmt.Println(err)
		return
	}
	got := &stack.Template{}
	stack.Add(got, "Jobs", &sqs.Queue{QueueName: fn.StackName + "-jobs", DelaySeconds: fn.Int(22)})

	differences, err := stacktest.Diff(want, got, nil)
	fmt.Println(len(differences), err)
	fmt.Println(differences[0])
	differences, err = stacktest.Diff(want, got, &stacktest.CompareOptions{Scalars: true, Functions: true})
	fmt.Println(len(differences), err)
	// Output:
	// 2 <nil>
	// Resources.Jobs.Properties.DelaySeconds: want "22", got 22
	// 0 <nil>
}

func ExampleEqual() {
	other := jobs()
	other.Description = "jobs"
	stacktest.Equal(t, jobs(), other, nil)
	// Output:
	// the templates differ:
	//   Description: want "jobs, and those that failed", got "jobs"
}

func ExampleDeploy() {
	t := &printer{} // in a test: t *testing.T
	defer t.end()
	d := stacktest.Deploy(t, []*stack.Stack{{Name: "demo", Template: jobs()}}, nil)
	fmt.Println(d.Outputs["demo"]["URL"])
	fmt.Println(d.Exports["demo-jobs-url"] == d.Outputs["demo"]["URL"])

	d.Cloud.Fail(local.Fault{LogicalID: "Jobs", Reason: "the quota of queues is used up"})
	stacktest.Deploy(t, []*stack.Stack{{Name: "more", Template: jobs()}}, &stacktest.DeployOptions{Cloud: d.Cloud})
	// Output:
	// https://sqs.us-east-1.amazonaws.com/123456789012/demo-jobs
	// true
	// deploy: stack more: its create ended in ROLLBACK_COMPLETE: Jobs (AWS::SQS::Queue): the quota of queues is used up; it can only be deleted: call Delete, or deploy with Options.ReplaceFailed
}
