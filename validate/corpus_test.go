package validate_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/validate"
)

// shared finds the folder of shared facts: $UPDRAFT_SHARED, or a folder "shared" beside the module
// or above it. It skips the test where there is none.
func shared(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("UPDRAFT_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for up := filepath.Dir(dir); up != filepath.Dir(up); up = filepath.Dir(up) {
		if _, err := os.Stat(filepath.Join(up, "shared", "golden")); err == nil {
			return filepath.Join(up, "shared")
		}
	}
	t.Skip("no folder of shared facts; set UPDRAFT_SHARED to it")
	return ""
}

// errorsIn returns the findings of severity error.
func errorsIn(body string) string { return validate.Document([]byte(body), nil).Error() }

func TestBookTemplatesHaveNoError(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t), "golden", "book", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if got := errorsIn(string(body)); got != "" {
			t.Errorf("%s:\n%s", filepath.Base(f), got)
		}
	}
}

var hole = regexp.MustCompile(`⟦([^⟧]*)⟧`)

// filled puts plausible values into the holes of a recording.
func filled(body string) string {
	return hole.ReplaceAllStringFunc(body, func(h string) string {
		switch {
		case strings.Contains(h, "account"):
			return "123456789012"
		case strings.Contains(h, "region"):
			return "us-east-1"
		}
		return "abcd1234"
	})
}

// bodies returns the templates that the steps of a recording send, those of refused calls apart.
func bodies(v any, refused bool, accepted, others *[]string) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			bodies(e, refused, accepted, others)
		}
	case map[string]any:
		if raised, ok := v["raises"]; ok {
			bodies(raised, true, accepted, others)
			return
		}
		if body, ok := v["TemplateBody"].(string); ok {
			if refused {
				*others = append(*others, filled(body))
			} else {
				*accepted = append(*accepted, filled(body))
			}
		}
		for _, e := range v {
			bodies(e, refused, accepted, others)
		}
	}
}

// notShown are recordings whose answer does not follow from the template alone.
var notShown = map[string]string{
	"api_stacks_test_blocked_stack_deletion":                                       "it was accepted, and then failed as we say",
	"engine_mappings_TestCloudFormationMappings_test_mapping_with_nonexisting_key": "the key comes with the call",
}

// TestRecordings holds validation to what AWS answered: no error in a template that it accepted, and
// one in each that it refused for a reason that the template shows.
func TestRecordings(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t), "conformance", "cases", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings: %v", err)
	}
	good, falsely, bad, missed := 0, 0, 0, 0
	for _, f := range files {
		if name := filepath.Base(f); slices.ContainsFunc(slices.Collect(maps.Keys(notShown)), func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var recording struct{ Steps, Expected any }
		if err := json.Unmarshal(body, &recording); err != nil {
			t.Fatal(err)
		}
		var accepted, refused []string
		bodies(recording.Steps, false, &accepted, &refused)
		for _, b := range accepted {
			good++
			if got := errorsIn(b); got != "" {
				falsely++
				t.Errorf("%s was accepted:\n%s\n%s", filepath.Base(f), b, got)
			}
		}
		expected, err := json.Marshal(recording.Expected)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(expected), `"Template `) && !strings.Contains(string(expected), "not allowed in templates") {
			continue
		}
		for _, b := range refused {
			bad++
			if errorsIn(b) == "" {
				missed++
				t.Errorf("%s was refused:\n%s", filepath.Base(f), b)
			}
		}
	}
	t.Logf("%d accepted, %d with an error; %d refused, %d without", good, falsely, bad, missed)
}
