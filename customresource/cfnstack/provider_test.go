package cfnstack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/cfnstack"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/waiter"
)

const bucket = `{"Parameters": {"BucketName": {"Type": "String", "Default": "by-default"}},
	"Resources": {"MyBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "BucketName"}}}},
	"Outputs": {"MyBucketArn": {"Value": {"Fn::GetAtt": ["MyBucket", "Arn"]}}}}`

// A bench is a provider on an embedded cloud, and where its responses go.
type bench struct {
	t        *testing.T
	cloud    *local.Cloud
	handler  *customresource.Handler[cfnstack.Properties]
	receiver *customresourcetest.Receiver
	dialect  customresource.Dialect
	requests int
	id       string // physical
	last     map[string]any
}

func newBench(t *testing.T, cloud *local.Cloud, d customresource.Dialect) *bench {
	cfg := cloud.Config()
	receiver := &customresourcetest.Receiver{}
	return &bench{t: t, cloud: cloud, dialect: d, receiver: receiver, handler: &customresource.Handler[cfnstack.Properties]{
		Provider: &cfnstack.Provider{Config: &cfg, Client: quick},
		Client:   &http.Client{Transport: receiver},
	}}
}

// quick is a client in the pace that suits an embedded cloud.
func quick(cfg aws.Config) *executor.Client {
	api := cloudformation.NewFromConfig(cfg)
	return &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond, MaxInterval: 10 * time.Millisecond}}
}

// properties are those of the article, with a stack as given.
func properties(stack map[string]any) map[string]any {
	return map[string]any{"AccessKeyId": "123456789012", "AccessKeySecret": "secretsecret", "RegionId": "us-east-1", "Stack": stack}
}

func byROS(template any, bucketName string) map[string]any {
	return properties(map[string]any{"Name": "stack-by-ros", "Template": template, "Parameters": map[string]any{"BucketName": bucketName}})
}

// event makes the next event.
func (b *bench) event(typ customresource.RequestType, p map[string]any) *customresource.Event {
	b.t.Helper()
	b.requests++
	text, err := json.Marshal(p)
	if err != nil {
		b.t.Fatal(err)
	}
	e := &customresource.Event{
		Dialect: b.dialect, RequestType: typ, RequestID: fmt.Sprint("r-", b.requests), ResourceType: "Custom::AwsStack", LogicalResourceID: "AwsStack",
		StackID: "4a6c9851-3b0f-4f5f-b4ca-a14bf691f2ff", StackName: "by-ros", RegionID: "cn-hangzhou", CallerID: "1", PhysicalResourceID: b.id, ResourceProperties: text,
	}
	if b.dialect == customresource.AWS {
		e.StackID, e.CallerID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/by-aws/0a1b", ""
	}
	if typ == customresource.Update {
		if e.OldResourceProperties, err = json.Marshal(b.last); err != nil {
			b.t.Fatal(err)
		}
	}
	b.last = p
	return b.receiver.Open(e, 2*time.Hour)
}

// send sends an event and returns the response, which gives the resource its physical ID.
func (b *bench) send(typ customresource.RequestType, p map[string]any) *customresource.Response {
	b.t.Helper()
	r := b.invoke(payload(b.t, b.event(typ, p)))
	b.id = r.PhysicalResourceID
	return r
}

func (b *bench) invoke(event []byte) *customresource.Response {
	b.t.Helper()
	before := len(b.receiver.Received())
	if _, err := b.handler.Invoke(b.t.Context(), event); err != nil {
		b.t.Fatal(err)
	}
	all := b.receiver.Received()
	if len(all) != before+1 || all[before].Refusal != "" {
		b.t.Fatalf("%d responses: %+v", len(all)-before, all[before:])
	}
	return all[before].Response
}

func payload(t *testing.T, e *customresource.Event) []byte {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// status is that of a stack, "" if there is none.
func (b *bench) status(name string) string {
	b.t.Helper()
	out, err := cloudformation.NewFromConfig(b.cloud.Config()).DescribeStacks(b.t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
	if err != nil {
		return ""
	}
	return string(out.Stacks[0].StackStatus)
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in %q", p, text)
		}
	}
}

func TestTheLifeOfAStack(t *testing.T) {
	for _, d := range []customresource.Dialect{customresource.AWS, customresource.ROS} {
		for name, template := range map[string]any{"text": bucket, "object": json.RawMessage(bucket)} {
			t.Run(d.String()+" "+name, func(t *testing.T) {
				b := newBench(t, localtest.New(t), d)
				r := b.send(customresource.Create, byROS(template, "one"))
				equal(t, "", r.Reason)
				equal(t, `{"MyBucketArn":"arn:aws:s3:::one"}`, string(r.Data))
				wantIn(t, r.PhysicalResourceID, "arn:aws:cloudformation:us-east-1:123456789012:stack/stack-by-ros/")
				id := r.PhysicalResourceID
				// Another name of the bucket replaces the bucket, not the stack.
				r = b.send(customresource.Update, byROS(template, "two"))
				equal(t, `{"MyBucketArn":"arn:aws:s3:::two"}`, string(r.Data))
				equal(t, id, r.PhysicalResourceID)
				// Nothing to change is a success.
				r = b.send(customresource.Update, byROS(template, "two"))
				equal(t, "SUCCESS "+`{"MyBucketArn":"arn:aws:s3:::two"}`, string(r.Status)+" "+string(r.Data))
				// What is no longer said goes back to its default.
				r = b.send(customresource.Update, properties(map[string]any{"Name": "stack-by-ros", "Template": template}))
				equal(t, `{"MyBucketArn":"arn:aws:s3:::by-default"}`, string(r.Data))
				equal(t, "UPDATE_COMPLETE", b.status("stack-by-ros"))
				r = b.send(customresource.Delete, byROS(template, "two"))
				equal(t, "SUCCESS", string(r.Status))
				equal(t, "", b.status("stack-by-ros"))
				// And once more, since it may be asked twice.
				equal(t, "SUCCESS", string(b.send(customresource.Delete, byROS(template, "two")).Status))
			})
		}
	}
}

// A stack of the name that is there already is somebody else's.
func TestAStackOfSomebodyElseIsNotTouched(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	if _, err := cloudformation.NewFromConfig(b.cloud.Config()).CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("stack-by-ros"), TemplateBody: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	r := b.send(customresource.Create, byROS(bucket, "one"))
	wantIn(t, string(r.Status)+r.Reason, "FAILED", "stack stack-by-ros: it exists already, and was not made for this resource")
	equal(t, "SUCCESS", string(b.send(customresource.Delete, byROS(bucket, "one")).Status))
	equal(t, "CREATE_COMPLETE", b.status("stack-by-ros"))
	// Nor is it where the ID says nothing, since the function was stopped.
	b.id = b.event(customresource.Create, nil).MakePhysicalID(255)
	equal(t, "SUCCESS", string(b.send(customresource.Delete, byROS(bucket, "one")).Status))
	equal(t, "CREATE_COMPLETE", b.status("stack-by-ros"))
}

func TestWhatFailsOnAWSIsTheReason(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	b.cloud.Fail(local.Fault{LogicalID: "MyBucket", Action: local.Create, Reason: "one already exists", Times: 1})
	r := b.send(customresource.Create, byROS(bucket, "one"))
	equal(t, "FAILED", string(r.Status))
	wantIn(t, r.Reason, "stack-by-ros", "ROLLBACK_COMPLETE", "MyBucket", "one already exists")
	equal(t, "ROLLBACK_COMPLETE", b.status("stack-by-ros"))
	// What is left of it is deleted when the outer stack is rolled back.
	equal(t, "SUCCESS", string(b.send(customresource.Delete, byROS(bucket, "one")).Status))
	equal(t, "", b.status("stack-by-ros"))
}

func TestAnUpdateThatFails(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	id := b.send(customresource.Create, byROS(bucket, "one")).PhysicalResourceID
	b.cloud.Fail(local.Fault{LogicalID: "MyBucket", Action: local.Create, Reason: "two is taken", Times: 1})
	r := b.send(customresource.Update, byROS(bucket, "two"))
	equal(t, "FAILED "+id, string(r.Status)+" "+r.PhysicalResourceID)
	wantIn(t, r.Reason, "two is taken")
	equal(t, "UPDATE_ROLLBACK_COMPLETE", b.status("stack-by-ros"))
	// The roll-back of the outer stack finds it as it was.
	r = b.send(customresource.Update, byROS(bucket, "one"))
	equal(t, `SUCCESS {"MyBucketArn":"arn:aws:s3:::one"}`, string(r.Status)+" "+string(r.Data))
	// A template that cannot be deployed changes nothing.
	for template, want := range map[string]string{`{"Parameters": {"BucketName": {"Type": "String"}}, "Resources": {"X": {"Type": "AWS::Nope::Nope"}}}`: "AWS::Nope::Nope", `{`: "Stack.Template cannot be read", `{"Resources": {}}`: "Resources"} {
		r = b.send(customresource.Update, byROS(template, "one"))
		equal(t, "FAILED "+id, string(r.Status)+" "+r.PhysicalResourceID)
		wantIn(t, r.Reason, want)
	}
	equal(t, "UPDATE_ROLLBACK_COMPLETE", b.status("stack-by-ros"))
}

func TestOutputsThatAreTooLarge(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	r := b.send(customresource.Create, byROS(`{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}, "Parameters": {"BucketName": {"Type": "String"}}, "Outputs": {"Large": {"Value": "`+strings.Repeat("x", 4000)+`"}, "B": {"Value": {"Ref": "BucketName"}}}}`, "b"))
	wantIn(t, string(r.Status)+r.Reason, "FAILED", "the response is too large", "Large (4002 bytes), B (3 bytes)")
	equal(t, "CREATE_COMPLETE", b.status("stack-by-ros"))
	b.send(customresource.Delete, byROS(bucket, "one"))
	equal(t, "", b.status("stack-by-ros"))
}

func TestAnotherNameIsAnotherStack(t *testing.T) {
	renamed := properties(map[string]any{"Name": "another", "Template": bucket, "Parameters": map[string]any{"BucketName": "two"}})
	t.Run("ROS", func(t *testing.T) {
		b := newBench(t, localtest.New(t), customresource.ROS)
		id := b.send(customresource.Create, byROS(bucket, "one")).PhysicalResourceID
		r := b.send(customresource.Update, renamed)
		equal(t, "FAILED "+id, string(r.Status)+" "+r.PhysicalResourceID)
		wantIn(t, r.Reason, "ROS has no replacement")
		equal(t, "", b.status("another"))
	})
	t.Run("AWS", func(t *testing.T) {
		b := newBench(t, localtest.New(t), customresource.AWS)
		id := b.send(customresource.Create, byROS(bucket, "one")).PhysicalResourceID
		r := b.send(customresource.Update, renamed)
		equal(t, `SUCCESS {"MyBucketArn":"arn:aws:s3:::two"}`, string(r.Status)+" "+string(r.Data))
		wantIn(t, r.PhysicalResourceID, ":stack/another/")
		equal(t, "CREATE_COMPLETE", b.status("stack-by-ros"))
		b.id = id // the clean-up
		b.send(customresource.Delete, byROS(bucket, "one"))
		equal(t, " CREATE_COMPLETE", b.status("stack-by-ros")+" "+b.status("another"))
	})
}

// What takes longer than one run of the function goes on in the next.
func TestAStackThatTakesLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: 5 * time.Minute}
		defer cloud.Close()
		b := newBench(t, cloud, customresource.ROS)
		b.handler.Provider.(*cfnstack.Provider).Client = nil // the pace that suits AWS
		var next []byte
		b.handler.Again = func(_ context.Context, payload []byte) error { next = payload; return nil }
		runs := 0
		for event := payload(t, b.event(customresource.Create, byROS(bucket, "one"))); event != nil; event = next {
			next = nil
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			if _, err := b.handler.Invoke(ctx, event); err != nil {
				t.Fatal(err)
			}
			cancel()
			runs++
		}
		equal(t, `{"MyBucketArn":"arn:aws:s3:::one"}`, string(b.receiver.Received()[0].Response.Data))
		if runs < 5 || runs > 7 {
			t.Errorf("%d runs", runs)
		}
	})
}

// A function that was stopped before it could tell of the stack leaves one that is found by its tag.
func TestAStackThatNobodyWasToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: 5 * time.Minute}
		defer cloud.Close()
		b := newBench(t, cloud, customresource.ROS)
		b.handler.Provider.(*cfnstack.Provider).Client = nil
		e := b.event(customresource.Create, byROS(bucket, "one"))
		go func() { b.handler.Respond(t.Context(), e) }()
		time.Sleep(time.Second)
		equal(t, "CREATE_IN_PROGRESS", b.status("stack-by-ros"))
		b.id = e.MakePhysicalID(255)
		equal(t, "SUCCESS", string(b.send(customresource.Delete, byROS(bucket, "one")).Status))
		equal(t, "", b.status("stack-by-ros"))
		time.Sleep(time.Hour)
	})
}

func TestTheSameRequestDeploysOnce(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	event := payload(t, b.event(customresource.Create, byROS(bucket, "one")))
	first := b.invoke(event)
	cfg := b.cloud.Config()
	b.handler = &customresource.Handler[cfnstack.Properties]{Provider: &cfnstack.Provider{Config: &cfg, Client: quick}, Client: b.handler.Client} // another process
	equal(t, first, b.invoke(event))
	equal(t, "CREATE_COMPLETE", b.status("stack-by-ros"))
}

func TestPropertiesThatAreWrong(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	r := b.send(customresource.Create, map[string]any{"AccessKeyId": "x", "Stack": map[string]any{"Name": "1x"}})
	wantIn(t, r.Reason, "property RegionId is missing", `property Stack.Name is "1x"`, "property Stack.Template is missing", "AccessKeyId and AccessKeySecret go together")
	r = b.send(customresource.Create, map[string]any{"AccessKeySecret": []any{"geheim"}, "Stack": map[string]any{"Template": 3, "Parameters": "x", "Nmae": "y"}})
	wantIn(t, r.Reason, "property AccessKeySecret: it is a list", "property Stack.Nmae: there is no such property", "property Stack.Parameters: it is no cfnstack.Parameters", "property Stack.Template: it is no cfnstack.Template")
	if strings.Contains(r.Reason, "geheim") {
		t.Error(r.Reason)
	}
	equal(t, "SUCCESS", string(b.send(customresource.Delete, map[string]any{"Stack": 3}).Status))
}

func TestParametersInAllTheirForms(t *testing.T) {
	for text, want := range map[string]cfnstack.Parameters{
		`{"A": "x", "B": 5, "C": true, "D": ["a", 1]}`:                          {"A": "x", "B": "5", "C": "true", "D": "a,1"},
		`[{"ParameterKey": "A", "ParameterValue": "x"}, {"ParameterKey": "B"}]`: {"A": "x", "B": ""},
		` {} `:            {},
		`{"A": {"b": 1}}`: nil,
		`{"A": null}`:     nil,
		`[{"ParameterKey": "A", "ParameterValue": [[1], {}]}]`: nil,
		`3`: nil,
	} {
		var got cfnstack.Parameters
		err := json.Unmarshal([]byte(text), &got)
		if (err == nil) != (want != nil) || err == nil && !cmp.Equal(want, got) {
			t.Errorf("%s: %v %v", text, got, err)
		}
	}
}

// A role is assumed with the keys, and the stack deployed with what the role gives.
func TestARoleIsAssumed(t *testing.T) {
	b := newBench(t, localtest.New(t), customresource.ROS)
	var assumed, signed []string
	cfg := b.cloud.Config()
	cfg.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		credential, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="), "/aws4_request")
		if !strings.HasSuffix(credential, "/sts") {
			signed = append(signed, strings.Split(credential, "/")[0])
			return b.cloud.RoundTrip(r)
		}
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		assumed = append(assumed, strings.Split(credential, "/")[0]+" "+r.Form.Get("Action")+" "+r.Form.Get("RoleArn")+" "+r.Form.Get("ExternalId"))
		return answer(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>999999999999</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`), nil
	})}
	b.handler.Provider = &cfnstack.Provider{Config: &cfg, Client: quick}
	p := byROS(bucket, "one")
	p["RoleArn"], p["ExternalId"] = "arn:aws:iam::999999999999:role/deploy", "shared"
	r := b.send(customresource.Create, p)
	equal(t, "", r.Reason)
	wantIn(t, r.PhysicalResourceID, ":999999999999:stack/")
	wantIn(t, strings.Join(assumed, "\n"), "123456789012 AssumeRole arn:aws:iam::999999999999:role/deploy shared")
	for _, key := range signed {
		equal(t, "999999999999", key)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(body string) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: readCloser{strings.NewReader(body)}}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }
