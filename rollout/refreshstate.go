package rollout

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
)

// A phase is what the status of an instance refresh means.
type phase int

const (
	moving    phase = iota // instances are being replaced, or will be
	retreat                // it is being cancelled or rolled back
	succeeded              // the group runs what was asked for
	restored               // the group is what it was before
	stuck                  // it stopped in between
)

// phases has a row for each status that Auto Scaling knows.
var phases = map[types.InstanceRefreshStatus]phase{
	types.InstanceRefreshStatusPending:            moving,
	types.InstanceRefreshStatusInProgress:         moving,
	types.InstanceRefreshStatusBaking:             moving,
	types.InstanceRefreshStatusCancelling:         retreat,
	types.InstanceRefreshStatusRollbackInProgress: retreat,
	types.InstanceRefreshStatusSuccessful:         succeeded,
	types.InstanceRefreshStatusRollbackSuccessful: restored,
	types.InstanceRefreshStatusFailed:             stuck,
	types.InstanceRefreshStatusCancelled:          stuck,
	types.InstanceRefreshStatusRollbackFailed:     stuck,
}

// phaseOf judges a status; one that this library does not know by its name, so that no wait spins on
// one.
func phaseOf(s types.InstanceRefreshStatus) phase {
	if p, ok := phases[s]; ok {
		return p
	}
	if strings.HasSuffix(string(s), "ing") || strings.HasSuffix(string(s), "InProgress") {
		return moving
	}
	return stuck
}

// active reports whether a refresh is under way: there can be one in a group.
func (p phase) active() bool { return p == moving || p == retreat }
