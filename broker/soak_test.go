package broker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/local"
)

// A host runs a broker that can be killed in the middle of its work, and started again.
type host struct {
	cloud  *local.Cloud
	log    *syncBuffer
	mu     sync.Mutex
	broker *broker.Broker
	life   context.Context
	kill   context.CancelFunc
}

var errDead = errors.New("connection refused")

func (h *host) start() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broker = brokerOn(h.cloud)
	h.broker.Logger = slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.life, h.kill = context.WithCancel(context.Background())
}

// send sends a request. If the broker is killed meanwhile, nobody gets the answer.
func (h *host) send(method, path, body string) (*httptest.ResponseRecorder, error) {
	h.mu.Lock()
	b, life := h.broker, h.life
	h.mu.Unlock()
	if life.Err() != nil {
		return nil, errDead
	}
	r := httptest.NewRequestWithContext(life, method, path, strings.NewReader(body))
	r.Header.Set("X-Broker-API-Version", "2.17")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if life.Err() != nil {
		return nil, errDead
	}
	return w, nil
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// A customer is a platform that talks to whichever broker answers, and repeats what it got no answer to.
type customer struct {
	*testing.T
	hosts   []*host
	random  *rand.Rand
	service string
	plan    string
	secrets *sync.Map
}

// ask sends a request until a broker answers it. before says that it may have been answered before.
func (c *customer) ask(method, path, body string) (status int, answer map[string]any, before bool) {
	for try := 0; ; try++ {
		w, err := c.hosts[c.random.IntN(len(c.hosts))].send(method, path, body)
		if err != nil {
			before = true
			time.Sleep(time.Second)
			continue
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			c.Errorf("%s %s: %v", method, path, err)
		}
		if w.Code == 422 && answer["error"] == "ConcurrencyError" && try < 100 {
			time.Sleep(time.Second) // what nobody got the answer to still goes on
			answer = nil
			continue
		}
		return w.Code, answer, before
	}
}

// expect asks, and holds the status against those that the specification allows. One of the second set is
// allowed if the request was sent before.
func (c *customer) expect(method, path, body string, want, repeated []int) map[string]any {
	status, answer, before := c.ask(method, path, body)
	for _, s := range want {
		if s == status {
			return answer
		}
	}
	for _, s := range repeated {
		if before && s == status {
			return answer
		}
	}
	c.Errorf("%s %s: %d %v; want %v, or %v after a repetition", method, path, status, answer, want, repeated)
	return answer
}

func (c *customer) wait(path string, answer map[string]any) {
	operation, _ := answer["operation"].(string)
	if operation == "" {
		return // it was done already
	}
	for range 200 {
		status, p, _ := c.ask("GET", path+"/last_operation?operation="+operation, "")
		switch {
		case status == 200 && p["state"] == "succeeded":
			return
		case status != 200 || p["state"] != "in progress":
			c.Errorf("%s: %s: %d %v", path, operation, status, p)
			return
		}
		time.Sleep(2 * time.Second)
	}
	c.Errorf("%s: %s does not come to an end", path, operation)
}

// live leads an instance through its life; keep says that it is not deprovisioned.
func (c *customer) live(id string, keep bool) {
	path := "/v2/service_instances/" + id
	ids := fmt.Sprintf(`"service_id": %q, "plan_id": %q`, c.service, c.plan)
	query := "?accepts_incomplete=true&service_id=" + c.service + "&plan_id=" + c.plan
	provision := `{` + ids + `, "organization_guid": "o", "space_guid": "s", "parameters": {"DelaySeconds": 1}}`
	c.wait(path, c.expect("PUT", path+query, provision, []int{202}, []int{200}))
	c.expect("PUT", path+query, provision, []int{200}, nil)
	c.expect("PUT", path+query, strings.Replace(provision, "1}", "2}", 1), []int{409}, nil)

	binding := path + "/service_bindings/b"
	first := c.expect("PUT", binding, `{`+ids+`}`, []int{201}, []int{200})
	again := c.expect("PUT", binding, `{`+ids+`}`, []int{200}, nil)
	key := fmt.Sprint(first["credentials"].(map[string]any)["SQS_AWS_SECRET_ACCESS_KEY"])
	if other := fmt.Sprint(again["credentials"].(map[string]any)["SQS_AWS_SECRET_ACCESS_KEY"]); other != key {
		c.Errorf("%s: another key for the same binding", binding)
	}
	if _, taken := c.secrets.LoadOrStore(key, id); taken || len(key) != 40 {
		c.Errorf("%s: a key that another binding has: %v", binding, taken)
	}
	c.wait(path, c.expect("PATCH", path+query, `{`+ids+`, "parameters": {"DelaySeconds": 3}}`, []int{202}, []int{200}))
	c.expect("DELETE", binding+query, "", []int{200}, []int{410})
	c.expect("GET", binding, "", []int{404}, nil)
	if keep {
		return
	}
	c.wait(path, c.expect("DELETE", path+query, "", []int{202}, []int{410}))
	c.expect("GET", path, "", []int{404}, nil)
}

// TestManyCustomersAndTwoBrokers leads 500 instances through their lives, 50 at a time, over two brokers of
// which one is killed and started again, over and over. Everything ends as the specification says, no
// stack is left that nobody knows, and no key is in a log.
func TestManyCustomersAndTwoBrokers(t *testing.T) {
	customers, each := 50, 10
	if testing.Short() {
		customers, each = 10, 5
	}
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: 5 * time.Second, Seed: 1}
		defer cloud.Close()
		log := &syncBuffer{}
		hosts := []*host{{cloud: cloud, log: log}, {cloud: cloud, log: log}}
		for _, h := range hosts {
			h.start()
		}
		service, plan := platform{t, hosts[0].broker}.ids("sqs", "standard")
		var secrets sync.Map
		done := make(chan struct{})
		kills := 0
		var killer sync.WaitGroup
		killer.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(7 * time.Second):
				}
				hosts[1].kill()
				kills++
				time.Sleep(3 * time.Second)
				hosts[1].start()
			}
		})
		var all sync.WaitGroup
		for n := range customers {
			all.Go(func() {
				c := &customer{T: t, hosts: hosts, random: rand.New(rand.NewPCG(1, uint64(n))), service: service, plan: plan, secrets: &secrets}
				time.Sleep(time.Duration(n) * 100 * time.Millisecond)
				for i := range each {
					c.live(fmt.Sprintf("instance-%d-%d", n, i), i == 0)
				}
			})
		}
		all.Wait()
		close(done)
		killer.Wait()

		left := stacks(t, cloud)
		if len(left) != customers {
			t.Errorf("%d stacks are left, want %d: %v", len(left), customers, left)
		}
		keys := 0
		secrets.Range(func(key, id any) bool {
			keys++
			if strings.Contains(log.b.String(), key.(string)) {
				t.Errorf("the secret key of %v is in the log", id)
			}
			return true
		})
		if keys != customers*each || kills == 0 {
			t.Errorf("%d keys, want %d; %d kills", keys, customers*each, kills)
		}
		t.Logf("%d instances, %d kills, %d bytes of log", customers*each, kills, log.b.Len())
		hosts[0].kill()
		hosts[1].kill()
	})
}
