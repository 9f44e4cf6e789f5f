package broker_test

import (
	"strings"
	"testing"

	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/resources/sns"
	"github.com/updraft-go/updraft/stack"
)

func TestPlanChange(t *testing.T) {
	cloud := localtest.New(t)
	o := platform{t, brokerOn(cloud)}.order("i-1", "s3", "plain").provisioned("")
	before := *o
	o.service, o.plan = o.ids("s3", "versioned")
	done := o.want(202, o.update(""))
	if p := o.poll(o.path(), done.operation()); p["state"] != "succeeded" {
		t.Fatalf("poll: %v", p)
	}
	if got := o.want(200, o.send("GET", o.path(), "")); got.body["plan_id"] != o.plan {
		t.Errorf("fetched: %v", got.body)
	}
	if !strings.Contains(template(t, cloud, stacks(t, cloud)[0]), "VersioningConfiguration") {
		t.Error("the template is that of the old plan")
	}
	o.want(200, o.update(""))
	o.want(200, o.provision(""))
	o.want(409, before.provision(""))
	o.want(400, before.bind("b", before.body("")))
	o.want(201, o.bind("b", o.body("")))
	without := strings.Replace(o.body(""), `"plan_id":"`+o.plan+`",`, "", 1)
	o.want(200, o.send("PATCH", o.path()+"?accepts_incomplete=true", without))
}

// grown is a service whose second version has more to it than its first.
func grown(version string) broker.Source {
	return broker.Static{{
		Name: "grown", Plans: []broker.Plan{{Name: "only", MaintenanceVersion: version, Fixed: map[string]string{"Fixed": version}}}, Updatable: []string{"Name"},
		Template: func(string) (*stack.Template, error) {
			t := &stack.Template{Description: "a topic"}
			name := t.Parameter("Name", stack.Parameter{Default: "a"})
			t.Parameter("Fixed", stack.Parameter{})
			stack.Add(t, "Topic", &sns.Topic{DisplayName: name.Ref() + fn.Ref("Fixed")})
			if version == "2.0.0" {
				stack.Add(t, "Second", &sns.Topic{})
			}
			return t, nil
		},
	}}
}

func TestMaintenance(t *testing.T) {
	cloud := localtest.New(t)
	old, next := brokerOn(cloud), brokerOn(cloud)
	old.Sources, next.Sources = []broker.Source{grown("1.0.0")}, []broker.Source{grown("2.0.0")}
	o := platform{t, old}.order("i-1", "grown", "only").provisioned("")
	with := func(version, parameters string) string {
		return strings.Replace(o.body(parameters), "{", `{"maintenance_info": {"version": "`+version+`"},`, 1)
	}
	path := o.path() + "?accepts_incomplete=true"
	has := func() bool { return strings.Contains(template(t, cloud, stacks(t, cloud)[0]), "Second") }

	o.platform = platform{t, next}
	if got := o.want(422, o.send("PATCH", path, with("1.0.0", ""))); got.body["error"] != "MaintenanceInfoConflict" {
		t.Errorf("the version of before: %v", got.body)
	}
	done := o.want(202, o.update(`{"Name": "b"}`))
	if o.poll(o.path(), done.operation()); has() {
		t.Error("a change of a parameter brought the new template along")
	}
	if got := o.want(200, o.send("GET", o.path(), "")).body["maintenance_info"].(map[string]any); got["version"] != "1.0.0" {
		t.Errorf("fetched: %v", got)
	}
	done = o.want(202, o.send("PATCH", path, with("2.0.0", "")))
	if p := o.poll(o.path(), done.operation()); p["state"] != "succeeded" || !has() {
		t.Errorf("poll: %v; the new template is there: %v", p, has())
	}
	o.want(200, o.send("PATCH", path, with("2.0.0", "")))
	if got := o.want(200, o.send("GET", o.path(), "")); got.body["maintenance_info"].(map[string]any)["version"] != "2.0.0" || got.body["parameters"].(map[string]any)["Name"] != "b" {
		t.Errorf("fetched: %v", got.body)
	}
}

// TestAnUpdateMaySayAgainWhatStays sends all parameters with an update, as Kubernetes does: those that cannot
// be changed are refused only if they are other than before.
func TestAnUpdateMaySayAgainWhatStays(t *testing.T) {
	o := platform{t, brokerOn(localtest.New(t))}.order("i-1", "sqs", "standard").provisioned(
		`{"UsedeadletterQueue": true, "DelaySeconds": 5, "region": "us-east-1", "user_tags": "[{\"Key\": \"team\", \"Value\": \"a\"}]"}`)
	for _, tt := range []struct{ parameters, says string }{
		{`"UsedeadletterQueue": false`, "UsedeadletterQueue: cannot be changed once the instance is made"},
		{`"region": "eu-west-1"`, "region: cannot be changed once the instance is made"},
		{`"target_account_id": "210987654321"`, "target_account_id: cannot be changed once the instance is made"},
		{`"user_tags": "[{\"Key\": \"team\", \"Value\": \"b\"}]"`, "user_tags: cannot be changed once the instance is made"},
		{`"Color": "red"`, "Color: is no parameter that can be set here"},
	} {
		got := o.want(400, o.update(`{"DelaySeconds": 6, `+tt.parameters+`}`))
		if text, _ := got.body["description"].(string); !strings.HasPrefix(text, "parameters: "+tt.says) {
			t.Errorf("%s: %s", tt.parameters, text)
		}
	}
	const same = `"UsedeadletterQueue": "true", "region": "us-east-1", "target_role_name": "", "user_tags": "[{\"Key\": \"team\", \"Value\": \"a\"}]"}`
	o.want(200, o.update(`{"DelaySeconds": 5, `+same))
	done := o.want(202, o.update(`{"DelaySeconds": 6, `+same))
	if p := o.poll(o.path(), done.operation()); p["state"] != "succeeded" || o.parameter("DelaySeconds") != 6.0 {
		t.Errorf("poll: %v; DelaySeconds: %v", p, o.parameter("DelaySeconds"))
	}
}

// TestASecretThatStays has a secret that cannot be changed, and that the broker cannot compare.
func TestASecretThatStays(t *testing.T) {
	o := templated(t, `
Metadata: {AWS::ServiceBroker::Specification: {Name: a, UpdatableParameters: [Name], ServicePlans: {only: {}}}}
Parameters: {Password: {Type: String, NoEcho: true}, Name: {Type: String}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub "${Name} ${Password}"}}}`).order("i-1", "a", "only").provisioned(`{"Password": "x", "Name": "a"}`)
	got := o.want(400, o.update(`{"Password": "x", "Name": "b"}`))
	if text, _ := got.body["description"].(string); !strings.Contains(text, "Password: cannot be changed once the instance is made") {
		t.Error(text)
	}
}
