package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/waiter"
	"github.com/updraft-go/updraft/waiter/queue"
)

var errShift = errors.New("the shift is over")

// run has a reader read for a while, and returns whom it woke and how it ended.
func run(t *testing.T, r *queue.Reader, for_ time.Duration) (woken []string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeoutCause(t.Context(), for_, errShift)
	defer cancel()
	err = r.Run(ctx, func(id string) { woken = append(woken, id) })
	return woken, err
}

func TestReaderWakesAndDeletes(t *testing.T) {
	for _, resources := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{}
			f.send(note("a", ""), envelope(note("b", "")), change("c"), envelope(change("d")), note("e", "https://sqs/q"), "hello", `{"Type":"SubscriptionConfirmation"}`, "", note("a", ""))
			go func() {
				time.Sleep(5 * time.Minute)
				f.send(note("late", ""))
			}()
			woken, err := run(t, &queue.Reader{API: f, URL: url, Resources: resources}, 10*time.Minute)
			if !errors.Is(err, errShift) {
				t.Errorf("it ended with %v, want the cause of its context", err)
			}
			want := []string{arn("a"), arn("b"), arn("c"), arn("d"), arn("e"), arn("late")}
			if !resources {
				want = slices.Delete(want, 4, 5)
			}
			if diff := cmp.Diff(want, woken); diff != "" {
				t.Errorf("resources %t: woken (-want +got):\n%s", resources, diff)
			}
			if diff := cmp.Diff([]string{"hello", `{"Type":"SubscriptionConfirmation"}`}, f.left()); diff != "" {
				t.Errorf("left in the queue (-want +got):\n%s", diff)
			}
			if n := len(f.deleted); n != 7 {
				t.Errorf("%d messages were deleted, want 7", n)
			}
		})
	}
}

// A hundred messages of other kinds, which come back every half a minute, do not make a reader spin, nor
// keep it from what comes between them.
func TestReaderIsSlowWhereOthersUseTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		for i := range 100 {
			f.send(fmt.Sprint("for somebody else ", i))
		}
		f.send(note("a", ""))
		woken, _ := run(t, &queue.Reader{API: f, URL: url}, 5*time.Minute)
		if len(woken) != 1 || len(f.left()) != 100 {
			t.Errorf("woken %v, %d left, want the one stack and 100 left", woken, len(f.left()))
		}
		if n := len(f.receives); n > 300/0.8 {
			t.Errorf("%d reads in 5 minutes, want one a second at most", n)
		}
	})
}

func TestReaderBearsFaults(t *testing.T) {
	for name, fault := range map[string]error{
		"throttling":          &types.RequestThrottled{Message: aws.String("slow down")},
		"a code of it":        answer("ThrottlingException"),
		"the key's quota":     &types.KmsThrottled{},
		"too much in flight":  &types.OverLimit{},
		"a server error":      &smithy.GenericAPIError{Code: "InternalError", Fault: smithy.FaultServer},
		"a broken connection": &smithyhttp.RequestSendError{Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}},
		"an answer cut off":   fmt.Errorf("read: %w", io.ErrUnexpectedEOF),
	} {
		for _, where := range []string{"ReceiveMessage", "DeleteMessageBatch"} {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{fault: func(call string, n int) error {
					if call == where && n <= 3 {
						return fault
					}
					return nil
				}}
				f.send(note("a", ""))
				woken, err := run(t, &queue.Reader{API: f, URL: url}, 10*time.Minute)
				if !errors.Is(err, errShift) || len(woken) == 0 || len(f.left()) != 0 {
					t.Errorf("%s of %s: woken %v, left %v, and it ended with %v", name, where, woken, f.left(), err)
				}
			})
		}
	}
}

func TestReaderPausesLongerWithEachFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{fault: func(call string, n int) error {
			if n == 11 { // all is well once, and it begins anew
				return nil
			}
			return answer("ThrottlingException")
		}}
		_, _ = run(t, &queue.Reader{API: f, URL: url, Pause: 2 * time.Second}, 10*time.Minute)
		distinct := map[time.Duration]bool{}
		for i, want := range []time.Duration{2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 20, 2, 4} {
			got, want := f.receives[i+1].Sub(f.receives[i]), want*time.Second
			if low, high := want*4/5, want*6/5; got < low || got > high {
				t.Errorf("pause %d: %s, want %s to %s", i, got, low, high)
			}
			distinct[got] = true
		}
		if len(distinct) < 10 {
			t.Errorf("the pauses are not spread: %v", distinct)
		}
	})
}

func TestReaderEndsWhereTryingAgainIsNoCure(t *testing.T) {
	for name, test := range map[string]struct {
		fault error
		call  string
		says  string
	}{
		"no such queue":           {&types.QueueDoesNotExist{Message: aws.String("no")}, "ReceiveMessage", "it does not exist"},
		"not allowed":             {answer("AccessDenied"), "ReceiveMessage", "sqs:ReceiveMessage"},
		"its key neither":         {&types.KmsAccessDenied{}, "ReceiveMessage", "kms:Decrypt"},
		"not to delete":           {answer("AccessDeniedException"), "DeleteMessageBatch", "sqs:DeleteMessage"},
		"an address that is none": {&types.InvalidAddress{Message: aws.String("what?")}, "ReceiveMessage", "what?"},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{fault: func(call string, _ int) error {
				if call == test.call {
					return test.fault
				}
				return nil
			}}
			f.send(note("a", ""))
			began := time.Now()
			_, err := run(t, &queue.Reader{API: f, URL: url}, time.Hour)
			if !errors.Is(err, test.fault) || !strings.Contains(err.Error(), url) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s: got %v", name, err)
			}
			if time.Since(began) > 0 || len(f.receives) != 1 {
				t.Errorf("%s: it ended after %s and %d reads, want at once", name, time.Since(began), len(f.receives))
			}
		})
	}
}

func TestReaderGivesUpACallThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{hang: true}
		if _, err := run(t, &queue.Reader{API: f, URL: url}, 5*time.Minute); !errors.Is(err, errShift) {
			t.Errorf("it ended with %v, want the cause of its context", err)
		}
		if n := len(f.receives); n < 5 || n > 10 {
			t.Errorf("%d reads in 5 minutes, want one in half a minute and a pause", n)
		}
	})
}

// What SQS will not delete comes again: it wakes again, and is told of.
func TestReaderBearsMessagesThatStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fake{stays: func(body string) bool { return body == note("a", "") }}
		f.send(note("a", ""), note("b", ""))
		var log strings.Builder
		woken, _ := run(t, &queue.Reader{API: f, URL: url, Logger: slog.New(slog.NewTextHandler(&log, nil))}, 100*time.Second)
		if want := []string{arn("a"), arn("b"), arn("a"), arn("a"), arn("a")}; !slices.Equal(woken, want) {
			t.Errorf("woken %v, want %v", woken, want)
		}
		if !strings.Contains(log.String(), "code=InternalError") {
			t.Errorf("the log says %q", log.String())
		}
	})
}

func TestReaderDoesNotSpinWhereNothingIsHiddenOrDeleted(t *testing.T) {
	for _, body := range []string{note("a", ""), "for somebody else"} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{open: true, stays: func(string) bool { return true }}
			f.send(body)
			_, _ = run(t, &queue.Reader{API: f, URL: url}, time.Minute)
			if n := len(f.receives); n < 60/1.2 || n > 60/0.8+1 {
				t.Errorf("%q: %d reads in a minute, want one a second", body, n)
			}
		})
	}
}

func TestReaderMakesItsCallsInOneAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		attempts := map[string]int{}
		f := &fake{options: func(call string, o sqs.Options) { attempts[call] = o.Retryer.MaxAttempts() }}
		f.send(note("a", ""))
		_, _ = run(t, &queue.Reader{API: f, URL: url}, time.Minute)
		if diff := cmp.Diff(map[string]int{"ReceiveMessage": 1, "DeleteMessageBatch": 1}, attempts); diff != "" {
			t.Errorf("attempts (-want +got):\n%s", diff)
		}
	})
}

func TestReaderEndsInAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		f := &fake{fault: func(string, int) error { return answer("ThrottlingException") }}
		_, err := run(t, &queue.Reader{API: f, URL: url, Pause: time.Hour}, time.Second)
		if !errors.Is(err, errShift) || time.Since(began) != time.Second {
			t.Errorf("it ended after %s with %v", time.Since(began), err)
		}
	})
}

func TestReaderSaysWhatItLacks(t *testing.T) {
	for _, r := range []*queue.Reader{{}, {URL: url}, {API: &fake{}}} {
		if err := r.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "API and URL") {
			t.Errorf("got %v", err)
		}
	}
}

// Any Pause will do.
func TestReaderTakesAnyPause(t *testing.T) {
	for _, pause := range []time.Duration{-1, 1, 1 << 62} {
		synctest.Test(t, func(t *testing.T) {
			f := &fake{fault: func(string, int) error { return answer("ThrottlingException") }}
			if _, err := run(t, &queue.Reader{API: f, URL: url, Pause: pause}, time.Minute); !errors.Is(err, errShift) {
				t.Errorf("a pause of %d: it ended with %v", pause, err)
			}
		})
	}
}

// The SDK's client is an API, and a poller's Wake what a reader calls.
var (
	_ queue.API    = (*sqs.Client)(nil)
	_ func(string) = (*waiter.Poller)(nil).Wake
)
