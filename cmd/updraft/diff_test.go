package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	oldQueue = `{"Parameters":{"Key":{"Type":"String","NoEcho":true,"Default":"s3cret"}},` +
		`"Resources":{"Jobs":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"jobs","DelaySeconds":"1"}},"Gone":{"Type":"AWS::SNS::Topic"}}}`
	newQueue = "Parameters:\n  Key: {Type: String, NoEcho: true, Default: 0ther}\n" +
		"Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {DelaySeconds: 1, QueueName: tasks}\n"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDiff(t *testing.T) {
	before := write(t, "before.json", oldQueue)
	code, out, errs := updraft(t, newQueue, "diff", before, "-")
	want := `~ Parameters.Key.Default: "****" -> "****"
~ Jobs (AWS::SQS::Queue): replaces
    ~ Properties.QueueName: "jobs" -> "tasks" (replaces)
- Gone (AWS::SNS::Topic): deletes
`
	if code != 1 || out != want || errs != "updraft: 3 values change\n" {
		t.Errorf("code %d, %s:\n%s", code, errs, out)
	}
	code, out, _ = updraft(t, newQueue, "diff", "--json", before, "-")
	for _, part := range []string{`"kind": "modified"`, `"path": "Resources.Jobs.Properties.QueueName"`, `"before": "jobs"`, `"effect": "replaces"`, `"resourceType": "AWS::SNS::Topic"`} {
		if code != 1 || !strings.Contains(out, part) {
			t.Errorf("code %d, no %s in\n%s", code, part, out)
		}
	}
	if strings.Contains(out, "s3cret") || strings.Contains(out, "0ther") {
		t.Errorf("a secret is told:\n%s", out)
	}
}

func TestDiffOfTheSame(t *testing.T) {
	before := write(t, "before.json", queueJSON)
	if code, out, errs := updraft(t, queueYAML, "diff", before, "-"); code != 0 || out != "" || errs != "" {
		t.Errorf("code %d, %s:\n%s", code, errs, out)
	}
	if code, out, errs := updraft(t, queueYAML, "diff", "--json", before, "-"); code != 0 || out != "[]\n" || errs != "" {
		t.Errorf("code %d, %s:\n%s", code, errs, out)
	}
}

// A template may come from anywhere.
func TestDiffDoesNotControlTheTerminal(t *testing.T) {
	before := write(t, "before.json", `{"Metadata":{"a\u001b[2Jb":1}}`)
	if _, out, _ := updraft(t, `{"Metadata":{"a\u001b[2Jb":"\u001b[2J"}}`, "diff", before, "-"); strings.Contains(out, "\x1b") || out == "" {
		t.Errorf("got %q", out)
	}
}

func TestDiffRefuses(t *testing.T) {
	good := write(t, "good.json", queueJSON)
	for _, tt := range []struct {
		name, stdin string
		args        []string
		want        string
	}{
		{"no file", "", []string{"diff"}, "diff takes two template files, and was given 0"},
		{"one file", "", []string{"diff", good}, "diff takes two template files, and was given 1"},
		{"standard input twice", "", []string{"diff", "-", "-"}, "both templates cannot come from standard input"},
		{"a missing file", "", []string{"diff", good, "/no/such/file"}, "no such file"},
		{"no template", "[1]", []string{"diff", good, "-"}, "standard input: line 1, column 1: "},
		{"text that cannot be read", "a:\n\tb: 1", []string{"diff", "-", good}, "standard input: line 2, "},
		{"an unknown flag", "", []string{"diff", "--colour", good, good}, "unknown flag"},
	} {
		code, out, errs := updraft(t, tt.stdin, tt.args...)
		if code != 2 || out != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: code %d, want 2 and %q:\n%s%s", tt.name, code, tt.want, out, errs)
		}
	}
}
