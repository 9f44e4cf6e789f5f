package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const badTemplate = `Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: soon
      QueueName: !Ref Name
`

// validated runs the command on standard input.
func validated(t *testing.T, in string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"validate"}, args...), strings.NewReader(in), &out, &errs)
	return code, out.String(), errs.String()
}

func TestValidateText(t *testing.T) {
	code, out, errs := validated(t, badTemplate, "-")
	want := `standard input:5:26: error: "soon" is no whole number [property-integer]
          VisibilityTimeout: soon
                             ^
  at Resources.Jobs.Properties.VisibilityTimeout
  cure: give a whole number
standard input:6:18: error: "Name" is no parameter or resource of this template [ref]
          QueueName: !Ref Name
                     ^
  at Resources.Jobs.Properties.QueueName.Ref
  cure: add it to this template, or export it from its own template and import it here
`
	if code != 1 || out != want || errs != "updraft: 2 errors were found\n" {
		t.Errorf("exit %d\n%s\nstderr %s\nwant\n%s", code, out, errs, want)
	}
}

func TestValidateJSON(t *testing.T) {
	_, out, _ := validated(t, badTemplate, "--format", "json", "-")
	var list []map[string]any
	if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 2 {
		t.Fatalf("%v\n%s", err, out)
	}
	for key, want := range map[string]any{
		"file": "standard input", "line": 5.0, "column": 26.0, "severity": "error", "code": "property-integer",
		"path": "Resources.Jobs.Properties.VisibilityTimeout", "message": `"soon" is no whole number`, "cure": "give a whole number",
	} {
		if list[0][key] != want {
			t.Errorf("%s is %v, want %v", key, list[0][key], want)
		}
	}
	if _, out, _ := validated(t, "Resources: {Q: {Type: AWS::SQS::Queue}}", "--format", "json", "-"); out != "[]\n" {
		t.Errorf("nothing is %q", out)
	}
}

func TestValidateSARIF(t *testing.T) {
	_, out, _ := validated(t, badTemplate, "--format=sarif", "-")
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						Region struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &log); err != nil {
		t.Fatal(err)
	}
	r := log.Runs[0].Results[0]
	if log.Version != "2.1.0" || r.RuleID != "property-integer" || r.Level != "error" || r.Locations[0].PhysicalLocation.Region.StartLine != 5 {
		t.Errorf("got %+v", r)
	}
	if id := log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID; id != r.RuleID {
		t.Errorf("the rule at the index is %s", id)
	}
}

func TestValidateExitCodes(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.yaml")
	if err := os.WriteFile(good, []byte("Resources: {Q: {Type: AWS::SQS::Queue}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args   []string
		code   int
		stderr string
	}{
		{[]string{good}, 0, ""},
		{[]string{good, "-"}, 1, "2 errors"},
		{[]string{good, "no-such-file"}, 2, "no-such-file"},
		{[]string{"--format", "xml", good}, 2, `"xml" is no format`},
		{nil, 2, "no template"},
		{[]string{"--ignore", "ref", "--ignore", "property-integer", "-"}, 0, ""},
		{[]string{"--rules"}, 0, ""},
	} {
		code, _, errs := validated(t, badTemplate, tt.args...)
		if code != tt.code || !strings.Contains(errs, tt.stderr) {
			t.Errorf("%v: exit %d, %s; want %d, %s", tt.args, code, errs, tt.code, tt.stderr)
		}
	}
}

func TestValidateTellsAnIdleSuppressionOnce(t *testing.T) {
	good := filepath.Join(t.TempDir(), "good.yaml")
	if err := os.WriteFile(good, []byte("Resources: {Q: {Type: AWS::SQS::Queue}}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := validated(t, "", "--ignore", "ref", good, good); strings.Count(out, `"ref" is suppressed and was not found`) != 1 {
		t.Errorf("got\n%s", out)
	}
	if _, out, _ := validated(t, badTemplate, "--ignore", "ref", good, "-"); strings.Contains(out, "suppressed") {
		t.Errorf("one file has it:\n%s", out)
	}
}
