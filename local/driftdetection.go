package local

import (
	"slices"
	"time"
)

// A detection is one look at the drift of a stack. It takes no time.
type detection struct {
	state   *stackState
	id      string
	drifted int
	at      time.Time
}

// status is DRIFTED or IN_SYNC.
func (d *detection) status() string {
	if d.drifted > 0 {
		return drifted
	}
	return inSync
}

// driftable returns the resources whose drift can be seen, in the order of their logical IDs.
func (s *stackState) driftable() []*resource {
	return slices.DeleteFunc(s.held(), func(r *resource) bool {
		return s.resources[r.id] == nil || r.physicalID == "" || nativeOf(r.typ) != nil
	})
}

func detectStackDrift(c *call, in *struct {
	StackName          string
	LogicalResourceIds []string
}) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	if s.inProgress() {
		return nil, invalid("Drift detection cannot be performed on stack [%s] while it is in %s state", s.id, s.status)
	}
	return &struct{ StackDriftDetectionId string }{s.detectAll(in.LogicalResourceIds).id}, nil
}

// detectAll looks at the drift of the resources of those logical IDs, of all if there are none.
func (s *stackState) detectAll(ids []string) *detection {
	d := &detection{state: s, id: s.region.cloud.uuid(), at: time.Now()}
	for _, r := range s.driftable() {
		if len(ids) > 0 && !slices.Contains(ids, r.id) {
			continue
		}
		if s.detect(r); r.drift.StackResourceDriftStatus != inSync {
			d.drifted++
		}
	}
	s.drift = d
	s.region.detections[d.id] = d
	return d
}

func describeDriftDetection(c *call, in *struct{ StackDriftDetectionId string }) (any, error) {
	d := c.region.detections[in.StackDriftDetectionId]
	if d == nil {
		return nil, invalid("Drift detection with id %s does not exist", in.StackDriftDetectionId)
	}
	return &struct {
		StackId                   string
		StackDriftDetectionId     string
		StackDriftStatus          string
		DetectionStatus           string
		DriftedStackResourceCount int
		Timestamp                 time.Time
	}{d.state.id, d.id, d.status(), "DETECTION_COMPLETE", d.drifted, d.at}, nil
}

func detectResourceDrift(c *call, in *resourceInput) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(s.driftable(), func(r *resource) bool { return r.id == in.LogicalResourceId })
	if i < 0 {
		return nil, invalid("Resource %s does not exist for stack %s", in.LogicalResourceId, s.name)
	}
	r := s.driftable()[i]
	s.detect(r)
	return &struct{ StackResourceDrift *resourceDriftDescription }{r.drift}, nil
}

func describeResourceDrifts(c *call, in *struct {
	StackName, NextToken            string
	StackResourceDriftStatusFilters []string
}) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	var known []*resourceDriftDescription
	for _, r := range s.driftable() {
		if r.drift != nil && (len(in.StackResourceDriftStatusFilters) == 0 || slices.Contains(in.StackResourceDriftStatusFilters, r.drift.StackResourceDriftStatus)) {
			known = append(known, r.drift)
		}
	}
	part, next, err := page(known, in.NextToken, func(d *resourceDriftDescription) string { return d.LogicalResourceId })
	if err != nil {
		return nil, err
	}
	return &struct {
		StackResourceDrifts []*resourceDriftDescription
		NextToken           string
	}{orEmpty(part), next}, nil
}
