package stacktest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// DeployOptions say how stacks are deployed in a test. Nil, or the zero value, deploys them to a
// cloud that is made for the call and closed when the test ends.
type DeployOptions struct {
	// Cloud is where they are deployed: one with faults or providers in it, or one that has what
	// other calls deployed. If nil, an empty one. It is not closed.
	Cloud *local.Cloud
	// Graph says how the set is deployed. If nil, the zero value.
	Graph *executor.GraphOptions
}

// A Deployment is what came of deploying stacks.
type Deployment struct {
	// Outputs are the outputs by the name of the stack and that of the output.
	Outputs map[string]map[string]string
	// Exports are the values of all exports of the stacks by the name of the export.
	Exports map[string]string
	// Result tells all of each stack.
	Result *executor.GraphResult
	// Cloud is where the stacks are now.
	Cloud *local.Cloud
}

// Deploy deploys stacks to an embedded cloud, in the order of their dependencies, and returns what
// came of it. What does not exist is created, what exists is updated. A failure ends the test and
// tells its first cause.
func Deploy(t testing.TB, stacks []*stack.Stack, opts *DeployOptions) *Deployment {
	t.Helper()
	o := value(opts)
	if o.Cloud == nil {
		o.Cloud = newCloud(t)
	}
	api := cloudformation.NewFromConfig(o.Cloud.Config())
	client := &executor.Client{
		API:         api,
		Poller:      &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond, MaxInterval: 10 * time.Millisecond}, // no quota here
		Environment: &stack.Environment{Region: o.Cloud.Config().Region, Account: account(o.Cloud)},
	}
	d := &Deployment{Outputs: map[string]map[string]string{}, Exports: map[string]string{}, Cloud: o.Cloud}
	result, err := client.DeployAll(t.Context(), stacks, o.Graph)
	if result != nil {
		d.collect(result)
	}
	if err != nil {
		t.Fatalf("deploy: %v", err)
	}
	return d
}

func newCloud(t testing.TB) *local.Cloud {
	cloud := &local.Cloud{Seed: 1} // the same identifiers in each run
	t.Cleanup(func() {
		if err := cloud.Close(); err != nil {
			t.Errorf("close the cloud: %v", err)
		}
	})
	return cloud
}

func account(c *local.Cloud) string {
	if c.Account != "" {
		return c.Account
	}
	return local.DefaultAccount
}

func (d *Deployment) collect(result *executor.GraphResult) {
	d.Result = result
	for _, s := range result.Stacks {
		if s.Result == nil {
			continue
		}
		d.Outputs[s.Stack.Name] = s.Result.Outputs
		for name, v := range s.Result.Exports {
			d.Exports[name] = v
		}
	}
}
