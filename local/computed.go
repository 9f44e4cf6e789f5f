package local

import "strings"

// computed are attributes that no shape describes, since they depend on which properties are there.
var computed = map[string]func(*inventor) string{
	"AWS::Events::Rule Arn":                         ruleARN,
	"AWS::EC2::VPCGatewayAttachment AttachmentType": attachmentType,
}

// ruleARN is the ARN of a rule of EventBridge. It names the bus, unless that is the default one.
func ruleARN(v *inventor) string {
	bus := v.r.live().Get("EventBusName").Str()
	if _, name, ok := strings.Cut(bus, ":event-bus/"); ok {
		bus = name
	}
	if bus != "" {
		bus += "/"
	}
	if bus == "default/" {
		bus = ""
	}
	r := v.s.region
	return "arn:" + r.partition + ":events:" + r.name + ":" + r.account + ":rule/" + bus + v.name()
}

// attachmentType says which kind of gateway is attached to a VPC.
func attachmentType(v *inventor) string {
	if v.r.live().Get("VpnGatewayId") != nil {
		return "VGW"
	}
	return "IGW"
}
