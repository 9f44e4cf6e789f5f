package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const topicYAML = `# sent as it is
Parameters:
  Name: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: none}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Ref Name}
Outputs:
  Arn: {Value: !Ref Topic}
`

// served is an embedded cloud at a URL.
func served(t *testing.T) (*local.Cloud, string) {
	t.Helper()
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	cloud := localtest.New(t)
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	return cloud, server.URL
}

// written is a file with that text.
func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func has(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q:\n%s", what, p, text)
		}
	}
}

func TestTheLifeOfAStack(t *testing.T) {
	_, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	do := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		code, out, errs := updraft(t, "", append(args, "--endpoint", url)...)
		if code != want {
			t.Fatalf("%v: exit %d, want %d\n%s%s", args, code, want, out, errs)
		}
		return out, errs
	}
	out, _ := do(0, "plan", file, "--stack-name", "jobs", "--parameter", "Name=a")
	has(t, "the plan", out, "jobs: create, 1 changes", "  + Topic (AWS::SNS::Topic)\n")
	_, errs := do(1, "status", "jobs")
	has(t, "the status after a plan", errs, "there is no such stack")

	out, _ = do(0, "deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--parameter", "Secret=hunter2", "--tag", "team=x")
	has(t, "the deployment", out, "jobs: CREATE_COMPLETE Topic (AWS::SNS::Topic)", "jobs: CREATE_COMPLETE\n", "  Arn = arn:aws:sns:")
	if strings.Contains(out, "hunter2") {
		t.Error("the secret is shown")
	}
	out, _ = do(0, "deploy", file, "--stack-name", "jobs")
	has(t, "once more", out, "nothing to change", "jobs: unchanged, CREATE_COMPLETE")
	out, _ = do(0, "deploy", file, "--stack-name", "jobs", "--parameter", "Name=b")
	has(t, "an update", out, "~ Topic (AWS::SNS::Topic): is replaced", "Properties.TopicName", "jobs: UPDATE_COMPLETE\n")

	out, _ = do(0, "status", "jobs")
	has(t, "the status", out, "UPDATE_COMPLETE", "team=x")
	out, _ = do(0, "outputs", "jobs")
	has(t, "the outputs", out, "Arn = arn:aws:sns:us-east-1:123456789012:b\n")
	out, _ = do(0, "outputs", "jobs", "Arn")
	if out != "arn:aws:sns:us-east-1:123456789012:b\n" {
		t.Errorf("one output: %q", out)
	}
	_, errs = do(1, "outputs", "jobs", "Nope")
	has(t, "another output", errs, "it has no output Nope; it has Arn")
	out, _ = do(0, "watch", "jobs")
	has(t, "the last operation", out, "jobs: UPDATE_COMPLETE\n")
	_, errs = do(1, "cancel", "jobs")
	has(t, "cancelling nothing", errs, "nothing is running")
	_, errs = do(1, "rollback", "jobs")
	has(t, "rolling back what is good", errs, "it is in UPDATE_COMPLETE; only a stack in CREATE_FAILED or UPDATE_FAILED can be rolled back")

	out, _ = do(0, "delete", "jobs")
	has(t, "the deletion", out, "jobs: DELETE_COMPLETE Topic", "jobs: DELETE_COMPLETE\n")
	out, _ = do(0, "delete", "jobs")
	has(t, "once more", out, "unchanged")
}

func TestJSONIsADocumentALine(t *testing.T) {
	_, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	code, out, errs := updraft(t, "", "deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--parameter", "Secret=hunter2", "--json", "--endpoint", url)
	if code != 0 || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	kinds := map[string]int{}
	for line := range strings.Lines(out) {
		var doc struct {
			Type, Stack, Status string
			Outputs             map[string]string
		}
		if err := json.Unmarshal([]byte(line), &doc); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		kinds[doc.Type]++
		if doc.Stack != "jobs" || doc.Type == "result" && (doc.Status != "CREATE_COMPLETE" || doc.Outputs["Arn"] == "") {
			t.Errorf("got %s", line)
		}
	}
	if kinds["plan"] != 1 || kinds["event"] < 4 || kinds["result"] != 1 || strings.Contains(out, "hunter2") {
		t.Errorf("got %v in\n%s", kinds, out)
	}
	for _, args := range [][]string{{"status", "jobs"}, {"outputs", "jobs"}, {"outputs", "jobs", "Arn"}} {
		code, out, _ := updraft(t, "", append(args, "--json", "--endpoint", url)...)
		if code != 0 || !json.Valid([]byte(out)) || strings.Contains(out, "hunter2") {
			t.Errorf("%v: exit %d, %s", args, code, out)
		}
	}
}

func TestWrongUse(t *testing.T) {
	_, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	for _, tt := range []struct {
		name string
		code int
		want string
		args []string
	}{
		{"no file", 2, "takes one template file", []string{"deploy", "--stack-name", "a"}},
		{"a file that is not there", 2, "nowhere.yaml: no such file", []string{"deploy", "nowhere.yaml", "--stack-name", "a"}},
		{"no name", 2, "give --stack-name", []string{"deploy", file}},
		{"a parameter without =", 2, "--parameter takes KEY=VALUE", []string{"deploy", file, "--stack-name", "a", "--parameter", "hunter2"}},
		{"a parameter twice", 2, "--parameter Name is given twice", []string{"deploy", file, "--stack-name", "a", "--parameter", "Name=a", "--parameter", "Name=b"}},
		{"an unknown flag", 2, "unknown flag: --nope", []string{"plan", file, "--nope"}},
		{"no stack", 2, "delete takes one stack", []string{"delete"}},
		{"no URL", 2, "is no URL", []string{"status", "a", "--endpoint", "localhost"}},
		{"a name that is not legal", 1, "is no name for a stack", []string{"deploy", file, "--stack-name", "9lives"}},
		{"an unknown parameter", 1, "did you mean", []string{"deploy", file, "--stack-name", "a", "--parameter", "Nane=x", "--parameter", "Name=x"}},
		{"a missing parameter", 1, "topic.yaml: Parameters.Name: the parameter has no value, and no default in the template; give --parameter Name=VALUE", []string{"deploy", file, "--stack-name", "a"}},
		{"no such stack", 1, "there is no such stack", []string{"watch", "a"}},
		{"no previous value", 1, "the previous value is to be used", []string{"deploy", file, "--stack-name", "a", "--previous-value", "Name"}},
		{"a bad failure policy", 1, "ROLLBACK, DELETE or DO_NOTHING", []string{"deploy", file, "--stack-name", "a", "--on-stack-failure", "x"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := tt.args
			if !strings.Contains(strings.Join(args, " "), "--endpoint") {
				args = append(args, "--endpoint", url)
			}
			code, _, errs := updraft(t, "", args...)
			if code != tt.code || !strings.Contains(errs, tt.want) || strings.Contains(errs, "hunter2") {
				t.Errorf("exit %d, want %d and %q\n%s", code, tt.code, tt.want, errs)
			}
		})
	}
}

func TestAFileIsCheckedAndItsCapabilitiesGranted(t *testing.T) {
	_, url := served(t)
	role := `{"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}}}`
	code, _, errs := updraft(t, role, "deploy", "-", "--stack-name", "a", "--endpoint", url)
	if code != 1 || !strings.Contains(errs, "needs CAPABILITY_IAM, which was not granted; give it with --capability") {
		t.Errorf("not granted: exit %d, %s", code, errs)
	}
	if code, _, errs = updraft(t, role, "deploy", "-", "--stack-name", "a", "--endpoint", url, "--capability", "CAPABILITY_IAM"); code != 0 {
		t.Errorf("granted: exit %d, %s", code, errs)
	}
	code, _, errs = updraft(t, "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Ref Nobody}\n", "deploy", "-", "--stack-name", "b", "--endpoint", url)
	if code != 1 || !strings.Contains(errs, "Resources.A.Properties") || !strings.Contains(errs, "Nobody") {
		t.Errorf("an unknown name: exit %d, %s", code, errs)
	}
	code, out, _ := updraft(t, "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: {Nope: 1}\n", "plan", "-", "--stack-name", "b", "--endpoint", url)
	if code != 0 || !strings.Contains(out, "  warning: Resources.A.Properties") {
		t.Errorf("an unknown property: exit %d, %s", code, out)
	}
}

func TestAFailureSaysWhyAndWhatNext(t *testing.T) {
	cloud, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	cloud.Fail(local.Fault{LogicalID: "Topic", Reason: "no more topics", Times: 1})
	deploy := []string{"deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--endpoint", url}
	code, out, errs := updraft(t, "", deploy...)
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	has(t, "the events", out, "jobs: CREATE_FAILED Topic (AWS::SNS::Topic)")
	has(t, "the error", errs, "its create ended in ROLLBACK_COMPLETE: Topic (AWS::SNS::Topic): ", "no more topics", "--replace-failed", "updraft delete jobs --endpoint "+url)
	code, _, errs = updraft(t, "", deploy...)
	if code != 1 || !strings.Contains(errs, "it is in ROLLBACK_COMPLETE; it can only be deleted") {
		t.Errorf("again: exit %d, %s", code, errs)
	}
	if code, _, errs = updraft(t, "", append(deploy, "--replace-failed")...); code != 0 {
		t.Errorf("replaced: exit %d, %s", code, errs)
	}
}

// Ctrl-C ends the waiting, says how to wait again, and leaves the deployment as it is.
func TestInterruptedThenWatched(t *testing.T) {
	cloud, url := served(t)
	cloud.Delay = 300 * time.Millisecond
	file := written(t, "topic.yaml", topicYAML)
	ctx, cancel := context.WithCancelCause(t.Context())
	reader, writer := io.Pipe()
	go func() {
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			if strings.Contains(lines.Text(), "CREATE_IN_PROGRESS") {
				cancel(errors.New("interrupt"))
			}
		}
	}()
	var errs bytes.Buffer
	code := run(ctx, []string{"deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--endpoint", url, "--json"}, strings.NewReader(""), writer, &errs)
	writer.Close()
	if code != 1 {
		t.Fatalf("exit %d", code)
	}
	has(t, "the error", errs.String(), "which goes on; to wait for it again:\n  updraft watch jobs --token updraft-run-", "--endpoint "+url)
	_, again, _ := strings.Cut(strings.TrimSpace(errs.String()), "updraft watch ")
	code, out, text := updraft(t, "", append([]string{"watch"}, strings.Fields(again)...)...)
	if code != 0 || !strings.Contains(out, "jobs: CREATE_COMPLETE\n") {
		t.Errorf("watched again: exit %d, %s%s", code, out, text)
	}
}

func TestAnUpdateIsCancelled(t *testing.T) {
	cloud, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	if code, _, errs := updraft(t, "", "deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--endpoint", url); code != 0 {
		t.Fatal(errs)
	}
	cloud.Delay = time.Second
	reader, writer := io.Pipe()
	begun, ended := make(chan struct{}), make(chan string)
	go func() {
		lines := bufio.NewScanner(reader)
		for sent := false; lines.Scan(); {
			if !sent && strings.Contains(lines.Text(), "UPDATE_IN_PROGRESS") {
				close(begun)
				sent = true
			}
		}
	}()
	go func() {
		var errs bytes.Buffer
		run(t.Context(), []string{"deploy", file, "--stack-name", "jobs", "--parameter", "Name=b", "--endpoint", url, "--json"}, strings.NewReader(""), writer, &errs)
		writer.Close()
		ended <- errs.String()
	}()
	<-begun
	code, out, errs := updraft(t, "", "cancel", "jobs", "--endpoint", url)
	if code != 0 || !strings.Contains(out, "jobs: UPDATE_ROLLBACK_COMPLETE") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	has(t, "whoever deployed", <-ended, "its update ended in UPDATE_ROLLBACK_COMPLETE", "cancelled")
}

func TestALargeTemplateGoesThroughABucket(t *testing.T) {
	_, url := served(t)
	bucket := `{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "templates"}}}}`
	if code, _, errs := updraft(t, bucket, "deploy", "-", "--stack-name", "bucket", "--endpoint", url); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	large := "Description: " + strings.Repeat("x", 1000) + "\nMetadata: {Text: " + strings.Repeat("y", 60_000) + "}\nResources:\n  T: {Type: AWS::SNS::Topic}\n"
	code, _, errs := updraft(t, large, "deploy", "-", "--stack-name", "large", "--endpoint", url)
	if code != 1 || !strings.Contains(errs, "give --bucket") {
		t.Errorf("without: exit %d, %s", code, errs)
	}
	code, out, errs := updraft(t, large, "deploy", "-", "--stack-name", "large", "--endpoint", url, "--bucket", "templates")
	if code != 0 || !strings.Contains(out, "large: CREATE_COMPLETE\n") {
		t.Errorf("with: exit %d, %s%s", code, out, errs)
	}
}

// What an endpoint does not know, it will not know when it is asked again.
func TestWhatAnEndpointLacksIsToldSoon(t *testing.T) {
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "none"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotImplemented)
		io.WriteString(w, "<ErrorResponse><Error><Type>Receiver</Type><Code>NotImplemented</Code><Message>not here</Message></Error></ErrorResponse>")
	}))
	defer server.Close()
	began := time.Now()
	code, _, errs := updraft(t, "", "drift", "jobs", "--endpoint", server.URL)
	if code != 1 || !strings.Contains(errs, "NotImplemented: not here") || time.Since(began) > 5*time.Second {
		t.Errorf("exit %d after %s: %s", code, time.Since(began), errs)
	}
}

func TestAnswers(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, "YES\n": true, "\n": false, "": false, "no\n": false} {
		var out bytes.Buffer
		got, err := ask(strings.NewReader(answer), &out, "Deploy jobs?")
		if got != want || err != nil || !strings.HasPrefix(out.String(), "Deploy jobs? [y/N] ") {
			t.Errorf("%q: got %v, %v, %q", answer, got, err, out.String())
		}
	}
}
