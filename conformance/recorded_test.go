package conformance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/updraft-go/updraft/local"
)

// The recorded responses of the tiers core and aux that the cloud reproduces exactly, of how many. What
// is missing, and why, is in docs/fidelity.md.
const (
	floor = 532
	of    = 572
	// What it reproduces with EarlyValidation, which AWS did not do yet when one of them was recorded.
	floorEarly = 531
)

// TestRecordedConversations replays recorded conversations with AWS. They are not a part of this
// repository.
func TestRecordedConversations(t *testing.T) { replay(t, &local.Cloud{}, floor) }

func TestRecordedConversationsWithEarlyValidation(t *testing.T) {
	replay(t, &local.Cloud{EarlyValidation: true}, floorEarly)
}

// replay holds a cloud to at least so many of the recorded responses.
func replay(t *testing.T, cloud *local.Cloud, least int) {
	t.Helper()
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
		"--endpoint", serveCloud(t, cloud), "--tier", "core,aux", "--account", "123456789012", "-j", "1")
	cmd.Env = environment(t, "")
	out, err := cmd.Output() // it fails if one response differs
	found := regexp.MustCompile(`reproduced exactly (\d+)/(\d+)\s*$`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("the runner said nothing: %v\n%s", err, out)
	}
	exact, _ := strconv.Atoi(string(found[1])) // the pattern lets only digits through
	all, _ := strconv.Atoi(string(found[2]))
	t.Logf("%d of %d recorded responses are reproduced exactly", exact, all)
	if all == of && exact < least {
		t.Errorf("%d recorded responses are reproduced exactly; it were %d before\n%s", exact, least, out)
	}
}
