package local

import (
	"github.com/updraft-go/updraft/internal/tree"
)

type runInstancesInput struct {
	MinCount, MaxCount *int
	ClientToken        string
	LaunchTemplate     *templateUse
	TagSpecifications  []tagSpecification `query:"TagSpecification"`
}

// count is how many instances are wanted. Here there is room for all.
func (in *runInstancesInput) count() (int, error) {
	switch {
	case in.MinCount == nil || in.MaxCount == nil:
		return 0, ec2Error("MissingParameter", "The request must contain the parameters MinCount and MaxCount")
	case *in.MinCount < 1 || *in.MaxCount < *in.MinCount:
		return 0, ec2Error("InvalidParameterValue", "Value (%d) for parameter maxCount is invalid. It must not be less than minCount, which is %d and must be at least 1.", *in.MaxCount, *in.MinCount)
	case *in.MaxCount > maxInstances:
		return 0, tooManyInstances(*in.MaxCount)
	}
	return *in.MaxCount, nil
}

// launchTags are the tags of an instance that its launch data and launch template give it.
func launchTags(l launch) []tag {
	var tags []tag
	for _, s := range l.spec.Get("TagSpecifications").Items() {
		if s.Get("ResourceType").Str() == "instance" {
			tags = mergeTags(tags, nodeTags(s.Get("Tags")))
		}
	}
	if l.template != nil {
		tags = mergeTags(tags, []tag{{"aws:ec2launchtemplate:id", l.template.LaunchTemplateId}, {"aws:ec2launchtemplate:version", l.template.Version}})
	}
	return tags
}

func runInstances(c *call, in *runInstancesInput) (any, error) {
	r := c.region
	made, err := c.once(in.ClientToken, "IdempotentParameterMismatch")
	if err != nil {
		return nil, err
	}
	if made != "" {
		return r.reservation(made, r.now()), nil
	}
	count, err := in.count()
	if err != nil {
		return nil, err
	}
	if err := checkSpecifications(in.TagSpecifications, "instance", "volume", "network-interface", "spot-instances-request"); err != nil {
		return nil, err
	}
	l, err := in.launch(c)
	if err != nil {
		return nil, err
	}
	l.tags = launchTags(l)
	reservation := c.cloud.ec2ID("r")
	for n := range count {
		i, err := r.launch(l)
		if err != nil && n >= *in.MinCount {
			break
		}
		if err != nil {
			r.unlaunch(reservation)
			return nil, err
		}
		i.reservation, i.index, i.token = reservation, n, in.ClientToken
		r.ownInstance(i)
	}
	c.did(in.ClientToken, reservation)
	return r.reservation(reservation, r.now()), nil
}

// unlaunch takes back the instances of a request of which too few could be launched.
func (r *region) unlaunch(reservation string) {
	for id, i := range r.fleet.instances {
		if i.reservation == reservation {
			r.terminate(i, "Server.InternalError")
			delete(r.fleet.instances, id)
			delete(r.fleet.tags, id)
		}
	}
}

// ownInstance makes a resource of an instance that no stack made.
func (r *region) ownInstance(i *instance) {
	properties := tree.Object(tree.Field("ImageId", tree.Text(i.image)), tree.Field("SubnetId", tree.Text(i.subnet)))
	for _, name := range []string{"InstanceType", "KeyName", "SecurityGroupIds", "UserData"} {
		if v := i.spec.Get(name); v != nil {
			properties.Map = append(properties.Map, tree.Field(name, v))
		}
	}
	spec := i.spec
	a := r.found(typeInstance, i.id, properties)
	i.spec = spec
	r.attribute(a, i)
}
