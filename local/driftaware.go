package local

import "github.com/updraft-go/updraft/internal/tree"

// modeRevertDrift is the mode of change sets that bring resources back to what their template says.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/drift-aware-change-sets.html
const modeRevertDrift = "REVERT_DRIFT"

// checkMode refuses modes that there are not, or not for this kind of change set.
func (in *createChangeSetInput) checkMode() error {
	if err := checkEnum("deploymentMode", in.DeploymentMode, modeRevertDrift); err != nil {
		return err
	}
	if in.DeploymentMode != "" && in.ChangeSetType != "UPDATE" {
		return invalid("DeploymentMode REVERT_DRIFT can only be specified when ChangeSetType is UPDATE")
	}
	return nil
}

// drifts reports whether the drift of a resource can be seen.
func (s *stackState) drifts(r *resource) bool {
	return r.physicalID != "" && nativeOf(r.typ) == nil && s.resources[r.id] == r
}

// asItIs returns a resource with the properties that it has now, as far as its template speaks of them;
// nil if it is there no more. A resource that has not drifted is returned as it is.
func (s *stackState) asItIs(r *resource) *resource {
	if !s.drifts(r) {
		return r
	}
	s.detect(r)
	switch r.drift.StackResourceDriftStatus {
	case inSync:
		return r
	case deleted:
		return nil
	}
	a := s.region.asset(r.typ, r.physicalID)
	now := *r
	now.properties, now.actual = tree.Object(), nil
	for _, m := range r.properties.Map {
		if v := a.properties.Get(m.Key); v != nil {
			now.properties.Map = append(now.properties.Map, tree.Field(m.Key, v))
		}
	}
	return &now
}

// compared is the resource that a plan compares with its definition: as the stack knows it or, if the
// change set reverts drift, as it is.
func (pl *planner) compared(id string) *resource {
	r := pl.state.resources[id]
	if r == nil || !pl.next.revertsDrift {
		return r
	}
	return pl.state.asItIs(r)
}

// driftTold is what a change tells of the drift of its resource.
func (set *changeSet) driftTold(id string) string {
	r := set.state.resources[id]
	if !set.next.revertsDrift || r == nil || r.drift == nil {
		return ""
	}
	return r.drift.StackResourceDriftStatus
}
