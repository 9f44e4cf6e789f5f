package broker_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/waiter"
)

// placeOn is a place on an embedded cloud.
func placeOn(cfg aws.Config, account string) *broker.Place {
	api := cloudformation.NewFromConfig(cfg)
	return &broker.Place{
		Account: account, Region: cfg.Region, API: api, Secrets: secretsmanager.NewFromConfig(cfg), Parameters: ssm.NewFromConfig(cfg),
		Client: &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: 500 * time.Millisecond}},
	}
}

// brokerOn is a broker of the services in Go on an embedded cloud.
func brokerOn(cloud *local.Cloud) *broker.Broker {
	return &broker.Broker{Home: placeOn(cloud.Config(), local.DefaultAccount), Sources: []broker.Source{services.All()}}
}

// A platform sends requests to a broker.
type platform struct {
	testing.TB
	broker http.Handler
}

// A reply is what a broker answers.
type reply struct {
	status int
	body   map[string]any
	header http.Header
}

func (p platform) send(method, path, body string, header ...string) reply {
	p.Helper()
	r := httptest.NewRequestWithContext(p.Context(), method, path, strings.NewReader(body))
	r.Header.Set("X-Broker-API-Version", "2.17")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	p.broker.ServeHTTP(w, r)
	out := reply{status: w.Code, header: w.Header()}
	data, err := io.ReadAll(w.Body)
	if err != nil {
		p.Fatal(err)
	}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &out.body); err != nil {
			p.Fatalf("%s %s: %v: %s", method, path, err, data)
		}
	}
	return out
}

func (p platform) want(status int, got reply) reply {
	p.Helper()
	if got.status != status {
		p.Fatalf("status %d, want %d: %v", got.status, status, got.body)
	}
	return got
}

// ids returns the IDs of a service and of one of its plans.
func (p platform) ids(service, plan string) (string, string) {
	p.Helper()
	catalog := p.want(200, p.send("GET", "/v2/catalog", ""))
	for _, s := range catalog.body["services"].([]any) {
		s := s.(map[string]any)
		if s["name"] != service {
			continue
		}
		for _, x := range s["plans"].([]any) {
			if x := x.(map[string]any); x["name"] == plan {
				return s["id"].(string), x["id"].(string)
			}
		}
	}
	p.Fatalf("no plan %s of %s", plan, service)
	return "", ""
}

// An order is an instance that a platform has.
type order struct {
	platform
	id, service, plan string
}

func (p platform) order(id, service, plan string) *order {
	p.Helper()
	o := &order{platform: p, id: id}
	o.service, o.plan = p.ids(service, plan)
	return o
}

func (o *order) path() string { return "/v2/service_instances/" + o.id }

func (o *order) body(parameters string) string {
	if parameters == "" {
		parameters = "{}"
	}
	return `{"service_id":"` + o.service + `","plan_id":"` + o.plan + `","organization_guid":"org","space_guid":"space","parameters":` + parameters + `}`
}

func (o *order) provision(parameters string) reply {
	return o.send("PUT", o.path()+"?accepts_incomplete=true", o.body(parameters))
}

func (o *order) query() string { return "?service_id=" + o.service + "&plan_id=" + o.plan }

// poll polls for the end of an operation.
func (o *order) poll(path, operation string) map[string]any {
	o.Helper()
	for {
		r := o.want(200, o.send("GET", path+"/last_operation?operation="+operation, ""))
		if r.body["state"] != "in progress" {
			return r.body
		}
		time.Sleep(time.Second) // in a bubble of synctest, or never
	}
}

func (o *order) provisioned(parameters string) *order {
	o.Helper()
	r := o.want(202, o.provision(parameters))
	if p := o.poll(o.path(), r.body["operation"].(string)); p["state"] != "succeeded" {
		o.Fatalf("provision: %v", p)
	}
	return o
}

func logged(b *broker.Broker) *bytes.Buffer {
	var log bytes.Buffer
	b.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return &log
}
