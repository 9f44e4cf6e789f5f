package local

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// creationPolicy is what the creation of a resource waits for, nil if for nothing.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-creationpolicy.html
func (r *resource) creationPolicy() *tree.Node { return r.node.At("CreationPolicy", "ResourceSignal") }

// takesSignals reports whether signals count for a resource, in the state in which it is.
func (r *resource) takesSignals() bool {
	rolls := r.node.At("UpdatePolicy", "AutoScalingRollingUpdate", "WaitOnResourceSignals").Str() == "true"
	switch r.status {
	case stack.CreateInProgress:
		return r.creationPolicy() != nil
	case stack.UpdateInProgress:
		return r.creationPolicy() != nil || rolls
	}
	return false
}

// collect waits for the signals that a creation policy asks for.
func (d *deployment) collect(r *resource, then func(error)) {
	policy := r.creationPolicy()
	if policy == nil {
		d.stabilize(r, then)
		return
	}
	count, limit, percent, err := readCreationPolicy(r)
	if err != nil {
		then(err)
		return
	}
	box := d.state.inbox(r.id)
	o := d.hold(func(err error) {
		delete(d.state.inboxes, r.id)
		then(err)
	})
	box.observed = func(n note) {
		d.tell(r, r.status, "Received "+n.Status+" signal with UniqueId "+n.UniqueId)
	}
	d.waitOn(box, limit, o, func(expired bool) (bool, error) {
		over, err := collected(box, count, percent, expired)
		good := box.count(noteSuccess)
		if silent := count - good - box.count(noteFailure); expired && silent > 0 && r.typ == typeGroup {
			d.tell(r, r.status, fmt.Sprintf("Failed to receive %d resource signal(s) for the current batch.  Each resource signal timeout is counted as a FAILURE.", silent))
			if err != nil {
				err = invalid("Received %d SUCCESS signal(s) out of %d.  Unable to satisfy %d%% MinSuccessfulInstancesPercent requirement", good, count, percent)
			}
		}
		return over, err
	})
}

// collected finds out whether the signals for a resource suffice.
func collected(box *inbox, count, percent int, expired bool) (over bool, err error) {
	need := int(math.Ceil(float64(count*percent) / 100))
	good, bad := box.count(noteSuccess), box.count(noteFailure)
	switch {
	case good >= need && (good+bad >= count || expired):
		return true, nil
	case bad > count-need && count == 1:
		return true, invalid("Received FAILURE signal with UniqueId %s", box.failure().UniqueId)
	case bad > count-need:
		return true, invalid("Received %d FAILURE signal(s) out of %d.  Unable to satisfy %d%% MinSuccessfulInstancesPercent requirement", bad, count, percent)
	case expired:
		return true, invalid("Failed to receive %d resource signal(s) within the specified duration", count-good)
	}
	return false, nil
}

// readCreationPolicy reads how many signals a policy wants, within which time, and which part of them
// must be successes.
func readCreationPolicy(r *resource) (count int, limit time.Duration, percent int, err error) {
	policy := r.creationPolicy()
	count, limit, percent = 1, 5*time.Minute, 100
	if c := policy.Get("Count"); c != nil {
		if count, err = strconv.Atoi(c.Str()); err != nil || count < 0 {
			return 0, 0, 0, invalid("The Count of the CreationPolicy of %s must be an integer that is not negative", r.id)
		}
	}
	if t := policy.Get("Timeout"); t != nil {
		if limit, err = parseDuration(t.Str()); err != nil {
			return 0, 0, 0, err
		}
	}
	if p := r.node.At("CreationPolicy", "AutoScalingCreationPolicy", "MinSuccessfulInstancesPercent"); p != nil {
		if percent, err = strconv.Atoi(p.Str()); err != nil || percent < 0 || percent > 100 {
			return 0, 0, 0, invalid("MinSuccessfulInstancesPercent of %s must be from 0 to 100", r.id)
		}
	}
	return count, limit, percent, nil
}

var isoDuration = regexp.MustCompile(`^PT(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?$`)

// maxSignalWait is for how long a creation policy may wait.
const maxSignalWait = 12 * time.Hour

// parseDuration reads a duration such as PT1H30M.
func parseDuration(text string) (time.Duration, error) {
	m := isoDuration.FindStringSubmatch(text)
	if m == nil || text == "PT" {
		return 0, invalid("%s is not a valid ISO 8601 duration such as PT15M", text)
	}
	var total time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi("0" + m[i+1]) // the pattern lets only digits through
		total += time.Duration(n) * unit
	}
	if total > maxSignalWait {
		return 0, invalid("%s is longer than the longest that a creation policy may wait, PT12H", text)
	}
	return total, nil
}

// inbox returns the inbox of a resource.
func (s *stackState) inbox(id string) *inbox {
	if s.inboxes == nil {
		s.inboxes = map[string]*inbox{}
	}
	if s.inboxes[id] == nil {
		s.inboxes[id] = &inbox{}
	}
	return s.inboxes[id]
}

type signalInput struct{ StackName, LogicalResourceId, UniqueId, Status string }

func (in *signalInput) check() error {
	for _, p := range [][2]string{{"stackName", in.StackName}, {"logicalResourceId", in.LogicalResourceId}, {"uniqueId", in.UniqueId}, {"status", in.Status}} {
		if err := required(p[0], p[1]); err != nil {
			return err
		}
	}
	if len(in.UniqueId) > 64 {
		return invalid("1 validation error detected: Value '%s' at 'uniqueId' failed to satisfy constraint: Member must have length less than or equal to 64", in.UniqueId)
	}
	if in.Status != noteSuccess && in.Status != noteFailure {
		return invalid("1 validation error detected: Value '%s' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [SUCCESS, FAILURE]", in.Status)
	}
	return nil
}

func signalResource(c *call, in *signalInput) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack '%s' does not exist", in.StackName)
	}
	if s.status.Rests() {
		return nil, invalid("Stack %s is in %s state and cannot be signaled", s.id, s.status)
	}
	r := s.resources[in.LogicalResourceId]
	switch {
	case r == nil:
		return nil, invalid("Resource %s does not exist for stack %s", in.LogicalResourceId, s.name)
	case !r.takesSignals():
		return nil, invalid("Resource %s is in %s state and cannot be signaled", r.id, r.status)
	}
	s.inbox(r.id).put(note{Status: in.Status, UniqueId: in.UniqueId})
	return nil, nil
}
