package customresource_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/customresourcetest"
)

// A slow provider is complete some time after it has begun.
type slow struct {
	thing
	takes time.Duration
	err   error
	since time.Time
	polls int
	state []string
}

func (s *slow) Create(context.Context, *request) (*result, error) {
	s.since = time.Now()
	return &result{PhysicalID: "slow-1", State: "token"}, nil
}

func (s *slow) IsComplete(_ context.Context, r *request) (*result, error) {
	s.polls++
	s.state = append(s.state, r.PhysicalResourceID+" "+r.State+" "+r.Properties.Name)
	switch {
	case time.Since(s.since) < s.takes:
		return nil, nil
	case s.err != nil:
		return nil, s.err
	}
	return &result{Data: map[string]string{"Done": "yes"}}, nil
}

func TestWorkThatGoesOn(t *testing.T) {
	for _, tt := range []struct {
		name         string
		takes        time.Duration
		err          error
		again        bool
		limit        time.Duration
		runs         int
		status       customresource.Status
		reason       string
		atLeast, max time.Duration
	}{
		{"within one run", 20 * time.Second, nil, false, 0, 1, "SUCCESS", "", 20 * time.Second, 25 * time.Second},
		{"for longer than one run, that is not started again", 5 * time.Minute, nil, false, 0, 1, "FAILED", "its time limit is too short", 58 * time.Second, time.Minute},
		{"over several runs", 5 * time.Minute, nil, true, 0, 6, "SUCCESS", "", 5 * time.Minute, 6 * time.Minute},
		{"over several runs, to an error", 5 * time.Minute, errNo, true, 0, 6, "FAILED", "no", 5 * time.Minute, 6 * time.Minute},
		{"for longer than is waited for", 5 * time.Hour, nil, true, 0, 62, "FAILED", "its time limit is too short", 59 * time.Minute, time.Hour},
		{"for longer than the limit", 5 * time.Hour, nil, true, 150 * time.Second, 3, "FAILED", "its time limit is too short", 148 * time.Second, 150 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				receiver := &customresourcetest.Receiver{}
				s := &slow{takes: tt.takes, err: tt.err}
				h := &customresource.Handler[Props]{Provider: s, Client: &http.Client{Transport: receiver}, Limit: tt.limit}
				var next []byte
				if tt.again {
					h.Again = func(_ context.Context, payload []byte) error { next = payload; return nil }
				}
				begun, runs := time.Now(), 0
				for event := payload(t, receiver.Open(awsEvent("Create", `{"Name": "n"}`), 2*time.Hour)); event != nil; event = next {
					next = nil
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					if _, err := h.Invoke(ctx, event); err != nil {
						t.Fatal(err)
					}
					cancel()
					runs++
				}
				got := receiver.Received()
				if len(got) != 1 {
					t.Fatalf("%d responses", len(got))
				}
				equal(t, tt.status, got[0].Response.Status)
				equal(t, "slow-1", got[0].Response.PhysicalResourceID)
				wantIn(t, got[0].Response.Reason, tt.reason)
				equal(t, tt.runs, runs)
				equal(t, "slow-1 token n", s.state[len(s.state)-1])
				if took := time.Since(begun); took < tt.atLeast || took > tt.max {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestWorkThatCannotGoOnElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		receiver := &customresourcetest.Receiver{}
		h := &customresource.Handler[Props]{
			Provider: &slow{takes: time.Hour}, Client: &http.Client{Transport: receiver},
			Again: func(context.Context, []byte) error { return errors.New("AccessDenied: lambda:InvokeFunction") },
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := h.Invoke(ctx, payload(t, receiver.Open(rosEvent("Create", `{}`), 2*time.Hour))); err != nil {
			t.Fatal(err)
		}
		wantIn(t, receiver.Received()[0].Response.Reason, "the work cannot go on in another run: AccessDenied: lambda:InvokeFunction")
	})
}

// A duplicate of an event whose work goes on in another run is left to that.
func TestDuplicatesOfWorkThatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		receiver := &customresourcetest.Receiver{}
		var next [][]byte
		s := &slow{takes: 90 * time.Second}
		h := &customresource.Handler[Props]{Provider: s, Client: &http.Client{Transport: receiver}, Again: func(_ context.Context, payload []byte) error { next = append(next, payload); return nil }}
		event := payload(t, receiver.Open(awsEvent("Create", `{}`), 2*time.Hour))
		run := func(event []byte) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if _, err := h.Invoke(ctx, event); err != nil {
				t.Fatal(err)
			}
		}
		run(event)
		run(event)
		equal(t, 1, len(next))
		run(next[0])
		run(event)
		equal(t, 1, len(receiver.Received()))
	})
}

// The next run may begin before the one that started it has ended.
func TestRunsThatOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		receiver := &customresourcetest.Receiver{}
		h := &customresource.Handler[Props]{Provider: &slow{takes: 5 * time.Minute}, Client: &http.Client{Transport: receiver}}
		run := func(ctx context.Context, event []byte) error {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			_, err := h.Invoke(ctx, event)
			return err
		}
		h.Again = run // it returns when all runs after it have
		if err := run(t.Context(), payload(t, receiver.Open(awsEvent("Create", `{}`), time.Hour))); err != nil {
			t.Fatal(err)
		}
		equal(t, 1, len(receiver.Received()))
	})
}

// A stuck provider does not return from IsComplete, or panics in it.
type stuck struct {
	slow
	panics bool
}

func (s *stuck) IsComplete(context.Context, *request) (*result, error) {
	if s.panics {
		panic("oh")
	}
	time.Sleep(time.Hour) // of the bubble
	return nil, nil
}

// What has begun has an ID, whatever becomes of the wait for its end.
func TestTheIDOfWorkThatHasBegunIsNotLost(t *testing.T) {
	for _, tt := range []struct {
		panics bool
		again  bool
		want   string
	}{
		{true, false, "the provider panicked"}, {false, false, "its time limit is too short"}, {false, true, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			receiver := &customresourcetest.Receiver{}
			h := &customresource.Handler[Props]{Provider: &stuck{panics: tt.panics}, Client: &http.Client{Transport: receiver}}
			var next []byte
			if tt.again {
				h.Again = func(_ context.Context, payload []byte) error { next = payload; return nil }
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if _, err := h.Invoke(ctx, payload(t, receiver.Open(awsEvent("Create", `{}`), time.Hour))); err != nil {
				t.Fatal(err)
			}
			time.Sleep(2 * time.Hour) // until all have come to their end
			if tt.again {
				wantIn(t, string(next), `"PhysicalResourceId":"slow-1","State":"token"`)
				return
			}
			got := receiver.Received()
			equal(t, 1, len(got))
			equal(t, "slow-1", got[0].Response.PhysicalResourceID)
			wantIn(t, got[0].Response.Reason, tt.want)
		})
	}
}
