package broker_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local/localtest"
)

// TestLifecycle is the life of an instance, in one go.
func TestLifecycle(t *testing.T) {
	cloud := localtest.New(t)
	b := brokerOn(cloud)
	log := logged(b)
	o := platform{t, b}.order("i-1", "sqs", "standard")

	first := o.want(202, o.provision(`{"VisibilityTimeout": 60}`))
	operation := first.body["operation"].(string)
	if p := o.poll(o.path(), operation); p["state"] != "succeeded" {
		t.Fatalf("provision: %v", p)
	}
	o.want(200, o.provision(`{"VisibilityTimeout": "60"}`))
	o.want(409, o.provision(`{"VisibilityTimeout": 61}`))
	if got := o.want(200, o.send("GET", o.path(), "")); got.body["parameters"].(map[string]any)["VisibilityTimeout"] != 60.0 {
		t.Errorf("fetched: %v", got.body)
	} else if diff := cmp.Diff(map[string]any{
		"labels": map[string]any{"account": "123456789012", "region": "us-east-1"}, "attributes": map[string]any{"stack": "osb-awsservicebroker-i-i-1"},
	}, got.body["metadata"]); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}

	binding := o.path() + "/service_bindings/b-1"
	made := o.want(201, o.send("PUT", binding, o.body("")))
	credentials := made.body["credentials"].(map[string]any)
	for _, key := range []string{"QUEUE_URL", "QUEUE_ARN", "QUEUE_NAME", "SQS_AWS_ACCESS_KEY_ID", "SQS_AWS_SECRET_ACCESS_KEY", "AWS_REGION"} {
		if credentials[key] == nil || credentials[key] == "" {
			t.Errorf("no credential %s in %v", key, credentials)
		}
	}
	again := o.want(200, o.send("PUT", binding, o.body("")))
	secret := credentials["SQS_AWS_SECRET_ACCESS_KEY"].(string)
	if again.body["credentials"].(map[string]any)["SQS_AWS_SECRET_ACCESS_KEY"] != secret {
		t.Error("the same bind gave another key")
	}
	if got := o.want(200, o.send("GET", binding, "")); got.body["credentials"].(map[string]any)["SQS_AWS_SECRET_ACCESS_KEY"] != secret {
		t.Error("a fetch gave another key")
	}
	o.want(409, o.send("PUT", binding, o.body(`{"RoleName": "other"}`)))
	o.want(200, o.send("DELETE", binding+o.query(), ""))
	o.want(410, o.send("DELETE", binding+o.query(), ""))
	o.want(404, o.send("GET", binding, ""))

	gone := o.want(202, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""))
	if p := o.poll(o.path(), gone.body["operation"].(string)); p["state"] != "succeeded" {
		t.Fatalf("deprovision: %v", p)
	}
	o.want(410, o.send("DELETE", o.path()+o.query()+"&accepts_incomplete=true", ""))
	o.want(404, o.send("GET", o.path(), ""))
	if strings.Contains(log.String(), secret) {
		t.Error("the log holds the secret key")
	}
}
