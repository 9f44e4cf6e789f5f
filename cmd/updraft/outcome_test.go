package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/updraft-go/updraft/local"
)

// lastDoc is the last document of --json.
func lastDoc(t *testing.T, out string) (doc errorDoc) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &doc); err != nil {
		t.Errorf("%v in %q", err, out)
	}
	return doc
}

func TestErrorsAreDocumentsToo(t *testing.T) {
	cloud, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	deploy := []string{"deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--parameter", "Secret=hunter2", "--endpoint", url, "--json"}
	cloud.Fail(local.Fault{LogicalID: "Topic", Reason: "no more topics", Times: 1})
	code, out, errs := updraft(t, "", deploy...)
	doc := lastDoc(t, out)
	if code != 1 || doc.Type != "error" || doc.Kind != "operation" || doc.Stack != "jobs" || doc.Status != "ROLLBACK_COMPLETE" || len(doc.Failures) != 1 ||
		doc.Failures[0].Path[0] != "Topic" || !strings.Contains(doc.Failures[0].Reason, "no more topics") || !strings.Contains(errs, "no more topics") {
		t.Errorf("a failure: exit %d, %+v\n%s", code, doc, errs)
	}
	for kind, args := range map[string][]string{
		"state":    deploy,
		"template": {"deploy", file, "--stack-name", "other", "--endpoint", url, "--json"},
		"usage":    {"deploy", file, "--endpoint", url, "--json"},
	} {
		code, out, _ := updraft(t, "", args...)
		if doc := lastDoc(t, out); code == 0 || doc.Kind != kind || doc.Message == "" || strings.Contains(out, "hunter2") {
			t.Errorf("exit %d, got %+v, want %s", code, doc, kind)
		}
	}
	if _, out, _ := updraft(t, "", "validate", written(t, "x.json", "{"), "--json"); strings.Contains(out, `"type":"error"`) {
		t.Errorf("validate has documents of its own: %s", out)
	}
}

func TestDeployWithoutAChangeSet(t *testing.T) {
	_, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	policy := written(t, "policy.json", `{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}`)
	code, out, errs := updraft(t, "", "deploy", file, "--stack-name", "jobs", "--parameter", "Name=a", "--timeout", "30m", "--stack-policy", policy, "--endpoint", url)
	if code != 0 || !strings.Contains(out, "jobs: create, without a change set\n") || !strings.Contains(out, "jobs: CREATE_COMPLETE\n") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, errs = updraft(t, "", "deploy", file, "--stack-name", "jobs", "--parameter", "Name=b", "--stack-policy-during-update", policy, "--until-decided", "--endpoint", url)
	if code != 0 || !strings.Contains(out, "jobs: update, without a change set\n") || !strings.Contains(out, "jobs: UPDATE_COMPLETE") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, _, errs = updraft(t, "", "deploy", file, "--stack-name", "jobs", "--rollback-alarm", "cpu", "--monitoring-time", "200", "--timeout", "90s", "--endpoint", url)
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	has(t, "the error", errs, `names the alarm "cpu"; give its ARN`, "monitors for 200 minutes", "1m30s; give whole minutes")
}

func TestWhatValidationFindsWithoutAChangeSetIsTold(t *testing.T) {
	cloud, url := served(t)
	cloud.EarlyValidation = true
	file := written(t, "queue.json", `{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}`)
	code, out, errs := updraft(t, "", "deploy", file, "--stack-name", "jobs", "--direct", "--skip-validation", "--json", "--endpoint", url)
	const want = "Q (/Resources/Q/Properties): #: extraneous key [Colour] is not permitted [PROPERTY_VALIDATION]"
	doc := lastDoc(t, out)
	if code != 1 || doc.Kind != "operation" || doc.Status != "ROLLBACK_COMPLETE" || len(doc.Failures) != 1 || doc.Failures[0].Path[0] != "Q" || len(doc.Findings) != 1 || doc.Findings[0] != want {
		t.Errorf("exit %d, %+v", code, doc)
	}
	has(t, "the error", errs, "stack jobs: its create ended in ROLLBACK_COMPLETE: "+want+"; it can only be deleted")
}

func TestAnInterruptCancelsOnWish(t *testing.T) {
	cloud, url := served(t)
	file := written(t, "topic.yaml", topicYAML)
	deploy := func(ctx context.Context, name string, out io.Writer, more ...string) (int, string) {
		var errs bytes.Buffer
		code := run(ctx, append([]string{"deploy", file, "--stack-name", "jobs", "--parameter", "Name=" + name, "--endpoint", url}, more...), strings.NewReader(""), out, &errs)
		return code, errs.String()
	}
	if code, errs := deploy(t.Context(), "a", io.Discard); code != 0 {
		t.Fatal(errs)
	}
	cloud.Delay = time.Second
	ctx, cancel := context.WithCancelCause(t.Context())
	reader, writer := io.Pipe()
	go func() {
		for lines := bufio.NewScanner(reader); lines.Scan(); {
			if strings.Contains(lines.Text(), `"UPDATE_IN_PROGRESS"`) {
				cancel(errors.New("interrupt"))
			}
		}
	}()
	code, errs := deploy(ctx, "b", writer, "--json", "--cancel-on-interrupt")
	writer.Close()
	if code != 1 || !strings.Contains(errs, "cancelled; waiting for the roll-back") || !strings.Contains(errs, "its update ended in UPDATE_ROLLBACK_COMPLETE: it was cancelled") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
