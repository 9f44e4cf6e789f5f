package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// A member is a part of what an instance is launched with. It has three names: the one that templates
// and SDKs give it, and those of a request and of an answer.
type member struct {
	name, request, answer string
	item                  string // what an element of a list is called in an answer
	list                  bool
	kind                  tree.Kind // of what it is, or of its elements
	members               []*member // if it is a structure
}

// launchMembers are the parts of launch template data. A line holds parts of one structure, what is
// indented below it those of its last one. [] is a list, <Name is how requests call it and >name or
// >name/element how answers do, where that does not follow from the name.
var launchMembers = readMembers(`
KernelId, EbsOptimized bool
IamInstanceProfile
	Arn, Name
BlockDeviceMappings[]
	DeviceName, VirtualName
	Ebs
		Encrypted bool, DeleteOnTermination bool, Iops int, KmsKeyId, SnapshotId, VolumeSize int, VolumeType
		Throughput int, VolumeInitializationRate int, EbsCardIndex int
	NoDevice
NetworkInterfaces[]
	AssociateCarrierIpAddress bool, AssociatePublicIpAddress bool, DeleteOnTermination bool, Description
	DeviceIndex int, Groups[] <SecurityGroupId >groupSet/groupId, InterfaceType, Ipv6AddressCount int
	Ipv6Addresses[] <Ipv6Addresses
		Ipv6Address
	NetworkInterfaceId, PrivateIpAddress
	PrivateIpAddresses[] <PrivateIpAddresses
		Primary bool, PrivateIpAddress
	SecondaryPrivateIpAddressCount int, SubnetId, NetworkCardIndex int
	Ipv4Prefixes[]
		Ipv4Prefix
	Ipv4PrefixCount int
	Ipv6Prefixes[]
		Ipv6Prefix
	Ipv6PrefixCount int, PrimaryIpv6 bool
	EnaSrdSpecification
		EnaSrdEnabled bool
		EnaSrdUdpSpecification
			EnaSrdUdpEnabled bool
	ConnectionTrackingSpecification
		TcpEstablishedTimeout int, UdpStreamTimeout int, UdpTimeout int
	EnaQueueCount int
ImageId, InstanceType, KeyName
Monitoring
	Enabled bool
Placement
	AvailabilityZone, AvailabilityZoneId, Affinity, GroupName, HostId, Tenancy, SpreadDomain
	HostResourceGroupArn, PartitionNumber int, GroupId
RamDiskId, DisableApiTermination bool, InstanceInitiatedShutdownBehavior, UserData
TagSpecifications[]
	ResourceType
	Tags[]
		Key, Value
ElasticGpuSpecifications[]
	Type
ElasticInferenceAccelerators[]
	Type, Count int
SecurityGroupIds[], SecurityGroups[]
InstanceMarketOptions
	MarketType
	SpotOptions
		MaxPrice, SpotInstanceType, BlockDurationMinutes int, ValidUntil, InstanceInterruptionBehavior
CreditSpecification
	CpuCredits
CpuOptions
	CoreCount int, ThreadsPerCore int, AmdSevSnp, NestedVirtualization
CapacityReservationSpecification
	CapacityReservationPreference
	CapacityReservationTarget
		CapacityReservationId, CapacityReservationResourceGroupArn
LicenseSpecifications[] >licenseSet
	LicenseConfigurationArn
HibernationOptions
	Configured bool
MetadataOptions
	HttpTokens, HttpPutResponseHopLimit int, HttpEndpoint, HttpProtocolIpv6, InstanceMetadataTags
EnclaveOptions
	Enabled bool
InstanceRequirements
	VCpuCount
		Min int, Max int
	MemoryMiB
		Min int, Max int
	CpuManufacturers[]
	MemoryGiBPerVCpu
		Min number, Max number
	ExcludedInstanceTypes[], InstanceGenerations[], SpotMaxPricePercentageOverLowestPrice int
	OnDemandMaxPricePercentageOverLowestPrice int, BareMetal, BurstablePerformance
	RequireHibernateSupport bool
	NetworkInterfaceCount
		Min int, Max int
	LocalStorage, LocalStorageTypes[]
	TotalLocalStorageGB
		Min number, Max number
	BaselineEbsBandwidthMbps
		Min int, Max int
	AcceleratorTypes[]
	AcceleratorCount
		Min int, Max int
	AcceleratorManufacturers[], AcceleratorNames[]
	AcceleratorTotalMemoryMiB
		Min int, Max int
	NetworkBandwidthGbps
		Min number, Max number
	AllowedInstanceTypes[], MaxSpotPriceAsPercentageOfOptimalOnDemandPrice int
	BaselinePerformanceFactors
		Cpu
			References[]
				InstanceFamily
	RequireEncryptionInTransit bool
PrivateDnsNameOptions
	HostnameType, EnableResourceNameDnsARecord bool, EnableResourceNameDnsAAAARecord bool
MaintenanceOptions
	AutoRecovery
DisableApiStop bool
Operator
	Principal
NetworkPerformanceOptions
	BandwidthWeighting
SecondaryInterfaces[]
	DeleteOnTermination bool, DeviceIndex int
	PrivateIpAddresses[] <PrivateIpAddress >privateIpAddressesSet
		PrivateIpAddress
	PrivateIpAddressCount int, SecondarySubnetId, InterfaceType, NetworkCardIndex int
`)

// launchMember is one of launchMembers.
func launchMember(name string) *member {
	return launchMembers[slices.IndexFunc(launchMembers, func(m *member) bool { return m.name == name })]
}

func readMembers(text string) []*member {
	root := &member{}
	open := []*member{root} // the structures that a line may belong to, by its depth
	for line := range strings.Lines(text) {
		names := strings.TrimLeft(strings.TrimRight(line, "\n"), "\t")
		if names == "" {
			continue
		}
		depth := len(line) - 1 - len(names)
		in := open[depth]
		for one := range strings.SplitSeq(names, ", ") {
			in.members = append(in.members, readMember(one))
		}
		open = append(open[:depth+1], in.members[len(in.members)-1])
	}
	return root.members
}

func readMember(text string) *member {
	words := strings.Fields(text)
	m := &member{kind: tree.String}
	m.name, m.list = strings.CutSuffix(words[0], "[]")
	m.request = m.name
	if m.list {
		m.request = singular(m.name)
	}
	for _, w := range words[1:] {
		switch {
		case w == "bool":
			m.kind = tree.Bool
		case w == "int", w == "number":
			m.kind = tree.Number
		case w[0] == '<':
			m.request = w[1:]
		case w[0] == '>':
			m.answer = w[1:]
		}
	}
	if m.answer == "" {
		m.answer = strings.ToLower(m.request[:1]) + m.request[1:]
		if m.list {
			m.answer += "Set"
		}
	}
	m.answer, m.item, _ = strings.Cut(m.answer, "/")
	if m.item == "" {
		m.item = "item"
	}
	return m
}

func singular(name string) string {
	if base, ok := strings.CutSuffix(name, "ies"); ok {
		return base + "y"
	}
	if strings.HasSuffix(name, "xes") {
		return strings.TrimSuffix(name, "es")
	}
	return strings.TrimSuffix(name, "s")
}

// decodeMembers reads a structure of a request. What others lists is left aside.
func decodeMembers(at string, known []*member, v *query.Value, others ...string) (*tree.Node, error) {
	out := tree.Object()
	left := map[string]bool{}
	for _, name := range v.Names() {
		left[name] = true
	}
	for _, name := range others {
		delete(left, name)
	}
	for _, m := range known {
		part := v.Get(m.request)
		if part == nil {
			continue
		}
		delete(left, m.request)
		value, err := m.decode(at+m.request, part)
		if err != nil {
			return nil, err
		}
		out.Map = append(out.Map, tree.Field(m.name, value))
	}
	for _, name := range v.Names() {
		if left[name] {
			return nil, ec2Error("UnknownParameter", "The parameter %s is not recognized", at+name)
		}
	}
	return out, nil
}

func (m *member) decode(at string, v *query.Value) (*tree.Node, error) {
	if !m.list {
		return m.decodeOne(at, v)
	}
	items, err := v.List()
	if err != nil {
		return nil, ec2Error("InvalidParameterValue", "%s: %s", at, err)
	}
	list := tree.ListOf()
	for _, item := range items {
		one, err := m.decodeOne(at, item)
		if err != nil {
			return nil, err
		}
		list.List = append(list.List, one)
	}
	return list, nil
}

func (m *member) decodeOne(at string, v *query.Value) (*tree.Node, error) {
	if m.members != nil {
		return decodeMembers(at+".", m.members, v)
	}
	n := &tree.Node{Kind: m.kind, Text: v.Text}
	if _, err := tree.Parse([]byte(v.Text)); m.kind == tree.Number && err != nil || m.kind == tree.Bool && v.Text != "true" && v.Text != "false" {
		return nil, ec2Error("InvalidParameterValue", "Invalid value '%s' for %s", v.Text, at)
	}
	return n, nil
}

// elements is a structure as it stands in an answer.
func elements(known []*member, n *tree.Node) []query.Element {
	out := []query.Element{}
	for _, m := range known {
		value := n.Get(m.name)
		switch {
		case value == nil:
		case m.list:
			list := query.Element{Name: m.answer, Children: []query.Element{}}
			for _, item := range value.Items() {
				list.Children = append(list.Children, m.element(m.item, item))
			}
			out = append(out, list)
		default:
			out = append(out, m.element(m.answer, value))
		}
	}
	return out
}

func (m *member) element(name string, n *tree.Node) query.Element {
	if m.members != nil {
		return query.Element{Name: name, Children: elements(m.members, n)}
	}
	return query.Element{Name: name, Text: n.Str()}
}

// overlay returns n with the members of over in place of its own.
func overlay(n, over *tree.Node) *tree.Node {
	if n == nil {
		return over
	}
	return overlaid(n, over)
}
