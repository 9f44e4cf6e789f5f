package rollout_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/rollout"
	"github.com/updraft-go/updraft/stack"
)

// A cable is what lies between a client and the cloud. It is cut at a call, before it arrives or before
// its answer does, and nothing comes through any more: as if the process had been killed then.
type cable struct {
	cloud http.RoundTripper
	at    int  // the call at which it is cut, from 0; below zero, never
	after bool // the call arrives, its answer does not

	mu    sync.Mutex
	calls []string
	dead  bool
	stop  context.CancelFunc // of the process
}

var errCut = errors.New("the cable is cut")

func (c *cable) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	n := len(c.calls)
	c.calls = append(c.calls, nameOf(r))
	cut := n == c.at
	dead := c.dead
	c.dead = c.dead || cut
	c.mu.Unlock()
	if dead || cut && !c.after {
		c.stop()
		return nil, errCut
	}
	out, err := c.cloud.RoundTrip(r)
	if cut {
		if err == nil {
			out.Body.Close()
		}
		c.stop()
		return nil, errCut
	}
	return out, err
}

// nameOf is the operation that a request asks for.
func nameOf(r *http.Request) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:]
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	return form.Get("Action")
}

// through is a client whose calls go through a cable, and the context of its process.
func (w *world) through(c *cable) (*rollout.Client, context.Context) {
	ctx, stop := context.WithCancel(w.Context())
	c.cloud, c.stop = w.cloud, stop
	cfg := w.cloud.Config()
	cfg.HTTPClient = &http.Client{Transport: c}
	return clientOf(cfg), ctx
}

// A scene is a way in which a release goes to a group.
type scene struct {
	name  string
	setUp func(*world) (*rollout.Release, *rollout.Options)
	// one version, one refresh: how many there are to be of each in the end, beside the first version.
	versions, refreshes int
	undo                bool // it can be rolled back, and ends with this many versions more
	undoVersions        int
}

func refreshing() *rollout.Options { return &rollout.Options{Refresh: &rollout.Refresh{}} }

func groupScene(version string, pin bool, opts func() *rollout.Options) func(*world) (*rollout.Release, *rollout.Options) {
	return func(w *world) (*rollout.Release, *rollout.Options) {
		w.newGroup("web", version, 3)
		r := w.release("v1", "web")
		r.Pin = pin
		return r, opts()
	}
}

func scenes() []scene {
	return []scene{
		{"a number, refreshed", groupScene("1", false, refreshing), 1, 1, true, 0},
		{"a number, not refreshed", groupScene("1", false, func() *rollout.Options { return &rollout.Options{} }), 1, 0, true, 0},
		{"pinned from $Latest, refreshed", groupScene("$Latest", true, refreshing), 1, 1, true, 0},
		{"$Default, refreshed", groupScene("$Default", false, refreshing), 1, 1, true, 0},
		{"$Latest, refreshed", groupScene("$Latest", false, refreshing), 1, 1, true, 1},
		{"a parameter, refreshed", parameterScene, 0, 1, true, 0},
		{"an image in a stack", stackScene("Image"), 1, 0, true, 1},
		{"a version in a stack", stackScene("Version"), 1, 0, true, 0},
		{"checked and pruned", func(w *world) (*rollout.Release, *rollout.Options) {
			r, o := groupScene("1", false, refreshing)(w)
			o.Check = func(context.Context, string) error { return nil }
			o.Prune = &rollout.PruneOptions{Keep: 1, MinAge: -1}
			return r, o
		}, 1, 1, false, 0},
	}
}

func parameterScene(w *world) (*rollout.Release, *rollout.Options) {
	ok(w.ssm.PutParameter(w.Context(), &ssm.PutParameterInput{Name: aws.String("/web/image"), Value: aws.String(first), Type: "String", DataType: aws.String("aws:ec2:image")}))(w)
	w.newGroupOf("web", w.newTemplate("pointing", "resolve:ssm:/web/image"), "$Default", 3)
	r := w.release("v1", "web")
	r.Parameter = "/web/image"
	return r, refreshing()
}

const stackTemplate = `
Parameters:
  Image: {Type: String}
  Version: {Type: String, Default: ""}
Conditions:
  Given: !Not [!Equals [!Ref Version, ""]]
Resources:
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: !Ref Image, InstanceType: t3.micro}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      AutoScalingGroupName: web
      MinSize: "0"
      MaxSize: "10"
      DesiredCapacity: "1"
      AvailabilityZones: [us-east-1a]
      LaunchTemplate:
        LaunchTemplateId: !Ref Template
        Version: !If [Given, !Ref Version, !GetAtt Template.LatestVersionNumber]
Outputs:
  Template: {Value: !Ref Template}
`

func stackScene(parameter string) func(*world) (*rollout.Release, *rollout.Options) {
	return func(w *world) (*rollout.Release, *rollout.Options) {
		s := &stack.Stack{Name: "web", Parameters: map[string]string{"Image": first}}
		if parameter == "Version" {
			s.Parameters["Version"] = "1"
		}
		client := &executor.Client{API: cloudformation.NewFromConfig(w.cloud.Config())}
		out := ok(client.Deploy(w.Context(), s, &executor.Options{TemplateBody: []byte(stackTemplate)}))(w)
		w.template = out.Outputs["Template"]
		r := w.release("v1", "web")
		r.Stack = &rollout.StackTarget{Name: "web"}
		if parameter == "Version" {
			r.Stack.VersionParameter = parameter
		} else {
			r.Stack.ImageParameter = parameter
		}
		return r, nil
	}
}

// holds fails the test unless there is one of each, and the group uses it.
func (s *scene) holds(t *testing.T, w *world, what string) {
	t.Helper()
	images := w.images()
	if len(images) != 1 || len(w.snapshots()) != 1 {
		t.Fatalf("%s: %d images and %d snapshots, want one of each", what, len(images), len(w.snapshots()))
	}
	if n := len(w.versions()); n != 1+s.versions {
		t.Fatalf("%s: versions %v, want %d beside the first", what, w.versions(), s.versions)
	}
	if n := len(w.refreshes("web")); n != s.refreshes {
		t.Fatalf("%s: %d instance refreshes, want %d", what, n, s.refreshes)
	}
	id := *images[0].ImageId
	if s.refreshes > 0 && strings.Contains(strings.Join(w.running("web"), " "), first) {
		t.Fatalf("%s: instances run %v, want %s", what, w.running("web"), id)
	}
	before := len(w.group("web").Instances)
	w.resize("web", int32(before+1))
	time.Sleep(time.Minute)
	if got := w.group("web").Instances; len(got) != before+1 {
		t.Fatalf("%s: the group did not grow: %d", what, len(got))
	}
	if n := strings.Count(strings.Join(w.running("web"), " "), id); n < 1 {
		t.Fatalf("%s: a new instance runs none of %s: %v", what, id, w.running("web"))
	}
}

// reads reports whether a call changes nothing, so that it is all the same whether it has arrived.
func reads(call string) bool {
	return strings.HasPrefix(call, "Describe") || strings.HasPrefix(call, "Get")
}

// TestKilledAtEachCallAndResumed cuts the cable at each call of a rollout, before it and after it, and
// gives the same call once more with a new client.
func TestKilledAtEachCallAndResumed(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			calls := s.count(t)
			for _, after := range []bool{false, true} {
				for at := range calls {
					inBubble(t, func(t *testing.T, w *world) {
						w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 3 * time.Second})
						r, opts := s.setUp(w)
						cut := &cable{at: at, after: after}
						c, ctx := w.through(cut)
						_, err := c.Roll(ctx, r, opts)
						if at >= len(cut.calls) || after && reads(cut.calls[at]) { // it looked less often this time, or the cut is as the one before
							return
						}
						what := fmt.Sprintf("killed at call %d, %s (after it: %v)", at, cut.calls[at], after)
						if err == nil && at < len(cut.calls)-1 {
							t.Fatalf("%s: no error", what)
						}
						time.Sleep(5 * time.Second)
						if _, err := w.client().Roll(t.Context(), r, opts); err != nil {
							t.Fatalf("%s: resumed: %v", what, err)
						}
						s.holds(t, w, what)
					})
				}
			}
		})
	}
}

// count is how many calls a rollout makes that nobody disturbs.
func (s *scene) count(t *testing.T) (n int) {
	inBubble(t, func(t *testing.T, w *world) {
		w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 3 * time.Second})
		r, opts := s.setUp(w)
		cut := &cable{at: -1}
		c, ctx := w.through(cut)
		if _, err := c.Roll(ctx, r, opts); err != nil {
			t.Fatal(err)
		}
		n = len(cut.calls)
		s.holds(t, w, "undisturbed")
	})
	return n
}

// TestStoppedAtEachEventAndResumed breaks out of the loop at each event, or ends the context.
func TestStoppedAtEachEventAndResumed(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for at, more := 0, true; more; at++ {
				for _, listening := range []bool{true, false} {
					inBubble(t, func(t *testing.T, w *world) {
						w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 3 * time.Second})
						r, opts := s.setUp(w)
						ctx, stop := context.WithCancel(w.Context())
						defer stop()
						n := 0
						for _, err := range w.client().Events(ctx, r, opts) {
							if err != nil && !errors.Is(err, rollout.ErrStopped) {
								t.Fatal(err)
							}
							if n++; n > at && !listening {
								break
							} else if n > at {
								stop()
							}
						}
						more = n > at
						w.roll(r, opts)
						s.holds(t, w, fmt.Sprintf("stopped at event %d (listening: %v)", at, listening))
					})
				}
			}
		})
	}
}

// A plan reads only, wherever the rollout stands.
func TestAPlanOnlyReads(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			for at := 0; at < 48; at += 6 {
				inBubble(t, func(t *testing.T, w *world) {
					r, opts := s.setUp(w)
					c, ctx := w.through(&cable{at: at, after: true})
					_, err := c.Roll(ctx, r, opts)
					cut := &cable{at: -1}
					c, ctx = w.through(cut)
					plan := ok(c.Plan(ctx, r, opts))(t)
					for _, call := range cut.calls {
						if !reads(call) {
							t.Fatalf("a plan calls %s", call)
						}
					}
					if err == nil && !plan.Unchanged() {
						t.Errorf("all is done, and the plan is %+v", plan.Steps)
					}
				})
			}
		})
	}
}

// TestARollbackKilledAtEachCallAndResumed does the same for the way back.
func TestARollbackKilledAtEachCallAndResumed(t *testing.T) {
	for _, s := range scenes() {
		if !s.undo {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			calls := 1
			for at := -1; at < calls; at++ {
				for _, after := range []bool{false, true} {
					inBubble(t, func(t *testing.T, w *world) {
						r, opts := s.setUp(w)
						w.roll(r, opts)
						time.Sleep(time.Hour)
						cut := &cable{at: at, after: after}
						c, ctx := w.through(cut)
						if _, err := c.Rollback(ctx, r, opts); err != nil && at < 0 {
							t.Fatal(err)
						}
						calls = max(calls, len(cut.calls))
						if after && at >= 0 && at < len(cut.calls) && reads(cut.calls[at]) {
							return
						}
						time.Sleep(5 * time.Second)
						if _, err := w.client().Rollback(t.Context(), r, opts); err != nil {
							t.Fatalf("killed at call %d (after it: %v): resumed: %v", at, after, err)
						}
						s.isUndone(t, w, r, fmt.Sprintf("killed at call %d (after it: %v)", at, after))
					})
				}
			}
		})
	}
}

// isUndone fails the test unless the group is what it was.
func (s *scene) isUndone(t *testing.T, w *world, r *rollout.Release, what string) {
	t.Helper()
	if n := len(w.versions()); n != 1+s.versions+s.undoVersions {
		t.Fatalf("%s: versions %v, want %d beside the first", what, w.versions(), s.versions+s.undoVersions)
	}
	if n := len(w.refreshes("web")); n != 2*s.refreshes {
		t.Fatalf("%s: %d instance refreshes, want %d", what, n, 2*s.refreshes)
	}
	w.resize("web", int32(len(w.group("web").Instances)+1))
	time.Sleep(time.Minute)
	for _, image := range w.running("web") {
		if image != first {
			t.Fatalf("%s: instances run %v, want %s", what, w.running("web"), first)
		}
	}
	if _, err := w.client().Roll(t.Context(), r, nil); err == nil {
		t.Fatalf("%s: it can be rolled out again", what)
	}
}

// The client itself bears faults that go away: here each call fails once before it arrives, and each
// once after.
func TestEveryCallMayFailOnce(t *testing.T) {
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			for _, after := range []bool{false, true} {
				inBubble(t, func(t *testing.T, w *world) {
					w.cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Delay: 3 * time.Second})
					r, opts := s.setUp(w)
					cfg := w.cloud.Config()
					cfg.HTTPClient = &http.Client{Transport: &flaky{cloud: w.cloud, after: after, seen: map[string]int{}}}
					if _, err := clientOf(cfg).Roll(t.Context(), r, opts); err != nil {
						t.Fatalf("after: %v: %v", after, err)
					}
					s.holds(t, w, fmt.Sprintf("flaky, after: %v", after))
				})
			}
		})
	}
}

// A flaky transport breaks every second request of each operation.
type flaky struct {
	cloud http.RoundTripper
	after bool

	mu   sync.Mutex
	seen map[string]int
}

func (f *flaky) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	name := nameOf(r)
	f.seen[name]++
	broken := f.seen[name]%2 == 1
	f.mu.Unlock()
	if broken && !f.after {
		return nil, io.ErrUnexpectedEOF
	}
	out, err := f.cloud.RoundTrip(r)
	if broken && err == nil {
		out.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return out, err
}
