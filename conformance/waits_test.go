package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/signal"
	"github.com/updraft-go/updraft/stack"
)

// A scene is a cloud in a bubble of time, and a stack in it that waits.
type scene struct {
	*testing.T
	cloud  *local.Cloud
	api    *cloudformation.Client
	handle signal.Handle
}

// inScene plays with a stack that waits for count signals for ten minutes.
func inScene(t *testing.T, count int, play func(*scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		s := &scene{T: t, cloud: cloud, api: cloudformation.NewFromConfig(cloud.Config())}
		start(t, s.api, "waits", fmt.Sprintf(`{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
			"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600", "Count": %d}}},
			"Outputs": {"Data": {"Value": {"Fn::GetAtt": "Wait.Data"}}}}`, count))
		synctest.Wait()
		var err error
		if s.handle, err = signal.ParseHandle(handleOf(t, s.api, "waits")); err != nil {
			t.Fatal(err)
		}
		play(s)
	})
}

func (s *scene) send(id string) error {
	return signal.Send(s.Context(), s.handle, signal.Signal{Status: signal.Success, UniqueID: id, Data: "from " + id}, &signal.Options{Client: &http.Client{Transport: s.cloud}})
}

// put sends what is no signal of ours, and returns the status.
func (s *scene) put(body string) int {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), "PUT", s.handle.URL(), strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	answer, err := s.cloud.RoundTrip(request)
	if err != nil {
		s.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// is fails the test unless the stack has a status.
func (s *scene) is(want stack.Status) *cloudformation.DescribeStacksOutput {
	s.Helper()
	synctest.Wait()
	out, err := s.api.DescribeStacks(s.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("waits")})
	if err != nil {
		s.Fatal(err)
	}
	if got := stack.Status(out.Stacks[0].StackStatus); got != want {
		s.Errorf("%s, want %s", got, want)
	}
	return out
}

func (s *scene) refused(err error, status int) {
	s.Helper()
	if refused, ok := errors.AsType[*signal.RefusedError](err); !ok || refused.StatusCode != status {
		s.Errorf("got %v, want HTTP status %d", err, status)
	}
}

func (s *scene) good(err error) {
	s.Helper()
	if err != nil {
		s.Error(err)
	}
}

func TestThreeOfFiveAndATimeout(t *testing.T) {
	inScene(t, 5, func(s *scene) {
		for _, id := range []string{"a", "b", "c"} {
			s.good(s.send(id))
		}
		s.is(stack.CreateInProgress)
		<-time.After(10*time.Minute + time.Second)
		s.is(stack.RollbackComplete)
		wantIn(s.T, reasons(s.T, s.api, "waits"), "Wait CREATE_FAILED: WaitCondition timed out. Received 3 conditions when expecting 5")
	})
}

// Fifty senders send five times each, all at the same instant: fifty are counted, and each one's data is
// there.
func TestFiftySendersAtTheSameInstant(t *testing.T) {
	inScene(t, 50, func(s *scene) {
		begin := make(chan struct{})
		var senders sync.WaitGroup
		for i := range 50 {
			for range 5 {
				senders.Go(func() {
					<-begin
					s.good(s.send(fmt.Sprint("web-", i)))
				})
			}
		}
		synctest.Wait()
		s.is(stack.CreateInProgress)
		close(begin)
		senders.Wait()
		out := s.is(stack.CreateComplete)
		var data map[string]string
		if err := json.Unmarshal([]byte(aws.ToString(out.Stacks[0].Outputs[0].OutputValue)), &data); err != nil || len(data) != 50 || data["web-49"] != "from web-49" {
			s.Errorf("%d entries: %v, %v", len(data), data, err)
		}
	})
}

func TestASignalAfterTheEnd(t *testing.T) {
	inScene(t, 1, func(s *scene) {
		s.good(s.send("a"))
		s.is(stack.CreateComplete)
		s.good(s.send("b")) // S3 takes it, and nobody looks
		out := s.is(stack.CreateComplete)
		if got := aws.ToString(out.Stacks[0].Outputs[0].OutputValue); got != `{"a":"from a"}` {
			s.Errorf("got %s", got)
		}
	})
}

func TestASignalToAStackThatIsGone(t *testing.T) {
	inScene(t, 1, func(s *scene) {
		if _, err := s.api.DeleteStack(s.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("waits")}); err != nil {
			s.Fatal(err)
		}
		synctest.Wait()
		err := s.send("a")
		s.refused(err, 404)
		wantIn(s.T, fmt.Sprint(err), "the handle is gone, probably with its stack")
	})
}

// What comes when the URL has expired is not recorded: a condition that looks at the same handle later
// does not find it.
func TestASignalThatIsTooLate(t *testing.T) {
	inScene(t, 0, func(s *scene) {
		s.is(stack.CreateComplete)
		<-time.After(25 * time.Hour)
		err := s.send("a")
		s.refused(err, 403)
		wantIn(s.T, fmt.Sprint(err), "AccessDenied: Request has expired")
		again := `{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
			"Again": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "5"}}}}`
		if _, err := s.api.UpdateStack(s.Context(), &cloudformation.UpdateStackInput{StackName: aws.String("waits"), TemplateBody: &again}); err != nil {
			s.Fatal(err)
		}
		<-time.After(6 * time.Second)
		s.is(stack.UpdateRollbackComplete)
		wantIn(s.T, reasons(s.T, s.api, "waits"), "Again CREATE_FAILED: WaitCondition timed out. Received 0 conditions when expecting 1")
	})
}

func TestAMegabyte(t *testing.T) {
	inScene(t, 1, func(s *scene) {
		if status := s.put(`{"Status":"SUCCESS","UniqueId":"a","Data":"` + strings.Repeat("x", 1<<20) + `"}`); status != 400 {
			s.Errorf("HTTP status %d", status)
		}
		s.is(stack.CreateInProgress) // it is as if it had never come
		s.good(s.send("a"))
		s.is(stack.CreateComplete)
	})
}

func TestInvalidJSON(t *testing.T) {
	for _, body := range []string{``, `{`, `{"Status":"SUCCESS"}`, `{"Status":"MAYBE","UniqueId":"a"}`, `["SUCCESS"]`, "\x00"} {
		inScene(t, 1, func(s *scene) {
			if status := s.put(body); status != 200 {
				s.Errorf("HTTP status %d", status)
			}
			s.is(stack.RollbackComplete)
			wantIn(s.T, reasons(s.T, s.api, "waits"), "Wait CREATE_FAILED: Unparsable WaitCondition data")
		})
	}
}

// A thousand wait conditions in five stacks, ten signals each, from a hundred senders at a time.
func TestAThousandWaitConditions(t *testing.T) {
	stacks, conditions := 5, 200
	if testing.Short() {
		stacks, conditions = 2, 20
	}
	const signals = 10
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := cloudformation.NewFromConfig(cloud.Config())
		var senders sync.WaitGroup
		room := make(chan struct{}, 100)
		for i := range stacks {
			name := fmt.Sprint("waits-", i)
			start(t, api, name, manyWaits(conditions, signals))
			synctest.Wait()
			for _, url := range handlesOf(t, api, name) {
				handle, err := signal.ParseHandle(url)
				if err != nil {
					t.Fatal(err)
				}
				for n := range signals {
					senders.Go(func() {
						room <- struct{}{}
						defer func() { <-room }()
						err := signal.Send(t.Context(), handle, signal.Signal{Status: signal.Success, UniqueID: fmt.Sprint(n), Data: "x"}, &signal.Options{Client: &http.Client{Transport: cloud}})
						if err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
		senders.Wait()
		synctest.Wait()
		counted := 0
		for i := range stacks {
			name := fmt.Sprint("waits-", i)
			out, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: &name})
			if err != nil || out.Stacks[0].StackStatus != "CREATE_COMPLETE" {
				t.Fatalf("%s: %v, %v", name, out, err)
			}
			for _, o := range out.Stacks[0].Outputs {
				var data map[string]string
				if err := json.Unmarshal([]byte(aws.ToString(o.OutputValue)), &data); err != nil {
					t.Fatal(err)
				}
				counted += len(data)
			}
		}
		if want := stacks * conditions * signals; counted != want {
			t.Errorf("%d signals were counted of %d", counted, want)
		}
	})
}

func manyWaits(conditions, signals int) string {
	resources, outputs := map[string]any{}, map[string]any{}
	for i := range conditions {
		handle, wait := fmt.Sprint("Handle", i), fmt.Sprint("Wait", i)
		resources[handle] = map[string]any{"Type": "AWS::CloudFormation::WaitConditionHandle"}
		resources[wait] = map[string]any{"Type": "AWS::CloudFormation::WaitCondition", "Properties": map[string]any{"Handle": map[string]any{"Ref": handle}, "Timeout": 600, "Count": signals}}
		outputs[wait] = map[string]any{"Value": map[string]any{"Fn::GetAtt": wait + ".Data"}}
	}
	text, err := json.Marshal(map[string]any{"Resources": resources, "Outputs": outputs})
	if err != nil {
		return ""
	}
	return string(text)
}

// handlesOf returns the URLs of all handles of a stack.
func handlesOf(t *testing.T, api *cloudformation.Client, name string) []string {
	t.Helper()
	var urls []string
	pages := cloudformation.NewListStackResourcesPaginator(api, &cloudformation.ListStackResourcesInput{StackName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.StackResourceSummaries {
			if aws.ToString(r.ResourceType) == "AWS::CloudFormation::WaitConditionHandle" {
				urls = append(urls, aws.ToString(r.PhysicalResourceId))
			}
		}
	}
	return urls
}
