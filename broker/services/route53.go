package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/route53"
	"github.com/updraft-go/updraft/stack"
)

// Route53 is a hosted zone, in the plans public and private. A binding may read and change its records.
func Route53() *broker.Service {
	return &broker.Service{
		Name: "route53", DisplayName: "Amazon Route 53", Description: "A DNS zone of Amazon Route 53", ProviderName: provider,
		LongDescription:  "A zone with the names of a domain, for everybody or for a VPC.",
		DocumentationURL: "https://docs.aws.amazon.com/route53/", Tags: []string{"AWS", "Route53", "dns"},
		Plans: []broker.Plan{
			{Name: "public", DisplayName: "Public", Description: "Names that everybody finds", Cost: "https://aws.amazon.com/route53/pricing/"},
			{Name: "private", DisplayName: "Private", Description: "Names that are found in a VPC", Cost: "https://aws.amazon.com/route53/pricing/"},
		},
		Template: zoneTemplate,
		Bindings: rights([]fn.String{"arn:" + fn.Partition + ":route53:::hostedzone/" + fn.Ref("Zone")},
			"route53:ChangeResourceRecordSets", "route53:GetHostedZone", "route53:ListResourceRecordSets"),
	}
}

func zoneTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a zone of a service broker"}
	name := t.Parameter("DomainName", stack.Parameter{
		Description: "The domain, such as example.com", AllowedPattern: `([a-zA-Z0-9_-]{1,63}\.)+[a-zA-Z0-9-]{1,63}\.?`, ConstraintDescription: "must be a domain such as example.com",
	})
	zone := &route53.HostedZone{Name: name.Ref()}
	if plan == "private" {
		vpc := t.Parameter("VpcId", stack.Parameter{Type: "AWS::EC2::VPC::Id", Description: "The VPC in which the names are found"})
		zone.VPCs = []route53.HostedZone_VPC{{VPCId: vpc.Ref(), VPCRegion: fn.Region}}
	}
	stack.Add(t, "Zone", zone)
	t.Output("HostedZoneID", stack.Output{Description: "ID of the zone", Value: zone.Ref()})
	t.Output("DomainName", stack.Output{Description: "The domain", Value: name.Ref()})
	if plan == "public" {
		t.Output("NameServers", stack.Output{Description: "Its name servers, with commas between", Value: fn.Join(",", zone.AttrNameServers()...)})
	}
	return t, nil
}
