package local

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/stack"
)

// A saga is a stack that is created, updated, updated in vain, and deleted, on a cloud that may end at any
// moment. Its resources are replaced, changed in place, dropped and added; one is a nested stack, one a
// provider's, one waits for another.
type saga struct{ cloud *Cloud }

// A namer makes things whose ID is their name.
type namer struct{}

func (namer) Create(_ context.Context, r *Request) (*Resource, error) {
	return &Resource{PhysicalID: fmt.Sprint("thing-", r.Properties["Name"])}, nil
}
func (namer) Update(context.Context, *Request) (*Resource, error) { return nil, nil }
func (namer) Delete(context.Context, *Request) error              { return nil }

const sagaLeaf = `{"Parameters": {"Label": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Label"}}}},
	"Outputs": {"Label": {"Value": {"Fn::GetAtt": "T.DisplayName"}}}}`

// sagaTemplate is the template of one step.
func sagaTemplate(n int, rest string) string {
	return fmt.Sprintf(`{"Parameters": {"Word": {"Type": "String", "NoEcho": true}}, "Resources": {
		"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t-%[1]d", "DisplayName": {"Ref": "Word"}}},
		"Queue": {"Type": "AWS::SQS::Queue", "DependsOn": "Topic", "Properties": {"DelaySeconds": %[1]d}},
		"Leaf": {"Type": "AWS::CloudFormation::Stack", "DependsOn": "Queue", "Properties": {"TemplateURL": "https://saga.s3.amazonaws.com/leaf", "Parameters": {"Label": "leaf-%[1]d"}}},
		"Template": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": {"ImageId": "ami-%[1]d", "InstanceType": "t3.micro"}}},
		"Group": {"Type": "AWS::AutoScaling::AutoScalingGroup", "UpdatePolicy": {"AutoScalingRollingUpdate": {"MaxBatchSize": 1, "MinInstancesInService": 1}},
			"Properties": {"MinSize": "2", "MaxSize": "3", "AvailabilityZones": ["us-east-1a"], "LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": {"Fn::GetAtt": "Template.LatestVersionNumber"}}}},
		"Thing": {"Type": "Custom::Thing", "Properties": {"Name": {"Fn::GetAtt": "Leaf.Outputs.Label"}}}%[2]s},
		"Outputs": {"Queue": {"Value": {"Ref": "Queue"}, "Export": {"Name": "queue"}}}}`, n, rest)
}

var sagaTemplates = []string{
	sagaTemplate(1, `, "Param": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/saga", "Type": "String", "Value": "x"}}`),
	sagaTemplate(2, `, "New": {"Type": "AWS::SNS::Topic", "DependsOn": "Thing", "Properties": {"DisplayName": "new"}}`),
	sagaTemplate(3, `, "Bad": {"Type": "AWS::SNS::Topic", "DependsOn": "Thing"}`),
}

// sagaSteps is how many steps there are: the templates, and the deletion.
var sagaSteps = len(sagaTemplates) + 1

// openSaga opens the cloud of a saga. What is not kept is given anew.
func openSaga(t testing.TB, path string, saved func()) *saga {
	t.Helper()
	c := &Cloud{State: path, Delay: time.Microsecond, saved: saved}
	c.Provide("Custom::Thing", namer{})
	c.Fail(Fault{LogicalID: "Bad", Reason: "no good", Action: Create})
	if err := c.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &saga{c}
}

// begin makes what the steps need.
func (s *saga) begin() error {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	r := s.cloud.at(place{DefaultAccount, DefaultRegion})
	if r.asset(typeBucket, "saga") == nil {
		r.found(typeBucket, "saga", masked(nil)).put("leaf", []byte(sagaLeaf), "")
	}
	return s.cloud.save()
}

// step asks for one step. It may have been asked for before.
func (s *saga) step(ctx context.Context, n int) error {
	api := cloudformation.NewFromConfig(s.cloud.Config())
	name, token, key, word := "work", fmt.Sprint("step-", n), "Word", "secret"
	parameters := []types.Parameter{{ParameterKey: &key, ParameterValue: &word}}
	var err error
	switch {
	case n == 0:
		_, err = api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &sagaTemplates[n], ClientRequestToken: &token, Parameters: parameters})
	case n < len(sagaTemplates):
		keep := true
		_, err = api.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: &name, TemplateBody: &sagaTemplates[n], ClientRequestToken: &token,
			Parameters: []types.Parameter{{ParameterKey: &key, UsePreviousValue: &keep}}})
	default:
		_, err = api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &name, ClientRequestToken: &token})
	}
	return err
}

// rest waits until nothing is under way.
func (s *saga) rest() {
	for {
		s.cloud.mu.Lock()
		var resting chan struct{}
		for _, r := range s.cloud.regions {
			for _, st := range r.stacks {
				if st.running != nil {
					resting = st.running.resting
				}
			}
		}
		s.cloud.mu.Unlock()
		if resting == nil {
			return
		}
		<-resting
	}
}

// census tells of the stack, and of all resources that there are.
func (s *saga) census() string {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	r := s.cloud.at(place{DefaultAccount, DefaultRegion})
	var all []string
	for _, typ := range slices.Sorted(maps.Keys(r.assets)) {
		for _, a := range r.list(typ) {
			if typ != typeStack { // these have names by chance
				line := typ
				for _, name := range []string{"TopicName", "DisplayName", "DelaySeconds", "Name"} {
					line += " " + a.properties.Get(name).Str()
				}
				all = append(all, line)
			}
		}
	}
	slices.Sort(all)
	for _, st := range r.stacks {
		if st.status != stack.DeleteComplete {
			name, _, _ := strings.Cut(st.name, "-Leaf-")
			all = append(all, fmt.Sprint(name, " ", st.status, " ", len(st.resources)))
		}
	}
	return strings.Join(all, "\n")
}

// uninterrupted tells how a saga stands at its beginning and after each step.
func uninterrupted(t *testing.T) []string {
	t.Helper()
	s := openSaga(t, filepath.Join(t.TempDir(), "state"), nil)
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	after := []string{s.census()}
	for n := range sagaSteps {
		if err := s.step(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		s.rest()
		after = append(after, s.census())
		if want := []string{"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", ""}[n]; want != "" && !strings.Contains(after[n+1], "work "+want) {
			t.Fatalf("step %d: %s\n%s", n, after[n+1], s.lines())
		}
	}
	return after
}

// goOn takes a saga up of whose steps so many were answered, and brings it to its end.
func goOn(t *testing.T, path string, answered int, after []string) {
	t.Helper()
	s := openSaga(t, path, nil)
	s.rest()
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	now := s.census()
	if now != after[answered] && (answered == sagaSteps || now != after[answered+1]) {
		t.Errorf("after %d steps and a kill: (-want +got)\n%s\n%s", answered, cmp.Diff(after[answered], now), s.lines())
		return
	}
	for n := answered; n < sagaSteps; n++ {
		if err := s.step(t.Context(), n); err != nil {
			t.Fatalf("step %d: %v\n%s", n, err, s.lines())
		}
		s.rest()
		if diff := cmp.Diff(after[n+1], s.census()); diff != "" {
			t.Errorf("killed after %d steps, at step %d: (-want +got)\n%s\n%s", answered, n, diff, s.lines())
			return
		}
	}
}

// lines are the events of all stacks.
func (s *saga) lines() string {
	var b strings.Builder
	for _, st := range s.cloud.at(place{DefaultAccount, DefaultRegion}).stacks {
		for _, e := range st.events {
			fmt.Fprintln(&b, st.name, e.logicalID, e.status, e.reason, e.physicalID)
		}
	}
	return b.String()
}

// What is in the file whenever something was written is what a kill at that moment leaves.
func TestASagaIsTakenUpWhereverItWasInterrupted(t *testing.T) {
	after := uninterrupted(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	answered, copies := 0, []int{}
	s := openSaga(t, path, func() {
		to := filepath.Join(dir, strconv.Itoa(len(copies)))
		for _, suffix := range []string{"", ".key"} {
			b, err := os.ReadFile(path + suffix)
			if err == nil {
				err = os.WriteFile(to+suffix, b, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
		}
		copies = append(copies, answered)
	})
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	for n := range sagaSteps {
		if err := s.step(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		s.cloud.mu.Lock()
		answered = n + 1
		s.cloud.mu.Unlock()
		s.rest()
	}
	for i, answered := range copies {
		t.Run(strconv.Itoa(i), func(t *testing.T) { goOn(t, filepath.Join(dir, strconv.Itoa(i)), answered, after) })
	}
}

const (
	envKillState = "UPDRAFT_TEST_KILL_STATE"
	envKillAt    = "UPDRAFT_TEST_KILL_AT"
)

// TestKilledChild is the process that TestAProcessIsKilled kills: it kills itself when it has written for
// the nth time.
func TestKilledChild(t *testing.T) {
	path := os.Getenv(envKillState)
	if path == "" {
		t.Skip("it is run by TestAProcessIsKilled")
	}
	at, err := strconv.Atoi(os.Getenv(envKillAt))
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	s := openSaga(t, path, func() {
		if at--; at == 0 {
			_ = self.Kill()
			select {}
		}
	})
	if err := s.begin(); err != nil {
		t.Fatal(err)
	}
	for n := range sagaSteps {
		if err := s.step(t.Context(), n); err != nil {
			t.Fatal(err)
		}
		fmt.Println("answered")
		s.rest()
	}
	fmt.Println("ended")
}

func TestAProcessIsKilled(t *testing.T) {
	after := uninterrupted(t)
	for at := 2; ; at += 5 {
		path := filepath.Join(t.TempDir(), "state")
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledChild$")
		cmd.Env = append(os.Environ(), envKillState+"="+path, envKillAt+"="+strconv.Itoa(at))
		out, err := cmd.Output()
		answered, ended := 0, false
		for lines := bufio.NewScanner(strings.NewReader(string(out))); lines.Scan(); {
			switch lines.Text() {
			case "answered":
				answered++
			case "ended":
				ended = true
			}
		}
		if ended {
			return
		}
		if err == nil {
			t.Fatalf("the child ended without an end:\n%s", out)
		}
		goOn(t, path, answered, after)
	}
}

// What a stack has been told is not forgotten, and the URLs that it gave out stay good.
func TestAStackThatWaitsForSignalsWaitsOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	s := openSaga(t, path, nil)
	api := func() *cloudformation.Client { return cloudformation.NewFromConfig(s.cloud.Config()) }
	name, set := "waits", "set"
	template := `{"Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
		"W": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "H"}, "Timeout": 600, "Count": 2}},
		"Q": {"Type": "AWS::SQS::Queue", "CreationPolicy": {"ResourceSignal": {"Count": 2}}}}}`
	if _, err := api().CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
		StackName: &name, ChangeSetName: &set, ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &template,
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := api().ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: &name, ChangeSetName: &set}); err != nil {
		t.Fatal(err)
	}
	handle := waitFound(t, api(), name)
	queue := "Q"
	for round := range 2 {
		id := strconv.Itoa(round)
		if _, err := api().SignalResource(t.Context(), &cloudformation.SignalResourceInput{StackName: &name, LogicalResourceId: &queue, UniqueId: &id, Status: types.ResourceSignalStatusSuccess}); err != nil {
			t.Fatal(err)
		}
		signal, err := http.NewRequestWithContext(t.Context(), http.MethodPut, handle, strings.NewReader(`{"Status": "SUCCESS", "UniqueId": "`+id+`", "Data": "d", "Reason": ""}`))
		if err != nil {
			t.Fatal(err)
		}
		response, err := s.cloud.RoundTrip(signal)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(response, err)
		}
		if round == 0 {
			if err := s.cloud.Close(); err != nil {
				t.Fatal(err)
			}
			s = openSaga(t, path, nil)
			waitFound(t, api(), name)
		}
	}
	s.rest()
	out, err := api().DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{StackName: &name, ChangeSetName: &set})
	if err != nil || out.ExecutionStatus != types.ExecutionStatusExecuteComplete {
		t.Errorf("%v %v\n%s", out.ExecutionStatus, err, s.lines())
	}
}

// waitFound waits until the resources of a stack wait for signals, and returns the URL of its handle.
func waitFound(t *testing.T, api *cloudformation.Client, name string) string {
	t.Helper()
	for {
		out, err := api.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: &name})
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for _, r := range out.StackResources {
			if r.PhysicalResourceId != nil {
				found[*r.LogicalResourceId] = *r.PhysicalResourceId
			}
		}
		if found["W"] != "" && found["Q"] != "" {
			return found["H"]
		}
	}
}
