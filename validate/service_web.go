package validate

import (
	"fmt"
	"net/netip"
	"strings"
)

func webChecks() []check {
	distribution, record := on("CloudFront::Distribution"), on("Route53::RecordSet")
	return []check{
		{Rule{"cloudfront-origin", fails, "a behavior is for an origin of its distribution"}, distribution, cacheOrigins},
		{Rule{"cloudfront-origin-twice", fails, "the ID of an origin stands once"}, distribution, distinct("DistributionConfig.Origins[]", "Id")},
		{Rule{"cloudfront-origin-kind", fails, "an origin is of one kind"}, distribution, exclusive("DistributionConfig.Origins[]", "CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig")},
		{Rule{"cloudfront-certificate", fails, "a viewer's certificate comes from one place"}, distribution, func(s *subject) {
			s.each("DistributionConfig.ViewerCertificate", func(v value) {
				atMostOne(s, v, []string{"AcmCertificateArn", "CloudFrontDefaultCertificate", "IamCertificateId"})
			})
		}},
		{Rule{"cloudfront-certificate-method", fails, "a certificate of one's own says how it is served"}, distribution, together("DistributionConfig.ViewerCertificate", "AcmCertificateArn", "SslSupportMethod")},
		{Rule{"cloudfront-aliases", fails, "a distribution with aliases has a certificate"}, distribution, func(s *subject) {
			v := s.props.get("DistributionConfig")
			if items, _ := v.get("Aliases").items(); len(items) > 0 && v.get("ViewerCertificate").missing() {
				s.flag(v.get("Aliases"), "the distribution has aliases and no certificate", "set ViewerCertificate")
			}
		}},
		{Rule{"cloudfront-cache", fails, "a behavior has a cache policy or ForwardedValues"}, distribution, func(s *subject) {
			for _, path := range []string{"DistributionConfig.DefaultCacheBehavior", "DistributionConfig.CacheBehaviors[]"} {
				one(path, "CachePolicyId", "ForwardedValues")(s)
			}
		}},
		{Rule{"cloudfront-cache-time", fails, "the times of a cache are in their order"}, distribution, all(ordered("DistributionConfig.DefaultCacheBehavior", "MinTTL", "MaxTTL"), ordered("DistributionConfig.CacheBehaviors[]", "MinTTL", "MaxTTL"))},
		{Rule{"route53-alias", fails, "a record is an alias or has records"}, record, one("", "AliasTarget", "ResourceRecords")},
		{Rule{"route53-alias-ttl", fails, "an alias has no TTL"}, record, exclusive("", "AliasTarget", "TTL")},
		{Rule{"route53-ttl", fails, "records have a TTL"}, record, together("", "ResourceRecords", "TTL")},
		{Rule{"route53-zone", fails, "a record is in one zone"}, record, one("", "HostedZoneId", "HostedZoneName")},
		{Rule{"route53-zone-name", fails, "the name of a zone ends in a dot"}, record, textual("", "HostedZoneName", "put a dot at its end", func(text string) string {
			if strings.HasSuffix(text, ".") {
				return ""
			}
			return "the name of the zone is " + shown(text)
		})},
		{Rule{"route53-routing", fails, "a record of a routing policy has a SetIdentifier"}, record, func(s *subject) {
			for _, name := range []string{"CidrRoutingConfig", "Failover", "GeoLocation", "MultiValueAnswer", "Region", "Weight"} {
				if s.props.get(name).there() {
					demand(s, s.props, []string{"SetIdentifier"}, name+" is set")
				}
			}
		}},
		{Rule{"route53-routing-one", fails, "a record has one routing policy"}, record, exclusive("", "CidrRoutingConfig", "Failover", "GeoLocation", "GeoProximityLocation", "MultiValueAnswer", "Region", "Weight")},
		{Rule{"route53-value", fails, "a record has values of its type"}, record, recordValues},
		{Rule{"route53-cname", fails, "a CNAME has one value"}, record, func(s *subject) {
			if s.props.get("Type").is("CNAME") {
				most("", "ResourceRecords", 1)(s)
			}
		}},
	}
}

func cacheOrigins(s *subject) {
	config := s.props.get("DistributionConfig")
	var names []string
	known := true
	for _, list := range []string{"Origins", "OriginGroups"} {
		v := config.get(list)
		if list == "OriginGroups" {
			v = v.get("Items")
		}
		items, all := v.items()
		known = known && (all || v.missing())
		for _, item := range items {
			name, ok := item.get("Id").text()
			known = known && ok
			names = append(names, name)
		}
	}
	if !known || !config.get("CustomOrigin").missing() || !config.get("S3Origin").missing() {
		return
	}
	for _, path := range []string{"DefaultCacheBehavior", "CacheBehaviors[]"} {
		config.each(path, func(v value) {
			name, ok := v.get("TargetOriginId").text()
			if ok && !contains(names, name) {
				s.flag(v.get("TargetOriginId"), fmt.Sprintf("%s is no origin of the distribution", shown(name)), nearest(name, names, "add it to Origins"))
			}
		})
	}
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

func recordValues(s *subject) {
	kind, _ := s.props.get("Type").text()
	items, _ := s.props.get("ResourceRecords").items()
	for _, v := range items {
		text, ok := v.text()
		if !ok {
			continue
		}
		addr, err := netip.ParseAddr(text)
		wrong := false
		switch kind {
		case "A":
			wrong = err != nil || !addr.Is4()
		case "AAAA":
			wrong = err != nil || !addr.Is6()
		case "TXT", "SPF":
			wrong = !strings.HasPrefix(text, `"`) || !strings.HasSuffix(text, `"`)
		case "MX":
			wrong = len(strings.Fields(text)) != 2
		case "SRV":
			wrong = len(strings.Fields(text)) != 4
		case "CAA":
			wrong = len(strings.Fields(text)) < 3
		}
		if wrong {
			s.flag(v, fmt.Sprintf("%s is no value of a record of type %s", shown(text), kind), "see the manual for its form")
		}
	}
}
