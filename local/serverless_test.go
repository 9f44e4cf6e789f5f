package local_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

const serverless = `
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, Default: dev}}
Globals: {Function: {Runtime: python3.13, Handler: app.handler}}
Resources:
  Jobs: {Type: AWS::SQS::Queue}
  Files: {Type: AWS::S3::Bucket}
  Table: {Type: AWS::Serverless::SimpleTable}
  Layer: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: s3://code/layer.zip}}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: !Ref Stage}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://code/app.zip
      AutoPublishAlias: live
      Layers: [!Ref Layer]
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Table}}]
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
        Post: {Type: Api, Properties: {Path: /, Method: post, RestApiId: !Ref Api}}
        Http: {Type: HttpApi, Properties: {Path: /, Method: get}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
        Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 hour)}}
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
        New: {Type: S3, Properties: {Bucket: !Ref Files, Events: 's3:ObjectCreated:*'}}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Policies: [AWSLambdaRole]
Outputs:
  Alias: {Value: !Ref Worker.Alias}
  Url: {Value: !Sub 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/${Api.Stage}'}
  Role: {Value: !GetAtt WorkerRole.Arn}
`

func TestAServerlessApplicationIsDeployed(t *testing.T) {
	api := client(localtest.New(t))
	s := create(t, api, "app", serverless)
	if s.StackStatus != types.StackStatusCreateComplete {
		t.Fatalf("%s: %q", aws.ToString(s.StackStatusReason), lines(t, api, "app"))
	}
	made := physical(t, api, "app")
	for _, id := range []string{"Worker", "WorkerRole", "WorkerAliaslive", "WorkerGetPermissionProd", "WorkerPostPermissiondev", "WorkerHttpPermission", "WorkerDaily",
		"WorkerDailyPermission", "WorkerLater", "WorkerJobs", "WorkerNewPermission", "ServerlessRestApi", "ServerlessRestApiProdStage", "Api", "ApidevStage",
		"ServerlessHttpApi", "ServerlessHttpApiApiGatewayDefaultStage", "Table", "Flow", "FlowRole"} {
		if made[id] == "" {
			t.Errorf("there is no %s", id)
		}
	}
	// The same again changes nothing, another code publishes a version.
	_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("app"), TemplateBody: aws.String(serverless), Capabilities: []types.Capability{"CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"}})
	refusedWith(t, err, "ValidationError", "No updates are to be performed.")
	equal(t, types.StackStatusUpdateComplete, update(t, api, "app", strings.Replace(serverless, "app.zip", "next.zip", 1)).StackStatus)
	next := physical(t, api, "app")
	version := func(ids map[string]string) string {
		for id := range ids {
			if strings.HasPrefix(id, "WorkerVersion") {
				return id
			}
		}
		return ""
	}
	if version(made) == version(next) || version(next) == "" {
		t.Errorf("version %s, then %s", version(made), version(next))
	}
}

func TestServerlessMistakesFailTheChangeSet(t *testing.T) {
	api := client(localtest.New(t))
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate,
		TemplateBody: aws.String(`{"Transform": "AWS::Serverless-2016-10-31", "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"InlineCode": "x", "Runtime": "python3.13"}}}}`)})
	equal(t, types.ChangeSetStatusFailed, set.Status)
	equal(t, "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [F] is invalid. Missing required property 'Handler'.", aws.ToString(set.StatusReason))
}
