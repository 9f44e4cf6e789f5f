package bench

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// An endpoint is a CloudFormation as far as waiters see it, over its own protocol: stacks that are
// updated for a while, and a quota of calls a second for each action, with a burst of twice that.
type endpoint struct {
	perSecond float64
	began     time.Time
	stacks    []lifetime

	mu      sync.Mutex
	left    map[string]float64
	last    map[string]time.Time
	calls   int // that were answered
	refused int // that were throttled
}

// A lifetime is when the update of a stack begins and ends.
type lifetime struct{ start, end time.Duration }

// flock is n stacks, ten a second started, of which each takes 20 seconds to 20 minutes, as many short
// ones as long ones by their logarithm.
func flock(n int, perSecond float64, seed uint64) *endpoint {
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	e := &endpoint{perSecond: perSecond, began: time.Now(), left: map[string]float64{}, last: map[string]time.Time{}}
	for i := range n {
		start := time.Duration(i) * time.Second / 10
		took := time.Duration(20 * math.Exp(random.Float64()*math.Log(60)) * float64(time.Second))
		e.stacks = append(e.stacks, lifetime{start, start + took})
	}
	return e
}

// client is the SDK's own, with its usual three attempts and retry quota.
func (e *endpoint) client() *cloudformation.Client {
	return cloudformation.NewFromConfig(aws.Config{
		Region: "eu-west-1", HTTPClient: &http.Client{Transport: e}, BaseEndpoint: aws.String("http://simulated.invalid"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "x", SecretAccessKey: "y"}, nil
		}),
	})
}

func id(i int) string {
	return fmt.Sprintf("arn:aws:cloudformation:eu-west-1:111122223333:stack/s%d/1", i)
}

// RoundTrip answers a call.
func (e *endpoint) RoundTrip(q *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	action := form.Get("Action")
	if !e.spend(action) {
		return answer(q, 400, `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>`), nil
	}
	inner := ""
	switch action {
	case "DescribeStacks":
		inner = e.describe(form.Get("StackName"))
	case "ListStacks":
		inner = e.list(form.Get("NextToken"))
	default:
		return answer(q, 400, `<ErrorResponse><Error><Code>ValidationError</Code><Message>no such action</Message></Error></ErrorResponse>`), nil
	}
	return answer(q, 200, fmt.Sprintf("<%sResponse><%sResult>%s</%sResult></%sResponse>", action, action, inner, action, action)), nil
}

func answer(q *http.Request, code int, body string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(body)), Request: q}
}

// spend takes one call out of the quota of an action.
func (e *endpoint) spend(action string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now, burst := time.Now(), 2*e.perSecond
	left, known := e.left[action]
	if !known {
		left = burst
	}
	left = min(burst, left+now.Sub(e.last[action]).Seconds()*e.perSecond)
	e.last[action] = now
	if left < 1 {
		e.left[action] = left
		e.refused++
		return false
	}
	e.left[action] = left - 1
	e.calls++
	return true
}

func (e *endpoint) running(l lifetime) bool {
	now := time.Since(e.began)
	return now >= l.start && now < l.end
}

func (e *endpoint) describe(name string) string {
	i, _ := strconv.Atoi(strings.TrimPrefix(strings.Split(name, "/")[1], "s"))
	status, updated := "UPDATE_COMPLETE", ""
	if e.running(e.stacks[i]) {
		status = "UPDATE_IN_PROGRESS"
	}
	if time.Since(e.began) >= e.stacks[i].start {
		updated = "<LastUpdatedTime>" + stamp(e.began.Add(e.stacks[i].start)) + "</LastUpdatedTime>"
	}
	return fmt.Sprintf("<Stacks><member><StackId>%s</StackId><StackName>s%d</StackName><StackStatus>%s</StackStatus><CreationTime>%s</CreationTime>%s</member></Stacks>",
		name, i, status, stamp(e.began.Add(-time.Hour)), updated)
}

// list gives a page of up to a hundred stacks in progress; the next one goes on behind its last.
func (e *endpoint) list(after string) string {
	from, _ := strconv.Atoi(after)
	var b strings.Builder
	n := 0
	for i := from; i < len(e.stacks); i++ {
		if !e.running(e.stacks[i]) {
			continue
		}
		if n == 100 {
			return "<StackSummaries>" + b.String() + "</StackSummaries><NextToken>" + strconv.Itoa(i) + "</NextToken>"
		}
		n++
		fmt.Fprintf(&b, "<member><StackId>%s</StackId><StackName>s%d</StackName><StackStatus>UPDATE_IN_PROGRESS</StackStatus></member>", id(i), i)
	}
	return "<StackSummaries>" + b.String() + "</StackSummaries>"
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// A sample is what came of many waits.
type sample struct {
	late                 []time.Duration
	calls, refused, died int
}

func (s *sample) quantile(percent int) time.Duration {
	if len(s.late) == 0 {
		return 0
	}
	slices.Sort(s.late)
	return s.late[len(s.late)*percent/100]
}

// each is the calls a stack, with those that were throttled.
func (s *sample) each() float64 { return float64(s.calls+s.refused) / float64(len(s.late)+s.died) }

func (s *sample) String() string {
	died := 100 * float64(s.died) / float64(len(s.late)+s.died)
	return fmt.Sprintf("%5.1f s %6.1f s %6.1f %6d %4.0f %%", s.quantile(50).Seconds(), s.quantile(95).Seconds(), s.each(), s.refused, died)
}
