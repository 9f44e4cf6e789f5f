package conformance

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/waiter"
)

// brokerTold is what the client in testdata/osb.js tells: a call, and the status, state or error that it
// was answered with.
const brokerTold = `catalog 200 services
old version 412 PreconditionFailed
no async 422 AsyncRequired
bad parameter 400 BadRequest
provision 202 operation
provisioned succeeded
provision again 200 
provision otherwise 409 Conflict
update of the plan 422 PlanChangeNotSupported
update 202 operation
updated succeeded
bind 201 credentials
bind again 200 credentials
same credentials true true
unbind 200 
unbind again 410 Gone
deprovision 202 operation
deprovisioned succeeded
deprovision again 410 Gone
`

// TestBrokerPlatformClient plays a platform with a client for the Open Service Broker API, as npm gives it.
func TestBrokerPlatformClient(t *testing.T) {
	modules := nodeModules(t, filepath.Join("@ibm-cloud", "platform-services"))
	script, err := filepath.Abs(filepath.Join("testdata", "osb.js"))
	if err != nil {
		t.Fatal(err)
	}
	cloud := &local.Cloud{}
	t.Cleanup(func() { cloud.Close() })
	env := append(os.Environ(), "NODE_PATH="+modules, "BROKER="+serveHandler(t, sqsBroker(cloud)),
		"UPDRAFT_BROKER_USER=platform", "UPDRAFT_BROKER_PASSWORD=let-me-in")
	if told := run(t, env, "", "node", script); told != brokerTold {
		t.Errorf("the client told:\n%s\nwant:\n%s", told, brokerTold)
	}
	listed, err := cloudformation.NewFromConfig(cloud.Config()).DescribeStacks(t.Context(), nil)
	if err != nil || len(listed.Stacks) > 0 {
		t.Errorf("after the last call there are the stacks %v, %v; want none", listed, err)
	}
}

// sqsBroker is a broker of queues, whose stacks are made in cloud.
func sqsBroker(cloud *local.Cloud) http.Handler {
	cfg := cloud.Config()
	api := cloudformation.NewFromConfig(cfg)
	return &broker.Broker{
		Home: &broker.Place{
			Account: local.DefaultAccount, Region: cfg.Region, API: api, Secrets: secretsmanager.NewFromConfig(cfg),
			Client: &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: 10 * time.Millisecond}},
		},
		Sources: []broker.Source{broker.Static{services.SQS()}},
		Auth:    &broker.Auth{Users: map[string]string{"platform": "let-me-in"}},
	}
}
