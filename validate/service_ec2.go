package validate

import (
	"encoding/base64"
	"fmt"
	"strings"
)

func ec2Checks() []check {
	return []check{
		{Rule{"ec2-instance-image", fails, "an instance has an ImageId, or a launch template that has one"}, on("EC2::Instance"), some("", "ImageId", "LaunchTemplate")},
		{Rule{"ec2-instance-interfaces", fails, "an instance with NetworkInterfaces has its subnet and groups there"}, on("EC2::Instance"), interfacesAlone},
		{Rule{"ec2-instance-groups", fails, "an instance has either SecurityGroups or SecurityGroupIds"}, on("EC2::Instance"), exclusive("", "SecurityGroupIds", "SecurityGroups")},
		{Rule{"ec2-launch-template", fails, "a launch template is named by its ID or its name"}, on("EC2::Instance"), one("LaunchTemplate", "LaunchTemplateId", "LaunchTemplateName")},
		{Rule{"ec2-launch-template-version", fails, "an instance names the version of its launch template"}, on("EC2::Instance"), func(s *subject) {
			s.each("LaunchTemplate", func(v value) { demand(s, v, []string{"Version"}, "a launch template is used") })
		}},
		{Rule{"ec2-block-device", fails, "a block device is one of Ebs, NoDevice and VirtualName"}, on("EC2::Instance"), exclusive("BlockDeviceMappings[]", "Ebs", "NoDevice", "VirtualName")},
		{Rule{"ec2-block-device-twice", fails, "the name of a block device stands once"}, on("EC2::Instance"), distinct("BlockDeviceMappings[]", "DeviceName")},
		{Rule{"ec2-volume-size", fails, "a volume has a Size, or a snapshot that has one"}, on("EC2::Volume"), some("", "Size", "SnapshotId", "SourceVolumeId")},
		{Rule{"ec2-volume-iops", fails, "a volume has Iops where its type has provisioned ones"}, on("EC2::Volume"), all(where("", "VolumeType", "io1|io2", "Iops"), never("", "VolumeType", "gp2|st1|sc1|standard", "Iops"))},
		{Rule{"ec2-volume-throughput", fails, "only a volume of type gp3 has a Throughput"}, on("EC2::Volume"), never("", "VolumeType", "gp2|io1|io2|st1|sc1|standard", "Throughput")},
		{Rule{"ec2-ebs-iops", fails, "a block device has Iops where its type has provisioned ones"}, on("EC2::Instance"), all(where("BlockDeviceMappings[].Ebs", "VolumeType", "io1|io2", "Iops"), never("BlockDeviceMappings[].Ebs", "VolumeType", "gp2|st1|sc1|standard", "Iops"))},
		{Rule{"ec2-user-data", warns, "user data is base64"}, on("EC2::Instance"), textual("", "UserData", "put Fn::Base64 around it", plainUserData)},
		{Rule{"ec2-group-ports", fails, "the ports of a rule are in their order"}, on("EC2::SecurityGroup", "EC2::SecurityGroupIngress", "EC2::SecurityGroupEgress"), securityRules(rulePorts)},
		{Rule{"ec2-group-ports-missing", fails, "a rule of tcp or udp has ports"}, on("EC2::SecurityGroup", "EC2::SecurityGroupIngress", "EC2::SecurityGroupEgress"), securityRules(rulePortsMissing)},
		{Rule{"ec2-group-source", fails, "a rule of a security group has exactly one source or destination"}, on("EC2::SecurityGroup", "EC2::SecurityGroupIngress", "EC2::SecurityGroupEgress"), securityRules(ruleSource)},
		{Rule{"ec2-group-owner", fails, "an ingress rule names its security group"}, on("EC2::SecurityGroupIngress"), some("", "GroupId", "GroupName")},
		{Rule{"ec2-eip-association", fails, "an address is associated with an instance or a network interface"}, on("EC2::EIPAssociation"), some("", "InstanceId", "NetworkInterfaceId")},
		{Rule{"ec2-launch-template-groups", fails, "a launch template with network interfaces has its groups there"}, on("EC2::LaunchTemplate"), exclusive("LaunchTemplateData", "NetworkInterfaces", "SecurityGroupIds")},
	}
}

func interfacesAlone(s *subject) {
	if !s.props.get("NetworkInterfaces").there() {
		return
	}
	for _, name := range []string{"SubnetId", "SecurityGroupIds", "SecurityGroups"} {
		if v := s.props.get(name); v.there() {
			s.flag(v, name+" is set beside NetworkInterfaces", "set it in the network interface")
		}
	}
}

func plainUserData(text string) string {
	_, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	if err == nil {
		return ""
	}
	return "the user data is plain text"
}

// securityRules checks each rule of a security group, or a resource that is one. outward says that
// it is about what leaves.
func securityRules(do func(s *subject, v value, outward bool)) func(*subject) {
	return func(s *subject) {
		switch s.node.Get("Type").Str() {
		case "AWS::EC2::SecurityGroup":
			s.each("SecurityGroupIngress[]", func(v value) { do(s, v, false) })
			s.each("SecurityGroupEgress[]", func(v value) { do(s, v, true) })
		case "AWS::EC2::SecurityGroupIngress":
			do(s, s.props, false)
		default:
			do(s, s.props, true)
		}
	}
}

func rulePorts(s *subject, v value, _ bool) {
	from, fok := v.get("FromPort").number()
	to, tok := v.get("ToPort").number()
	if fok && tok && from > to && to >= 0 && v.get("IpProtocol").is("tcp", "udp", "6", "17") {
		s.flag(v.get("FromPort"), fmt.Sprintf("FromPort, %v, is above ToPort, %v", from, to), "exchange them")
	}
}

func rulePortsMissing(s *subject, v value, _ bool) {
	if !v.get("IpProtocol").is("tcp", "udp", "6", "17") {
		return
	}
	from, to := v.get("FromPort"), v.get("ToPort")
	if from.missing() != to.missing() && !from.unsure && !to.unsure {
		demand(s, v, []string{"FromPort", "ToPort"}, "the other one is set")
	}
}

func ruleSource(s *subject, v value, outward bool) {
	names := []string{"CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupId", "SourceSecurityGroupName"}
	if outward {
		names = []string{"CidrIp", "CidrIpv6", "DestinationPrefixListId", "DestinationSecurityGroupId"}
	}
	atMostOne(s, v, names)
	atLeastOne(s, v, names)
}
