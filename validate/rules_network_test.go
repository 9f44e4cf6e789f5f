package validate_test

const (
	vpc = " & V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}"
	acl = "NetworkAclId: n, RuleNumber: 100, RuleAction: allow, CidrBlock: 0.0.0.0/0, "
)

var networkRows = []row{
	{"ec2-vpc-block", "EC2::VPC", "", "EnableDnsSupport: true", "CidrBlock: 10.0.0.0/16"},
	{"ec2-vpc-size", "EC2::VPC", "CidrBlock", "CidrBlock: 10.0.0.0/8", "CidrBlock: 10.0.0.0/16"},
	{"ec2-subnet-size", "EC2::Subnet", "CidrBlock", "VpcId: v, CidrBlock: 10.0.0.0/29", "VpcId: v, CidrBlock: 10.0.0.0/28"},
	{"ec2-subnet-inside", "EC2::Subnet", "CidrBlock", "VpcId: !Ref V, CidrBlock: 10.1.0.0/24" + vpc, "VpcId: !Ref V, CidrBlock: 10.0.1.0/24" + vpc},
	{code: "ec2-subnet-overlap", path: "Resources.B.Properties.CidrBlock", bad: twoSubnets("10.0.0.128/25"), good: twoSubnets("10.0.1.0/24")},
	{"ec2-subnet-zone", "EC2::Subnet", "AvailabilityZoneId", "VpcId: v, CidrBlock: 10.0.0.0/24, AvailabilityZone: a, AvailabilityZoneId: b", "VpcId: v, CidrBlock: 10.0.0.0/24, AvailabilityZone: a"},
	{"ec2-route-destination", "EC2::Route", "", "RouteTableId: r, GatewayId: g", "RouteTableId: r, GatewayId: g, DestinationCidrBlock: 0.0.0.0/0"},
	{"ec2-route-target", "EC2::Route", "", "RouteTableId: r, DestinationCidrBlock: 0.0.0.0/0", "RouteTableId: r, NatGatewayId: g, DestinationCidrBlock: 0.0.0.0/0"},
	{code: "ec2-route-target", path: "Resources.R.Properties.NatGatewayId", bad: routes("!If [C, g, !Ref AWS::NoValue]", "n"), good: routes("!If [C, g, !Ref AWS::NoValue]", "!If [C, !Ref AWS::NoValue, n]")},
	{"ec2-attachment", "EC2::VPCGatewayAttachment", "", "VpcId: v", "VpcId: v, InternetGatewayId: i"},
	{"ec2-nat-address", "EC2::NatGateway", "", "SubnetId: s", "SubnetId: s, ConnectivityType: private"},
	{"ec2-endpoint-gateway", "EC2::VPCEndpoint", "SubnetIds", "VpcId: v, ServiceName: s, VpcEndpointType: Gateway, SubnetIds: [a]", "VpcId: v, ServiceName: s, VpcEndpointType: Interface, SubnetIds: [a]"},
	{"ec2-endpoint-interface", "EC2::VPCEndpoint", "RouteTableIds", "VpcId: v, ServiceName: s, VpcEndpointType: Interface, RouteTableIds: [a]", "VpcId: v, ServiceName: s, VpcEndpointType: Gateway, RouteTableIds: [a]"},
	{"ec2-acl-block", "EC2::NetworkAclEntry", "", "NetworkAclId: n, RuleNumber: 100, RuleAction: allow, Protocol: -1", acl + "Protocol: -1"},
	{"ec2-acl-ports", "EC2::NetworkAclEntry", "", acl + "Protocol: 6", acl + "Protocol: 6, PortRange: {From: 80, To: 80}"},
	{"ec2-acl-icmp", "EC2::NetworkAclEntry", "", acl + "Protocol: 1", acl + "Protocol: 1, Icmp: {Code: -1, Type: -1}"},
	{"ec2-acl-action", "EC2::NetworkAclEntry", "RuleAction", "NetworkAclId: n, RuleNumber: 100, RuleAction: ALLOW, CidrBlock: 0.0.0.0/0, Protocol: -1", acl + "Protocol: -1"},
	{"ec2-flow-log", "EC2::FlowLog", "", "ResourceId: v, ResourceType: VPC, LogDestinationType: cloud-watch-logs, LogGroupName: g", "ResourceId: v, ResourceType: VPC, LogDestinationType: cloud-watch-logs, LogGroupName: g, DeliverLogsPermissionArn: 'arn:r'"},
	{"ec2-flow-log-destination", "EC2::FlowLog", "LogGroupName", "ResourceId: v, ResourceType: VPC, LogDestination: d, LogGroupName: g", "ResourceId: v, ResourceType: VPC, LogDestination: d"},
	{"ec2-vpc-cidr", "EC2::VPCCidrBlock", "", "VpcId: v", "VpcId: v, CidrBlock: 10.1.0.0/16"},
	{"ec2-peering", "EC2::VPCPeeringConnection", "PeerVpcId", "VpcId: v, PeerVpcId: v", "VpcId: v, PeerVpcId: w"},
}

// twoSubnets is a template with two subnets of one VPC, the second of that block.
func twoSubnets(block string) string {
	return "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}, A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: 10.0.0.0/24}}, B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: " + block + "}}}"
}

// routes is a template with a route to two gateways.
func routes(gateway, nat string) string {
	return "Conditions: {C: !Equals [!Ref AWS::Region, x]}\nResources: {R: {Type: AWS::EC2::Route, Properties: {RouteTableId: r, DestinationCidrBlock: 0.0.0.0/0, GatewayId: " + gateway + ", NatGatewayId: " + nat + "}}}"
}
