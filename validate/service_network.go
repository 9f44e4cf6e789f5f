package validate

import (
	"fmt"
	"net/netip"

	"github.com/updraft-go/updraft/internal/tree"
)

func networkChecks() []check {
	return []check{
		{Rule{"ec2-vpc-block", fails, "a VPC has a block of addresses, or one from IPAM"}, on("EC2::VPC"), one("", "CidrBlock", "Ipv4IpamPoolId")},
		{Rule{"ec2-vpc-size", fails, "a VPC has between a /28 and a /16 of addresses"}, on("EC2::VPC"), blockSize("CidrBlock")},
		{Rule{"ec2-subnet-size", fails, "a subnet has between a /28 and a /16 of addresses"}, on("EC2::Subnet"), blockSize("CidrBlock")},
		{Rule{"ec2-subnet-inside", fails, "a subnet lies within its VPC"}, on("EC2::Subnet"), subnetInside},
		{Rule{"ec2-subnet-overlap", fails, "the subnets of a VPC do not overlap"}, on("EC2::Subnet"), subnetOverlap},
		{Rule{"ec2-subnet-zone", fails, "a subnet has a zone by its name or its ID"}, on("EC2::Subnet"), exclusive("", "AvailabilityZone", "AvailabilityZoneId")},
		{Rule{"ec2-route-destination", fails, "a route has exactly one destination"}, on("EC2::Route"), one("", "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")},
		{Rule{"ec2-route-target", fails, "a route has exactly one target"}, on("EC2::Route"), one("", "CarrierGatewayId", "CoreNetworkArn", "EgressOnlyInternetGatewayId", "GatewayId", "InstanceId", "LocalGatewayId", "NatGatewayId", "NetworkInterfaceId", "TransitGatewayId", "VpcEndpointId", "VpcPeeringConnectionId", "OdbNetworkArn")},
		{Rule{"ec2-attachment", fails, "an attachment names one gateway"}, on("EC2::VPCGatewayAttachment"), one("", "InternetGatewayId", "VpnGatewayId")},
		{Rule{"ec2-nat-address", fails, "a public NAT gateway has an address, a private one has none"}, on("EC2::NatGateway"), natAddress},
		{Rule{"ec2-endpoint-gateway", fails, "a gateway endpoint has no subnets, groups or private DNS"}, on("EC2::VPCEndpoint"), never("", "VpcEndpointType", "Gateway", "SubnetIds", "SecurityGroupIds")},
		{Rule{"ec2-endpoint-interface", fails, "an interface endpoint has no route tables"}, on("EC2::VPCEndpoint"), never("", "VpcEndpointType", "Interface|GatewayLoadBalancer", "RouteTableIds")},
		{Rule{"ec2-acl-block", fails, "an entry of a network ACL has one block of addresses"}, on("EC2::NetworkAclEntry"), one("", "CidrBlock", "Ipv6CidrBlock")},
		{Rule{"ec2-acl-ports", fails, "an entry of a network ACL for tcp or udp has ports"}, on("EC2::NetworkAclEntry"), where("", "Protocol", "6|17", "PortRange")},
		{Rule{"ec2-acl-icmp", fails, "an entry of a network ACL for icmp has its type and code"}, on("EC2::NetworkAclEntry"), where("", "Protocol", "1|58", "Icmp")},
		{Rule{"ec2-acl-action", fails, "an entry of a network ACL allows or denies"}, on("EC2::NetworkAclEntry"), textual("", "RuleAction", "use allow or deny", func(text string) string {
			if text == "allow" || text == "deny" {
				return ""
			}
			return "RuleAction is " + shown(text)
		})},
		{Rule{"ec2-flow-log", fails, "a flow log to CloudWatch Logs names a log group and a role"}, on("EC2::FlowLog"), where("", "LogDestinationType", "cloud-watch-logs", "DeliverLogsPermissionArn")},
		{Rule{"ec2-flow-log-destination", fails, "a flow log has LogDestination or LogGroupName"}, on("EC2::FlowLog"), exclusive("", "LogDestination", "LogGroupName")},
		{Rule{"ec2-vpc-cidr", fails, "a further block of a VPC is of one kind"}, on("EC2::VPCCidrBlock"), some("", "AmazonProvidedIpv6CidrBlock", "CidrBlock", "Ipv4IpamPoolId", "Ipv6CidrBlock", "Ipv6IpamPoolId")},
		{Rule{"ec2-peering", fails, "a VPC is not peered with itself"}, on("EC2::VPCPeeringConnection"), func(s *subject) {
			a, b := s.props.get("VpcId"), s.props.get("PeerVpcId")
			if a.there() && b.there() && s.props.get("PeerOwnerId").missing() && tree.Equal(a.n, b.n) {
				s.flag(b, "PeerVpcId is the same as VpcId", "name the other VPC")
			}
		}},
	}
}

func blockSize(name string) func(*subject) {
	return func(s *subject) {
		v := s.props.get(name)
		if b, ok := v.block(); ok && b.Addr().Is4() && (b.Bits() < 16 || b.Bits() > 28) {
			s.flag(v, fmt.Sprintf("the block %s is a /%d", b, b.Bits()), "use a /16 to /28")
		}
	}
}

// vpcBlock is the literal block of a subnet's VPC, if the template makes it and gives it no other.
func vpcBlock(s *subject, subnet value) (netip.Prefix, bool) {
	vpc, ok := subnet.get("VpcId").resource("EC2::VPC")
	if !ok {
		return netip.Prefix{}, false
	}
	for _, r := range s.resources {
		if r.Get("Type").Str() == "AWS::EC2::VPCCidrBlock" {
			return netip.Prefix{}, false
		}
	}
	return vpc.get("CidrBlock").block()
}

func subnetInside(s *subject) {
	v := s.props.get("CidrBlock")
	subnet, ok := v.block()
	vpc, known := vpcBlock(s, s.props)
	if ok && known && (!vpc.Contains(subnet.Addr()) || subnet.Bits() < vpc.Bits()) {
		s.flag(v, fmt.Sprintf("the block %s lies outside of the VPC's, %s", subnet, vpc), "choose one inside")
	}
}

func subnetOverlap(s *subject) {
	v := s.props.get("CidrBlock")
	mine, ok := v.block()
	id := s.props.get("VpcId").refersTo()
	if !ok || id == "" || s.node.Get("Condition") != nil {
		return
	}
	for _, m := range s.doc.Get("Resources").Members() {
		if m.Value == s.node {
			return // each pair is told once, at the later one
		}
		if m.Value.Get("Type").Str() != "AWS::EC2::Subnet" || m.Value.Get("Condition") != nil {
			continue
		}
		other := s.properties(at("Resources", m.Key), m.Value)
		if b, ok := other.get("CidrBlock").block(); ok && other.get("VpcId").refersTo() == id && b.Overlaps(mine) {
			s.flag(v, fmt.Sprintf("the block %s overlaps that of %s, %s", mine, m.Key, b), "choose one that is free")
		}
	}
}

func natAddress(s *subject) {
	kind := s.props.get("ConnectivityType")
	switch {
	case kind.missing() && s.props.get("AvailabilityMode").missing(), kind.is("public"):
		if s.props.get("AvailabilityMode").missing() {
			demand(s, s.props, []string{"AllocationId"}, "the gateway is public")
		}
	case kind.is("private") && s.props.get("AllocationId").there():
		s.flag(s.props.get("AllocationId"), "AllocationId is set where ConnectivityType is private", "leave it out")
	}
}
