package executor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var edgeTest = regexp.MustCompile(`(?m)^func TestEdge([0-9]+)[A-Z]`)

// What goes wrong when one deploys is a list of 31 sharp edges, by number; each has a test of its name,
// here or in package waiter.
func TestEachSharpEdgeHasATest(t *testing.T) {
	tested := map[string]bool{}
	for _, dir := range []string{".", "../waiter"} {
		names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range edgeTest.FindAllStringSubmatch(string(text), -1) {
				tested[m[1]] = true
			}
		}
	}
	for edge := 1; edge <= 31; edge++ {
		if !tested[fmt.Sprint(edge)] {
			t.Errorf("edge %d has no test", edge)
		}
	}
}
