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

const alarm = `{"Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "errors", "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}}},
	"Outputs": {"Arn": {"Value": {"Fn::GetAtt": "Alarm.Arn"}}}}`

func trigger(arn string, minutes int32) *types.RollbackConfiguration {
	return &types.RollbackConfiguration{MonitoringTimeInMinutes: &minutes, RollbackTriggers: []types.RollbackTrigger{{Arn: &arn, Type: aws.String("AWS::CloudWatch::Alarm")}}}
}

func TestAnAlarmRollsAnUpdateBackWhileItIsMonitored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		arn := *create(t, api, "watch", alarm).Outputs[0].OutputValue
		create(t, api, "work", topic)
		step := func(name string) {
			t.Helper()
			_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"),
				TemplateBody: aws.String(resources(`"Jobs": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "` + name + `"}}`)), RollbackConfiguration: trigger(arn, 10)})
			if err != nil {
				t.Fatal(err)
			}
		}
		step("one")
		time.Sleep(9 * time.Minute)
		equal(t, types.StackStatusUpdateInProgress, describe(t, api, "work").StackStatus)
		time.Sleep(2 * time.Minute)
		s := describe(t, api, "work")
		equal(t, types.StackStatusUpdateComplete, s.StackStatus)
		equal(t, arn, *s.RollbackConfiguration.RollbackTriggers[0].Arn)
		step("two")
		time.Sleep(time.Minute)
		if err := cloud.SetAlarm("errors", true); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		equal(t, types.StackStatusUpdateRollbackComplete, describe(t, api, "work").StackStatus)
		step("three") // the alarm is still on
		equal(t, types.StackStatusUpdateRollbackComplete, describe(t, api, "work").StackStatus)
		if got := lines(t, api, "work"); got[len(got)-3] != "work UPDATE_ROLLBACK_IN_PROGRESS: The rollback trigger "+arn+" is in ALARM state" {
			t.Errorf("got %q", got)
		}
		if err := cloud.SetAlarm("errors", false); err != nil {
			t.Fatal(err)
		}
		step("four")
		if _, err := api.CancelUpdateStack(t.Context(), &cloudformation.CancelUpdateStackInput{StackName: aws.String("work")}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		equal(t, types.StackStatusUpdateRollbackComplete, describe(t, api, "work").StackStatus)
	})
}

func TestARollbackTriggerThatIsNotThereFailsTheOperation(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic),
		RollbackConfiguration: trigger("arn:aws:cloudwatch:us-east-1:123456789012:alarm:none", 0)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackStatusRollbackComplete, describe(t, api, "work").StackStatus)
	if err := cloud.SetAlarm("none", true); err == nil {
		t.Error("an alarm that nobody made went off")
	}
}

func TestRollbackConfigurationsThatAreRefused(t *testing.T) {
	api := client(localtest.New(t))
	many := trigger("arn:aws:cloudwatch:us-east-1:123456789012:alarm:a", 0)
	for range 5 {
		many.RollbackTriggers = append(many.RollbackTriggers, many.RollbackTriggers[0])
	}
	for want, given := range map[string]*types.RollbackConfiguration{
		"1 validation error detected: Value '181' at 'rollbackConfiguration.monitoringTimeInMinutes' failed to satisfy constraint: Member must have value less than or equal to 180": trigger("arn:aws:cloudwatch:us-east-1:123456789012:alarm:a", 181),
		"1 validation error detected: Value '-1' at 'rollbackConfiguration.monitoringTimeInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 0": trigger("arn:aws:cloudwatch:us-east-1:123456789012:alarm:a", -1),
		"1 validation error detected: Value at 'rollbackConfiguration.rollbackTriggers' failed to satisfy constraint: Member must have length less than or equal to 5":               many,
		"RelativeId of a Rollback Trigger's ARN is incorrect": trigger("arn:aws:cloudwatch:us-east-1", 0),
	} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: aws.String(topic), RollbackConfiguration: given})
		refusedWith(t, err, "ValidationError", want)
	}
}
