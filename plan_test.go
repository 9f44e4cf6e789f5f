package updraft_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/updraft-go/updraft"

// rooms maps each package to what it may import of this module: the table of DESIGN.md. A name that
// ends in /… stands for all packages below. "all" allows everything.
var rooms = map[string][]string{
	"":                    {},
	"intrinsics":          {},
	"intrinsics/ros":      {"intrinsics"},
	"policy":              {"intrinsics"},
	"cfninit":             {"intrinsics"},
	"userdata":            {"intrinsics"},
	"resources":           {},
	"resources/…":         {"intrinsics"},
	"internal/tree":       {},
	"internal/yaml":       {"internal/tree"},
	"internal/eval":       {"internal/tree", "intrinsics"},
	"internal/query":      {},
	"internal/sam":        {"internal/tree"},
	"internal/record":     {},
	"internal/vault":      {},
	"stack":               {"intrinsics", "internal/eval", "internal/tree", "internal/yaml"},
	"schema":              {},
	"validate":            {"stack", "schema", "intrinsics", "internal/eval", "internal/tree", "internal/yaml"},
	"waiter":              {"stack"},
	"waiter/queue":        {"waiter"},
	"executor":            {"stack", "validate", "waiter", "internal/eval", "internal/tree"},
	"executor/bucket":     {},
	"signal":              {},
	"customresource":      {},
	"customresource/…":    {"executor", "customresource", "stack"},
	"rollout":             {"waiter", "executor", "stack"},
	"broker":              {"executor", "stack", "waiter", "intrinsics"},
	"broker/…":            {"broker", "executor", "stack", "intrinsics", "policy", "resources/…"},
	"local":               {"stack", "schema", "intrinsics", "internal/eval", "internal/tree", "internal/yaml", "internal/query", "internal/sam", "internal/record", "internal/vault", "signal", "customresource"},
	"local/localtest":     {"local"},
	"local/ros":           {"internal/eval", "internal/tree", "internal/yaml", "customresource"},
	"executor/ros":        {"stack"},
	"stacktest":           {"stack", "local", "executor", "waiter", "intrinsics", "internal/tree"},
	"interop/goformation": {"stack", "intrinsics", "internal/tree"},
	"internal/console":    {"executor", "stack"},
	"internal/signalcmd":  {"signal"},
	"internal/goimport":   {"stack", "schema", "intrinsics", "policy", "internal/tree", "internal/yaml", "internal/eval"},
	"internal/cfngen":     {"internal/cfngen/…"},
	"internal/cfngen/…":   {"internal/cfngen/…"},
	"cmd/updraft":         {"all"},
	"cmd/cfn-signal":      {"internal/signalcmd"},
	"conformance/…":       {"all"},
	"conformance":         {"all"},
	"examples/…":          {"all"},
}

// TestPlan holds the packages to the table: an arrow that is not in it is argued for in DESIGN.md
// first.
func TestPlan(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		from := room(names[0])
		allowed, ok := lookup(from)
		if !ok {
			t.Errorf("%s is in no room of the plan; argue for it in DESIGN.md and add it to the table", names[0])
			continue
		}
		for _, name := range names[1:] {
			if to := room(name); strings.HasPrefix(name, module) && !permits(allowed, to) {
				t.Errorf("%s imports %s, which the plan does not allow", names[0], name)
			}
		}
	}
}

func room(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

// lookup returns the longest entry of the table that fits.
func lookup(name string) ([]string, bool) {
	if allowed, ok := rooms[name]; ok {
		return allowed, true
	}
	for _, pattern := range slices.Backward(slices.Sorted(maps.Keys(rooms))) {
		if prefix, ok := strings.CutSuffix(pattern, "…"); ok && strings.HasPrefix(name, prefix) {
			return rooms[pattern], true
		}
	}
	return nil, false
}

func permits(allowed []string, to string) bool {
	return slices.ContainsFunc(allowed, func(a string) bool {
		prefix, below := strings.CutSuffix(a, "…")
		return a == "all" || a == to || below && strings.HasPrefix(to, prefix)
	})
}
