package customresource_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/customresource"
)

// A counter answers all with 200 and counts.
type counter struct{ n atomic.Int32 }

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.n.Add(1)
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

func FuzzInvoke(f *testing.F) {
	for _, seed := range []string{
		`{"RequestType": "Create", "RequestId": "r", "ResponseURL": "http://a.local/b", "LogicalResourceId": "l", "StackId": "s", "ResourceProperties": {"Name": "n"}}`,
		`{"RequestType": "Delete", "RequestId": "r", "IntranetResponseURL": "http://a.local/b", "LogicalResourceId": "l", "StackId": "s"}`,
		`{"Records": [{"Sns": {"Message": "{}"}}]}`, `<a><Message>x</Message></a>`, `eyJhIjoxfQ==`, `{"RequestType": null}`,
		`{"RequestType": "Update", "RequestId": "r", "LogicalResourceId": "l", "StackId": "arn:aws:cloudformation:a:b:stack", "UpdraftContinuation": {"Since": "2020-01-01T00:00:00Z"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &counter{}
		h := &customresource.Handler[Props]{Provider: &thing{}, Client: &http.Client{Transport: c}}
		out, err := h.Invoke(t.Context(), data)
		answered := err == nil && string(out) != "null"
		if n := c.n.Load(); n > 1 || n == 1 && answered {
			t.Errorf("%d responses sent, answered: %v", n, answered)
		}
	})
}

// Ten thousand events at random, to a provider that does anything: there is never a panic, and one
// response to each event that can be answered.
func TestRandomEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex // a provider that was left behind has no order with the rest
		source := rand.New(rand.NewPCG(1, 2))
		random := func(n int) int {
			mu.Lock()
			defer mu.Unlock()
			return source.IntN(n)
		}
		one := func(of ...string) string { return of[random(len(of))] }
		anything := func(ctx context.Context, r *request) (*result, error) {
			switch random(8) {
			case 0:
				panic(errors.New("oh"))
			case 1:
				return nil, errors.New(strings.Repeat("x", random(9000)))
			case 2:
				return &result{PhysicalID: strings.Repeat("i", random(2000))}, nil
			case 3:
				return &result{Data: map[string]string{"A": strings.Repeat("d", random(9000))}, NoEcho: true}, nil
			case 4:
				<-ctx.Done()
				return nil, ctx.Err()
			case 5:
				time.Sleep(time.Hour) // of the bubble
				return nil, nil
			case 6:
				return &result{Data: func() {}}, nil
			}
			return nil, nil
		}
		th := &thing{create: anything, update: anything, delete: func(ctx context.Context, r *request) error { _, err := anything(ctx, r); return err }}
		answered := 0
		for range 10_000 {
			event := `{"RequestType": ` + one(`"Create"`, `"Create"`, `"Update"`, `"Update"`, `"Delete"`, `"Other"`, `null`, `3`) +
				`, "RequestId": ` + one(`"r"`, `"s"`, `"t"`, `""`, `"`+strings.Repeat("r", 5000)+`"`, `"ü\u0000"`) +
				`, "ResponseURL": ` + one(`"http://a.local/b"`, `"http://a.local/e"`, `"https://a.local/c?d=e"`, `""`, `"::"`, `"ftp://x/y"`) +
				`, "StackId": ` + one(`"arn:aws:cloudformation:a:1:stack/n/u"`, `"uuid"`, `"arn:::::"`, `""`) +
				`, "LogicalResourceId": ` + one(`"L"`, `"M"`) + `, "PhysicalResourceId": ` + one(`"p"`, `""`, `"`+strings.Repeat("p", 300)+`"`, `"updraft-never-created-x"`) +
				one(``, `, "CallerId": "1"`, `, "IntranetResponseURL": "http://b.local/c"`) +
				`, "ResourceProperties": ` + one(`{}`, `null`, `[]`, `"x"`, `{"Name": "n", "Size": "7"}`, `{"Size": "seven"}`, `{"Unknown": {"a": [1, {}]}}`) +
				`, "OldResourceProperties": ` + one(`{}`, `null`, `{"Size": []}`) + one(`}`, `}`, `}`, ``)
			c := &counter{}
			h := &customresource.Handler[Props]{Provider: th, Client: &http.Client{Transport: c}}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			out, err := h.Invoke(ctx, []byte(event))
			cancel()
			sent := int(c.n.Load())
			if err == nil && string(out) != "null" {
				sent++
			}
			if sent > 1 || err == nil && sent == 0 {
				t.Fatalf("%d responses (%v) to %s", sent, err, event)
			}
			answered += sent
		}
		if answered < 2000 {
			t.Errorf("only %d events were answered", answered)
		}
		time.Sleep(2 * time.Hour) // those that slept come to their end
	})
}
