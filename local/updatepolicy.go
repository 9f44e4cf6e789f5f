package local

import (
	"slices"
	"strconv"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// replacesInstances are the properties of a group whose change makes new instances necessary.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatepolicy.html
var replacesInstances = []string{"LaunchConfigurationName", "LaunchTemplate", "MixedInstancesPolicy", "PlacementGroup", "VPCZoneIdentifier"}

// outdates reports whether a change of a group's properties makes its instances obsolete.
func outdates(before, after *tree.Node) bool {
	return slices.ContainsFunc(changedProperties(before, after), func(name string) bool { return slices.Contains(replacesInstances, name) })
}

// becomes is what becomes of a resource whose properties change: what the schema says, unless it is a
// group whose policy says that it is replaced as a whole.
func becomes(old, next *resource) schema.Replacement {
	if next.typ == typeGroup && next.node.At("UpdatePolicy", "AutoScalingReplacingUpdate", "WillReplace").Str() == "true" && outdates(old.properties, next.properties) {
		return schema.Yes
	}
	return replacement(old.typ, old.properties, next.properties)
}

// updated does what is left to do when a resource has been updated in place: the rolling update that its
// policy asks for. before are the instances that it had.
func (d *deployment) updated(j *job, before []string) {
	policy := j.resource.node.At("UpdatePolicy", "AutoScalingRollingUpdate")
	if j.resource.typ != typeGroup || policy == nil {
		j.then(nil)
		return
	}
	u := &rolling{d: d, r: j.resource, then: j.then, crew: d.state.region.crewOf(j, before)}
	if err := u.read(policy, j); err != nil {
		j.then(err)
		return
	}
	u.begin()
}

// read reads a policy.
func (u *rolling) read(policy *tree.Node, j *job) error {
	u.waits = policy.Get("WaitOnResourceSignals").Str() == "true"
	var inService int
	for _, n := range []struct {
		name      string
		to        *int
		otherwise int
		most      int
	}{
		{"MaxBatchSize", &u.batch, 1, 100},
		{"MinInstancesInService", &inService, 0, maxRolling},
		{"MinSuccessfulInstancesPercent", &u.percent, 100, 100},
	} {
		*n.to = n.otherwise
		given := policy.Get(n.name)
		if given == nil {
			continue
		}
		var err error
		if *n.to, err = strconv.Atoi(given.Str()); err != nil || *n.to < 0 || *n.to > n.most {
			return invalid("%s of an AutoScalingRollingUpdate must be an integer from 0 to %d", n.name, n.most)
		}
	}
	if err := u.readPause(policy.Get("PauseTime")); err != nil {
		return err
	}
	if max(len(u.old), u.want) > maxRolling {
		return notEmulated("rolling updates of groups with more than " + strconv.Itoa(maxRolling) + " instances")
	}
	u.total = u.want
	switch {
	case !outdates(j.previous, j.resource.properties):
		u.total = max(u.want-len(u.old), len(u.fresh))
		u.old = nil
	case j.undoes != nil:
		u.total = len(u.old)
	}
	u.fit(inService, number(j.resource.properties.Get("MaxSize"), u.total), j.undoes == nil)
	return nil
}

// maxRolling is how many instances a group may have in a rolling update.
const maxRolling = 10_000

// readPause reads how long is waited for signals or, without them, after each batch.
func (u *rolling) readPause(n *tree.Node) error {
	u.pauseText = n.Str()
	if n == nil {
		if !u.waits {
			return nil
		}
		u.pauseText = "PT5M"
	}
	var err error
	u.pause, err = parseDuration(u.pauseText)
	if err == nil && u.pause > maxPause {
		err = invalid("%s is longer than the longest PauseTime, PT1H", u.pauseText)
	}
	return err
}

// groupSize is how many instances a group has, as its properties say.
func groupSize(properties *tree.Node) int {
	return number(properties.Get("DesiredCapacity"), number(properties.Get("MinSize"), 0))
}

// number reads a number that is not negative.
func number(n *tree.Node, otherwise int) int {
	if i, err := strconv.Atoi(n.Str()); err == nil && i >= 0 {
		return i
	}
	return otherwise
}
