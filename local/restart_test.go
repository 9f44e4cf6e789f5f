package local_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
)

// reopened returns a cloud that is kept in a file.
func reopened(t *testing.T, path string) *local.Cloud {
	t.Helper()
	cloud := &local.Cloud{State: path}
	if err := cloud.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cloud.Close() })
	return cloud
}

// tell is all that a cloud tells of some stacks, and of what they made.
func tell(t *testing.T, cloud *local.Cloud, names ...string) string {
	t.Helper()
	api := client(cloud)
	all := []any{}
	add := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var plain map[string]any
		if err := json.Unmarshal(text, &plain); err != nil {
			t.Fatal(err)
		}
		delete(plain, "ResultMetadata")
		all = append(all, plain)
	}
	for _, name := range names {
		n := &name
		add(api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: n}))
		add(api.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: n}))
		add(api.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: n}))
		add(api.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: n}))
		add(api.ListChangeSets(t.Context(), &cloudformation.ListChangeSetsInput{StackName: n}))
		if strings.HasPrefix(name, "arn:") {
			continue // a deleted stack has no drift
		}
		add(api.DescribeStackResourceDrifts(t.Context(), &cloudformation.DescribeStackResourceDriftsInput{StackName: n}))
	}
	add(api.ListStacks(t.Context(), &cloudformation.ListStacksInput{}))
	add(api.ListExports(t.Context(), &cloudformation.ListExportsInput{}))
	for _, q := range [][2]string{
		{"AmazonSSM.GetParameter", `{"Name": "/hidden", "WithDecryption": true}`}, {"AmazonSQS.ListQueues", `{}`},
		{"secretsmanager.GetSecretValue", `{"SecretId": "made"}`},
	} {
		all = append(all, ask(t, cloud, q[0], q[1]))
	}
	_, object := send(t, cloud, "GET", "http://cloudformation.local/nest/leaf", "")
	text, err := json.MarshalIndent(append(all, object), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const many = `{"Parameters": {"Password": {"Type": "String", "NoEcho": true}}, "Conditions": {"Never": {"Fn::Equals": [1, 2]}},
	"Resources": {"Jobs": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Password"}}, "Metadata": {"a": [1, true]}},
	"Not": {"Type": "AWS::SNS::Topic", "Condition": "Never"}, "Q": {"Type": "AWS::SQS::Queue"},
	"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "made", "GenerateSecretString": {}}},
	"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}},
	"Outputs": {"Arn": {"Value": {"Ref": "Jobs"}, "Export": {"Name": "jobs-arn"}}, "Handle": {"Value": {"Ref": "H"}}}}`

func TestACloudIsWhatItWasWhenItIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cloud := reopened(t, path)
	url := nestedTemplates(t, cloud, map[string]string{"leaf": leaf})
	api := client(cloud)
	ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "/hidden", "Type": "SecureString", "Value": "hunter2secret"}`)
	create(t, api, "many", many, "Password", "hunter2secret")
	create(t, api, "nests", `{"Resources": {"Leaf": `+nestOf(url("leaf"), `"Label": "x"`, "")+`}}`)
	update(t, api, "nests", `{"Resources": {"Leaf": `+nestOf(url("leaf"), `"Label": "y"`, "")+`}}`)
	gone := create(t, api, "gone", topic1)
	remove(t, api, "gone")
	if _, err := api.DetectStackDrift(t.Context(), &cloudformation.DetectStackDriftInput{StackName: aws.String("many")}); err != nil {
		t.Fatal(err)
	}
	_, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: aws.String("many"), ChangeSetName: aws.String("more"), UsePreviousTemplate: aws.Bool(true),
		Parameters: params("Password", "hunter3secret"),
	})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"many", "nests", *gone.StackId}
	want := tell(t, cloud, names...)
	for range 2 {
		if err := cloud.Close(); err != nil {
			t.Fatal(err)
		}
		cloud = reopened(t, path)
		equal(t, want, tell(t, cloud, names...))
	}
	if _, err := client(cloud).ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: aws.String("many"), ChangeSetName: aws.String("more")}); err != nil {
		t.Fatal(err)
	}
	s := describe(t, client(cloud), "many")
	equal(t, types.StackStatusUpdateComplete, s.StackStatus)
	if status, text := send(t, cloud, "PUT", aws.ToString(s.Outputs[1].OutputValue), `{"Status": "SUCCESS", "UniqueId": "1"}`); status != 200 {
		t.Errorf("the handle's URL is not valid any more: %s", text)
	}
	equal(t, types.StackStatusUpdateComplete, update(t, client(cloud), "nests", `{"Resources": {"Leaf": `+nestOf(url("leaf"), `"Label": "z"`, "")+`}}`).StackStatus)
	for _, name := range []string{path, path + ".key"} {
		text, err := os.ReadFile(name)
		if err != nil || bytes.Contains(text, []byte("hunter2secret")) || bytes.Contains(text, []byte("hunter3secret")) {
			t.Errorf("%s holds a secret (%v)", name, err)
		}
	}
}

const topic1 = `{"Resources": {"Jobs": {"Type": "AWS::SNS::Topic"}}}`

func TestAStateThatCannotBeUsedIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path, []byte("Resources: {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	cloud := &local.Cloud{State: path}
	defer cloud.Close()
	if err := cloud.Open(); err == nil || !strings.Contains(err.Error(), "state file "+path+": the file is damaged") {
		t.Errorf("got %v", err)
	}
	_, err := client(cloud).CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("a"), TemplateBody: aws.String(topic1)}, func(o *cloudformation.Options) {
		o.Retryer = aws.NopRetryer{}
	})
	refusedWith(t, err, "ServiceUnavailable", "the embedded cloud cannot keep what it is told, and answers nothing until it can: state file "+path+": the file is damaged: it does not begin as a state file does")
	if text, err := os.ReadFile(path); err != nil || string(text) != "Resources: {}" {
		t.Errorf("the file is now %q (%v)", text, err)
	}
}

func TestAStateThatNobodyAskedForIsNotBegun(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cloud := &local.Cloud{State: path}
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("got %v", err)
	}
	if status, text := func() (int, string) {
		w := httptest.NewRecorder()
		cloud.ServeHTTP(w, httptest.NewRequest("GET", "/?Action=ListStacks&Version=2010-05-15", nil))
		return w.Code, w.Body.String()
	}(); status != 503 || !strings.Contains(text, "the embedded cloud is closed") {
		t.Errorf("%d %s", status, text)
	}
}

// What services hold beside the properties of their resources is kept too.
func TestMessagesAndInstancesAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cloud := reopened(t, path)
	s := create(t, client(cloud), "work", `{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}, "L": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": "ami-1", "InstanceType": "t3.micro"}}},
		"G": {"Type": "AWS::AutoScaling::AutoScalingGroup", "Properties": {"MinSize": "2", "MaxSize": "2", "AvailabilityZones": ["us-east-1a"], "LaunchTemplate": {"LaunchTemplateId": {"Ref": "L"}, "Version": "1"}}}},
		"Outputs": {"Q": {"Value": {"Ref": "Q"}}}}`)
	if s.StackStatus != types.StackStatusCreateComplete {
		t.Fatal(lines(t, client(cloud), "work"))
	}
	url := aws.ToString(s.Outputs[0].OutputValue)
	wantIn(t, ask(t, cloud, "AmazonSQS.SendMessage", `{"QueueUrl": "`+url+`", "MessageBody": "hello"}`), "MessageId")
	groups := func() string {
		t.Helper()
		_, text := send(t, cloud, "GET", "http://cloudformation.local/?Action=DescribeAutoScalingInstances&Version=2011-01-01", "")
		before, _, _ := strings.Cut(text, "<ResponseMetadata>")
		return before
	}
	want := groups()
	wantIn(t, want, "<InstanceId>i-", "<LifecycleState>InService</LifecycleState>")
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	cloud = reopened(t, path)
	equal(t, want, groups())
	wantIn(t, ask(t, cloud, "AmazonSQS.ReceiveMessage", `{"QueueUrl": "`+url+`"}`), `"Body":"hello"`)
}
