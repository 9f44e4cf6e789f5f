package local_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

func TestAnExpressDeploymentDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Hour}
		defer cloud.Close()
		api := client(cloud)
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic),
			DeploymentConfig: &types.DeploymentConfig{Mode: types.DeploymentConfigModeExpress}})
		if err != nil {
			t.Fatal(err)
		}
		s := describe(t, api, "work")
		equal(t, types.StackStatusCreateComplete, s.StackStatus)
		equal(t, types.DeploymentConfigModeExpress, s.DeploymentConfig.Mode)
	})
}

func TestAnExpressDeploymentRollsBackOnlyIfItIsToldTo(t *testing.T) {
	cloud := localtest.New(t)
	cloud.Fail(local.Fault{LogicalID: "Jobs", Action: local.Create, Reason: "no"})
	api := client(cloud)
	for name, tt := range map[string]struct {
		config types.DeploymentConfig
		want   types.StackStatus
	}{
		"stays":  {types.DeploymentConfig{Mode: types.DeploymentConfigModeExpress}, types.StackStatusCreateFailed},
		"rolls":  {types.DeploymentConfig{Mode: types.DeploymentConfigModeExpress, DisableRollback: aws.Bool(false)}, types.StackStatusRollbackComplete},
		"normal": {types.DeploymentConfig{Mode: types.DeploymentConfigModeStandard}, types.StackStatusRollbackComplete},
		"keeps":  {types.DeploymentConfig{DisableRollback: aws.Bool(true)}, types.StackStatusCreateFailed},
	} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: aws.String(topic), DeploymentConfig: &tt.config})
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(t, api, name).StackStatus; got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

func TestAForcedDeletionForgetsWhatItCannotDelete(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	id := *create(t, api, "work", topic).StackId
	cloud.Fail(local.Fault{LogicalID: "Jobs", Action: local.Delete, Reason: "no"})
	remove := func(mode types.DeletionMode) error {
		_, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work"), DeletionMode: mode})
		return err
	}
	refusedWith(t, remove(types.DeletionModeForceDeleteStack), "ValidationError", "DeletionMode FORCE_DELETE_STACK can only be specified when the stack is in the DELETE_FAILED state")
	if err := remove(types.DeletionModeStandard); err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackStatusDeleteFailed, describe(t, api, "work").StackStatus)
	if err := remove(types.DeletionModeForceDeleteStack); err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackStatusDeleteComplete, describe(t, api, id).StackStatus)
	got := lines(t, api, id)
	equal(t, []string{"work DELETE_IN_PROGRESS: User Initiated", "Jobs DELETE_IN_PROGRESS", "Jobs DELETE_FAILED: no", "Jobs DELETE_SKIPPED", "work DELETE_COMPLETE"}, got[len(got)-5:])
}

func TestThereAreNoHooks(t *testing.T) {
	api := client(localtest.New(t))
	if _, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("first"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(topic)}); err != nil {
		t.Fatal(err)
	}
	planned, err := api.DescribeChangeSetHooks(t.Context(), &cloudformation.DescribeChangeSetHooksInput{StackName: aws.String("work"), ChangeSetName: aws.String("first")})
	if err != nil || len(planned.Hooks) > 0 || planned.Status != types.ChangeSetHooksStatusPlanned {
		t.Errorf("got %v, %v", planned, err)
	}
	results, err := api.ListHookResults(t.Context(), &cloudformation.ListHookResultsInput{TargetType: "STACK", TargetId: aws.String("work")})
	if err != nil || len(results.HookResults) > 0 {
		t.Errorf("got %v, %v", results, err)
	}
}
