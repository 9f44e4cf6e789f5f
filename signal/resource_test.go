package signal_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/signal"
)

// api answers without a cloud.
type api struct{ calls int }

func (a *api) SignalResource(context.Context, *cloudformation.SignalResourceInput, ...func(*cloudformation.Options)) (*cloudformation.SignalResourceOutput, error) {
	a.calls++
	return &cloudformation.SignalResourceOutput{}, nil
}

func TestASignalToAResourceIsCheckedFirst(t *testing.T) {
	a := &api{}
	err := signal.SendToResource(t.Context(), a, signal.Resource{}, signal.Signal{Status: "x", UniqueID: strings.Repeat("x", 65)})
	if !errors.Is(err, signal.ErrInvalid) || a.calls != 0 {
		t.Fatalf("%v, %d calls", err, a.calls)
	}
	for _, want := range []string{"no stack", "no resource", "65 characters", `the status is "x"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if err := signal.SendToResource(t.Context(), a, signal.Resource{Stack: "s", LogicalID: "R"}, signal.Signal{Status: signal.Failure, UniqueID: strings.Repeat("é", 64)}); err != nil || a.calls != 1 {
		t.Errorf("%v, %d calls", err, a.calls)
	}
}

func TestAResourceThatDoesNotWait(t *testing.T) {
	cloud := &local.Cloud{}
	defer cloud.Close()
	client, _, err := waiting(t.Context(), cloud)
	if err != nil {
		t.Fatal(err)
	}
	err = signal.SendToResource(t.Context(), client, signal.Resource{Stack: "web", LogicalID: "Handle"}, ready)
	if err == nil || !strings.HasPrefix(err.Error(), "signal Handle of stack web: ") || !strings.Contains(err.Error(), "cannot be signaled") {
		t.Errorf("got %v", err)
	}
}
