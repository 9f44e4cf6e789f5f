package local

import (
	"fmt"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

// The resource types that EC2 and Auto Scaling do something for. No template can make an image or a
// snapshot; they are named like the others so that faults strike them.
const (
	typeImage          = "AWS::EC2::Image"
	typeSnapshot       = "AWS::EC2::Snapshot"
	typeInstance       = "AWS::EC2::Instance"
	typeLaunchTemplate = "AWS::EC2::LaunchTemplate"
)

// ec2Operations are those of EC2 that are answered.
var ec2Operations = map[string]operation{
	"CreateImage":                    dry(createImage),
	"DescribeImages":                 dry(describeImages),
	"DeregisterImage":                dry(deregisterImage),
	"DescribeImageAttribute":         dry(describeImageAttribute),
	"ModifyImageAttribute":           dry(modifyImageAttribute),
	"DisableImage":                   dry(disableImage),
	"EnableImage":                    dry(enableImage),
	"DescribeSnapshots":              dry(describeSnapshots),
	"DeleteSnapshot":                 dry(deleteSnapshot),
	"CreateTags":                     dry(createTags),
	"DeleteTags":                     dry(deleteTags),
	"DescribeTags":                   dry(describeTags),
	"CreateLaunchTemplate":           dry(createLaunchTemplate),
	"CreateLaunchTemplateVersion":    dry(createLaunchTemplateVersion),
	"DescribeLaunchTemplates":        dry(describeLaunchTemplates),
	"DescribeLaunchTemplateVersions": dry(describeLaunchTemplateVersions),
	"ModifyLaunchTemplate":           dry(modifyLaunchTemplate),
	"DeleteLaunchTemplateVersions":   dry(deleteLaunchTemplateVersions),
	"DeleteLaunchTemplate":           dry(deleteLaunchTemplate),
	"DescribeVpcs":                   dry(describeVpcs),
	"DescribeSubnets":                dry(describeSubnets),
	"DescribeSecurityGroups":         dry(describeSecurityGroups),
	"DescribeKeyPairs":               dry(describeKeyPairs),
	"DescribeAvailabilityZones":      dry(describeZones),
	"DescribeRegions":                dry(describeRegions),
	"RunInstances":                   dry(runInstances),
	"DescribeInstances":              dry(describeInstances),
	"TerminateInstances":             dry(terminateInstances),
	"StopInstances":                  dry(stopInstances),
	"StartInstances":                 dry(startInstances),
}

// dry is typed for an operation of EC2, which can be asked to be tried out only. That is answered
// before anything else is looked at, since nobody lacks the right to do something here.
func dry[In any](f func(*call, *In) (any, error)) operation {
	do := typed(f)
	return func(c *call) (any, error) {
		if try := c.request.Parameters.Get("DryRun"); try != nil && try.Text == "true" {
			return nil, &query.Error{Code: "DryRunOperation", Message: "Request would have succeeded, but DryRun flag is set.", Status: 412}
		}
		return do(c)
	}
}

// A fleet is what EC2 and Auto Scaling hold of one account and region, beside the assets: what happens
// to them over time. Nothing in it waits for anything. A thing that is on its way to another state
// holds when it gets there, and what is due happens, with the time at which it was due, before the
// next request is answered.
type fleet struct {
	images    map[string]*image
	snapshots map[string]*diskSnapshot
	templates map[string]*launchTemplate
	instances map[string]*instance
	groups    map[string]*group
	tags      map[string][]tag    // that calls of EC2's API set, by the ID of what they are on
	tokens    map[string]ec2Token // of clients, by operation and token
	addresses int                 // that were ever given to instances
	network   *defaultNetwork     // nil as long as nobody has asked for it
}

func newFleet() *fleet {
	return &fleet{
		images: map[string]*image{}, snapshots: map[string]*diskSnapshot{}, templates: map[string]*launchTemplate{},
		instances: map[string]*instance{}, groups: map[string]*group{}, tags: map[string][]tag{}, tokens: map[string]ec2Token{},
	}
}

// ec2Error is an error of EC2 or Auto Scaling.
func ec2Error(code, format string, args ...any) error {
	return &query.Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// needs refuses a parameter that is missing.
func needs(name, value string) error {
	if value == "" {
		return ec2Error("MissingParameter", "The request must contain the parameter %s", name)
	}
	return nil
}

// ec2ID makes an identifier of EC2's form.
func (c *Cloud) ec2ID(prefix string) string { return prefix + "-" + c.pick(hexDigits, 17) }

// checkID refuses what is not of the form of an identifier.
func checkID(prefix, id, code string) error {
	digits, ok := strings.CutPrefix(id, prefix+"-")
	if !ok || digits == "" || strings.Trim(digits, hexDigits) != "" {
		return ec2Error(code, "Invalid id: %q", id)
	}
	return nil
}

// A transition is the way of a thing from one state to the next.
type transition struct {
	from, to string
	at       time.Time // when it gets there
}

// state is the state at a time.
func (t transition) state(now time.Time) string {
	if now.Before(t.at) {
		return t.from
	}
	return t.to
}

// takes is how long something that is done to a thing takes and, if a fault strikes it, why it
// fails. what is the name that the pattern LogicalID of a fault is held against.
func (r *region) takes(typ, what, stackName string, a Action) (wait time.Duration, why string) {
	wait = r.cloud.Delay
	if f := r.cloud.strike(&stackState{region: r, name: stackName}, &resource{typ: typ, id: what}, a); f != nil {
		wait, why = wait+f.Delay, f.Reason
	}
	return r.cloud.scaled(wait), why
}

// Read is that something is looked up by its identifier. A fault of Read, and no other, hides what it
// strikes, as in the first seconds after something was made, when AWS's reads lag behind its writes: an
// image, by its name, with the type AWS::EC2::Image.
const Read Action = "READ"

// hides reports whether a fault hides a thing from whoever looks it up.
func (r *region) hides(typ, what string) bool {
	for _, f := range r.cloud.faults {
		if f.Action == Read && (f.Times == 0 || f.struck < f.Times) && matches(f.LogicalID, what) && matches(f.Type, typ) {
			f.struck++
			return true
		}
	}
	return false
}

// now is the time at which something happens: of the request that is answered, or that at which what
// happens on the way to it was due.
func (r *region) now() time.Time {
	if !r.cloud.clock.IsZero() {
		return r.cloud.clock
	}
	return time.Now()
}

// An ec2Token remembers what was asked with a client token, and what was made.
type ec2Token struct{ asked, made string }

// once returns what an earlier request with this token made, "" if there was none. A token that comes
// again with another request is refused.
func (c *call) once(token, code string) (made string, err error) {
	if token == "" {
		return "", nil
	}
	before, ok := c.region.fleet.tokens[c.request.Action+" "+token]
	switch {
	case !ok:
		return "", nil
	case before.asked != c.request.Parameters.Form().Encode():
		return "", ec2Error(code, "The client token %s was used before, with other parameters", token)
	}
	return before.made, nil
}

// did remembers what was made with a token.
func (c *call) did(token, made string) {
	if token != "" {
		c.region.fleet.tokens[c.request.Action+" "+token] = ec2Token{c.request.Parameters.Form().Encode(), made}
	}
}
