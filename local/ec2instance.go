package local

import (
	"fmt"
	"slices"
	"strings"
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
	i.transition = transition{through, to, r.now().Add(r.cloud.Delay)}
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
	wait, why := time.Duration(0), ""
	if l.id == "" {
		if wait, why = r.takes(typeInstance, image.name, l.stack, Create); why != "" {
			return nil, ec2Error("InternalError", "%s", why)
		}
		l.id = r.cloud.ec2ID("i")
	}
	image.launched = now
	i := &instance{
		id: l.id, reservation: r.cloud.ec2ID("r"), image: id, spec: l.spec, template: l.template, group: l.group, launched: now,
		transition: transition{pending, running, now.Add(wait)}, devices: mapped(image.devices, l.spec.Get("BlockDeviceMappings")),
	}
	r.settle(i, l)
	r.fleet.instances[i.id] = i
	r.fleet.tags[i.id] = mergeTags(nil, l.tags)
	return i, nil
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
	case *in.MaxCount > 1000:
		return 0, ec2Error("InstanceLimitExceeded", "You have requested more instances (%d) than your current instance limit of 1000 allows.", *in.MaxCount)
	}
	return *in.MaxCount, nil
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
