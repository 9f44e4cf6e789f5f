package validate

import (
	"fmt"
	"slices"
)

func loadBalancingChecks() []check {
	balancer, listener, rule, group := on("ElasticLoadBalancingV2::LoadBalancer"), on("ElasticLoadBalancingV2::Listener"), on("ElasticLoadBalancingV2::ListenerRule"), on("ElasticLoadBalancingV2::TargetGroup")
	return []check{
		{Rule{"elbv2-subnets", fails, "a load balancer has Subnets or SubnetMappings"}, balancer, exclusive("", "SubnetMappings", "Subnets")},
		{Rule{"elbv2-subnets-two", fails, "an application load balancer has subnets in two zones"}, balancer, twoSubnets},
		{Rule{"elbv2-name", fails, "the name of a load balancer or target group has letters, digits and hyphens, and does not begin with internal-"}, append(slices.Clone(balancer), group...), textual("", "Name", "use up to 32 letters, digits and hyphens", balancerName)},
		{Rule{"elbv2-listener-protocol", fails, "a listener has a protocol that its load balancer has"}, listener, listenerProtocol},
		{Rule{"elbv2-listener-certificate", fails, "a listener of HTTPS or TLS has a certificate"}, listener, where("", "Protocol", "HTTPS|TLS", "Certificates")},
		{Rule{"elbv2-listener-plain", fails, "a listener without TLS has no certificate"}, listener, never("", "Protocol", "HTTP|TCP|UDP|TCP_UDP", "Certificates", "SslPolicy")},
		{Rule{"elbv2-action", fails, "an action has the configuration of its type"}, append(slices.Clone(listener), rule...), actionConfig},
		{Rule{"elbv2-rule-priority", fails, "the priority of a rule is from 1 to 50000"}, rule, func(s *subject) {
			if v := s.props.get("Priority"); v.there() {
				if n, ok := v.number(); ok && (n < 1 || n > 50000) {
					s.flag(v, fmt.Sprintf("Priority is %v", n), "use 1 to 50000")
				}
			}
		}},
		{Rule{"elbv2-rule-twice", fails, "the priority of a rule stands once at its listener"}, rule, prioritiesOnce},
		{Rule{"elbv2-group-required", fails, "a target group that is not for a Lambda function has a port, a protocol and a VPC"}, group, func(s *subject) {
			if kind := s.props.get("TargetType"); kind.missing() || kind.is("instance", "ip", "alb") {
				demand(s, s.props, []string{"Port", "Protocol", "VpcId"}, "the targets are no Lambda function")
			}
		}},
		{Rule{"elbv2-group-lambda", fails, "a target group for a Lambda function has no port, protocol or VPC"}, group, never("", "TargetType", "lambda", "Port", "Protocol", "VpcId")},
		{Rule{"elbv2-health-time", fails, "the timeout of a health check is shorter than its interval"}, group, func(s *subject) {
			v := s.props.get("HealthCheckTimeoutSeconds")
			timeout, tok := v.number()
			interval, iok := s.props.get("HealthCheckIntervalSeconds").number()
			if tok && iok && timeout >= interval && (s.props.get("Protocol").is("HTTP", "HTTPS") || s.props.get("TargetType").is("lambda")) {
				s.flag(v, fmt.Sprintf("HealthCheckTimeoutSeconds, %v, is not below HealthCheckIntervalSeconds, %v", timeout, interval), "lower it")
			}
		}},
		{Rule{"elbv2-health-path", fails, "a health check of TCP has no path and no matcher"}, group, never("", "HealthCheckProtocol", "TCP", "HealthCheckPath", "Matcher")},
		{Rule{"elb-listeners", fails, "a classic load balancer has listeners and one of subnets and zones"}, on("ElasticLoadBalancing::LoadBalancer"), exclusive("", "AvailabilityZones", "Subnets")},
	}
}

func twoSubnets(s *subject) {
	if kind := s.props.get("Type"); !kind.missing() && !kind.is("application") {
		return
	}
	for _, name := range []string{"Subnets", "SubnetMappings"} {
		v := s.props.get(name)
		items, all := v.items()
		if !v.there() || !all || len(items) != 1 {
			continue
		}
		_, _, function := items[0].n.Function()
		if !function || items[0].refersTo() != "" {
			s.flag(v, "an application load balancer has one subnet", "give it subnets in two availability zones")
		}
	}
}

func balancerName(text string) string {
	for i, r := range text {
		if !alphanumeric(string(r)) && (r != '-' || i == 0 || i == len(text)-1) {
			return "the name is " + shown(text)
		}
	}
	if len(text) > 32 {
		return fmt.Sprintf("the name has %d characters", len(text))
	}
	if len(text) >= 9 && text[:9] == "internal-" {
		return "the name begins with internal-"
	}
	return ""
}

func listenerProtocol(s *subject) {
	v := s.props.get("Protocol")
	balancer, ok := s.props.get("LoadBalancerArn").resource("ElasticLoadBalancingV2::LoadBalancer")
	if !ok || !v.there() {
		return
	}
	text, _ := v.text()
	switch kind := balancer.get("Type"); {
	case (kind.missing() || kind.is("application")) && v.is("TCP", "TLS", "UDP", "TCP_UDP"):
		s.flag(v, fmt.Sprintf("the protocol is %s at an application load balancer", text), "use HTTP or HTTPS")
	case kind.is("network") && v.is("HTTP", "HTTPS"):
		s.flag(v, fmt.Sprintf("the protocol is %s at a network load balancer", text), "use TCP, TLS, UDP or TCP_UDP")
	}
}

func actionConfig(s *subject) {
	for _, path := range []string{"DefaultActions[]", "Actions[]"} {
		s.each(path, func(v value) {
			switch kind := v.get("Type"); {
			case kind.is("forward"):
				atLeastOne(s, v, []string{"TargetGroupArn", "ForwardConfig"})
			case kind.is("redirect"):
				demand(s, v, []string{"RedirectConfig"}, "Type is redirect")
			case kind.is("fixed-response"):
				demand(s, v, []string{"FixedResponseConfig"}, "Type is fixed-response")
			case kind.is("authenticate-cognito"):
				demand(s, v, []string{"AuthenticateCognitoConfig"}, "Type is authenticate-cognito")
			case kind.is("authenticate-oidc"):
				demand(s, v, []string{"AuthenticateOidcConfig"}, "Type is authenticate-oidc")
			}
		})
	}
}

func prioritiesOnce(s *subject) {
	mine, ok := s.props.get("Priority").text()
	listener := s.props.get("ListenerArn").refersTo()
	if !ok || listener == "" || s.node.Get("Condition") != nil {
		return
	}
	for _, m := range s.doc.Get("Resources").Members() {
		if m.Value == s.node {
			return
		}
		if m.Value.Get("Type").Str() != "AWS::ElasticLoadBalancingV2::ListenerRule" || m.Value.Get("Condition") != nil {
			continue
		}
		other := s.properties(at("Resources", m.Key), m.Value)
		if p, ok := other.get("Priority").text(); ok && p == mine && other.get("ListenerArn").refersTo() == listener {
			s.flag(s.props.get("Priority"), fmt.Sprintf("the priority %s is that of %s too", mine, m.Key), "give it another one")
		}
	}
}
