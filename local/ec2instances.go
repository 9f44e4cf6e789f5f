package local

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

type groupDescription struct{ GroupId, GroupName string }

type placement struct{ AvailabilityZone, GroupName, Tenancy string }

type monitoring struct{ State string }

type instanceProfile struct{ Arn, Id string }

type metadataOptions struct {
	State                   string
	HttpTokens              string
	HttpPutResponseHopLimit int
	HttpEndpoint            string
}

type instanceDevice struct {
	DeviceName string
	Ebs        instanceEbs
}

type instanceEbs struct {
	VolumeId            string
	Status              string
	AttachTime          time.Time
	DeleteOnTermination bool
}

type instanceDescription struct {
	InstanceId          string
	ImageId             string
	InstanceState       instanceState
	PrivateDnsName      *string
	DnsName             *string
	Reason              *string
	KeyName             string
	AmiLaunchIndex      int
	InstanceType        string
	LaunchTime          time.Time
	Placement           placement
	Monitoring          monitoring
	SubnetId            string
	VpcId               string
	PrivateIpAddress    string
	IpAddress           string
	SourceDestCheck     bool
	Groups              []groupDescription `query:"groupSet"`
	StateReason         *stateReason
	Architecture        string
	RootDeviceType      string
	RootDeviceName      string
	BlockDeviceMappings []instanceDevice `query:"blockDeviceMapping"`
	VirtualizationType  string
	Hypervisor          string
	ClientToken         *string
	Tags                []tag `query:"tagSet"`
	IamInstanceProfile  *instanceProfile
	EbsOptimized        bool
	EnaSupport          bool
	MetadataOptions     metadataOptions
	PlatformDetails     string
	NetworkInterfaces   []interfaceDescription `query:"networkInterfaceSet"`
}

func (i *instance) describe(r *region, now time.Time) instanceDescription {
	state := i.state(now)
	private, public, reason := r.privateName(i), r.publicName(i), i.reason
	d := instanceDescription{
		InstanceId: i.id, ImageId: i.image, InstanceState: stateOf(state), PrivateDnsName: &private, DnsName: &public, Reason: &reason,
		KeyName: i.spec.Get("KeyName").Str(), AmiLaunchIndex: i.index, InstanceType: i.typ(), LaunchTime: i.launched,
		Placement:  placement{i.zone, i.spec.At("Placement", "GroupName").Str(), "default"},
		Monitoring: monitoring{"disabled"}, SubnetId: i.subnet, VpcId: i.vpc, PrivateIpAddress: i.address, IpAddress: i.public,
		SourceDestCheck: true, Groups: r.groupsOf(i), Architecture: architecture, RootDeviceType: "ebs", RootDeviceName: rootDevice,
		VirtualizationType: "hvm", Hypervisor: "xen", ClientToken: &i.token, Tags: r.tagsOf(i.id), EbsOptimized: i.spec.Get("EbsOptimized").Str() == "true",
		EnaSupport: true, MetadataOptions: metadataOptions{"applied", "required", 2, "enabled"}, PlatformDetails: "Linux/UNIX",
		BlockDeviceMappings: []instanceDevice{}, IamInstanceProfile: r.profileOf(i),
	}
	if i.spec.At("Monitoring", "Enabled").Str() == "true" {
		d.Monitoring.State = "enabled"
	}
	if state == terminated || state == shuttingDown {
		d.StateReason = &stateReason{"Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"}
	}
	if state == terminated {
		empty := ""
		d.PrivateDnsName, d.DnsName, d.PrivateIpAddress, d.IpAddress, d.SubnetId, d.VpcId, d.Groups = &empty, &empty, "", "", "", "", []groupDescription{}
		return d
	}
	d.NetworkInterfaces = []interfaceDescription{r.interfaceOf(i, d)}
	for n, dev := range i.devices {
		volume := fmt.Sprintf("vol-%s%x", strings.TrimPrefix(i.id, "i-")[1:], n%16)
		d.BlockDeviceMappings = append(d.BlockDeviceMappings, instanceDevice{dev.name, instanceEbs{volume, "attached", i.launched, !dev.keep}})
	}
	return d
}

type interfaceDescription struct {
	NetworkInterfaceId, SubnetId, VpcId, OwnerId, Status string
	PrivateIpAddress, PrivateDnsName, InterfaceType      string
	SourceDestCheck                                      bool
	Groups                                               []groupDescription `query:"groupSet"`
	Attachment                                           interfaceAttachment
	Association                                          *interfaceAssociation
	PrivateIpAddresses                                   []interfaceAddress `query:"privateIpAddressesSet"`
}

type interfaceAttachment struct {
	AttachmentId        string
	DeviceIndex         int
	Status              string
	AttachTime          time.Time
	DeleteOnTermination bool
}

type interfaceAssociation struct{ PublicIp, PublicDnsName, IpOwnerId string }

type interfaceAddress struct {
	PrivateIpAddress string
	Primary          bool
}

// interfaceOf is the network interface that every instance has.
func (r *region) interfaceOf(i *instance, d instanceDescription) interfaceDescription {
	id := strings.TrimPrefix(i.id, "i-")
	out := interfaceDescription{
		NetworkInterfaceId: "eni-" + id, SubnetId: i.subnet, VpcId: i.vpc, OwnerId: r.account, Status: "in-use", PrivateIpAddress: i.address,
		PrivateDnsName: *d.PrivateDnsName, InterfaceType: "interface", SourceDestCheck: true, Groups: d.Groups,
		Attachment:         interfaceAttachment{"eni-attach-" + id, 0, "attached", i.launched, true},
		PrivateIpAddresses: []interfaceAddress{{i.address, true}},
	}
	if i.public != "" {
		out.Association = &interfaceAssociation{i.public, *d.DnsName, amazon}
	}
	return out
}

// typ is the type of an instance.
func (i *instance) typ() string {
	if t := i.spec.Get("InstanceType").Str(); t != "" {
		return t
	}
	return "m1.small"
}

// profileOf is the instance profile of an instance, which templates name by its name.
func (r *region) profileOf(i *instance) *instanceProfile {
	p := i.spec.Get("IamInstanceProfile")
	name, arn := p.Str(), p.Get("Arn").Str()
	if name == "" {
		name = p.Get("Name").Str()
	}
	switch {
	case arn == "" && name == "":
		return nil
	case arn == "":
		arn = fmt.Sprintf("arn:%s:iam::%s:instance-profile/%s", r.partition, r.account, name)
	}
	return &instanceProfile{arn, "AIPA" + strings.ToUpper(strings.TrimPrefix(i.id, "i-"))}
}

// groupsOf are the security groups of an instance.
func (r *region) groupsOf(i *instance) []groupDescription {
	ids := names(i.spec.Get("SecurityGroupIds"))
	for _, n := range i.spec.Get("NetworkInterfaces").Items() {
		ids = append(ids, append(names(n.Get("Groups")), names(n.Get("GroupSet"))...)...)
	}
	for _, name := range names(i.spec.Get("SecurityGroups")) {
		for _, a := range r.list(typeSecurityGroup) {
			if a.text("GroupName") == name || a.physicalID == name {
				ids = append(ids, a.physicalID)
			}
		}
	}
	if len(ids) == 0 {
		ids = []string{r.defaults().group}
	}
	all := []groupDescription{}
	for _, id := range ids {
		name := id
		if a := r.asset(typeSecurityGroup, id); a != nil {
			name = a.text("GroupName")
		}
		all = append(all, groupDescription{id, name})
	}
	return all
}

type reservationDescription struct {
	ReservationId string
	OwnerId       string
	Groups        []groupDescription    `query:"groupSet"`
	Instances     []instanceDescription `query:"instancesSet"`
}

// reservation describes the instances that one request launched.
func (r *region) reservation(id string, now time.Time) *reservationDescription {
	d := &reservationDescription{ReservationId: id, OwnerId: r.account, Groups: []groupDescription{}}
	for _, i := range r.fleet.instances {
		if i.reservation == id {
			d.Instances = append(d.Instances, i.describe(r, now))
		}
	}
	slices.SortFunc(d.Instances, func(a, b instanceDescription) int { return cmp.Compare(a.AmiLaunchIndex, b.AmiLaunchIndex) })
	return d
}

func describeInstances(c *call, in *struct {
	instancesInput
	Filters []filter `query:"Filter"`
	paging
}) (any, error) {
	r, now := c.region, c.region.now()
	if len(in.InstanceIds) > 0 {
		if _, err := in.find(r); err != nil {
			return nil, err
		}
	}
	var all []instanceDescription
	for _, i := range ordered(r.fleet.instances) {
		if i.gone(now) || len(in.InstanceIds) > 0 && !slices.Contains(in.InstanceIds, i.id) {
			continue
		}
		d := i.describe(r, now)
		ok, err := passes(in.Filters, i.sieve(r, d), d.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, d)
		}
	}
	part, next, err := pageOf(all, in.paging, func(d instanceDescription) string { return d.InstanceId })
	if err != nil {
		return nil, err
	}
	out := &struct {
		Reservations []reservationDescription `query:"reservationSet"`
		NextToken    string
	}{[]reservationDescription{}, next}
	for _, d := range part {
		id := r.fleet.instances[d.InstanceId].reservation
		at := slices.IndexFunc(out.Reservations, func(known reservationDescription) bool { return known.ReservationId == id })
		if at < 0 {
			at = len(out.Reservations)
			out.Reservations = append(out.Reservations, reservationDescription{ReservationId: id, OwnerId: r.account, Groups: []groupDescription{}})
		}
		out.Reservations[at].Instances = append(out.Reservations[at].Instances, d)
	}
	return out, nil
}

func (i *instance) sieve(r *region, d instanceDescription) sieve {
	s := sieve{
		"instance-id": oneText(i.id), "image-id": oneText(i.image), "instance-state-name": oneText(d.InstanceState.Name),
		"instance-state-code": oneText(fmt.Sprint(d.InstanceState.Code)), "instance-type": oneText(d.InstanceType), "key-name": oneText(d.KeyName),
		"availability-zone": oneText(i.zone), "subnet-id": oneText(d.SubnetId), "vpc-id": oneText(d.VpcId), "private-ip-address": oneText(d.PrivateIpAddress),
		"ip-address": oneText(d.IpAddress), "private-dns-name": oneText(*d.PrivateDnsName), "dns-name": oneText(*d.DnsName), "reservation-id": oneText(i.reservation),
		"owner-id": oneText(r.account), "client-token": oneText(i.token), "architecture": oneText(d.Architecture), "root-device-name": oneText(d.RootDeviceName),
		"launch-time": oneText(i.launched.UTC().Format("2006-01-02T15:04:05.000Z")), "instance.group-id": nil, "instance.group-name": nil,
		"iam-instance-profile.arn": nil, "root-device-type": {"ebs"}, "hypervisor": {"xen"}, "virtualization-type": {"hvm"}, "tenancy": {"default"},
	}
	for _, g := range d.Groups {
		s["instance.group-id"] = append(s["instance.group-id"], g.GroupId)
		s["instance.group-name"] = append(s["instance.group-name"], g.GroupName)
	}
	if d.IamInstanceProfile != nil {
		s["iam-instance-profile.arn"] = oneText(d.IamInstanceProfile.Arn)
	}
	return s
}
