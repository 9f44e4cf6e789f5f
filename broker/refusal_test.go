package broker_test

import (
	"strings"
	"testing"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/local/localtest"
)

// TestRefusals holds the answers to bad requests to the specification: the status and the error.
func TestRefusals(t *testing.T) {
	b := brokerOn(localtest.New(t))
	o := platform{t, b}.order("i-1", "sqs", "standard").provisioned("")
	const async = "?accepts_incomplete=true"
	fresh := "/v2/service_instances/fresh"
	binding := o.path() + "/service_bindings/b"
	ids := o.query()
	for _, tt := range []struct {
		name, method, path, body string
		status                   int
		code, says               string
	}{
		{"no body", "PUT", fresh + async, "", 400, "BadRequest", "JSON object"},
		{"a list for a body", "PUT", fresh + async, "[]", 400, "BadRequest", "JSON object"},
		{"a body that is cut", "PUT", fresh + async, `{"service_id": "`, 400, "BadRequest", "JSON"},
		{"two objects", "PUT", fresh + async, o.body("") + "{}", 400, "BadRequest", "behind it"},
		{"a number for an ID", "PUT", fresh + async, `{"service_id": 5}`, 400, "BadRequest", "service_id"},
		{"parameters that are a list", "PUT", fresh + async, o.body("[]"), 400, "BadRequest", "parameters"},
		{"an oversized body", "PUT", fresh + async, `{"context": {"x": "` + strings.Repeat("x", broker.MaxBody) + `"}}`, 400, "BadRequest", "bytes"},
		{"nothing that is required", "PUT", fresh + async, `{}`, 400, "BadRequest", "missing: service_id, plan_id, organization_guid, space_guid"},
		{"an unknown service", "PUT", fresh + async, strings.Replace(o.body(""), o.service, "no", 1), 400, "BadRequest", "service_id"},
		{"an unknown plan", "PUT", fresh + async, strings.Replace(o.body(""), o.plan, "no", 1), 400, "BadRequest", "plan_id"},
		{"a platform that does not poll", "PUT", fresh, o.body(""), 422, "AsyncRequired", "accepts_incomplete"},
		{"a platform that says so", "PUT", fresh + "?accepts_incomplete=false", o.body(""), 422, "AsyncRequired", "accepts_incomplete"},
		{"an unknown parameter", "PUT", fresh + async, o.body(`{"Color": "red"}`), 400, "BadRequest", "Color: is no parameter"},
		{"a parameter out of bounds", "PUT", fresh + async, o.body(`{"DelaySeconds": 901}`), 400, "BadRequest", "DelaySeconds: must be 900 or less"},
		{"a fraction", "PUT", fresh + async, o.body(`{"DelaySeconds": 1.5}`), 400, "BadRequest", "DelaySeconds: must be a whole number"},
		{"an object for a scalar", "PUT", fresh + async, o.body(`{"DelaySeconds": {}}`), 400, "BadRequest", "DelaySeconds: must be a"},
		{"a null", "PUT", fresh + async, o.body(`{"DelaySeconds": null}`), 400, "BadRequest", "DelaySeconds: must be a whole number"},
		{"a value that is too long", "PUT", fresh + async, o.body(`{"user_tags": "` + strings.Repeat("x", 5000) + `"}`), 400, "BadRequest", "user_tags: must have 4096 bytes or fewer"},
		{"one of two values", "PUT", fresh + async, o.body(`{"UsedeadletterQueue": "maybe"}`), 400, "BadRequest", "UsedeadletterQueue: must be one of true, false"},
		{"another region", "PUT", fresh + async, o.body(`{"region": "mars-1"}`), 400, "BadRequest", "region: must be one of us-east-1"},
		{"another account", "PUT", fresh + async, o.body(`{"target_account_id": "1"}`), 400, "BadRequest", "123456789012 us-east-1"},
		{"tags that are none", "PUT", fresh + async, o.body(`{"user_tags": "x"}`), 400, "BadRequest", "user_tags"},
		{"a tag of the broker's", "PUT", fresh + async, o.body(`{"user_tags": "[{\"Key\": \"updraft:plan\", \"Value\": \"x\"}]"}`), 400, "BadRequest", "user_tags"},
		{"maintenance that the plan does not have", "PUT", fresh + async, strings.Replace(o.body(""), "{", `{"maintenance_info": {"version": "9.9.9"},`, 1), 422, "MaintenanceInfoConflict", "9.9.9"},
		{"the same ID with other parameters", "PUT", o.path() + async, o.body(`{"DelaySeconds": 1}`), 409, "Conflict", ""},
		{"the same ID with another space", "PUT", o.path() + async, strings.Replace(o.body(""), `"space"`, `"other"`, 1), 409, "Conflict", ""},

		{"an update without a service", "PATCH", o.path() + async, `{}`, 400, "BadRequest", "service_id"},
		{"an update of nothing", "PATCH", fresh + async, o.body(""), 404, "NotFound", "no such instance"},
		{"an update that does not poll", "PATCH", o.path(), o.body(""), 422, "AsyncRequired", "accepts_incomplete"},
		{"an update of what cannot be updated", "PATCH", o.path() + async, o.body(`{"UsedeadletterQueue": "true"}`), 400, "BadRequest", "UsedeadletterQueue"},
		{"another plan", "PATCH", o.path() + async, strings.Replace(o.body(""), o.plan, plan(o, "fifo"), 1), 422, "PlanChangeNotSupported", "cannot change its plan"},

		{"a binding of nothing", "PUT", fresh + "/service_bindings/b", o.body(""), 404, "NotFound", "no such instance"},
		{"a binding without a plan", "PUT", binding, `{"service_id": "` + o.service + `"}`, 400, "BadRequest", "plan_id"},
		{"a binding of another plan", "PUT", binding, strings.Replace(o.body(""), o.plan, plan(o, "fifo"), 1), 400, "BadRequest", "plan_id"},
		{"a binding with an unknown parameter", "PUT", binding, o.body(`{"Color": "red"}`), 400, "BadRequest", "Color"},
		{"a successor of nothing", "PUT", binding, strings.Replace(o.body(""), "{", `{"predecessor_binding_id": "no",`, 1), 400, "BadRequest", "predecessor_binding_id"},
		{"unbinding without a service", "DELETE", binding + "?plan_id=" + o.plan, "", 400, "BadRequest", "service_id"},
		{"unbinding without a plan", "DELETE", binding + "?service_id=" + o.service, "", 400, "BadRequest", "plan_id"},
		{"unbinding of nothing", "DELETE", binding + ids, "", 410, "Gone", ""},
		{"fetching a binding that is not there", "GET", binding, "", 404, "NotFound", ""},
		{"polling for a binding that is not there", "GET", binding + "/last_operation", "", 410, "Gone", ""},

		{"deprovisioning without a service", "DELETE", o.path() + async + "&plan_id=" + o.plan, "", 400, "BadRequest", "service_id"},
		{"deprovisioning with another service", "DELETE", o.path() + async + "&service_id=no&plan_id=" + o.plan, "", 400, "BadRequest", "service_id"},
		{"deprovisioning that does not poll", "DELETE", o.path() + ids, "", 422, "AsyncRequired", ""},
		{"deprovisioning of nothing", "DELETE", fresh + ids + "&accepts_incomplete=true", "", 410, "Gone", ""},
		{"fetching what is not there", "GET", fresh, "", 404, "NotFound", ""},
		{"polling with an operation of somebody else", "GET", o.path() + "/last_operation?operation=task_10", "", 400, "BadRequest", "operation"},
		{"polling with an empty operation", "GET", o.path() + "/last_operation?operation=", "", 400, "BadRequest", "operation"},
		{"polling at a place of somebody else", "GET", o.path() + "/last_operation?operation=create:1:us-east-1:x", "", 400, "BadRequest", "account"},

		{"a path that is not there", "GET", "/v2/nothing", "", 404, "NotFound", ""},
		{"a method that is not there", "POST", "/v2/catalog", "", 405, "MethodNotAllowed", "GET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := platform{t, b}.send(tt.method, tt.path, tt.body)
			description, _ := got.body["description"].(string)
			if got.status != tt.status || got.body["error"] != tt.code || !strings.Contains(description, tt.says) || description == "" {
				t.Errorf("%d %v, want %d %s with %q", got.status, got.body, tt.status, tt.code, tt.says)
			}
		})
	}
}

func plan(o *order, name string) string {
	_, id := o.ids("sqs", name)
	return id
}

func TestHeaders(t *testing.T) {
	b := brokerOn(localtest.New(t))
	b.Auth = &broker.Auth{Users: map[string]string{"me": "secret"}, Tokens: []string{"token"}}
	basic := func(pair string) string { return "Basic " + pair }
	for _, tt := range []struct {
		name   string
		header []string
		status int
	}{
		{"no credentials", nil, 401},
		{"a wrong password", []string{"Authorization", basic("bWU6bm8=")}, 401},
		{"an unknown user", []string{"Authorization", basic("eW91OnNlY3JldA==")}, 401},
		{"a wrong token", []string{"Authorization", "Bearer no"}, 401},
		{"an empty token", []string{"Authorization", "Bearer "}, 401},
		{"user and password", []string{"Authorization", basic("bWU6c2VjcmV0")}, 200},
		{"a token", []string{"Authorization", "Bearer token"}, 200},
		{"no version", []string{"Authorization", "Bearer token", "X-Broker-API-Version", ""}, 412},
		{"an old version", []string{"Authorization", "Bearer token", "X-Broker-API-Version", "2.12"}, 412},
		{"the next major version", []string{"Authorization", "Bearer token", "X-Broker-API-Version", "3.0"}, 412},
		{"no number", []string{"Authorization", "Bearer token", "X-Broker-API-Version", "two"}, 412},
		{"the first version", []string{"Authorization", "Bearer token", "X-Broker-API-Version", "2.13"}, 200},
		{"a version to come", []string{"Authorization", "Bearer token", "X-Broker-API-Version", "2.18"}, 200},
		{"an identity", []string{"Authorization", "Bearer token", "X-Broker-API-Originating-Identity", "kubernetes eyJ1c2VybmFtZSI6ICJkdWtlIn0="}, 200},
		{"an identity that is no JSON", []string{"Authorization", "Bearer token", "X-Broker-API-Originating-Identity", "kubernetes ZHVrZQ=="}, 400},
		{"an identity without a platform", []string{"Authorization", "Bearer token", "X-Broker-API-Originating-Identity", "eyJ1c2VybmFtZSI6ICJkdWtlIn0="}, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := platform{t, b}.send("GET", "/v2/catalog", "", append(tt.header, "X-Broker-API-Request-Identity", "r-1")...)
			if got.status != tt.status || got.header.Get("X-Broker-API-Request-Identity") != "r-1" || got.header.Get("Content-Type") != "application/json" {
				t.Errorf("status %d, want %d; headers %v", got.status, tt.status, got.header)
			}
		})
	}
}
