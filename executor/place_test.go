package executor_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// inPlace returns a client of an embedded cloud's region and account.
func inPlace(cloud *local.Cloud, e stack.Environment) *executor.Client {
	cfg := cloud.Config()
	cfg.Region = e.Region
	if e.Account != "" {
		cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: e.Account, SecretAccessKey: "any"}, nil
		})
	}
	api := cloudformation.NewFromConfig(cfg)
	return &executor.Client{API: api, Environment: &e, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond, MaxInterval: 10 * time.Millisecond}}
}

// worldwide is a set: a queue in one place, and stacks of one name in two others that take its name.
func worldwide(far ...stack.Environment) []*stack.Stack {
	giver := &stack.Template{}
	q := stack.Add(giver, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": fn.StackName + "-" + fn.Region}})
	giver.Output("Name", stack.Output{Value: q.GetAtt("QueueName")})
	taker := &stack.Template{}
	from := taker.Parameter("From", stack.Parameter{})
	stack.Add(taker, "Q", &stack.Untyped{Type: "AWS::SQS::Queue", Properties: map[string]any{"QueueName": from.Ref() + "-in-" + fn.AccountID + "-" + fn.Region}})
	taker.Output("Name", stack.Output{Value: fn.GetAtt("Q", "QueueName")})
	set := []*stack.Stack{{Name: "giver", Template: giver}}
	for _, e := range far {
		set = append(set, &stack.Stack{Name: "taker", Template: taker, Environment: e, Inputs: map[string]stack.OutputRef{"From": set[0].Output("Name")}})
	}
	return set
}

var (
	home   = stack.Environment{Region: "us-east-1", Account: "123456789012"}
	europe = stack.Environment{Region: "eu-west-1"}
	other  = stack.Environment{Region: "eu-west-1", Account: "999900001111"}
)

func TestEdge30OutputsCrossRegionsAndAccounts(t *testing.T) {
	cloud := localtest.New(t)
	c := inPlace(cloud, home)
	opts := &executor.GraphOptions{Clients: map[stack.Environment]*executor.Client{
		europe.Or(home): inPlace(cloud, europe.Or(home)), other: inPlace(cloud, other),
	}}
	set := worldwide(europe, other)
	plan, err := c.PlanAll(t.Context(), set, opts)
	if err != nil {
		t.Fatal(err)
	}
	if p := plan.Stacks[1]; p.Plan != nil || len(p.After) != 1 || p.After[0] != set[0] {
		t.Errorf("plan of a stack that takes what is not there yet: got %+v", p)
	}
	if err := plan.Discard(t.Context()); err != nil {
		t.Fatal(err)
	}
	result, err := c.DeployAll(t.Context(), set, opts)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"giver-us-east-1", "giver-us-east-1-in-123456789012-eu-west-1", "giver-us-east-1-in-999900001111-eu-west-1"} {
		if got := result.Stacks[i].Result.Outputs["Name"]; got != want {
			t.Errorf("%s: got %q, want %q", result.Stacks[i].Stack.Label(), got, want)
		}
	}
	if plan, err = c.PlanAll(t.Context(), set, opts); err != nil || !plan.Stacks[2].Plan.Unchanged {
		t.Errorf("a plan when all is there: %v", err)
	}
	if _, err := c.DeleteAll(t.Context(), set, opts); err != nil {
		t.Fatal(err)
	}
	if d, err := inPlace(cloud, other).Describe(t.Context(), "taker"); err == nil {
		t.Errorf("a stack is left: %+v", d)
	}
}

func TestFailuresOfStacksInPlacesSayWhere(t *testing.T) {
	cloud := localtest.New(t)
	c := inPlace(cloud, home)
	opts := &executor.GraphOptions{Clients: map[stack.Environment]*executor.Client{europe.Or(home): inPlace(cloud, europe.Or(home)), other: inPlace(cloud, other)}}
	set := worldwide(europe, other)
	cloud.Fail(local.Fault{LogicalID: "Q", Stack: "taker", Action: local.Create, Reason: "no more queues"})
	_, err := c.DeployAll(t.Context(), set, opts)
	if err == nil || !strings.HasPrefix(err.Error(), "stack taker (") || !strings.Contains(err.Error(), "; also failed: taker (") {
		t.Errorf("got %v", err)
	}
	if text := fmt.Sprintf("%+v", err); !strings.Contains(text, "\n  Q (AWS::SQS::Queue): ") {
		t.Errorf("%%+v does not tell all: %s", text)
	}
}

func TestPlacesAreCheckedBeforeAnyCall(t *testing.T) {
	f := newFake()
	c := f.client()
	c.Environment = &home
	_, err := c.DeployAll(t.Context(), worldwide(europe, other), &executor.GraphOptions{Clients: map[stack.Environment]*executor.Client{other: f.client()}})
	want := "stack taker: GraphOptions.Clients has no client for eu-west-1, where the stack is to be deployed; add it to those for 999900001111, eu-west-1"
	if err == nil || err.Error() != want || len(f.calls) > 0 {
		t.Errorf("no client: got %v after %v\nwant %s", err, f.calls, want)
	}
	far := topic("jobs")
	far.Environment = europe
	if _, err := c.Deploy(t.Context(), far, nil); err == nil || !strings.Contains(err.Error(), "is to be deployed to eu-west-1, and the client deploys to 123456789012, us-east-1") || len(f.calls) > 0 {
		t.Errorf("wrong client: got %v", err)
	}
	alone := topic("jobs")
	alone.Template.Parameter("From", stack.Parameter{})
	from := topic("giver")
	from.Environment = europe
	from.Template.Output("Out", stack.Output{Value: "x"})
	alone.Inputs = map[string]stack.OutputRef{"From": from.Output("Out")}
	if _, err := c.Deploy(t.Context(), alone, nil); err == nil || !strings.Contains(err.Error(), "is of the stack giver (eu-west-1), in another place; deploy both as a set") || len(f.calls) > 0 {
		t.Errorf("an input from elsewhere: got %v", err)
	}
}

// An import reaches only its own region: the error says how the value can be had all the same.
func TestAnImportFromAnotherRegionIsToldSo(t *testing.T) {
	cloud := localtest.New(t)
	c := inPlace(cloud, home)
	far := exporter("giver")
	far.Environment = europe
	opts := &executor.GraphOptions{Clients: map[stack.Environment]*executor.Client{europe: inPlace(cloud, europe)}}
	_, err := c.DeployAll(t.Context(), []*stack.Stack{far, importer("taker", "giver-topic")}, opts)
	if err == nil || !strings.Contains(err.Error(), "giver (eu-west-1) exports it, but an import does not reach there: hand the value over with Stack.Inputs") {
		t.Errorf("got %v", err)
	}
}

// Eight stacks, two at once in each of two places, take two rounds, not four.
func TestConcurrencyIsBoundedInEachPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := newFake(), newFake()
		began := time.Now()
		var set []*stack.Stack
		for i := range 8 {
			s := topic(fmt.Sprint("s", i))
			if i%2 == 0 {
				s.Environment = europe
			}
			set = append(set, s)
		}
		opts := &executor.GraphOptions{Concurrency: 2, Clients: map[stack.Environment]*executor.Client{europe: far.client()}}
		if _, err := near.client().DeployAll(t.Context(), set, opts); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 2*time.Minute || took > 3*time.Minute || len(far.runs) != 4 || len(near.runs) != 4 {
			t.Errorf("it took %s, with %d and %d deployments; want two rounds of a minute, four each", took, len(near.runs), len(far.runs))
		}
	})
}
