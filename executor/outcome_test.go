package executor_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// running is a deployment that has begun, on a stack that is there.
func running(t *testing.T, f *fake, opts *executor.Options) (*executor.Run, *fakeStack) {
	t.Helper()
	f.put("jobs", stack.UpdateComplete)
	p, err := f.client().Plan(t.Context(), topic("jobs"), opts)
	if err != nil {
		t.Fatal(err)
	}
	run, err := f.client().Apply(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return run, f.live["jobs"]
}

func TestEdge25ALeakIsAnErrorOnWish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := running(t, f, &executor.Options{FailOnLeak: true, StackPolicyBody: allowAll})
		s.next[0].reason = "Update successful. One or more resources could not be deleted."
		f.event(s, "Old", "bucket-1", "AWS::S3::Bucket", "DELETE_FAILED", "the bucket is not empty", &run.Token, time.Now())
		result, err := run.Wait(t.Context())
		leak, ok := errors.AsType[*executor.LeakError](err)
		if !ok || len(leak.Leaked) != 1 || result == nil || result.Status != stack.UpdateComplete || !strings.Contains(err.Error(), "Old (AWS::S3::Bucket): the bucket is not empty (bucket-1)") {
			t.Errorf("got %+v, %v", result, err)
		}
		if len(f.policies) != 1 {
			t.Errorf("%d policies were set, want 1: the deployment has succeeded", len(f.policies))
		}
	})
}

func TestWhatAnExpressDeploymentDoesNotWaitForIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		run, s := running(t, f, &executor.Options{Mode: types.DeploymentConfigModeExpress})
		for range 2 {
			f.event(s, "Db", "db-1", "AWS::RDS::DBInstance", "CREATE_COMPLETE", "Resource may continue becoming available in the background", &run.Token, time.Now())
		}
		result, err := run.Wait(t.Context())
		if err != nil || !slices.Equal(result.Stabilizing, []string{"Db"}) {
			t.Errorf("got %+v, %v", result, err)
		}
		if config := f.sets[0].DeploymentConfig; config == nil || config.Mode != types.DeploymentConfigModeExpress || config.DisableRollback == nil || *config.DisableRollback {
			t.Errorf("sent %+v; an express deployment rolls back only if it is told to", config)
		}
	})
}

func TestDriftThatWasFoundLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &drifting{fake: newFake()}
		s := d.put("jobs", stack.UpdateComplete)
		c := d.client()
		c.API = d
		got, err := c.DetectDrift(t.Context(), "jobs", &executor.DriftOptions{Last: true})
		if err != nil || got.Status != types.StackDriftStatusNotChecked || d.counts["DetectStackDrift"] != 0 {
			t.Errorf("never looked for: got %+v, %v", got, err)
		}
		s.DriftInformation = &types.StackDriftInformation{StackDriftStatus: types.StackDriftStatusDrifted, LastCheckTimestamp: aws.Time(time.Now())}
		if got, err = c.DetectDrift(t.Context(), "jobs", &executor.DriftOptions{Last: true}); err != nil || got.Status != types.StackDriftStatusDrifted || len(got.Drifted()) != 1 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}
