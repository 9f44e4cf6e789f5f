package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/executor/bucket"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// A place is an endpoint on which the executor's suite runs.
type place struct {
	cfg    aws.Config
	client *executor.Client
	// gaps are cases that fail, and why.
	gaps map[string]string
}

func placeAt(url string, gaps map[string]string) *place {
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(url), RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "123456789012", SecretAccessKey: "any"}, nil
		}),
	}
	api := cloudformation.NewFromConfig(cfg)
	poller := &waiter.Poller{API: api, Rate: -1, MinInterval: 20 * time.Millisecond, Grace: 2 * time.Second}
	return &place{cfg: cfg, client: &executor.Client{API: api, Poller: poller}, gaps: gaps}
}

// queue is a stack of one queue that exports its name as STACK-name.
func queue(name, queueName string) *stack.Stack {
	t := &stack.Template{}
	q := stack.Add(t, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": queueName}})
	t.Export("Name", fn.StackName+"-name", stack.Output{Value: q.GetAtt("QueueName")})
	return &stack.Stack{Name: name, Template: t}
}

// The suite is what a deployer relies on, case by case; each gets a client and a name of its own.
var suite = []struct {
	name string
	run  func(ctx context.Context, p *place, name string) error
}{
	{"create, change, delete", func(ctx context.Context, p *place, name string) error {
		r, err := p.client.Deploy(ctx, queue(name, name+"-a"), nil)
		if err != nil || r.Status != stack.CreateComplete {
			return fmt.Errorf("create: %+v, %w", r, err)
		}
		if r, err = p.client.Deploy(ctx, queue(name, name+"-b"), nil); err != nil || r.Status != stack.UpdateComplete || r.Unchanged {
			return fmt.Errorf("update: %+v, %w", r, err)
		}
		if r, err = p.client.Delete(ctx, name, nil); err != nil || r.Status != stack.DeleteComplete {
			return fmt.Errorf("delete: %+v, %w", r, err)
		}
		if r, err = p.client.Delete(ctx, name, nil); err != nil || !r.Unchanged {
			return fmt.Errorf("delete once more: %+v, %w", r, err)
		}
		return nil
	}},
	{"a stack tells its outputs and exports", func(ctx context.Context, p *place, name string) error {
		for _, value := range []string{name + "-a", name + "-b"} {
			r, err := p.client.Deploy(ctx, queue(name, value), nil)
			if err != nil || r.Outputs["Name"] != value || r.Exports[name+"-name"] != value {
				return fmt.Errorf("%+v, %w", r, err)
			}
		}
		return nil
	}},
	{"no change is a result", func(ctx context.Context, p *place, name string) error {
		for i := range 2 {
			r, err := p.client.Deploy(ctx, queue(name, name), nil)
			if err != nil || r.Unchanged != (i == 1) {
				return fmt.Errorf("%d: %+v, %w", i, r, err)
			}
		}
		return nil
	}},
	{"a plan tells what would change, and leaves nothing", func(ctx context.Context, p *place, name string) error {
		plan, err := p.client.Plan(ctx, queue(name, name), nil)
		if err != nil || len(plan.Changes) != 1 || plan.Changes[0].Action != "Add" || plan.Changes[0].LogicalID != "Q" {
			return fmt.Errorf("plan: %+v, %w", plan, err)
		}
		if err := plan.Discard(ctx); err != nil {
			return err
		}
		if d, err := p.client.Describe(ctx, name); err == nil && d.Status != stack.DeleteComplete {
			return fmt.Errorf("the stack is left in %s", d.Status)
		}
		return nil
	}},
	{"a deployment that is done is not repeated", func(ctx context.Context, p *place, name string) error {
		opts := &executor.Options{DeploymentID: "build-7"}
		for i := range 2 {
			r, err := p.client.Deploy(ctx, queue(name, name), opts)
			if err != nil || r.Status != stack.CreateComplete || r.Unchanged {
				return fmt.Errorf("%d: %+v, %w", i, r, err)
			}
		}
		return nil
	}},
	{"events come in order and end with the stack's", func(ctx context.Context, p *place, name string) error {
		plan, err := p.client.Plan(ctx, queue(name, name), nil)
		if err != nil {
			return err
		}
		run, err := p.client.Apply(ctx, plan)
		if err != nil {
			return err
		}
		var got []string
		for e, err := range run.Events(ctx) {
			if err != nil {
				return err
			}
			got = append(got, e.LogicalID+" "+string(e.Status))
		}
		if len(got) < 3 || got[0] != name+" CREATE_IN_PROGRESS" || got[len(got)-1] != name+" CREATE_COMPLETE" || !slices.Contains(got, "Q CREATE_COMPLETE") {
			return fmt.Errorf("events %v", got)
		}
		return nil
	}},
	{"a run is attached to by its token", func(ctx context.Context, p *place, name string) error {
		plan, err := p.client.Plan(ctx, queue(name, name), nil)
		if err != nil {
			return err
		}
		run, err := p.client.Apply(ctx, plan)
		if err != nil {
			return err
		}
		if run, err = p.client.Attach(ctx, name, run.Token); err != nil {
			return err
		}
		r, err := run.Wait(ctx)
		if err != nil || r.Status != stack.CreateComplete || r.Operation != waiter.Create {
			return fmt.Errorf("attached: %+v, %w", r, err)
		}
		return nil
	}},
	{"a set of stacks in the order of its exports and imports", func(ctx context.Context, p *place, name string) error {
		taker := &stack.Stack{Name: name + "-taker", Template: &stack.Template{}}
		stack.Add(taker.Template, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": fn.ImportValue(fn.String(name+"-giver-name")) + "-taken"}})
		set := []*stack.Stack{taker, queue(name+"-giver", name)}
		if _, err := p.client.DeployAll(ctx, set, nil); err != nil {
			return err
		}
		_, err := p.client.Delete(ctx, name+"-giver", nil)
		if used, ok := errors.AsType[*executor.InUseError](err); !ok || !slices.Contains(used.Importers, name+"-taker") {
			return fmt.Errorf("deleting what is imported: got %w", err)
		}
		_, err = p.client.DeleteAll(ctx, set, nil)
		return err
	}},
	{"outputs are handed over as parameters", func(ctx context.Context, p *place, name string) error {
		giver := queue(name+"-giver", name)
		taker := &stack.Stack{Name: name + "-taker", Template: &stack.Template{}, Inputs: map[string]stack.OutputRef{"From": giver.Output("Name")}}
		from := taker.Template.Parameter("From", stack.Parameter{})
		stack.Add(taker.Template, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": from.Ref() + "-taken"}})
		taker.Template.Output("Name", stack.Output{Value: fn.GetAtt("Q", "QueueName")})
		r, err := p.client.DeployAll(ctx, []*stack.Stack{taker, giver}, nil)
		if err != nil {
			return err
		}
		if got, _ := r.Stack(name + "-taker"); got.Result.Outputs["Name"] != name+"-taken" {
			return fmt.Errorf("outputs %v", got.Result.Outputs)
		}
		return nil
	}},
	{"a parameter keeps its value", func(ctx context.Context, p *place, name string) error {
		s := &stack.Stack{Name: name, Template: &stack.Template{}, Parameters: map[string]string{"Name": name}}
		value := s.Template.Parameter("Name", stack.Parameter{})
		stack.Add(s.Template, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": value.Ref()}})
		if _, err := p.client.Deploy(ctx, s, nil); err != nil {
			return err
		}
		s.Parameters = nil
		s.Template.Output("Name", stack.Output{Value: fn.GetAtt("Q", "QueueName")})
		r, err := p.client.Deploy(ctx, s, nil)
		if err != nil || r.Outputs["Name"] != name {
			return fmt.Errorf("%+v, %w", r, err)
		}
		return nil
	}},
	{"tags are set, and protection holds", func(ctx context.Context, p *place, name string) error {
		s := queue(name, name)
		s.Tags = map[string]string{"team": "x"}
		if _, err := p.client.Deploy(ctx, s, &executor.Options{TerminationProtection: aws.Bool(true)}); err != nil {
			return err
		}
		d, err := p.client.Describe(ctx, name)
		if err != nil || d.Tags["team"] != "x" || !d.TerminationProtection {
			return fmt.Errorf("%+v, %w", d, err)
		}
		if _, err = p.client.Delete(ctx, name, nil); err == nil {
			return errors.New("a protected stack was deleted")
		}
		_, err = p.client.Delete(ctx, name, &executor.DeleteOptions{DisableTerminationProtection: true})
		return err
	}},
	{"a large template through a bucket", func(ctx context.Context, p *place, name string) error {
		api := s3.NewFromConfig(p.cfg, func(o *s3.Options) { o.UsePathStyle = true })
		if _, err := api.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name}); err != nil {
			return err
		}
		c := &executor.Client{API: p.client.API, Poller: p.client.Poller, Uploader: &bucket.Uploader{API: api, Bucket: name, BaseURL: *p.cfg.BaseEndpoint}}
		s := queue(name, name)
		s.Template.Metadata = map[string]any{"Text": strings.Repeat("x", 60_000)}
		r, err := c.Deploy(ctx, s, &executor.Options{SkipValidation: true})
		if err != nil || r.Status != stack.CreateComplete {
			return fmt.Errorf("%+v, %w", r, err)
		}
		return nil
	}},
	{"a deployment without a change set", func(ctx context.Context, p *place, name string) error {
		r, err := p.client.Deploy(ctx, queue(name, name+"-a"), &executor.Options{Direct: true})
		if err != nil || r.Status != stack.CreateComplete {
			return fmt.Errorf("create: %+v, %w", r, err)
		}
		if r, err = p.client.Deploy(ctx, queue(name, name+"-b"), &executor.Options{Direct: true}); err != nil || r.Status != stack.UpdateComplete {
			return fmt.Errorf("update: %+v, %w", r, err)
		}
		if r, err = p.client.Deploy(ctx, queue(name, name+"-b"), &executor.Options{Direct: true}); err != nil || !r.Unchanged {
			return fmt.Errorf("no change: %+v, %w", r, err)
		}
		return nil
	}},
	{"a creation that fails tells the cause, and is rolled back", func(ctx context.Context, p *place, name string) error {
		nests := &stack.Stack{Name: name, Template: &stack.Template{}}
		stack.Add(nests.Template, "R", &stack.Untyped{Type: "AWS::CloudFormation::Stack", Properties: map[string]any{"TemplateURL": "https://s3.amazonaws.com/" + name + "/nothing.json"}})
		_, err := p.client.Deploy(ctx, nests, nil)
		failed, ok := errors.AsType[*executor.OperationError](err)
		if !ok || failed.Status != stack.RollbackComplete || len(failed.Failures) == 0 || failed.Failures[0].Path[0] != "R" {
			return fmt.Errorf("got %w", err)
		}
		return nil
	}},
	{"drift of a stack that has none", func(ctx context.Context, p *place, name string) error {
		if _, err := p.client.Deploy(ctx, queue(name, name), nil); err != nil {
			return err
		}
		d, err := p.client.DetectDrift(ctx, name, nil)
		if err != nil || len(d.Drifted()) > 0 {
			return fmt.Errorf("%+v, %w", d, err)
		}
		return nil
	}},
	{"a template that is refused", func(ctx context.Context, p *place, name string) error {
		s := queue(name, name)
		s.Template.Output("Bad", stack.Output{Value: fn.RefOf[fn.String]("Nobody")})
		_, err := p.client.Deploy(ctx, s, &executor.Options{SkipValidation: true})
		if _, ok := errors.AsType[*executor.RefusedError](err); !ok {
			return fmt.Errorf("got %w", err)
		}
		return nil
	}},
	{"a resource moves to another stack", func(ctx context.Context, p *place, name string) error {
		whole := queue(name+"-one", name)
		stack.Add(whole.Template, "T", &stack.Untyped{Type: "AWS::SNS::Topic", Properties: map[string]any{"TopicName": name}})
		if _, err := p.client.Deploy(ctx, whole, nil); err != nil {
			return err
		}
		part := &stack.Stack{Name: name + "-two", Template: &stack.Template{}}
		stack.Add(part.Template, "T", &stack.Untyped{Type: "AWS::SNS::Topic", Properties: map[string]any{"TopicName": name}})
		set := []*stack.Stack{queue(name+"-one", name), part}
		r, err := p.client.Refactor(ctx, set, &executor.RefactorOptions{CreateStacks: true})
		if err != nil || !slices.ContainsFunc(r.Actions, func(a executor.RefactorAction) bool { return a.To.Stack == part.Name && a.To.LogicalID == "T" }) {
			return fmt.Errorf("%+v, %w", r, err)
		}
		for _, s := range set {
			if r, err := p.client.Deploy(ctx, s, nil); err != nil || !r.Unchanged {
				return fmt.Errorf("%s: %+v, %w", s.Name, r, err)
			}
		}
		return nil
	}},
	{"a stack set", func(ctx context.Context, p *place, name string) error {
		sets := &executor.StackSets{API: p.client.API.(*cloudformation.Client), Client: p.client}
		targets := []executor.StackSetTarget{{Accounts: []string{"123456789012"}, Regions: []string{"eu-west-1", "us-east-1"}}}
		s := queue(name, name)
		for i := range 2 {
			r, err := sets.Deploy(ctx, s, targets, nil)
			if err != nil || len(r.Instances) != 2 || r.Unchanged != (i == 1) {
				return fmt.Errorf("%d: %+v, %w", i, r, err)
			}
		}
		_, err := sets.Delete(ctx, name, nil)
		return err
	}},
}

func (p *place) conform(t *testing.T) {
	for i, c := range suite {
		t.Run(c.name, func(t *testing.T) {
			gap, known := p.gaps[c.name]
			patience := 30 * time.Second
			if known {
				patience = 3 * time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			err := c.run(ctx, p, fmt.Sprintf("case%d", i))
			switch {
			case err == nil && known:
				t.Errorf("it works now; remove it from the gaps, here and in docs/moto.md: %s", gap)
			case err != nil && known:
				t.Skipf("a known gap: %s\n%v", gap, err)
			case err != nil:
				t.Error(err)
			}
		})
	}
	for name := range p.gaps {
		if !slices.ContainsFunc(suite, func(c struct {
			name string
			run  func(context.Context, *place, string) error
		}) bool {
			return c.name == name
		}) {
			t.Errorf("the gap %q is of no case", name)
		}
	}
}

func TestExecutorOnTheEmbeddedCloud(t *testing.T) {
	placeAt(serve(t), nil).conform(t)
}

func TestExecutorOnMoto(t *testing.T) {
	placeAt(motoServer(t), motoGaps).conform(t)
}

// What moto 5.2.1 does otherwise than AWS, by the case that meets it; docs/moto.md has it, too.
var motoGaps = map[string]string{
	"a stack tells its outputs and exports":                     "it tells no outputs of a stack that a change set made",
	"events come in order and end with the stack's":             "it has no events of resources",
	"a set of stacks in the order of its exports and imports":   "it registers no exports of a stack that a change set made",
	"outputs are handed over as parameters":                     "it tells no outputs of a stack that a change set made",
	"a parameter keeps its value":                               "it tells no outputs of a stack that a change set changed",
	"tags are set, and protection holds":                        "UpdateTerminationProtection is a fault of the server",
	"a large template through a bucket":                         "it reads no template from a URL with the bucket in its path",
	"a deployment without a change set":                         "UpdateStack accepts an update that changes nothing",
	"a creation that fails tells the cause, and is rolled back": "ExecuteChangeSet refuses what would fail later, and nothing is rolled back",
	"drift of a stack that has none":                            "DetectStackDrift is a fault of the server",
	"a resource moves to another stack":                         "it has no CreateStackRefactor",
	"a template that is refused":                                "it accepts a reference to nothing",
}
