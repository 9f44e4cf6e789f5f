package broker_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// slowly runs a test on a cloud in which each resource takes some time, which passes at once.
func slowly(t *testing.T, delay time.Duration, test func(*testing.T, *local.Cloud, *broker.Broker)) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: delay}
		defer cloud.Close()
		test(t, cloud, brokerOn(cloud))
	})
}

// stacks are the names of the stacks that there are.
func stacks(t *testing.T, cloud *local.Cloud) []string {
	t.Helper()
	out, err := cloudformation.NewFromConfig(cloud.Config()).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range out.Stacks {
		names = append(names, *s.StackName)
	}
	return names
}

func (r reply) operation() string { text, _ := r.body["operation"].(string); return text }

func TestWhileAnInstanceIsMade(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		o := platform{t, b}.order("i-1", "sqs", "standard")
		first := o.want(202, o.provision(""))
		if again := o.want(202, o.provision("")); again.operation() != first.operation() {
			t.Errorf("the same request got the operation %q, then %q", first.operation(), again.operation())
		}
		o.want(409, o.provision(`{"DelaySeconds": 5}`))
		o.want(404, o.send("GET", o.path(), ""))
		poll := o.want(200, o.send("GET", o.path()+"/last_operation?operation="+first.operation(), ""))
		if poll.body["state"] != "in progress" || poll.header.Get("Retry-After") == "" {
			t.Errorf("poll: %v %v", poll.body, poll.header)
		}
		for _, r := range []reply{
			o.send("PUT", o.path()+"/service_bindings/b", o.body("")),
			o.send("PATCH", o.path()+"?accepts_incomplete=true", o.body(`{"DelaySeconds": 5}`)),
		} {
			if o.want(422, r); r.body["error"] != "ConcurrencyError" {
				t.Errorf("meanwhile: %v", r.body)
			}
		}
		if p := o.poll(o.path(), first.operation()); p["state"] != "succeeded" {
			t.Errorf("in the end: %v", p)
		}
		o.want(200, o.provision(""))
	})
}

func TestDeletionStopsCreation(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		o := platform{t, b}.order("i-1", "sqs", "standard")
		made := o.want(202, o.provision(""))
		gone := o.want(202, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""))
		if again := o.want(202, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", "")); again.operation() != gone.operation() {
			t.Errorf("the same deletion got the operation %q, then %q", gone.operation(), again.operation())
		}
		if got := o.provision(""); got.status != 422 || got.body["error"] != "ConcurrencyError" {
			t.Errorf("provisioning meanwhile: %d %v", got.status, got.body)
		}
		if p := o.poll(o.path(), gone.operation()); p["state"] != "succeeded" {
			t.Errorf("the deletion: %v", p)
		}
		if p := o.want(200, o.send("GET", o.path()+"/last_operation?operation="+made.operation(), "")); p.body["state"] != "failed" {
			t.Errorf("the creation: %v", p.body)
		}
		o.want(202, o.provision("")) // the ID is free again
	})
}

func TestCreationFails(t *testing.T) {
	cloud := localtest.New(t)
	b := brokerOn(cloud)
	cloud.Fail(local.Fault{Type: "AWS::SQS::Queue", Action: local.Create, Reason: "no more queues"})
	o := platform{t, b}.order("i-1", "sqs", "standard")
	made := o.want(202, o.provision(""))
	p := o.poll(o.path(), made.operation())
	if text, _ := p["description"].(string); p["state"] != "failed" || !strings.Contains(text, "no more queues") {
		t.Errorf("poll: %v", p)
	}
	o.want(409, o.provision(""))
	o.want(404, o.send("GET", o.path(), ""))
	o.want(404, o.send("PUT", o.path()+"/service_bindings/b", o.body("")))
	o.deprovisioned()
	if left := stacks(t, cloud); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func (o *order) deprovisioned() {
	o.Helper()
	gone := o.want(202, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""))
	if p := o.poll(o.path(), gone.operation()); p["state"] != "succeeded" {
		o.Errorf("deprovision: %v", p)
	}
}

func (o *order) update(parameters string) reply {
	return o.send("PATCH", o.path()+"?accepts_incomplete=true", o.body(parameters))
}

func (o *order) parameter(name string) any {
	o.Helper()
	return o.want(200, o.send("GET", o.path(), "")).body["parameters"].(map[string]any)[name]
}

func TestUpdate(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		o := platform{t, b}.order("i-1", "sqs", "standard").provisioned(`{"DelaySeconds": 5}`)
		o.want(200, o.update(`{"DelaySeconds": 5}`))
		o.want(200, o.send("PATCH", o.path()+"?accepts_incomplete=true", `{"service_id":"`+o.service+`"}`))
		first := o.want(202, o.update(`{"DelaySeconds": 6}`))
		if again := o.want(202, o.update(`{"DelaySeconds": 6}`)); again.operation() != first.operation() {
			t.Errorf("the same update got the operation %q, then %q", first.operation(), again.operation())
		}
		for _, r := range []reply{
			o.update(`{"DelaySeconds": 7}`), o.send("GET", o.path(), ""),
			o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""),
		} {
			if o.want(422, r); r.body["error"] != "ConcurrencyError" {
				t.Errorf("meanwhile: %v", r.body)
			}
		}
		if p := o.poll(o.path(), first.operation()); p["state"] != "succeeded" || o.parameter("DelaySeconds") != 6.0 {
			t.Errorf("updated: %v, %v", p, o.parameter("DelaySeconds"))
		}
		o.want(200, o.update(`{"DelaySeconds": 6}`))
		o.want(200, o.provision(`{"DelaySeconds": 6}`))
		o.want(409, o.provision(`{"DelaySeconds": 5}`))
		second := o.want(202, o.update(`{"DelaySeconds": 5}`))
		if second.operation() == first.operation() {
			t.Error("two updates have one operation")
		}
		o.poll(o.path(), second.operation())
		if p := o.want(200, o.send("GET", o.path()+"/last_operation?operation="+first.operation(), "")); p.body["state"] != "succeeded" {
			t.Errorf("the operation before the last: %v", p.body)
		}
	})
}

// TestUpdateFails shows that a failed update leaves the instance as it was, in all that the broker knows
// of it, so that bindings go on and the update can be repeated.
func TestUpdateFails(t *testing.T) {
	cloud := localtest.New(t)
	o := platform{t, brokerOn(cloud)}.order("i-1", "sqs", "standard").provisioned(`{"DelaySeconds": 5}`)
	cloud.Fail(local.Fault{Type: "AWS::SQS::Queue", Action: local.Update, Reason: "not now", Times: 1})
	first := o.want(202, o.update(`{"DelaySeconds": 6}`))
	p := o.poll(o.path(), first.operation())
	text, _ := p["description"].(string)
	if p["state"] != "failed" || !strings.Contains(text, "not now") || p["instance_usable"] != true || p["update_repeatable"] != true {
		t.Errorf("poll: %v", p)
	}
	if o.parameter("DelaySeconds") != 5.0 {
		t.Errorf("after the failure: %v", o.parameter("DelaySeconds"))
	}
	o.want(200, o.provision(`{"DelaySeconds": 5}`))
	o.want(201, o.send("PUT", o.path()+"/service_bindings/b", o.body("")))
	again := o.want(202, o.update(`{"DelaySeconds": 6}`))
	if p := o.poll(o.path(), again.operation()); p["state"] != "succeeded" || o.parameter("DelaySeconds") != 6.0 {
		t.Errorf("again: %v", p)
	}
}

func TestDeletionFails(t *testing.T) {
	cloud := localtest.New(t)
	o := platform{t, brokerOn(cloud)}.order("i-1", "sqs", "standard").provisioned("")
	cloud.Fail(local.Fault{Type: "AWS::SQS::Queue", Action: local.Delete, Reason: "it is full", Times: 1})
	gone := o.want(202, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""))
	p := o.poll(o.path(), gone.operation())
	// A platform's user calls no method of the executor's: its advice is not told.
	if p["state"] != "failed" || p["description"] != "DELETE_FAILED: Queue (AWS::SQS::Queue): it is full" || p["instance_usable"] != false {
		t.Errorf("poll: %v", p)
	}
	o.deprovisioned()
}

func TestDeprovisioningTakesBindingsAlong(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		o := platform{t, b}.order("i-1", "sqs", "standard").provisioned("")
		for _, id := range []string{"a", "b"} {
			o.want(201, o.send("PUT", o.path()+"/service_bindings/"+id, o.body("")))
		}
		o.deprovisioned()
		if left := stacks(t, cloud); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}

func TestIDsOfAnyForm(t *testing.T) {
	cloud := localtest.New(t)
	b := brokerOn(cloud)
	for _, id := range []string{"with%20space", "a%2Fb", "%C3%BC", strings.Repeat("long", 100), "UPPER", "%2e%2e"} {
		o := platform{t, b}.order(id, "sqs", "standard").provisioned("")
		o.want(200, o.provision(""))
		o.want(201, o.send("PUT", o.path()+"/service_bindings/"+id, o.body("")))
		o.want(200, o.send("DELETE", o.path()+"/service_bindings/"+id+o.query(), ""))
		o.deprovisioned()
	}
	if left := stacks(t, cloud); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestTheSameRequestAtOnce sends each request twice at the same moment.
func TestTheSameRequestAtOnce(t *testing.T) {
	slowly(t, 10*time.Second, func(t *testing.T, cloud *local.Cloud, b *broker.Broker) {
		o := platform{t, b}.order("i-1", "sqs", "standard")
		twice := func(method, path, body string) (first, second reply) {
			var both sync.WaitGroup
			both.Go(func() { first = o.send(method, path, body) })
			both.Go(func() { second = o.send(method, path, body) })
			both.Wait()
			return first, second
		}
		const async = "?accepts_incomplete=true"
		one, two := twice("PUT", o.path()+async, o.body(""))
		if o.want(202, one); o.want(202, two).operation() != one.operation() {
			t.Errorf("provision: %v and %v", one.body, two.body)
		}
		o.poll(o.path(), one.operation())

		binding := o.path() + "/service_bindings/b"
		one, two = twice("PUT", binding, o.body(""))
		if one.status+two.status != 401 || one.credentials()["SQS_AWS_SECRET_ACCESS_KEY"] != two.credentials()["SQS_AWS_SECRET_ACCESS_KEY"] {
			t.Errorf("bind: %d %v and %d %v", one.status, one.body, two.status, two.body)
		}
		one, two = twice("DELETE", binding+o.query(), "")
		o.want(200, one)
		o.want(200, two)

		one, two = twice("PATCH", o.path()+async, o.body(`{"DelaySeconds": 5}`))
		if o.want(202, one); o.want(202, two).operation() != one.operation() {
			t.Errorf("update: %v and %v", one.body, two.body)
		}
		o.poll(o.path(), one.operation())
		one, two = twice("DELETE", o.path()+o.query()+"&accepts_incomplete=true", "")
		if o.want(202, one); o.want(202, two).operation() != one.operation() {
			t.Errorf("deprovision: %v and %v", one.body, two.body)
		}
		o.poll(o.path(), one.operation())
	})
}

// TestStacksOfOthers has a stack of the name of an instance, which somebody else made.
func TestStacksOfOthers(t *testing.T) {
	cloud := localtest.New(t)
	const name = "osb-awsservicebroker-i-mine"
	_, err := cloudformation.NewFromConfig(cloud.Config()).CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String(name), TemplateBody: aws.String(`{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	o := platform{t, brokerOn(cloud)}.order("mine", "sqs", "standard")
	o.want(409, o.provision(""))
	o.want(404, o.send("GET", o.path(), ""))
	o.want(410, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""))
	if left := stacks(t, cloud); len(left) != 1 || left[0] != name {
		t.Errorf("left: %v", left)
	}
}

// TestUpdatesKeepWhatTheUserSaid gives a parameter that has a default in the plan, and changes another.
func TestUpdatesKeepWhatTheUserSaid(t *testing.T) {
	o := platform{t, mailboxes(localtest.New(t))}.order("i-1", "mailbox", "small").provisioned(`{"Subject": "news", "Hidden": 5}`)
	done := o.want(202, o.update(`{"Password": "battery staple"}`))
	o.poll(o.path(), done.operation())
	if got := o.parameter("Hidden"); got != 5.0 {
		t.Errorf("Hidden is %v", got)
	}
	o.want(200, o.provision(`{"Subject": "news", "Hidden": 5}`))
	o.want(409, o.provision(`{"Subject": "news"}`))
}
