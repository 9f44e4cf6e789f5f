package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/signal"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// waits is a stack that waits for two signals to a handle, and tells what came.
const waits = `{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
	"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "300", "Count": 2}}},
	"Outputs": {"Data": {"Value": {"Fn::GetAtt": "Wait.Data"}}}}`

// groups is a stack that waits for two signals to a resource.
const groups = `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "CreationPolicy": {"ResourceSignal": {"Count": 2, "Timeout": "PT5M"}}}}}`

// client is an SDK's, for a served cloud.
func client(t testing.TB, endpoint string) *cloudformation.Client {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithBaseEndpoint(endpoint), config.WithRegion("us-east-1"),
		config.WithCredentialsProvider(aws.CredentialsProviderFunc((&local.Cloud{}).Config().Credentials.Retrieve)))
	if err != nil {
		t.Fatal(err)
	}
	return cloudformation.NewFromConfig(cfg)
}

func start(t testing.TB, api *cloudformation.Client, name, template string) {
	t.Helper()
	if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: &name, TemplateBody: &template}); err != nil {
		t.Fatal(err)
	}
}

// handleOf returns the URL of a stack's handle.
func handleOf(t testing.TB, api *cloudformation.Client, name string) string {
	t.Helper()
	out, err := api.DescribeStackResource(t.Context(), &cloudformation.DescribeStackResourceInput{StackName: &name, LogicalResourceId: aws.String("Handle")})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.StackResourceDetail.PhysicalResourceId)
}

// end waits until a stack rests.
func end(t *testing.T, api *cloudformation.Client, name string) *waiter.Result {
	t.Helper()
	p := &waiter.Poller{API: api, MinInterval: 10 * time.Millisecond, Rate: -1}
	result, err := p.Wait(t.Context(), waiter.Target{Stack: name})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// built builds a program of this module.
func built(t *testing.T, name string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", file, "../cmd/"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// heats is Heat's cfn-signal, "" if it is not here or cannot write its log.
func heats() string {
	for _, file := range []string{"/usr/bin/cfn-signal", "/opt/heat-cfntools/bin/cfn-signal"} {
		text, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(text, []byte("heat_cfntools")) {
			continue
		}
		if log, err := os.OpenFile("/var/log/cfn-signal.log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			_ = log.Close()
			return file
		}
	}
	return ""
}

// signalBody is a signal as a user writes it.
func signalBody(status, id, data string) string {
	return `{"Status" : "` + status + `", "Reason" : "Configuration Complete", "UniqueId" : "` + id + `", "Data" : "` + data + `"}`
}

// A sender makes the arguments of a program that signals: the URL of a handle, the status, the sender's
// ID and its data.
type sender func(t *testing.T, url, status, id, data string) []string

func flags(program string) sender {
	return func(_ *testing.T, url, status, id, data string) []string {
		code := map[string]string{"SUCCESS": "0", "FAILURE": "1"}[status]
		return append(strings.Fields(program), "-e", code, "-i", id, "-d", data, "-r", "Configuration Complete", url)
	}
}

func curlData(_ *testing.T, url, status, id, data string) []string {
	return []string{"curl", "-sS", "--fail", "-X", "PUT", "-H", "Content-Type:", "--data-binary", signalBody(status, id, data), url}
}

func curlFile(t *testing.T, url, status, id, data string) []string {
	file := filepath.Join(t.TempDir(), "signal")
	if err := os.WriteFile(file, []byte(signalBody(status, id, data)), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"curl", "-sS", "--fail", "-T", file, url}
}

// TestSendersToHandles signals with the programs that people use: one sender twice, so that it must
// count once, then another; and a failure.
func TestSendersToHandles(t *testing.T) {
	endpoint := serve(t)
	api := client(t, endpoint)
	env := environment(t, endpoint)
	for name, tt := range map[string]struct {
		program string
		send    sender
	}{
		"ours":          {built(t, "cfn-signal"), nil},
		"updraft":       {built(t, "updraft") + " signal", nil},
		"heat-cfntools": {heats(), nil},
		"curl-data":     {"curl", curlData},
		"curl-file":     {"curl", curlFile},
	} {
		t.Run(name, func(t *testing.T) {
			program, _, _ := strings.Cut(tt.program, " ")
			if _, err := exec.LookPath(program); err != nil {
				t.Skip(name + " is not here")
			}
			send := tt.send
			if send == nil {
				send = flags(tt.program)
			}
			good, bad := "good-"+name, "bad-"+name
			start(t, api, good, waits)
			url := handleOf(t, api, good)
			for _, id := range []string{"a", "a", "b"} {
				line := send(t, url, "SUCCESS", id, "from "+id)
				run(t, env, "", line[0], line[1:]...)
			}
			result := end(t, api, good)
			if result.Status != stack.CreateComplete {
				t.Fatalf("%s: %s", result.Status, result.Reason)
			}
			var got map[string]string
			if err := json.Unmarshal([]byte(aws.ToString(result.Stack.Outputs[0].OutputValue)), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]string{"a": "from a", "b": "from b"}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}

			start(t, api, bad, waits)
			line := send(t, handleOf(t, api, bad), "FAILURE", "a", "")
			run(t, env, "", line[0], line[1:]...)
			if result := end(t, api, bad); result.Status != stack.RollbackComplete {
				t.Errorf("%s after a failure", result.Status)
			}
			wantIn(t, reasons(t, api, bad), "WaitCondition received failed message: 'Configuration Complete' for uniqueId: a")
		})
	}
}

// reasons are all that a stack's events say.
func reasons(t *testing.T, api *cloudformation.Client, name string) string {
	t.Helper()
	out, err := api.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: &name})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range slices.Backward(out.StackEvents) {
		lines = append(lines, aws.ToString(e.LogicalResourceId)+" "+string(e.ResourceStatus)+": "+aws.ToString(e.ResourceStatusReason))
	}
	return strings.Join(lines, "\n")
}

func TestSendersToResources(t *testing.T) {
	endpoint := serve(t)
	api := client(t, endpoint)
	env := environment(t, endpoint)
	ours := built(t, "cfn-signal")
	for name, line := range map[string]func(stack, status, id string) []string{
		"aws-cli": func(stack, status, id string) []string {
			return []string{"aws", "--endpoint-url", endpoint, "cloudformation", "signal-resource", "--stack-name", stack, "--logical-resource-id", "Queue", "--unique-id", id, "--status", status}
		},
		// The request of aws-cfn-bootstrap's cfn-signal on an instance without a role.
		"cfn-bootstrap": func(stack, status, id string) []string {
			return []string{"curl", "-sS", "--fail", "-H", "Accept: application/json", "-H", "Authorization: CFN_V1 e30=:c2lnbmF0dXJl", endpoint + "/?Action=SignalResource&ContentType=JSON&LogicalResourceId=Queue&StackName=" + stack + "&Status=" + status + "&UniqueId=" + id + "&Version=2010-05-15"}
		},
		"ours": func(stack, status, id string) []string {
			return []string{ours, "-s", map[string]string{"SUCCESS": "true", "FAILURE": "false"}[status], "--stack", stack, "--resource", "Queue", "-i", id, "--url", endpoint}
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(line("", "", "")[0]); err != nil {
				t.Skip(name + " is not here")
			}
			send := func(stack, status, id string) {
				words := line(stack, status, id)
				run(t, env, "", words[0], words[1:]...)
			}
			good, bad := "good-"+name, "bad-"+name
			start(t, api, good, groups)
			for _, id := range []string{"a", "a", "b"} {
				send(good, "SUCCESS", id)
			}
			if result := end(t, api, good); result.Status != stack.CreateComplete {
				t.Errorf("%s: %s", result.Status, result.Reason)
			}
			wantIn(t, reasons(t, api, good), "Queue CREATE_IN_PROGRESS: Received SUCCESS signal with UniqueId b")
			start(t, api, bad, groups)
			send(bad, "FAILURE", "a")
			if result := end(t, api, bad); result.Status != stack.RollbackComplete {
				t.Errorf("%s after a failure", result.Status)
			}
		})
	}
}

// A URL that was changed is refused whoever sends, and nothing is recorded.
func TestAlteredURLs(t *testing.T) {
	api := client(t, serve(t))
	start(t, api, "waits", waits)
	url := handleOf(t, api, "waits")
	for name, altered := range map[string]string{
		"another handle":   strings.Replace(url, "Handle?", "Handel?", 1),
		"longer":           strings.Replace(url, "X-Amz-Expires=8", "X-Amz-Expires=9", 1),
		"another time":     strings.Replace(url, "X-Amz-Date=2", "X-Amz-Date=3", 1),
		"another signer":   strings.Replace(url, "X-Amz-Signature=", "X-Amz-Signature=0", 1),
		"nothing is shown": strings.Split(url, "?")[0],
	} {
		handle, err := signal.ParseHandle(altered)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"a", "b"} {
			err = signal.Send(t.Context(), handle, signal.Signal{Status: signal.Success, UniqueID: id}, nil)
			if refused, ok := errors.AsType[*signal.RefusedError](err); !ok || refused.StatusCode != 403 {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	out, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("waits")})
	if err != nil || out.Stacks[0].StackStatus != "CREATE_IN_PROGRESS" {
		t.Errorf("%v, %v", out, err)
	}
}
