package local

import (
	"slices"
	"time"
)

// actionDrift is an operation on a stack set that changes nothing.
const actionDrift = "DETECT_DRIFT"

// A setDrift is the drift of a stack set, as descriptions tell of it.
type setDrift struct {
	DriftStatus, DriftDetectionStatus                        string
	LastDriftCheckTimestamp                                  time.Time
	TotalStackInstancesCount, DriftedStackInstancesCount     int
	InSyncStackInstancesCount                                int
	InProgressStackInstancesCount, FailedStackInstancesCount int
}

// drift sums up what is known of the drift of the instances.
func (set *stackSet) drift() *setDrift {
	d := &setDrift{DriftStatus: notChecked, TotalStackInstancesCount: len(set.instances)}
	for _, run := range set.runs {
		if run.action == actionDrift && run.over() {
			d.DriftDetectionStatus, d.LastDriftCheckTimestamp, d.FailedStackInstancesCount = "COMPLETED", run.ended, run.failures()
			d.DriftStatus = inSync
		}
	}
	for _, i := range set.instances {
		switch {
		case i.drift == nil:
		case i.drift.drifted > 0:
			d.DriftedStackInstancesCount++
			d.DriftStatus = drifted
		default:
			d.InSyncStackInstancesCount++
		}
	}
	return d
}

func detectStackSetDrift(c *call, in *struct {
	setName
	OperationId          string
	OperationPreferences *setPreferences
}) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	run, err := set.newRun(actionDrift, in.OperationId, in.OperationPreferences)
	if err != nil {
		return nil, err
	}
	for _, i := range set.instances {
		run.at(i)
	}
	run.start(c, func(r *setResult, done func(error)) {
		s := r.instance.state
		if s == nil || s.inProgress() {
			done(invalid("There is no stack whose drift can be detected"))
			return
		}
		r.instance.drift = s.detectAll(nil)
		done(nil)
	})
	return &setOperationResult{run.id}, nil
}

func listStackInstanceResourceDrifts(c *call, in *struct {
	instanceName
	listing
	OperationId                        string
	StackInstanceResourceDriftStatuses []string
}) (any, error) {
	set, i, err := in.instance(c)
	if err != nil {
		return nil, err
	}
	if run := set.run(in.OperationId); run == nil || run.action != actionDrift {
		return nil, setOperationNotFound(in.OperationId)
	}
	var list []*resourceDriftDescription
	if i.state != nil {
		for _, r := range i.state.driftable() {
			if r.drift != nil && (len(in.StackInstanceResourceDriftStatuses) == 0 || slices.Contains(in.StackInstanceResourceDriftStatuses, r.drift.StackResourceDriftStatus)) {
				list = append(list, r.drift)
			}
		}
	}
	some, next, err := part(in.listing, list, func(d *resourceDriftDescription) string { return d.LogicalResourceId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Summaries []*resourceDriftDescription
		NextToken string
	}{some, next}, nil
}
