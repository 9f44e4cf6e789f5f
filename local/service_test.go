package local_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// send sends a request to the cloud and returns the status and the body of the answer.
func send(t *testing.T, cloud *local.Cloud, method, url, body string, header ...string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Client{Transport: cloud}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// ask calls an operation of a JSON protocol.
func ask(t *testing.T, cloud *local.Cloud, target, body string) string {
	t.Helper()
	_, answer := send(t, cloud, "POST", "http://cloudformation.local/", body, "X-Amz-Target", target, "Content-Type", "application/x-amz-json-1.1")
	return answer
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s\nis not in\n%s", p, text)
		}
	}
}

func TestBucketsAndObjects(t *testing.T) {
	cloud := localtest.New(t)
	const base = "http://cloudformation.local/assets"
	for _, tt := range []struct {
		method, url, body string
		status            int
		want              string
	}{
		{"PUT", base + "/x", "x", 404, "<Code>NoSuchBucket</Code>"},
		{"PUT", base, "", 200, ""},
		{"PUT", "http://cloudformation.local/A", "", 400, "InvalidBucketName"},
		{"PUT", base + "/a/b.txt", "hello", 200, ""},
		{"GET", base + "/a/b.txt", "", 200, "hello"},
		{"GET", "https://assets.s3.amazonaws.com/a/b.txt", "", 200, "hello"},
		{"GET", "http://assets.localhost:4566/a/b.txt", "", 200, "hello"},
		{"HEAD", base + "/a/b.txt", "", 200, ""},
		{"GET", base + "/no", "", 404, "<Code>NoSuchKey</Code>"},
		{"GET", base + "?list-type=2&delimiter=/", "", 200, "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"},
		{"GET", base + "?location", "", 200, "LocationConstraint"},
		{"GET", base + "?cors", "", 404, "NoSuchCORSConfiguration"},
		{"PUT", base + "?acl", "", 501, "NotImplemented"},
		{"DELETE", base, "", 409, "BucketNotEmpty"},
		{"DELETE", base + "/a/b.txt", "", 204, ""},
		{"DELETE", base, "", 204, ""},
	} {
		status, body := send(t, cloud, tt.method, tt.url, tt.body)
		if status != tt.status || !strings.Contains(body, tt.want) {
			t.Errorf("%s %s: %d %s; want %d %s", tt.method, tt.url, status, body, tt.status, tt.want)
		}
	}
}

func TestObjectsInChunks(t *testing.T) {
	cloud := localtest.New(t)
	send(t, cloud, "PUT", "http://cloudformation.local/assets", "")
	const streaming = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	send(t, cloud, "PUT", "http://cloudformation.local/assets/x", "5;chunk-signature=00\r\nhello\r\n0;chunk-signature=00\r\n\r\n", "X-Amz-Content-Sha256", streaming)
	_, body := send(t, cloud, "GET", "http://cloudformation.local/assets/x", "")
	equal(t, "hello", body)
	for _, torn := range []string{"", "5\r\nhel", "x\r\n", "7fffffff\r\nhello\r\n"} {
		status, _ := send(t, cloud, "PUT", "http://cloudformation.local/assets/x", torn, "X-Amz-Content-Sha256", streaming)
		equal(t, 400, status)
	}
}

func TestTemplatesByURL(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	send(t, cloud, "PUT", "http://cloudformation.local/assets", "")
	send(t, cloud, "PUT", "http://cloudformation.local/assets/t.json", resources(queue))
	for url, want := range map[string]string{
		"https://assets.s3.amazonaws.com/t.json":           "",
		"https://assets.s3.us-east-1.amazonaws.com/t.json": "",
		"https://s3.amazonaws.com/assets/t.json":           "",
		"https://s3-eu-west-1.amazonaws.com/assets/t.json": "",
		"http://cloudformation.local/assets/t.json":        "",
		"https://example.com/t.json":                       "TemplateURL must be a supported URL.",
		"ftp://x":                                          "TemplateURL must be a supported URL.",
		"s3://assets/t.json":                               "S3 error: Domain name specified in assets is not a valid S3 domain",
		"https://assets.s3.amazonaws.com/no":               "S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
		"https://none.s3.amazonaws.com/no":                 "S3 error: The specified bucket does not exist\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
	} {
		_, err := api.ValidateTemplate(t.Context(), &cloudformation.ValidateTemplateInput{TemplateURL: &url})
		if want == "" && err != nil {
			t.Errorf("%s: %v", url, err)
		}
		if want != "" {
			refusedWith(t, err, "ValidationError", want)
		}
	}
}

func TestParametersOfSystemsManager(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	wantIn(t, ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "/app/size", "Value": "one,two", "Type": "StringList"}`), `"Version":1`)
	wantIn(t, ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "/app/size", "Value": "x"}`), "ParameterAlreadyExists")
	body := `{"Parameters": {"P": {"Type": "AWS::SSM::Parameter::Value<List<String>>"}},
		"Resources": {"T": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::Select": [1, {"Ref": "P"}]}}}},
		"Outputs": {"Name": {"Value": {"Ref": "T"}}}}`
	s := create(t, api, "work", body, "P", "/app/size")
	equal(t, "/app/size", aws.ToString(s.Parameters[0].ParameterValue))
	equal(t, "one,two", aws.ToString(s.Parameters[0].ResolvedValue))
	name := aws.ToString(s.Outputs[0].OutputValue)
	wantIn(t, ask(t, cloud, "AmazonSSM.GetParameter", fmt.Sprintf(`{"Name": %q}`, name)), `"Value":"two"`, `"Version":1`)
	wantIn(t, ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "/app/size", "Value": "one,three", "Overwrite": true}`), `"Version":2`)
	wantIn(t, ask(t, cloud, "AmazonSSM.GetParameter", `{"Name": "/app/size:1"}`), `"Value":"one,two"`)
	equal(t, types.StackStatusUpdateComplete, update(t, api, "work", body, "P", "/app/size").StackStatus)
	wantIn(t, ask(t, cloud, "AmazonSSM.GetParameter", fmt.Sprintf(`{"Name": %q}`, name)), `"Value":"three"`, `"Version":2`)
	wantIn(t, ask(t, cloud, "AmazonSSM.GetParametersByPath", `{"Path": "/app"}`), `"Name":"/app/size"`)
	_, err := api.UpdateStack(t.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("work"), TemplateBody: &body, Parameters: params("P", "none")})
	refusedWith(t, err, "ValidationError", "Unable to fetch parameters [none] from parameter store for this account.")
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Fatal(err)
	}
	wantIn(t, ask(t, cloud, "AmazonSSM.GetParameter", fmt.Sprintf(`{"Name": %q}`, name)), "ParameterNotFound")
}

func TestServicesSeeWhatStacksMade(t *testing.T) {
	cloud := localtest.New(t)
	create(t, client(cloud), "work", resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs", "DelaySeconds": 7, "Tags": [{"Key": "a", "Value": "b"}]}},
		"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "worker", "AssumeRolePolicyDocument": {"Version": "2012-10-17"},
			"ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17"}}]}},
		"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news", "DisplayName": "News"}}`))
	wantIn(t, ask(t, cloud, "AmazonSQS.GetQueueUrl", `{"QueueName": "jobs"}`), "https://sqs.us-east-1.amazonaws.com/123456789012/jobs")
	wantIn(t, ask(t, cloud, "AmazonSQS.GetQueueAttributes", `{"QueueUrl": "http://127.0.0.1:4566/123456789012/jobs", "AttributeNames": ["All"]}`), `"DelaySeconds":"7"`, `"VisibilityTimeout":"30"`)
	wantIn(t, ask(t, cloud, "AmazonSQS.ListQueueTags", `{"QueueUrl": "jobs"}`), `{"Tags":{"a":"b"}}`)
	wantIn(t, ask(t, cloud, "AmazonSQS.CreateQueue", `{}`), "UnknownOperationException", "the embedded cloud does not answer CreateQueue of AmazonSQS")
	form := func(text string) string {
		_, answer := send(t, cloud, "POST", "http://cloudformation.local/", text, "Content-Type", "application/x-www-form-urlencoded")
		return answer
	}
	wantIn(t, form("Action=GetRole&Version=2010-05-08&RoleName=worker"), "<Arn>arn:aws:iam::123456789012:role/worker</Arn>")
	wantIn(t, form("Action=ListRolePolicies&Version=2010-05-08&RoleName=worker"), "<member>p</member>")
	wantIn(t, form("Action=GetRolePolicy&Version=2010-05-08&RoleName=worker&PolicyName=p"), "<PolicyDocument>%7B%22Version%22")
	wantIn(t, form("Action=ListAttachedRolePolicies&Version=2010-05-08&RoleName=worker"), "<PolicyName>ReadOnlyAccess</PolicyName>")
	wantIn(t, form("Action=GetRole&Version=2010-05-08&RoleName=none"), "NoSuchEntity")
	wantIn(t, form("Action=CreateRole&Version=2010-05-08"), "NotImplemented")
	wantIn(t, form("Action=GetTopicAttributes&Version=2010-03-31&TopicArn=arn:aws:sns:us-east-1:123456789012:news"), "<value>News</value>")
}
