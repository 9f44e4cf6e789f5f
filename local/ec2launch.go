package local

import (
	"fmt"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// A launch is what instances are launched with.
type launch struct {
	id       string     // of a resource that has one already
	spec     *tree.Node // with launchMembers
	template *templateUse
	stack    string // the name of the stack that wants it, for faults
	group    string
	zone     string
	subnet   string
	tags     []tag
}

// launch launches one instance.
func (r *region) launch(l launch) (*instance, error) {
	id, err := r.resolveImage(l.spec.Get("ImageId").Str())
	if err != nil {
		return nil, err
	}
	if id == "" {
		return nil, needs("ImageId", "")
	}
	image, err := r.launchable(id)
	if err != nil {
		return nil, err
	}
	now := r.now()
	if n := r.purge(); n >= maxInstances {
		return nil, tooManyInstances(n + 1)
	}
	wait, why := time.Duration(0), ""
	if l.id == "" {
		if wait, why = r.takes(typeInstance, image.name, l.stack, Create); why != "" {
			return nil, ec2Error("InternalError", "%s", why)
		}
		l.id = r.cloud.ec2ID("i")
	}
	if image.account == r.account {
		image.launched = now
	}
	i := &instance{
		id: l.id, reservation: r.cloud.ec2ID("r"), image: id, spec: l.spec, template: l.template, group: l.group, launched: now,
		transition: transition{pending, running, now.Add(wait)}, devices: mapped(image.devices, l.spec.Get("BlockDeviceMappings")),
	}
	r.settle(i, l)
	r.fleet.instances[i.id] = i
	r.fleet.tags[i.id] = mergeTags(nil, l.tags)
	return i, nil
}

// maxInstances is how many instances may live in a region.
const maxInstances = 2000

func tooManyInstances(n int) error {
	return ec2Error("InstanceLimitExceeded", "You have requested more instances (%d) than your current instance limit of %d allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.", n, maxInstances)
}

// purge forgets the instances that are not listed any more, and returns how many live.
func (r *region) purge() (living int) {
	now := r.now()
	for id, i := range r.fleet.instances {
		switch {
		case i.gone(now):
			delete(r.fleet.instances, id)
			delete(r.fleet.tags, id)
		case i.lives():
			living++
		}
	}
	return living
}

// settle finds an instance its place in the network.
func (r *region) settle(i *instance, l launch) {
	i.subnet, i.zone = l.subnet, l.zone
	if i.subnet == "" {
		i.subnet = l.spec.Get("SubnetId").Str()
	}
	for _, n := range l.spec.Get("NetworkInterfaces").Items() {
		if i.subnet == "" {
			i.subnet = n.Get("SubnetId").Str()
		}
	}
	if i.zone == "" {
		i.zone = l.spec.At("Placement", "AvailabilityZone").Str()
	}
	if i.zone == "" {
		i.zone = l.spec.Get("AvailabilityZone").Str()
	}
	at := r.subnetFor(i.subnet, i.zone)
	i.subnet, i.zone, i.vpc = at.id, at.zone, at.vpc
	r.fleet.addresses++
	i.address = at.address(r.fleet.addresses)
	if at.public {
		i.public = fmt.Sprintf("203.0.113.%d", r.fleet.addresses%254+1)
	}
}

// followInstance launches the instance of a resource, or takes its new properties over.
func (r *region) followInstance(a *asset) {
	if i := r.fleet.instances[a.physicalID]; i != nil {
		i.spec = r.specOf(a)
		r.attribute(a, i)
		return
	}
	i, err := r.launch(launch{id: a.physicalID, spec: r.specOf(a), template: r.templateOf(a), stack: a.state.name})
	if err == nil {
		r.attribute(a, i)
	}
}

// attribute gives a resource the attributes that its instance has.
func (r *region) attribute(a *asset, i *instance) {
	if a.attributes == nil {
		a.attributes = map[string]*tree.Node{}
	}
	for name, value := range map[string]string{
		"InstanceId": i.id, "AvailabilityZone": i.zone, "PrivateIp": i.address, "PrivateDnsName": r.privateName(i), "PublicIp": i.public,
		"PublicDnsName": r.publicName(i), "VpcId": i.vpc,
	} {
		a.attributes[name] = tree.Text(value)
	}
}

func (r *region) privateName(i *instance) string {
	domain := r.name + ".compute.internal"
	if r.name == "us-east-1" {
		domain = "ec2.internal"
	}
	return "ip-" + strings.ReplaceAll(i.address, ".", "-") + "." + domain
}

func (r *region) publicName(i *instance) string {
	if i.public == "" {
		return ""
	}
	domain := r.name + ".compute." + r.suffix
	if r.name == "us-east-1" {
		domain = "compute-1." + r.suffix
	}
	return "ec2-" + strings.ReplaceAll(i.public, ".", "-") + "." + domain
}

// templateOf returns the launch template version that the properties of a resource name, nil if they
// name none.
func (r *region) templateOf(a *asset) *templateUse {
	use := templateUseOf(a.properties.Get("LaunchTemplate"))
	if use == nil {
		return nil
	}
	if _, v, err := r.templateVersion(*use); err == nil {
		use.Version = fmt.Sprint(v.number)
	}
	return use
}

// specOf is what the instance of a resource is launched with.
func (r *region) specOf(a *asset) *tree.Node {
	if use := r.templateOf(a); use != nil {
		if _, v, err := r.templateVersion(*use); err == nil {
			return overlay(v.data, a.properties)
		}
	}
	return a.properties
}

func templateUseOf(n *tree.Node) *templateUse {
	if n == nil {
		return nil
	}
	return &templateUse{n.Get("LaunchTemplateId").Str(), n.Get("LaunchTemplateName").Str(), n.Get("Version").Str()}
}

// templateVersion returns the launch template and version that are named.
func (r *region) templateVersion(use templateUse) (*launchTemplate, *templateVersion, error) {
	t, err := (templateName{use.LaunchTemplateId, use.LaunchTemplateName}).find(r)
	if err != nil {
		return nil, nil, err
	}
	v, err := t.need(use.Version)
	return t, v, err
}

// launch reads what the instances are launched with: the request over the launch template.
func (in *runInstancesInput) launch(c *call) (launch, error) {
	spec, err := decodeMembers("", launchMembers, c.request.Parameters, "Action", "Version", "DryRun", "MinCount", "MaxCount", "ClientToken",
		"LaunchTemplate", "SubnetId", "PrivateIpAddress", "AdditionalInfo", "Ipv6AddressCount", "Ipv6Address", "RamdiskId", "EnablePrimaryIpv6")
	if err != nil {
		return launch{}, err
	}
	l := launch{spec: spec}
	if v := c.request.Parameters.Get("SubnetId"); v != nil {
		l.subnet = v.Text
	}
	if l.subnet != "" && c.region.asset(typeSubnet, l.subnet) == nil {
		return l, notFound(l.subnet)
	}
	if in.LaunchTemplate == nil {
		return l, nil
	}
	t, v, err := c.region.templateVersion(*in.LaunchTemplate)
	if err != nil {
		return l, err
	}
	l.spec = overlay(v.data, spec)
	l.template = &templateUse{t.id, t.name, fmt.Sprint(v.number)}
	return l, nil
}
