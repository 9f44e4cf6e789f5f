package local

import (
	"slices"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// The states of an instance.
const (
	pending      = "pending"
	running      = "running"
	shuttingDown = "shutting-down"
	terminated   = "terminated"
	stopping     = "stopping"
	stopped      = "stopped"
)

var instanceCodes = map[string]int{pending: 0, running: 16, shuttingDown: 32, terminated: 48, stopping: 64, stopped: 80}

// An instance is one of EC2's.
type instance struct {
	id, reservation string
	image           string
	spec            *tree.Node // with launchMembers
	template        *templateUse
	group           string // the Auto Scaling group that it is in
	launched        time.Time
	transition
	reason  string // of the last transition that somebody asked for
	index   int    // in its reservation
	zone    string
	subnet  string
	vpc     string
	address string
	public  string // address
	devices []device
	token   string // of the client
}

// A templateUse is the version of a launch template that something was launched from.
type templateUse struct {
	LaunchTemplateId, LaunchTemplateName, Version string
}

// forgotten is how long a terminated instance is still listed.
const forgotten = time.Hour

// gone reports whether an instance is not listed any more.
func (i *instance) gone(now time.Time) bool {
	return i.to == terminated && now.After(i.at.Add(forgotten))
}

// lives reports whether an instance is not on its way out.
func (i *instance) lives() bool { return i.to != terminated }

// instance returns an instance that is listed.
func (r *region) instance(id string) (*instance, error) {
	if err := checkID("i", id, "InvalidInstanceID.Malformed"); err != nil {
		return nil, err
	}
	if i := r.fleet.instances[id]; i != nil && !i.gone(r.now()) {
		return i, nil
	}
	return nil, notFound(id)
}

// move begins a transition that takes as long as things take here.
func (i *instance) move(r *region, through, to, reason string) {
	i.reason = reason
	i.transition = transition{through, to, r.now().Add(r.cloud.scaled(r.cloud.Delay))}
}

// terminate ends an instance, for its stack too.
func (r *region) terminate(i *instance, reason string) {
	if !i.lives() {
		return
	}
	i.move(r, shuttingDown, terminated, reason)
	if a := r.asset(typeInstance, i.id); a != nil {
		delete(r.assets[typeInstance], i.id)
	}
}

// userInitiated is the reason of what a call of the API did.
func (r *region) userInitiated() string {
	return "User initiated (" + r.now().UTC().Format("2006-01-02 15:04:05") + " GMT)"
}

type instancesInput struct {
	InstanceIds []string `query:"InstanceId"`
}

// find returns the instances that are named; there must be some, and all must be there.
func (in *instancesInput) find(r *region) ([]*instance, error) {
	if len(in.InstanceIds) == 0 {
		return nil, needs("InstanceId", "")
	}
	var all []*instance
	for _, id := range in.InstanceIds {
		i, err := r.instance(id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(all, i) {
			all = append(all, i)
		}
	}
	return all, nil
}

type instanceState struct {
	Code int
	Name string
}

func stateOf(name string) instanceState { return instanceState{instanceCodes[name], name} }

type stateChange struct {
	InstanceId                  string
	CurrentState, PreviousState instanceState
}

type stateChanges struct {
	Instances []stateChange `query:"instancesSet"`
}

// changeStates does something to instances, none if one is in a state in which it cannot be done.
func changeStates(c *call, in *instancesInput, refuse func(i *instance, state string) error, do func(*instance)) (any, error) {
	r := c.region
	list, err := in.find(r)
	if err != nil {
		return nil, err
	}
	for _, i := range list {
		if err := refuse(i, i.state(r.now())); err != nil {
			return nil, err
		}
	}
	out := &stateChanges{}
	for _, i := range list {
		before := i.state(r.now())
		do(i)
		if g := r.groupOf(i.id); g != nil {
			g.step()
		}
		out.Instances = append(out.Instances, stateChange{i.id, stateOf(i.state(r.now())), stateOf(before)})
	}
	return out, nil
}

func terminateInstances(c *call, in *instancesInput) (any, error) {
	return changeStates(c, in, func(i *instance, _ string) error {
		if i.spec.Get("DisableApiTermination").Str() == "true" {
			return ec2Error("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", i.id)
		}
		return nil
	}, func(i *instance) { c.region.terminate(i, c.region.userInitiated()) })
}

func stopInstances(c *call, in *instancesInput) (any, error) {
	return changeStates(c, in, func(i *instance, state string) error {
		if state == terminated || state == shuttingDown || state == pending {
			return ec2Error("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be stopped.", i.id)
		}
		return nil
	}, func(i *instance) {
		if i.to != stopped {
			i.move(c.region, stopping, stopped, c.region.userInitiated())
		}
	})
}

func startInstances(c *call, in *instancesInput) (any, error) {
	return changeStates(c, in, func(i *instance, state string) error {
		if state == terminated || state == shuttingDown || state == stopping {
			return ec2Error("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be started.", i.id)
		}
		return nil
	}, func(i *instance) {
		if i.to == stopped {
			i.move(c.region, pending, running, "")
			i.launched = c.region.now()
		}
	})
}
