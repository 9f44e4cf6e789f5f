package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// The recorded responses of the tiers core and aux that the cloud reproduces exactly, of how many. What
// is missing, and why, is in docs/fidelity.md.
const (
	floor = 532
	of    = 572
)

// TestRecordedConversations replays recorded conversations with AWS. They are not a part of this
// repository.
func TestRecordedConversations(t *testing.T) {
	shared := os.Getenv("UPDRAFT_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	runner, err := filepath.Abs(filepath.Join(shared, "conformance", "run.py"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(runner); err != nil {
		t.Skip("the recorded conversations are not here; UPDRAFT_SHARED says where they are")
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), python(t), runner,
		// One conversation at a time: some give their resources the same names.
		"--endpoint", serve(t), "--tier", "core,aux", "--account", "123456789012", "-j", "1")
	cmd.Env = environment(t, "")
	out, err := cmd.Output() // it fails if one response differs
	found := regexp.MustCompile(`reproduced exactly (\d+)/(\d+)\s*$`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("the runner said nothing: %v\n%s", err, out)
	}
	exact, _ := strconv.Atoi(string(found[1])) // the pattern lets only digits through
	all, _ := strconv.Atoi(string(found[2]))
	t.Logf("%d of %d recorded responses are reproduced exactly", exact, all)
	if all == of && exact < floor {
		t.Errorf("%d recorded responses are reproduced exactly; it were %d before\n%s", exact, floor, out)
	}
}
