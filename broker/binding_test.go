package broker_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

func (o *order) bind(id, body string) reply {
	return o.send("PUT", o.path()+"/service_bindings/"+id, body)
}

func (r reply) credentials() map[string]any {
	c, _ := r.body["credentials"].(map[string]any)
	return c
}

// TestCredentialsOfTemplates takes values from Systems Manager and Secrets Manager, and leaves out what is
// none of a user's business.
func TestCredentialsOfTemplates(t *testing.T) {
	cloud := localtest.New(t)
	b := mailboxes(cloud)
	log := logged(b)
	o := platform{t, b}.order("i-1", "mailbox", "small").provisioned(`{"Subject": "news", "Password": "correct horse"}`)
	got := o.want(201, o.bind("b", o.body(""))).credentials()
	want := []string{"AWS_REGION", "MAILBOX_AWS_ACCESS_KEY_ID", "MAILBOX_AWS_SECRET_ACCESS_KEY", "NOTE", "PASSWORD", "QUEUE_URL", "TOPIC_ARN"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("credentials (-want +got):\n%s", diff)
	}
	if got["PASSWORD"] != "correct horse" || got["NOTE"] != "read me" {
		t.Errorf("credentials: %v", got)
	}
	for _, secret := range []string{"correct horse", got["MAILBOX_AWS_SECRET_ACCESS_KEY"].(string)} {
		if strings.Contains(log.String(), secret) {
			t.Error("a secret is in the log")
		}
		if strings.Contains(describeAll(t, cloud), secret) {
			t.Error("a secret is in the description of a stack")
		}
	}
	fetched := o.want(200, o.send("GET", o.path(), "")).body["parameters"].(map[string]any)
	if diff := cmp.Diff(map[string]any{"Hidden": 20.0, "Subject": "news"}, fetched); diff != "" {
		t.Errorf("fetched (-want +got):\n%s", diff)
	}
	o.want(200, o.provision(`{"Subject": "news", "Password": "correct horse"}`))
	o.want(409, o.provision(`{"Subject": "news", "Password": "another horse"}`))
	changed := o.want(202, o.update(`{"Password": "battery staple"}`))
	o.poll(o.path(), changed.operation())
	o.want(200, o.update(`{"Password": "battery staple"}`))
	if got := o.want(200, o.bind("b", o.body(""))).credentials(); got["PASSWORD"] != "battery staple" {
		t.Errorf("after the change: %v", got["PASSWORD"])
	}
}

// describeAll is all that DescribeStacks tells.
func describeAll(t *testing.T, cloud *local.Cloud) string {
	t.Helper()
	out, err := cloudformation.NewFromConfig(cloud.Config()).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, s := range out.Stacks {
		for _, x := range s.Tags {
			text.WriteString(aws.ToString(x.Key) + "=" + aws.ToString(x.Value) + "\n")
		}
		for _, x := range s.Outputs {
			text.WriteString(aws.ToString(x.OutputKey) + "=" + aws.ToString(x.OutputValue) + "\n")
		}
		for _, x := range s.Parameters {
			text.WriteString(aws.ToString(x.ParameterKey) + "=" + aws.ToString(x.ParameterValue) + "\n")
		}
	}
	return text.String()
}

func template(t *testing.T, cloud *local.Cloud, name string) string {
	t.Helper()
	out, err := cloudformation.NewFromConfig(cloud.Config()).GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.TemplateBody)
}

func TestScopesAndRoles(t *testing.T) {
	cloud := localtest.New(t)
	o := platform{t, mailboxes(cloud)}.order("i-1", "mailbox", "small").provisioned(`{"Subject": "news"}`)
	binding := func() string {
		for _, name := range stacks(t, cloud) {
			if strings.Contains(name, "-b-") {
				return template(t, cloud, name)
			}
		}
		t.Fatal("no binding")
		return ""
	}
	o.want(201, o.bind("b", o.body(`{"Scope": "read"}`)))
	if got := binding(); !strings.Contains(got, "sqs:ReceiveMessage") || strings.Contains(got, "sns:Publish") {
		t.Errorf("with the scope read:\n%s", got)
	}
	if got := o.want(200, o.send("GET", o.path()+"/service_bindings/b", "")).body["parameters"]; !cmp.Equal(got, map[string]any{"Scope": "read"}) {
		t.Errorf("fetched: %v", got)
	}
	o.want(409, o.bind("b", o.body(`{"Scope": "write"}`)))
	o.want(400, o.bind("c", o.body(`{"Scope": "all"}`)))
	o.want(200, o.send("DELETE", o.path()+"/service_bindings/b"+o.query(), ""))

	got := o.want(201, o.bind("b", o.body(`{"RoleName": "worker"}`)))
	if text := binding(); !strings.Contains(text, "AWS::IAM::RolePolicy") || strings.Contains(text, "AWS::IAM::User") {
		t.Errorf("with a role:\n%s", text)
	}
	for key := range got.credentials() {
		if strings.Contains(key, "KEY") {
			t.Errorf("a binding for a role has %s", key)
		}
	}
}

func TestRotation(t *testing.T) {
	o := platform{t, mailboxes(localtest.New(t))}.order("i-1", "mailbox", "small").provisioned(`{"Subject": "news"}`)
	old := o.want(201, o.bind("old", o.body(`{"Scope": "read"}`)))
	successor := strings.Replace(o.body(""), "{", `{"predecessor_binding_id": "old",`, 1)
	next := o.want(201, o.bind("new", successor))
	const key = "MAILBOX_AWS_ACCESS_KEY_ID"
	if next.credentials()[key] == old.credentials()[key] || next.credentials()[key] == nil {
		t.Errorf("the key before %v, after %v", old.credentials()[key], next.credentials()[key])
	}
	if got := o.want(200, o.send("GET", o.path()+"/service_bindings/new", "")).body["parameters"]; !cmp.Equal(got, map[string]any{"Scope": "read"}) {
		t.Errorf("the parameters were not taken over: %v", got)
	}
	o.want(200, o.bind("new", successor))
	o.want(200, o.bind("new", strings.Replace(o.body(`{"Scope": "read"}`), "{", `{"predecessor_binding_id": "old",`, 1)))
	o.want(400, o.bind("third", strings.Replace(o.body(`{"Scope": "write"}`), "{", `{"predecessor_binding_id": "old",`, 1)))
	o.want(200, o.send("DELETE", o.path()+"/service_bindings/old"+o.query(), ""))
	o.want(200, o.bind("new", o.body(`{"Scope": "read"}`)))
}

// TestSlowBindings takes longer than a platform waits.
func TestSlowBindings(t *testing.T) {
	slowly(t, 40*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		o := platform{t, b}.order("i-1", "sqs", "standard").provisioned("")
		if got := o.want(500, o.bind("a", o.body(""))); !strings.Contains(got.body["description"].(string), "longer than the broker waits") {
			t.Errorf("a platform that does not poll: %v", got.body)
		}
		gone := o.want(202, o.send("DELETE", o.path()+"/service_bindings/a"+o.query()+"&accepts_incomplete=true", ""))
		if p := o.poll(o.path()+"/service_bindings/a", gone.operation()); p["state"] != "succeeded" {
			t.Errorf("what a platform deletes then: %v", p)
		}

		path := o.path() + "/service_bindings/b"
		made := o.want(202, o.send("PUT", path+"?accepts_incomplete=true", o.body("")))
		if made.credentials() != nil {
			t.Error("a binding that is not made has credentials")
		}
		o.want(404, o.send("GET", path, ""))
		if p := o.poll(path, made.operation()); p["state"] != "succeeded" {
			t.Errorf("poll: %v", p)
		}
		if o.want(200, o.send("GET", path, "")).credentials()["QUEUE_URL"] == nil {
			t.Error("no credentials in the end")
		}
	})
}

// The time is over before anything was asked.
func TestBindingsWithoutPatience(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		b.Patience = -1
		o := platform{t, b}.order("i-1", "sqs", "standard").provisioned("")
		path := o.path() + "/service_bindings/a"
		if got := o.want(500, o.send("PUT", path, o.body(""))); !strings.Contains(got.body["description"].(string), "longer than the broker waits") {
			t.Errorf("a platform that does not poll: %v", got.body)
		}
		made := o.want(202, o.send("PUT", path+"?accepts_incomplete=true", o.body("")))
		if p := o.poll(path, made.operation()); p["state"] != "succeeded" {
			t.Errorf("poll: %v", p)
		}
		gone := o.want(202, o.send("DELETE", path+o.query()+"&accepts_incomplete=true", ""))
		if p := o.poll(path, gone.operation()); p["state"] != "succeeded" {
			t.Errorf("the deletion: %v", p)
		}
	})
}

func TestBindingsInTheBackground(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		s := services.SQS()
		s.Plans[0].AsyncBind = true
		b.Sources = []broker.Source{broker.Static{s}}
		o := platform{t, b}.order("i-1", "sqs", "standard").provisioned("")
		path := o.path() + "/service_bindings/b"
		for _, r := range []reply{o.send("PUT", path, o.body("")), o.send("DELETE", path+o.query(), "")} {
			if o.want(422, r); r.body["error"] != "AsyncRequired" {
				t.Errorf("a platform that does not poll: %v", r.body)
			}
		}
		made := o.want(202, o.send("PUT", path+"?accepts_incomplete=true", o.body("")))
		if again := o.want(202, o.send("PUT", path+"?accepts_incomplete=true", o.body(""))); again.operation() != made.operation() {
			t.Errorf("the same request got the operation %q, then %q", made.operation(), again.operation())
		}
		o.poll(path, made.operation())
		if o.want(200, o.send("PUT", path+"?accepts_incomplete=true", o.body(""))).credentials() == nil {
			t.Error("no credentials for a binding that is made")
		}
		gone := o.want(202, o.send("DELETE", path+o.query()+"&accepts_incomplete=true", ""))
		if p := o.poll(path, gone.operation()); p["state"] != "succeeded" {
			t.Errorf("the deletion: %v", p)
		}
	})
}

func TestBindingFails(t *testing.T) {
	cloud := localtest.New(t)
	o := platform{t, brokerOn(cloud)}.order("i-1", "sqs", "standard").provisioned("")
	cloud.Fail(local.Fault{Type: "AWS::IAM::AccessKey", Action: local.Create, Reason: "too many keys", Times: 1})
	if got := o.want(500, o.bind("b", o.body(""))); !strings.Contains(got.body["description"].(string), "too many keys") {
		t.Errorf("%v", got.body)
	}
	if left := stacks(t, cloud); len(left) != 1 {
		t.Errorf("stacks: %v", left)
	}
	o.want(201, o.bind("b", o.body("")))
}

func TestBindingsForApplicationsOnly(t *testing.T) {
	b := brokerOn(localtest.New(t))
	s := services.SQS()
	s.Bindings.RequiresApp = true
	b.Sources = []broker.Source{broker.Static{s}}
	o := platform{t, b}.order("i-1", "sqs", "standard").provisioned("")
	if got := o.want(422, o.bind("b", o.body(""))); got.body["error"] != "RequiresApp" {
		t.Errorf("%v", got.body)
	}
	o.want(201, o.bind("b", strings.Replace(o.body(""), "{", `{"bind_resource": {"app_guid": "x"},`, 1)))
	o.want(409, o.bind("b", strings.Replace(o.body(""), "{", `{"app_guid": "y",`, 1)))
}

// TestCredentialsForCloudFoundry holds the names that buildpacks look for to those of the AWS Service Broker.
func TestCredentialsForCloudFoundry(t *testing.T) {
	const database = `
Outputs: {EndpointAddress: {Value: db.example.com}, Port: {Value: "5000"}, DBName: {Value: shop}, MasterUsername: {Value: boss}, MasterPassword: {Value: "p@ss"}}`
	for _, tt := range []struct {
		service, outputs string
		want             map[string]any
	}{
		{"rdsmysql", database, map[string]any{
			"host": "db.example.com", "hostname": "db.example.com", "port": "5000", "name": "shop", "username": "boss", "password": "p@ss",
			"uri": "mysql://boss:p%40ss@db.example.com:5000/shop?reconnect=true", "jdbcUrl": "jdbc:mysql://db.example.com:5000/shop?password=p%40ss&user=boss&useSSL=true",
		}},
		{"rdspostgresql", database, map[string]any{
			"db_host": "db.example.com", "db_port": "5000", "db_name": "shop", "read_host": "db.example.com", "read_port": "5000",
			"uri": "postgresql://boss:p%40ss@db.example.com:5000/shop", "read_uri": "postgresql://boss:p%40ss@db.example.com:5000/shop",
			"jdbc_uri": "jdbc:postgresql://db.example.com:5000/shop?password=p%40ss&user=boss", "jdbc_read_uri": "jdbc:postgresql://db.example.com:5000/shop?password=p%40ss&user=boss",
		}},
		{"s3", `
Outputs: {BucketArn: {Value: "arn:aws:s3:::b"}, S3AwsAccessKeyId: {Value: AKIA1}, S3AwsSecretAccessKey: {Value: hush}}`, map[string]any{
			"arn": "arn:aws:s3:::b", "access_key_id": "AKIA1", "secret_access_key": "hush",
		}},
	} {
		o := templated(t, `
Metadata: {AWS::ServiceBroker::Specification: {Name: `+tt.service+`, CloudFoundry: true, ServicePlans: {only: {}}}}
Resources: {T: {Type: AWS::SNS::Topic}}`+tt.outputs).order("i-1", tt.service, "only").provisioned("")
		got := o.want(201, o.bind("b", o.body(""))).credentials()
		for key, want := range tt.want {
			if got[key] != want {
				t.Errorf("%s: %s is %v, want %v", tt.service, key, got[key], want)
			}
		}
	}
}
