package main

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const queueYAML = `Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: "30"}
Outputs:
  URL: {Value: !Ref Jobs}
`

// updraft runs the program with what stands on standard input.
func updraft(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestImport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "queue.yaml")
	if err := os.WriteFile(file, []byte(queueYAML), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"a function", []string{"import", file}, []string{"package infra\n", "func Template() *stack.Template {", `VisibilityTimeout: fn.Int(30)`, "jobs.Ref()"}},
		{"standard input", []string{"import", "-"}, []string{"package infra\n"}},
		{"names", []string{"import", "--package", "queues", "--func", "jobs", file}, []string{"package queues\n", "func jobs() *stack.Template {", "jobsQueue"}},
		{"a program", []string{"import", "--main", file}, []string{"package main\n", "func template() *stack.Template {", "func main() {", `"os"`}},
	} {
		code, out, errs := updraft(t, queueYAML, tt.args...)
		if code != 0 || errs != "" {
			t.Errorf("%s: code %d, %s", tt.name, code, errs)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: without %q:\n%s", tt.name, want, out)
			}
		}
		if formatted, err := format.Source([]byte(out)); err != nil || string(formatted) != out {
			t.Errorf("%s: not formatted: %v", tt.name, err)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, stdin string
		args        []string
		code        int
		want        string
	}{
		{"no file", "", []string{"import"}, 2, "import takes one template file"},
		{"two files", "", []string{"import", "a", "b"}, 2, "was given 2"},
		{"unknown flag", "", []string{"import", "--pkg", "x", "-"}, 2, "unknown flag"},
		{"missing file", "", []string{"import", "/no/such/file"}, 2, "no such file"},
		{"a folder", "", []string{"import", "."}, 2, "is a directory"},
		{"no identifier", queueYAML, []string{"import", "--func", "2nd", "-"}, 2, `"2nd" cannot be the name of the function`},
		{"keyword", queueYAML, []string{"import", "--package", "func", "-"}, 2, `"func" cannot be the name of a package`},
		{"package as the function", queueYAML, []string{"import", "--func", "sqs", "-"}, 2, "the name of a package that the program imports"},
		{"package of a program", queueYAML, []string{"import", "--main", "--package", "x", "-"}, 2, "a whole program is in the package main"},
		{"empty", "", []string{"import", "-"}, 1, "standard input:1:1: the document is empty"},
		{"JSON that ends", `{"Resources": {`, []string{"import", "-"}, 1, "standard input:1:16:"},
		{"unknown tag", "Resources:\n  A: !Reff B", []string{"import", "-"}, 1, "standard input:2:6: the tag !Reff"},
		{"no map", "- 1", []string{"import", "-"}, 1, "standard input:1:1: the document: a list, where a template is a map"},
		{"section", "Resources: [1]\nOutputs: {A: 1}", []string{"import", "-"}, 1, "standard input:1:12: Resources: a list where a map"},
		{"two mistakes", "Resources: [1]\nOutputs: {A: 1}", []string{"import", "-"}, 1, "standard input:2:14: Outputs.A: a number where a map"},
		{"NUL", `{"Description": "a\u0000b"}`, []string{"import", "-"}, 1, "standard input:1:17: Description: a text with a NUL"},
	} {
		code, out, errs := updraft(t, tt.stdin, tt.args...)
		if code != tt.code || out != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: code %d, want %d and %q:\n%s%s", tt.name, code, tt.code, tt.want, out, errs)
		}
	}
}
