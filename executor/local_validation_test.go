package executor_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// one is a stack of one resource.
func one(name, typ string, properties map[string]any) *stack.Stack {
	t := &stack.Template{}
	stack.Add(t, "R", &stack.Untyped{Type: typ, Properties: properties})
	return &stack.Stack{Name: name, Template: t}
}

func TestEarlyValidationOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	c := clientOf(cloud)
	ctx := t.Context()
	opts := &executor.Options{SkipValidation: true} // package validate would find the property
	if _, err := c.Deploy(ctx, one("first", "AWS::SQS::Queue", map[string]any{"QueueName": "jobs"}), opts); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name       string
		properties map[string]any
		want       executor.Finding
	}{
		{"a wrong property", map[string]any{"DelaySeconds": "soon"}, executor.Finding{
			Name: "PROPERTY_VALIDATION", LogicalID: "R", Type: "AWS::SQS::Queue", Path: "/Resources/R/Properties/DelaySeconds",
			Reason: "#/DelaySeconds: expected type: Integer, found: String", Blocks: true,
		}},
		{"a name that is taken", map[string]any{"QueueName": "jobs"}, executor.Finding{
			Name: "NAME_CONFLICT_VALIDATION", LogicalID: "R", Type: "AWS::SQS::Queue", Path: "/Resources/R",
			Reason: "Resource of type 'AWS::SQS::Queue' with identifier 'jobs' already exists.", Blocks: true,
		}},
	} {
		s := one("second", "AWS::SQS::Queue", tt.properties)
		_, planned := c.Plan(ctx, s, opts)
		_, deployed := c.Deploy(ctx, s, opts)
		for verb, err := range map[string]error{"Plan": planned, "Deploy": deployed} {
			invalid, ok := errors.AsType[*executor.ValidationError](err)
			if !ok {
				t.Errorf("%s, %s: got %v, want a ValidationError", tt.name, verb, err)
				continue
			}
			if d := cmp.Diff([]executor.Finding{tt.want}, invalid.Findings); d != "" {
				t.Errorf("%s, %s: (-want +got)\n%s", tt.name, verb, d)
			}
			if want := "stack second: its change set did not pass validation: " + tt.want.String(); err.Error() != want {
				t.Errorf("%s, %s: got %q, want %q", tt.name, verb, err, want)
			}
		}
		// Nothing was made, and the stack that the change set had made is gone.
		_, err := c.Describe(ctx, "second")
		if missing, ok := errors.AsType[*executor.StateError](err); !ok || missing.Status != stack.DeleteComplete {
			t.Errorf("%s: the stack: got %v, want that there is none", tt.name, err)
		}
	}
}

func TestAStackUnderReviewOutlivesAPlanThatIsNotValid(t *testing.T) {
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	c := clientOf(cloud)
	ctx := t.Context()
	api := c.API.(*cloudformation.Client)
	if _, err := api.CreateChangeSet(ctx, &cloudformation.CreateChangeSetInput{
		StackName: aws.String("theirs"), ChangeSetName: aws.String("plan"), ChangeSetType: types.ChangeSetTypeCreate,
		TemplateBody: aws.String(`{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}`),
	}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Plan(ctx, one("theirs", "AWS::SQS::Queue", map[string]any{"Colour": "red"}), &executor.Options{SkipValidation: true})
	if _, ok := errors.AsType[*executor.ValidationError](err); !ok {
		t.Errorf("got %v, want a ValidationError", err)
	}
	if d, err := c.Describe(ctx, "theirs"); err != nil || d.Status != stack.ReviewInProgress {
		t.Errorf("the stack: got %+v, %v", d, err)
	}
	sets, err := api.ListChangeSets(ctx, &cloudformation.ListChangeSetsInput{StackName: aws.String("theirs")})
	if err != nil || len(sets.Summaries) != 1 || *sets.Summaries[0].ChangeSetName != "plan" {
		t.Errorf("its change sets: got %v, %v; want theirs only", sets, err)
	}
}

func TestAPlanTellsTheWarningsOfEarlyValidation(t *testing.T) {
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	c := clientOf(cloud)
	ctx := t.Context()
	if _, err := c.Deploy(ctx, one("store", "AWS::S3::Bucket", map[string]any{"BucketName": "files"}), nil); err != nil {
		t.Fatal(err)
	}
	storage := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := storage.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("files"), Key: aws.String("a"), Body: strings.NewReader("x")}); err != nil {
		t.Fatal(err)
	}
	p, err := c.Plan(ctx, one("store", "AWS::S3::Bucket", map[string]any{"BucketName": "others"}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Findings) != 1 || p.Findings[0].Blocks || p.Findings[0].LogicalID != "R" || p.Findings[0].Name != "BUCKET_EMPTINESS_VALIDATION" {
		t.Errorf("got %+v, want a warning of the bucket", p.Findings)
	}
}

// templatesIn returns a function that puts a template where nested stacks can have it from, and gives its URL.
func templatesIn(t *testing.T, c *executor.Client, cloud *local.Cloud) func(name, body string) string {
	t.Helper()
	if _, err := c.Deploy(t.Context(), one("templates", "AWS::S3::Bucket", map[string]any{"BucketName": "templates"}), nil); err != nil {
		t.Fatal(err)
	}
	storage := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	up := &bucket.Uploader{API: storage, Bucket: "templates", Region: local.DefaultRegion}
	return func(name, body string) string {
		url, err := up.Upload(t.Context(), name, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return url
	}
}

func TestEarlyValidationOfNestedStacksOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	c := clientOf(cloud)
	ctx := t.Context()
	put := templatesIn(t, c, cloud)
	inner := put("inner", `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}`)
	middle := put("middle", `{"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "`+inner+`"}}}}`)
	outer := one("outer", "AWS::CloudFormation::Stack", map[string]any{"TemplateURL": middle})
	stack.Add(outer.Template, "Other", &stack.Untyped{Type: "AWS::CloudFormation::Stack", Properties: map[string]any{"TemplateURL": inner}})
	opts := &executor.Options{SkipValidation: true, IncludeNestedStacks: true}
	_, planned := c.Plan(ctx, outer, opts)
	_, deployed := c.Deploy(ctx, outer, opts)
	var want []executor.Finding
	for _, nested := range []string{"Other", "R/Inner"} {
		want = append(want, executor.Finding{
			Name: "PROPERTY_VALIDATION", Nested: nested, LogicalID: "Queue", Type: "AWS::SQS::Queue", Path: "/Resources/Queue/Properties",
			Reason: "#: extraneous key [Colour] is not permitted", Blocks: true,
		})
	}
	for verb, err := range map[string]error{"Plan": planned, "Deploy": deployed} {
		invalid, ok := errors.AsType[*executor.ValidationError](err)
		if !ok {
			t.Errorf("%s: got %v, want a ValidationError", verb, err)
			continue
		}
		if d := cmp.Diff(want, invalid.Findings); d != "" {
			t.Errorf("%s: (-want +got)\n%s", verb, d)
		}
		if !strings.Contains(err.Error(), "R/Inner/Queue (/Resources/Queue/Properties): #: extraneous key [Colour]") {
			t.Errorf("%s: got %q", verb, err)
		}
	}
	api := c.API.(*cloudformation.Client)
	list, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
	if err != nil || len(list.Stacks) != 1 {
		t.Errorf("the stacks: got %v, %v; want that of the templates only", list, err)
	}
}

func TestAPlanTellsTheWarningsOfNestedStacks(t *testing.T) {
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	c := clientOf(cloud)
	ctx := t.Context()
	put := templatesIn(t, c, cloud)
	nested := func(name string) *stack.Stack {
		url := put(name, `{"Resources": {"Store": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "`+name+`"}}}}`)
		return one("outer", "AWS::CloudFormation::Stack", map[string]any{"TemplateURL": url})
	}
	if _, err := c.Deploy(ctx, nested("files"), nil); err != nil {
		t.Fatal(err)
	}
	storage := s3.NewFromConfig(cloud.Config(), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := storage.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("files"), Key: aws.String("a"), Body: strings.NewReader("x")}); err != nil {
		t.Fatal(err)
	}
	p, err := c.Plan(ctx, nested("others"), &executor.Options{IncludeNestedStacks: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Findings) != 1 || p.Findings[0].Blocks || p.Findings[0].Nested != "R" || p.Findings[0].LogicalID != "Store" || p.Findings[0].Name != "BUCKET_EMPTINESS_VALIDATION" {
		t.Errorf("got %+v, want a warning of the bucket", p.Findings)
	}
}

func TestEarlyValidationWithoutAChangeSetOnTheEmbeddedCloud(t *testing.T) {
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	c := clientOf(cloud)
	ctx := t.Context()
	queue := func(name string, properties map[string]any) *stack.Stack {
		return one(name, "AWS::SQS::Queue", properties)
	}
	if _, err := c.Deploy(ctx, queue("taken", map[string]any{"QueueName": "jobs"}), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Deploy(ctx, queue("updated", nil), nil); err != nil {
		t.Fatal(err)
	}
	wrong := map[string]any{"Colour": "red"}
	const property, conflict = "R (/Resources/R/Properties): #: extraneous key [Colour] is not permitted [PROPERTY_VALIDATION]",
		"R (/Resources/R): Resource of type 'AWS::SQS::Queue' with identifier 'jobs' already exists. [NAME_CONFLICT_VALIDATION]"
	for _, tt := range []struct {
		name   string
		stack  *stack.Stack
		opts   executor.Options
		status stack.Status
		want   string
	}{
		{"a creation", queue("created", wrong), executor.Options{Direct: true}, stack.RollbackComplete, property},
		{"one with a time-out", queue("timed", wrong), executor.Options{Timeout: time.Hour}, stack.RollbackComplete, property},
		{"one that is left", queue("left", wrong), executor.Options{Direct: true, DisableRollback: true}, stack.CreateFailed, property},
		{"one that is deleted", queue("deleted", wrong), executor.Options{Direct: true, OnStackFailure: types.OnStackFailureDelete}, stack.DeleteComplete, property},
		{"an update", queue("updated", wrong), executor.Options{Direct: true}, stack.UpdateRollbackComplete, property},
		{"the next update", queue("updated", map[string]any{"QueueName": "jobs"}), executor.Options{StackPolicyDuringUpdateBody: allowAll}, stack.UpdateRollbackComplete, conflict},
	} {
		tt.opts.SkipValidation = true
		_, err := c.Deploy(ctx, tt.stack, &tt.opts)
		failed, ok := errors.AsType[*executor.OperationError](err)
		if !ok {
			t.Errorf("%s: got %v, want an OperationError", tt.name, err)
			continue
		}
		if failed.Status != tt.status || failed.Why() != tt.want || failed.Failures[0].Finding == nil || strings.Join(failed.Failures[0].Path, "/") != "R" {
			t.Errorf("%s: got %+v\nwant %s: %s", tt.name, failed, tt.status, tt.want)
		}
	}
}
