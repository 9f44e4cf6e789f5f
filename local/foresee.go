package local

import (
	"fmt"
	"slices"
)

// foresee is validate for an operation without a change set. Only change sets tell warnings.
func (s *stackState) foresee(next settings, disabled bool) []*finding {
	if disabled || !s.region.cloud.EarlyValidation {
		return nil
	}
	p, err := s.plan(next)
	if err != nil {
		return nil // the deployment tells it
	}
	return slices.DeleteFunc(s.validate(p), (*finding).warns)
}

// reject makes a deployment that has not begun fail for what was found, if anything was. The lock is held.
func (d *deployment) reject(found []*finding) {
	if len(found) == 0 {
		return
	}
	for _, f := range slices.Backward(found) {
		d.state.tellFinding(f)
	}
	d.problem = fmt.Sprintf("Validation failed with %d error(s). Call DescribeEvents to retrieve the full list of issues with resource and property details, resolve each error, then retry the operation.", len(found))
}
