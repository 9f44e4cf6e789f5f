package updraft_test

import (
	"os"
	"strings"
	"testing"
)

// The program that the README shows is the example, which is compiled and run.
func TestReadmeShowsTheExample(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(source), "func Example() {\n")
	body, output, ok := strings.Cut(body, "\t// Output: ")
	if !ok {
		t.Fatal("the example has no output")
	}
	var program strings.Builder
	for line := range strings.Lines(body) {
		program.WriteString(strings.TrimPrefix(line, "\t"))
	}
	output, _, _ = strings.Cut(output, "\n")
	for _, want := range []string{"```go\n" + program.String() + "```\n", "```\n" + output + "\n```\n"} {
		if !strings.Contains(string(readme), want) {
			t.Errorf("README.md does not show:\n%s", want)
		}
	}
}
