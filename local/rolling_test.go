package local_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
)

// group is a stack with a group of that many instances, under a policy.
func group(size int, launches, attributes string) string {
	return fmt.Sprintf(`{"Parameters": {"Batch": {"Type": "Number", "Default": 2}}, "Resources": {"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", %s,
		"Properties": {"MinSize": "1", "MaxSize": "6", "DesiredCapacity": "%d", "AvailabilityZones": ["us-east-1a"], "LaunchConfigurationName": "%s"}}}}`, attributes, size, launches)
}

const waitingPolicy = `"UpdatePolicy": {"AutoScalingRollingUpdate": {"MaxBatchSize": {"Ref": "Batch"}, "MinInstancesInService": 3, "WaitOnResourceSignals": true, "PauseTime": "PT10M", "MinSuccessfulInstancesPercent": 75}}`

// signaler signals a resource as one sender after another.
type signaler struct {
	t    *testing.T
	api  *cloudformation.Client
	sent int
}

func (s *signaler) send(status types.ResourceSignalStatus, n int) {
	s.t.Helper()
	for range n {
		s.sent++
		_, err := s.api.SignalResource(s.t.Context(), &cloudformation.SignalResourceInput{
			StackName: aws.String("web"), LogicalResourceId: aws.String("Group"), UniqueId: aws.String(fmt.Sprintf("i-%d", s.sent)), Status: status,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		synctest.Wait()
	}
}

// told are the reasons of the group's events since its update began.
func told(t *testing.T, api *cloudformation.Client) []string {
	t.Helper()
	var reasons []string
	for _, line := range lines(t, api, "web") {
		switch {
		case line == "Group UPDATE_IN_PROGRESS":
			reasons = []string{}
		case strings.HasPrefix(line, "Group ") && reasons != nil:
			reasons = append(reasons, strings.TrimPrefix(strings.TrimPrefix(line, "Group "), "UPDATE_IN_PROGRESS: "))
		}
	}
	return reasons
}

func TestRollingUpdates(t *testing.T) {
	const (
		initiated = "Rolling update initiated. Terminating 4 obsolete instance(s) in batches of 2, while keeping at least 3 instance(s) in service. Waiting on resource signals with a timeout of PT10M when new instances are added to the autoscaling group."
		surge     = "Temporarily setting autoscaling group MinSize and DesiredCapacity to 5."
	)
	waitingOn := func(n int) string {
		return fmt.Sprintf("New instance(s) added to autoscaling group - Waiting on %d resource signal(s) with a timeout of PT10M.", n)
	}
	received := func(from, to int) []string {
		var all []string
		for i := from; i <= to; i++ {
			all = append(all, fmt.Sprintf("Received SUCCESS signal with UniqueId i-%d", i))
		}
		return all
	}
	for _, tt := range []struct {
		name   string
		do     func(s *signaler)
		status types.StackStatus
		want   []string
	}{
		{"all succeed", func(s *signaler) { s.send("SUCCESS", 4) }, types.StackStatusUpdateComplete, slices.Concat(
			[]string{initiated, surge, waitingOn(1)}, received(1, 1),
			[]string{"Terminating 2 instance(s); replacing with 2 new instance(s).", "Successfully terminated 2 instance(s) (Progress 50%).", waitingOn(2)}, received(2, 3),
			[]string{"Terminating 2 instance(s); replacing with 1 new instance(s).", "Successfully terminated 2 instance(s) (Progress 100%).", waitingOn(1)}, received(4, 4),
			[]string{"UPDATE_COMPLETE"})},
		{"one may fail", func(s *signaler) { s.send("SUCCESS", 2); s.send("FAILURE", 1); s.send("SUCCESS", 1) }, types.StackStatusUpdateComplete, nil},
		{"one may be silent", func(s *signaler) {
			s.send("SUCCESS", 2)
			<-time.After(11 * time.Minute)
			synctest.Wait()
			s.send("SUCCESS", 1)
		}, types.StackStatusUpdateComplete, nil},
		{"two may not fail", func(s *signaler) { s.send("FAILURE", 2) }, types.StackStatusUpdateRollbackComplete, nil},
		{"two may not be silent", func(s *signaler) {
			s.send("SUCCESS", 1)
			<-time.After(11 * time.Minute)
			synctest.Wait()
			s.send("SUCCESS", 3) // the roll-back waits for those that were launched
		}, types.StackStatusUpdateRollbackComplete, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := &local.Cloud{}
				defer cloud.Close()
				api := client(cloud)
				create(t, api, "web", group(4, "one", waitingPolicy))
				equal(t, types.StackStatusUpdateInProgress, update(t, api, "web", group(4, "two", waitingPolicy)).StackStatus)
				s := &signaler{t: t, api: api}
				tt.do(s)
				synctest.Wait()
				if tt.name == "two may not fail" {
					s.send("SUCCESS", 3)
				}
				equal(t, tt.status, describe(t, api, "web").StackStatus)
				all := strings.Join(lines(t, api, "web"), "\n")
				switch tt.name {
				case "one may be silent":
					wantIn(t, all, "Failed to receive 1 resource signal(s) for the current batch.  Each resource signal timeout is counted as a FAILURE.")
				case "two may not fail":
					wantIn(t, all, "Group UPDATE_FAILED: Received 2 FAILURE signal(s) out of 4.  Unable to satisfy 75% MinSuccessfulInstancesPercent requirement")
				case "two may not be silent":
					wantIn(t, all, "Failed to receive 2 resource signal(s) for the current batch.",
						"Group UPDATE_FAILED: Received 1 SUCCESS signal(s) out of 4.  Unable to satisfy 75% MinSuccessfulInstancesPercent requirement",
						"Terminating 3 obsolete instance(s) in batches of 2")
				}
				if tt.want != nil {
					if diff := cmp.Diff(tt.want, told(t, api)); diff != "" {
						t.Errorf("(-want +got)\n%s", diff)
					}
				}
				_, err := api.SignalResource(t.Context(), &cloudformation.SignalResourceInput{
					StackName: aws.String("web"), LogicalResourceId: aws.String("Group"), UniqueId: aws.String("late"), Status: "SUCCESS",
				})
				refusedWith(t, err, "ValidationError", "Stack "+*describe(t, api, "web").StackId+" is in "+string(tt.status)+" state and cannot be signaled")
			})
		})
	}
}

func TestWhatAnUpdatePolicyDoes(t *testing.T) {
	rolling := func(members string) string {
		return `"UpdatePolicy": {"AutoScalingRollingUpdate": {` + members + `}}`
	}
	for _, tt := range []struct {
		name          string
		policy        string
		before, after int
		launches      string
		status        types.StackStatus // at once
		want          string
	}{
		{"no pause", rolling(`"MaxBatchSize": "3"`), 4, 4, "two", types.StackStatusUpdateComplete, "Rolling update initiated. Terminating 4 obsolete instance(s) in batches of 3, while keeping at least 0 instance(s) in service."},
		{"a pause", rolling(`"PauseTime": "PT1M"`), 2, 2, "two", types.StackStatusUpdateInProgress, "Rolling update initiated. Terminating 2 obsolete instance(s) in batches of 1, while keeping at least 0 instance(s) in service."},
		{"nothing obsolete", rolling(`"PauseTime": "PT1M"`), 4, 2, "one", types.StackStatusUpdateComplete, "UPDATE_COMPLETE"},
		{"more of the same", rolling(`"WaitOnResourceSignals": true`), 2, 3, "one", types.StackStatusUpdateInProgress, "New instance(s) added to autoscaling group - Waiting on 1 resource signal(s) with a timeout of PT5M."},
		{"fewer and new", rolling(`"MinSuccessfulInstancesPercent": 0, "WaitOnResourceSignals": true`), 4, 0, "two", types.StackStatusUpdateComplete, "Terminating 1 instance(s); replacing with 0 new instance(s)."},
		{"the room is narrow", rolling(`"MaxBatchSize": 6, "MinInstancesInService": 5`), 5, 5, "two", types.StackStatusUpdateComplete, "in batches of 1, while keeping at least 5 instance(s) in service."},
		{"there is no room", rolling(`"MaxBatchSize": 6, "MinInstancesInService": 9`), 6, 6, "two", types.StackStatusUpdateComplete, "in batches of 1, while keeping at least 5 instance(s) in service."},
		{"replacing", `"UpdatePolicy": {"AutoScalingReplacingUpdate": {"WillReplace": true}, "AutoScalingRollingUpdate": {"WaitOnResourceSignals": true}}`, 2, 2, "two", types.StackStatusUpdateComplete, "Requested update requires the creation of a new physical resource; hence creating one."},
		{"not replacing", `"UpdatePolicy": {"AutoScalingReplacingUpdate": {"WillReplace": true}}`, 2, 3, "one", types.StackStatusUpdateComplete, "UPDATE_COMPLETE"},
		{"a policy for schedules", `"UpdatePolicy": {"AutoScalingScheduledAction": {"IgnoreUnmodifiedGroupSizeProperties": true}}`, 2, 3, "two", types.StackStatusUpdateComplete, "UPDATE_COMPLETE"},
		{"a batch of text", rolling(`"MaxBatchSize": "many"`), 2, 2, "two", types.StackStatusUpdateRollbackComplete, "MaxBatchSize of an AutoScalingRollingUpdate must be an integer from 0 to 100"},
		{"too much", rolling(`"MinSuccessfulInstancesPercent": 101`), 2, 2, "two", types.StackStatusUpdateRollbackComplete, "MinSuccessfulInstancesPercent of an AutoScalingRollingUpdate must be an integer from 0 to 100"},
		{"a long pause", rolling(`"PauseTime": "PT61M"`), 2, 2, "two", types.StackStatusUpdateRollbackComplete, "PT61M is longer than the longest PauseTime, PT1H"},
		{"no duration", rolling(`"PauseTime": "5 minutes"`), 2, 2, "two", types.StackStatusUpdateRollbackComplete, "5 minutes is not a valid ISO 8601 duration"},
		{"a huge group", rolling(`"MaxBatchSize": 1`), 2, 1_000_000_000, "two", types.StackStatusUpdateRollbackComplete, "does not emulate rolling updates of groups with more than 10000 instances"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := &local.Cloud{}
				defer cloud.Close()
				api := client(cloud)
				create(t, api, "web", group(tt.before, "one", `"Metadata": {}`))
				// The roll-back goes by the policy that was there before, which is none.
				update(t, api, "web", strings.Replace(group(tt.after, tt.launches, tt.policy), "{", `{"Description": "next",`, 1))
				equal(t, tt.status, describe(t, api, "web").StackStatus)
				wantIn(t, strings.Join(lines(t, api, "web"), "\n"), tt.want)
				if tt.name == "a pause" {
					<-time.After(2*time.Minute + time.Second)
					synctest.Wait()
					equal(t, types.StackStatusUpdateComplete, describe(t, api, "web").StackStatus)
				}
			})
		})
	}
}

func TestPoliciesThatAreRefused(t *testing.T) {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api := client(cloud)
	for policy, want := range map[string]string{
		`"UpdatePolicy": {"AutoScalingInstanceRefresh": {"Strategy": "Rolling"}}`:          "the AutoScalingInstanceRefresh of Group",
		`"UpdatePolicy": {"CodeDeployLambdaAliasUpdate": {"BeforeAllowTrafficHook": "f"}}`: "the hooks of the CodeDeployLambdaAliasUpdate of Group",
	} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("web"), TemplateBody: aws.String(group(1, "one", policy))})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", policy, err)
		}
	}
}

// An update that is cancelled while it waits for signals is rolled back at once, and signals of before
// do not count for the next one.
func TestARollingUpdateIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "web", group(2, "one", `"Metadata": {}`))
		update(t, api, "web", group(2, "two", waitingPolicy))
		s := &signaler{t: t, api: api}
		s.send("SUCCESS", 1)
		if _, err := api.CancelUpdateStack(t.Context(), &cloudformation.CancelUpdateStackInput{StackName: aws.String("web")}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		equal(t, types.StackStatusUpdateRollbackComplete, describe(t, api, "web").StackStatus)
		update(t, api, "web", group(2, "three", waitingPolicy))
		s.sent = 0
		s.send("SUCCESS", 1)
		equal(t, types.StackStatusUpdateInProgress, describe(t, api, "web").StackStatus)
		s.send("SUCCESS", 1)
		equal(t, types.StackStatusUpdateComplete, describe(t, api, "web").StackStatus)
	})
}

// A group's creation counts its instances as FAILURE that are silent.
func TestSilentInstancesOfANewGroup(t *testing.T) {
	for percent, want := range map[string]types.StackStatus{"50": types.StackStatusCreateComplete, "75": types.StackStatusRollbackComplete} {
		synctest.Test(t, func(t *testing.T) {
			cloud := &local.Cloud{}
			defer cloud.Close()
			api := client(cloud)
			create(t, api, "web", group(4, "one", `"CreationPolicy": {"ResourceSignal": {"Count": 4, "Timeout": "PT3M"}, "AutoScalingCreationPolicy": {"MinSuccessfulInstancesPercent": `+percent+`}}`))
			s := &signaler{t: t, api: api}
			s.send("SUCCESS", 2)
			<-time.After(4 * time.Minute)
			synctest.Wait()
			equal(t, want, describe(t, api, "web").StackStatus)
			all := strings.Join(lines(t, api, "web"), "\n")
			wantIn(t, all, "Failed to receive 2 resource signal(s) for the current batch.  Each resource signal timeout is counted as a FAILURE.")
			if percent == "75" {
				wantIn(t, all, "Group CREATE_FAILED: Received 2 SUCCESS signal(s) out of 4.  Unable to satisfy 75% MinSuccessfulInstancesPercent requirement")
			}
		})
	}
}
