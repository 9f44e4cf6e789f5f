package local_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// waiting is a stack that waits for signals, and tells its handle in the label of a topic.
func waiting(count string) string {
	return `{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
		"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600", "Count": ` + count + `}}},
		"Outputs": {"Data": {"Value": {"Fn::GetAtt": "Wait.Data"}}}}`
}

func handleOf(t *testing.T, api *cloudformation.Client, name string) string {
	t.Helper()
	out, err := api.DescribeStackResource(t.Context(), &cloudformation.DescribeStackResourceInput{StackName: &name, LogicalResourceId: aws.String("Handle")})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.StackResourceDetail.PhysicalResourceId)
}

func TestWaitConditions(t *testing.T) {
	success := func(id string) string {
		return `{"Status": "SUCCESS", "UniqueId": "` + id + `", "Data": "from ` + id + `", "Reason": "done"}`
	}
	for _, tt := range []struct {
		name    string
		signals []string
		status  types.StackStatus
		want    string
	}{
		{"enough", []string{success("a"), success("b")}, types.StackStatusCreateComplete, "Wait CREATE_COMPLETE"},
		{"a sender counts once", []string{success("a"), success("a")}, types.StackStatusRollbackComplete, "Wait CREATE_FAILED: WaitCondition timed out. Received 1 conditions when expecting 2"},
		{"none", nil, types.StackStatusRollbackComplete, "Wait CREATE_FAILED: WaitCondition timed out. Received 0 conditions when expecting 2"},
		{"failure", []string{success("a"), `{"Status": "FAILURE", "UniqueId": "b", "Data": "", "Reason": "no disk"}`}, types.StackStatusRollbackComplete,
			"Wait CREATE_FAILED: WaitCondition received failed message: 'no disk' for uniqueId: b"},
		{"no signal at all", []string{`hello`}, types.StackStatusRollbackComplete, "Wait CREATE_FAILED: Unparsable WaitCondition data"},
		{"no sender", []string{`{"Status": "SUCCESS", "Data": ""}`}, types.StackStatusRollbackComplete, "Wait CREATE_FAILED: Unparsable WaitCondition data"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := &local.Cloud{}
				defer cloud.Close()
				api := client(cloud)
				equal(t, types.StackStatusCreateInProgress, create(t, api, "work", waiting("2")).StackStatus)
				synctest.Wait()
				url := handleOf(t, api, "work")
				for _, body := range tt.signals {
					status, answer := send(t, cloud, "PUT", url, body)
					equal(t, 200, status)
					equal(t, "", answer)
					synctest.Wait()
				}
				<-time.After(11 * time.Minute) // of the bubble
				synctest.Wait()
				s := describe(t, api, "work")
				equal(t, tt.status, s.StackStatus)
				wantIn(t, strings.Join(lines(t, api, "work"), "\n"), tt.want)
				if s.StackStatus == types.StackStatusCreateComplete {
					equal(t, `{"a":"from a","b":"from b"}`, aws.ToString(s.Outputs[0].OutputValue))
				}
			})
		})
	}
}

func TestOnlyTheHandlesOwnURLSignals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "work", waiting("1"))
		synctest.Wait()
		url := handleOf(t, api, "work")
		const signal = `{"Status": "SUCCESS", "UniqueId": "a", "Data": "", "Reason": ""}`
		bare, _, _ := strings.Cut(url, "?")
		for name, tt := range map[string]struct{ method, url, media, want string }{
			"unsigned":     {"PUT", bare, "", "AccessDenied"},
			"other handle": {"PUT", strings.Replace(url, "Handle?", "Handel?", 1), "", "SignatureDoesNotMatch"},
			"longer":       {"PUT", strings.Replace(url, "X-Amz-Expires=86400", "X-Amz-Expires=186400", 1), "", "SignatureDoesNotMatch"},
			"typed":        {"PUT", url, "application/json", "SignatureDoesNotMatch"},
			"read":         {"GET", url, "", "AccessDenied"},
		} {
			header := []string{}
			if tt.media != "" {
				header = []string{"Content-Type", tt.media}
			}
			status, answer := send(t, cloud, tt.method, tt.url, signal, header...)
			if status != 403 || !strings.Contains(answer, tt.want) {
				t.Errorf("%s: %d %s, want 403 %s", name, status, answer, tt.want)
			}
		}
		equal(t, types.StackStatusCreateInProgress, describe(t, api, "work").StackStatus)
		<-time.After(25 * time.Hour) // of the bubble
		status, answer := send(t, cloud, "PUT", url, signal)
		equal(t, 403, status)
		wantIn(t, answer, "Request has expired")
	})
}

func TestSignalsForResources(t *testing.T) {
	const template = `{"Parameters": {"Count": {"Type": "Number"}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue", "CreationPolicy": {"ResourceSignal": {"Count": {"Ref": "Count"}, "Timeout": "PT1M30S"},
		"AutoScalingCreationPolicy": {"MinSuccessfulInstancesPercent": 50}}}}}`
	for _, tt := range []struct {
		name, count string
		signals     []types.ResourceSignalStatus
		want        string
		status      types.StackStatus
	}{
		{"success", "1", []types.ResourceSignalStatus{"SUCCESS"}, "Q CREATE_IN_PROGRESS: Received SUCCESS signal with UniqueId a", types.StackStatusCreateComplete},
		{"half", "2", []types.ResourceSignalStatus{"SUCCESS", "FAILURE"}, "Q CREATE_COMPLETE", types.StackStatusCreateComplete},
		{"failure", "1", []types.ResourceSignalStatus{"FAILURE"}, "Q CREATE_FAILED: Received FAILURE signal with UniqueId a", types.StackStatusRollbackComplete},
		{"too many failures", "2", []types.ResourceSignalStatus{"FAILURE", "FAILURE"},
			"Q CREATE_FAILED: Received 2 FAILURE signal(s) out of 2.  Unable to satisfy 50% MinSuccessfulInstancesPercent requirement", types.StackStatusRollbackComplete},
		{"none", "1", nil, "Q CREATE_FAILED: Failed to receive 1 resource signal(s) within the specified duration", types.StackStatusRollbackComplete},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := &local.Cloud{}
				defer cloud.Close()
				api := client(cloud)
				create(t, api, "work", template, "Count", tt.count)
				synctest.Wait()
				for i, status := range tt.signals {
					_, err := api.SignalResource(t.Context(), &cloudformation.SignalResourceInput{
						StackName: aws.String("work"), LogicalResourceId: aws.String("Q"), UniqueId: aws.String(string(rune('a' + i))), Status: status,
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				<-time.After(2 * time.Minute) // of the bubble
				synctest.Wait()
				s := describe(t, api, "work")
				equal(t, tt.status, s.StackStatus)
				wantIn(t, strings.Join(lines(t, api, "work"), "\n"), tt.want)
				_, err := api.SignalResource(t.Context(), &cloudformation.SignalResourceInput{
					StackName: aws.String("work"), LogicalResourceId: aws.String("Q"), UniqueId: aws.String("z"), Status: "SUCCESS",
				})
				refusedWith(t, err, "ValidationError", "Stack "+*s.StackId+" is in "+string(s.StackStatus)+" state and cannot be signaled")
			})
		})
	}
}

func TestWaitConditionsAreNotUpdated(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	template := func(count string) string {
		return strings.Replace(waiting(count), `"Data": {"Value"`, `"Url": {"Value": {"Ref": "Handle"}}, "Data": {"Value"`, 1)
	}
	create(t, api, "work", template("0"))
	equal(t, types.StackStatusCreateComplete, describe(t, api, "work").StackStatus)
	equal(t, types.StackStatusUpdateRollbackComplete, update(t, api, "work", template("1")).StackStatus)
	wantIn(t, strings.Join(lines(t, api, "work"), "\n"), "Wait UPDATE_FAILED: Update to resource type AWS::CloudFormation::WaitCondition is not supported.")
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
}

// Two conditions may wait at one handle: each sees every signal.
func TestTwoConditionsOfOneHandle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		create(t, api, "work", strings.Replace(waiting("2"), `"Wait":`, `"First": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600"}}, "Wait":`, 1))
		synctest.Wait()
		url := handleOf(t, api, "work")
		send(t, cloud, "PUT", url, `{"Status": "SUCCESS", "UniqueId": "a"}`)
		synctest.Wait()
		equal(t, types.StackStatusCreateInProgress, describe(t, api, "work").StackStatus)
		wantIn(t, strings.Join(lines(t, api, "work"), "\n"), "First CREATE_COMPLETE")
		send(t, cloud, "PUT", url, `{"Status": "SUCCESS", "UniqueId": "b"}`)
		synctest.Wait()
		equal(t, types.StackStatusCreateComplete, describe(t, api, "work").StackStatus)
	})
}

func TestWaitConditionsThatMakeNoSense(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	for i, tt := range [][2]string{
		{`"Handle": {"Ref": "Handle"}, "Timeout": "60", "Count": "many"`, "Count"},
		{`"Handle": {"Ref": "Handle"}, "Timeout": "60", "Count": -1`, "Count"},
		{`"Handle": {"Ref": "Handle"}, "Timeout": "43201"`, "Timeout must be a number of seconds from 0 to 43200"},
		{`"Handle": {"Ref": "Handle"}, "Timeout": "soon"`, "Timeout must be a number of seconds"},
		{`"Handle": {"Ref": "Handle"}`, "Timeout must be a number of seconds"},
		{`"Handle": "https://example.com/", "Timeout": "60"`, "Invalid WaitConditionHandle"},
		{`"Timeout": "60"`, "Invalid WaitConditionHandle"},
	} {
		name := "work" + string(rune('a'+i))
		create(t, api, name, `{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}, "Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {`+tt[0]+`}}}}`)
		equal(t, types.StackStatusRollbackComplete, describe(t, api, name).StackStatus)
		wantIn(t, strings.Join(lines(t, api, name), "\n"), "Wait CREATE_FAILED: ", tt[1])
	}
}
