package validate_test

const (
	vpc = " & V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}"
	acl = "NetworkAclId: acl-1, RuleNumber: 100, RuleAction: allow, CidrBlock: 0.0.0.0/0, "
)

var networkRows = []row{
	{"ec2-vpc-block", "EC2::VPC", "", "EnableDnsSupport: true", "CidrBlock: 10.0.0.0/16"},
	{"ec2-vpc-size", "EC2::VPC", "CidrBlock", "CidrBlock: 10.0.0.0/8", "CidrBlock: 10.0.0.0/16"},
	{"ec2-subnet-size", "EC2::Subnet", "CidrBlock", "VpcId: vpc-1, CidrBlock: 10.0.0.0/29", "VpcId: vpc-1, CidrBlock: 10.0.0.0/28"},
	{"ec2-subnet-inside", "EC2::Subnet", "CidrBlock", "VpcId: !Ref V, CidrBlock: 10.1.0.0/24" + vpc, "VpcId: !Ref V, CidrBlock: 10.0.1.0/24" + vpc},
	{code: "ec2-subnet-overlap", path: "Resources.B.Properties.CidrBlock", bad: twoSubnets("10.0.0.128/25"), good: twoSubnets("10.0.1.0/24")},
	{"ec2-subnet-zone", "EC2::Subnet", "AvailabilityZoneId", "VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: a, AvailabilityZoneId: b", "VpcId: vpc-1, CidrBlock: 10.0.0.0/24, AvailabilityZone: a"},
	{"ec2-route-destination", "EC2::Route", "", "RouteTableId: rtb-1, GatewayId: g", "RouteTableId: rtb-1, GatewayId: g, DestinationCidrBlock: 0.0.0.0/0"},
	{"ec2-route-target", "EC2::Route", "", "RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0", "RouteTableId: rtb-1, NatGatewayId: nat-1, DestinationCidrBlock: 0.0.0.0/0"},
	{code: "ec2-route-target", path: "Resources.R.Properties.NatGatewayId", bad: routes("!If [C, g, !Ref AWS::NoValue]", "n"), good: routes("!If [C, g, !Ref AWS::NoValue]", "!If [C, !Ref AWS::NoValue, nat-1]")},
	{"ec2-attachment", "EC2::VPCGatewayAttachment", "", "VpcId: vpc-1", "VpcId: vpc-1, InternetGatewayId: igw-1"},
	{"ec2-nat-address", "EC2::NatGateway", "", "SubnetId: subnet-1", "SubnetId: subnet-1, ConnectivityType: private"},
	{"ec2-endpoint-gateway", "EC2::VPCEndpoint", "SubnetIds", "VpcId: vpc-1, ServiceName: s, VpcEndpointType: Gateway, SubnetIds: [subnet-1]", "VpcId: vpc-1, ServiceName: s, VpcEndpointType: Interface, SubnetIds: [subnet-1]"},
	{"ec2-endpoint-interface", "EC2::VPCEndpoint", "RouteTableIds", "VpcId: vpc-1, ServiceName: s, VpcEndpointType: Interface, RouteTableIds: [a]", "VpcId: vpc-1, ServiceName: s, VpcEndpointType: Gateway, RouteTableIds: [a]"},
	{"ec2-acl-block", "EC2::NetworkAclEntry", "", "NetworkAclId: acl-1, RuleNumber: 100, RuleAction: allow, Protocol: -1", acl + "Protocol: -1"},
	{"ec2-acl-ports", "EC2::NetworkAclEntry", "", acl + "Protocol: 6", acl + "Protocol: 6, PortRange: {From: 80, To: 80}"},
	{"ec2-acl-icmp", "EC2::NetworkAclEntry", "", acl + "Protocol: 1", acl + "Protocol: 1, Icmp: {Code: -1, Type: -1}"},
	{"ec2-acl-action", "EC2::NetworkAclEntry", "RuleAction", "NetworkAclId: acl-1, RuleNumber: 100, RuleAction: ALLOW, CidrBlock: 0.0.0.0/0, Protocol: -1", acl + "Protocol: -1"},
	{"ec2-flow-log", "EC2::FlowLog", "", "ResourceId: v, ResourceType: VPC, LogDestinationType: cloud-watch-logs, LogGroupName: g", "ResourceId: v, ResourceType: VPC, LogDestinationType: cloud-watch-logs, LogGroupName: g, DeliverLogsPermissionArn: 'arn:r'"},
	{"ec2-flow-log-destination", "EC2::FlowLog", "LogGroupName", "ResourceId: v, ResourceType: VPC, LogDestination: d, LogGroupName: g", "ResourceId: v, ResourceType: VPC, LogDestination: d"},
	{"ec2-vpc-cidr", "EC2::VPCCidrBlock", "", "VpcId: vpc-1", "VpcId: vpc-1, CidrBlock: 10.1.0.0/16"},
	{"ec2-peering", "EC2::VPCPeeringConnection", "PeerVpcId", "VpcId: vpc-1, PeerVpcId: vpc-1", "VpcId: vpc-1, PeerVpcId: vpc-2"},
}

// twoSubnets is a template with two subnets of one VPC, the second of that block.
func twoSubnets(block string) string {
	return "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}, A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: 10.0.0.0/24}}, B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: " + block + "}}}"
}

// routes is a template with a route to two gateways.
func routes(gateway, nat string) string {
	return "Conditions: {C: !Equals [!Ref AWS::Region, x]}\nResources: {R: {Type: AWS::EC2::Route, Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, GatewayId: " + gateway + ", NatGatewayId: " + nat + "}}}"
}
