package local

import (
	"net/netip"

	"github.com/updraft-go/updraft/internal/tree"
)

// The resource types of a network.
const (
	typeVPC           = "AWS::EC2::VPC"
	typeSubnet        = "AWS::EC2::Subnet"
	typeSecurityGroup = "AWS::EC2::SecurityGroup"
	typeKeyPair       = "AWS::EC2::KeyPair"
)

// A defaultNetwork is the network that AWS gives every account in every region: a VPC with a subnet in
// each zone, and a security group. They are assets like others.
type defaultNetwork struct {
	vpc, group string
	subnets    map[string]string // by zone
}

// The address ranges of the default VPC and, without their third part, of its subnets.
const defaultCIDR = "172.31.0.0/16"

var defaultSubnets = []string{"172.31.0.0/20", "172.31.16.0/20", "172.31.32.0/20"}

// defaults returns the default network, which is made when it is first asked for.
func (r *region) defaults() *defaultNetwork {
	if r.fleet.network != nil {
		return r.fleet.network
	}
	c := r.cloud
	n := &defaultNetwork{vpc: c.ec2ID("vpc"), group: c.ec2ID("sg"), subnets: map[string]string{}}
	r.fleet.network = n
	r.found(typeVPC, n.vpc, tree.Object(tree.Field("CidrBlock", tree.Text(defaultCIDR))))
	r.found(typeSecurityGroup, n.group, tree.Object(tree.Field("GroupName", tree.Text("default")),
		tree.Field("GroupDescription", tree.Text("default VPC security group")), tree.Field("VpcId", tree.Text(n.vpc))))
	for at, zone := range r.zones() {
		n.subnets[zone] = c.ec2ID("subnet")
		r.found(typeSubnet, n.subnets[zone], tree.Object(tree.Field("AvailabilityZone", tree.Text(zone)), tree.Field("CidrBlock", tree.Text(defaultSubnets[at])),
			tree.Field("MapPublicIpOnLaunch", tree.Boolean(true)), tree.Field("VpcId", tree.Text(n.vpc))))
	}
	return n
}

// zones are the availability zones of the region.
func (r *region) zones() []string {
	var all []string
	for _, letter := range zoneLetters {
		all = append(all, r.name+string(letter))
	}
	return all
}

// A site is where an instance is: a subnet.
type site struct {
	id, zone, vpc, cidr string
	public              bool // it gives instances a public address
}

// subnetFor returns a subnet by its ID or, without one, the default subnet of a zone. A subnet that the
// cloud has not made may be there all the same: templates take its ID from parameters.
func (r *region) subnetFor(id, zone string) site {
	if id == "" {
		n := r.defaults()
		if n.subnets[zone] == "" {
			zone = r.zones()[0]
		}
		id = n.subnets[zone]
	}
	s := site{id: id, zone: zone, cidr: defaultCIDR}
	if a := r.asset(typeSubnet, id); a != nil {
		s.zone, s.vpc, s.cidr = a.properties.Get("AvailabilityZone").Str(), a.text("VpcId"), a.text("CidrBlock")
		s.public = a.text("MapPublicIpOnLaunch") == "true"
	}
	if s.zone == "" {
		s.zone = r.zones()[0]
	}
	return s
}

// address is the nth address of a subnet. The first four are AWS's own.
func (s site) address(n int) string {
	prefix, err := netip.ParsePrefix(s.cidr)
	if err != nil || !prefix.Addr().Is4() {
		prefix = netip.MustParsePrefix(defaultCIDR)
	}
	room := 1<<(32-prefix.Bits()) - 5
	b := prefix.Masked().Addr().As4()
	host := 4 + n%max(room, 1)
	for at := 3; at >= 0 && host > 0; at-- {
		host += int(b[at])
		b[at] = byte(host)
		host >>= 8
	}
	return netip.AddrFrom4(b).String()
}
