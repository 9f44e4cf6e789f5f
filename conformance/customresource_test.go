package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/cfnstack"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/waiter"
)

// A manager makes stacks of AWS for custom resources of ROS: the function in Python, or ours. Each has
// a cloud of its own.
type manager struct {
	cloud    *local.Cloud
	receiver *customresourcetest.Receiver
	invoke   func(t *testing.T, event []byte) error
	id       string // the physical ID, as ROS keeps it
	number   int
}

func newManager(t *testing.T) (m *manager, endpoint string) {
	m = &manager{cloud: localtest.New(t), receiver: &customresourcetest.Receiver{}}
	responses := httptest.NewServer(m.receiver)
	t.Cleanup(responses.Close)
	m.receiver.URL = responses.URL
	front := httptest.NewServer(m.cloud)
	t.Cleanup(front.Close)
	return m, front.URL
}

// A pythonFunction is the function in Python, in one process for all of its events.
type pythonFunction struct {
	in  io.Writer
	out *bufio.Scanner
}

func startScript(t *testing.T) *pythonFunction {
	t.Helper()
	py := python(t)
	file, err := filepath.Abs(filepath.Join("testdata", "awsstack.py"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Minute) // the clean-up comes after the end of the test's own
	cmd := exec.CommandContext(ctx, py, file)
	cmd.Env = environment(t, "")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // its end ends the script
		if err := cmd.Wait(); err != nil {
			t.Errorf("the script: %v", err)
		}
		cancel()
	})
	return &pythonFunction{in, bufio.NewScanner(out)}
}

// manager is a cloud of its own for the script.
func (s *pythonFunction) manager(t *testing.T) *manager {
	m, endpoint := newManager(t)
	m.invoke = func(t *testing.T, event []byte) error {
		if _, err := fmt.Fprintf(s.in, "%s %s\n", endpoint, event); err != nil || !s.out.Scan() {
			t.Fatalf("the script is gone: %v", err)
		}
		if said := s.out.Text(); said != "returned" {
			return errors.New(said)
		}
		return nil
	}
	return m
}

func ours(t *testing.T) *manager {
	m, endpoint := newManager(t)
	cfg := m.cloud.Config()
	cfg.BaseEndpoint, cfg.HTTPClient = aws.String(endpoint), nil
	h := &customresource.Handler[cfnstack.Properties]{Provider: &cfnstack.Provider{Config: &cfg, Client: func(cfg aws.Config) *executor.Client {
		api := cloudformation.NewFromConfig(cfg)
		return &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond, MaxInterval: 10 * time.Millisecond}}
	}}}
	m.invoke = func(t *testing.T, event []byte) error {
		_, err := h.Invoke(t.Context(), event)
		return err
	}
	return m
}

// ask sends a request as ROS does, and tells what came of it: the status, with the reason or the data.
func (m *manager) ask(t *testing.T, typ customresource.RequestType, properties map[string]any) string {
	t.Helper()
	m.number++
	text, err := json.Marshal(properties)
	if err != nil {
		t.Fatal(err)
	}
	e := m.receiver.Open(&customresource.Event{
		Dialect: customresource.ROS, RequestType: typ, RequestID: strings.Repeat("r", m.number), ResourceType: "Custom::AwsStack", LogicalResourceID: "AwsStack",
		StackID: "4a6c9851-3b0f-4f5f-b4ca-a14bf691f2ff", StackName: "by-ros", RegionID: "cn-hangzhou", ResourceOwnerID: "1", CallerID: "2",
		PhysicalResourceID: m.id, ResourceProperties: text, OldResourceProperties: text,
	}, time.Hour)
	event, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	before := len(m.receiver.Received())
	_ = m.invoke(t, event) // what was sent tells
	all := m.receiver.Received()[before:]
	if len(all) == 0 {
		return "no response"
	}
	last := all[len(all)-1]
	if last.Refusal != "" {
		return "refused: " + last.Refusal
	}
	if id := last.Response.PhysicalResourceID; id != "" {
		m.id = id
	}
	return strings.TrimSpace(string(last.Response.Status) + " " + last.Response.Reason + string(last.Response.Data))
}

func (m *manager) status(t *testing.T, name string) string {
	t.Helper()
	out, err := cloudformation.NewFromConfig(m.cloud.Config()).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return "none"
	}
	return string(out.Stacks[0].StackStatus)
}

const awsTemplate = `
Parameters: {BucketName: {Type: String}}
Resources:
  MyBucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref BucketName}}
Outputs:
  MyBucketArn: {Value: !GetAtt MyBucket.Arn}
`

func awsStack(template, bucketName string) map[string]any {
	return map[string]any{
		"AccessKeyId": "123456789012", "AccessKeySecret": "any", "RegionId": "us-east-1",
		"Stack": map[string]any{"Name": "stack-by-ros", "Template": template, "Parameters": map[string]any{"BucketName": bucketName}},
	}
}

// The same requests to both: the same stacks where all goes well, and ours right where the other is
// wrong.
func TestAFunctionInPythonAndOurs(t *testing.T) {
	withRole := awsTemplate[:strings.Index(awsTemplate, "Outputs:")] + "  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}\n"
	large := awsTemplate + "  Large: {Value: " + strings.Repeat("x", 4000) + "}\n"
	noRegion := awsStack(awsTemplate, "one")
	delete(noRegion, "RegionId")
	foreign := func(t *testing.T, m *manager) {
		if _, err := cloudformation.NewFromConfig(m.cloud.Config()).CreateStack(t.Context(), &cloudformation.CreateStackInput{
			StackName: aws.String("stack-by-ros"), TemplateBody: aws.String("Resources: {Q: {Type: AWS::SQS::Queue}}"),
		}); err != nil {
			t.Fatal(err)
		}
	}
	failing := func(_ *testing.T, m *manager) {
		m.cloud.Fail(local.Fault{LogicalID: "MyBucket", Action: local.Create, Reason: "one already exists", Times: 1})
	}
	type step struct {
		typ          customresource.RequestType
		properties   map[string]any
		python, ours []string // parts of what is told
	}
	same := func(typ customresource.RequestType, p map[string]any, told string) step {
		return step{typ, p, []string{told}, []string{told}}
	}
	one, created := awsStack(awsTemplate, "one"), `SUCCESS {"MyBucketArn":`
	script := startScript(t)
	for _, tt := range []struct {
		name         string
		prepare      func(*testing.T, *manager)
		steps        []step
		python, ours string // the status of the stack in the end
	}{
		{name: "all goes well", steps: []step{
			same("Create", one, created), same("Update", awsStack(awsTemplate, "two"), created),
		}, python: "UPDATE_COMPLETE", ours: "UPDATE_COMPLETE"},
		{name: "an update without changes", steps: []step{
			same("Create", one, created),
			{"Update", one, []string{"FAILED", "No updates are to be performed"}, []string{created}},
		}, python: "CREATE_COMPLETE", ours: "CREATE_COMPLETE"},
		{name: "a creation that is rolled back", prepare: failing, steps: []step{
			{"Create", one, []string{"SUCCESS"}, []string{"FAILED", "ROLLBACK_COMPLETE", "MyBucket", "one already exists"}},
		}, python: "ROLLBACK_COMPLETE", ours: "ROLLBACK_COMPLETE"},
		{name: "an update that is rolled back", steps: []step{
			same("Create", one, created),
			{"Update", awsStack(strings.Replace(awsTemplate, "Resources:", "Resources:\n  X: {Type: 'Custom::X', Properties: {ServiceToken: nowhere}}", 1), "one"), []string{created}, []string{"FAILED", "nothing behind the ServiceToken nowhere"}},
		}, python: "UPDATE_ROLLBACK_COMPLETE", ours: "UPDATE_ROLLBACK_COMPLETE"},
		{name: "a property that is missing", steps: []step{
			{"Create", noRegion, []string{"no response"}, []string{"FAILED", "property RegionId is missing"}},
		}, python: "none", ours: "none"},
		{name: "a stack of somebody else's", prepare: foreign, steps: []step{
			{"Create", one, []string{"FAILED", "already exists"}, []string{"FAILED", "was not made for this resource"}},
			{"Delete", one, []string{"FAILED", "does not exist"}, []string{"SUCCESS"}},
		}, python: "none", ours: "CREATE_COMPLETE"},
		{name: "a deletion", steps: []step{
			same("Create", one, created),
			{"Delete", one, []string{"FAILED", "does not exist"}, []string{"SUCCESS"}},
		}, python: "none", ours: "none"},
		{name: "a template with a role", steps: []step{
			{"Create", awsStack(withRole, "one"), []string{"FAILED", "CAPABILITY_IAM"}, []string{"SUCCESS"}},
		}, python: "none", ours: "CREATE_COMPLETE"},
		{name: "outputs that are too large", steps: []step{
			{"Create", awsStack(large, "one"), []string{"refused: the response is too large"}, []string{"FAILED", "Large (4002 bytes)", "return less"}},
		}, python: "CREATE_COMPLETE", ours: "CREATE_COMPLETE"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for side, m := range map[string]*manager{"python": script.manager(t), "ours": ours(t)} {
				t.Run(side, func(t *testing.T) {
					if tt.prepare != nil {
						tt.prepare(t, m)
					}
					for _, s := range tt.steps {
						want := s.python
						if side == "ours" {
							want = s.ours
						}
						told := m.ask(t, s.typ, s.properties)
						wantIn(t, strings.ReplaceAll(told, `": "`, `":"`), want...)
					}
					want := tt.python
					if side == "ours" {
						want = tt.ours
					}
					if got := m.status(t, "stack-by-ros"); got != want {
						t.Errorf("in the end the stack is %s, not %s", got, want)
					}
				})
			}
		})
	}
}

// Where all goes well, both make the same stack.
func TestTheStacksOfBothAreTheSame(t *testing.T) {
	var templates, outputs []string
	for _, m := range []*manager{startScript(t).manager(t), ours(t)} {
		told := m.ask(t, customresource.Create, awsStack(awsTemplate, "one"))
		outputs = append(outputs, strings.ReplaceAll(told, `": "`, `":"`))
		out, err := cloudformation.NewFromConfig(m.cloud.Config()).GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("stack-by-ros")})
		if err != nil {
			t.Fatal(err)
		}
		templates = append(templates, *out.TemplateBody)
	}
	if templates[0] != templates[1] || outputs[0] != outputs[1] {
		t.Errorf("%q\n%q", templates, outputs)
	}
}
