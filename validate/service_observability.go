package validate

import (
	"encoding/json"
	"fmt"
	"slices"
)

var retentions = []float64{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

func observabilityChecks() []check {
	alarm := on("CloudWatch::Alarm")
	return []check{
		{Rule{"cloudwatch-metric", fails, "an alarm watches a metric or an expression"}, alarm, one("", "MetricName", "Metrics")},
		{Rule{"cloudwatch-metric-parts", fails, "an alarm on an expression has its namespace, period and statistic there"}, alarm, func(s *subject) {
			if !s.props.get("Metrics").there() {
				return
			}
			for _, name := range []string{"Dimensions", "Namespace", "Period", "Statistic", "ExtendedStatistic"} {
				if v := s.props.get(name); v.there() {
					s.flag(v, name+" is set beside Metrics", "set it in the metric")
				}
			}
		}},
		{Rule{"cloudwatch-statistic", fails, "an alarm on a metric has one statistic"}, alarm, func(s *subject) {
			if s.props.get("MetricName").there() {
				atMostOne(s, s.props, []string{"ExtendedStatistic", "Statistic"})
				atLeastOne(s, s.props, []string{"ExtendedStatistic", "Statistic"})
			}
		}},
		{Rule{"cloudwatch-namespace", fails, "an alarm on a metric has its namespace and period"}, alarm, together("", "MetricName", "Namespace", "Period")},
		{Rule{"cloudwatch-period", fails, "a period is 10, 20, 30 or a multiple of 60 seconds"}, alarm, func(s *subject) {
			v := s.props.get("Period")
			if n, ok := v.number(); ok && n != 10 && n != 20 && n != 30 && (n < 60 || int(n)%60 != 0) {
				s.flag(v, fmt.Sprintf("Period is %v", n), "use 10, 20, 30 or a multiple of 60")
			}
		}},
		{Rule{"cloudwatch-datapoints", fails, "the points that raise an alarm are among those that are looked at"}, alarm, ordered("", "DatapointsToAlarm", "EvaluationPeriods")},
		{Rule{"cloudwatch-threshold", fails, "an alarm has a fixed threshold or one from a metric"}, alarm, one("", "Threshold", "ThresholdMetricId")},
		{Rule{"cloudwatch-actions", fails, "an alarm has at most 5 actions for a state"}, alarm, all(most("", "AlarmActions", 5), most("", "OKActions", 5), most("", "InsufficientDataActions", 5))},
		{Rule{"cloudwatch-dashboard", fails, "the body of a dashboard is JSON"}, on("CloudWatch::Dashboard"), textual("", "DashboardBody", "correct the JSON", brokenJSON)},
		{Rule{"logs-retention", fails, "a retention is one that there is"}, on("Logs::LogGroup"), func(s *subject) {
			v := s.props.get("RetentionInDays")
			if n, ok := v.number(); ok && !slices.Contains(retentions, n) {
				s.flag(v, fmt.Sprintf("RetentionInDays is %v", n), "use 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653")
			}
		}},
		{Rule{"logs-filter-role", fails, "a subscription to a stream has a role"}, on("Logs::SubscriptionFilter"), func(s *subject) {
			for _, kind := range []string{"Kinesis::Stream", "KinesisFirehose::DeliveryStream"} {
				if _, ok := s.props.get("DestinationArn").resource(kind); ok {
					demand(s, s.props, []string{"RoleArn"}, "the destination is a stream")
				}
			}
		}},
		{Rule{"logs-metric-one", fails, "a metric filter has one transformation"}, on("Logs::MetricFilter"), most("", "MetricTransformations", 1)},
		{Rule{"ssm-parameter-type", fails, "CloudFormation makes parameters of String and StringList only"}, on("SSM::Parameter"), textual("", "Type", "use String, or a secret", func(text string) string {
			if text != "String" && text != "StringList" {
				return "the type is " + shown(text)
			}
			return ""
		})},
		{Rule{"ssm-parameter-size", fails, "a parameter of the standard tier has at most 4 KB"}, on("SSM::Parameter"), func(s *subject) {
			text, ok := s.props.get("Value").text()
			if tier := s.props.get("Tier"); ok && len(text) > 4096 && (tier.missing() || tier.is("Standard")) {
				s.flag(s.props.get("Value"), fmt.Sprintf("the value has %d bytes", len(text)), "set Tier to Advanced")
			}
		}},
		{Rule{"ssm-parameter-name", fails, "the name of a parameter does not begin with aws or ssm"}, on("SSM::Parameter"), textual("", "Name", "use another prefix", reservedParameter)},
	}
}

func reservedParameter(text string) string {
	for _, prefix := range []string{"aws", "ssm", "/aws/", "/ssm/"} {
		if len(text) >= len(prefix) && equalFold(text[:len(prefix)], prefix) {
			return "the name is " + shown(text)
		}
	}
	return ""
}

func equalFold(a, b string) bool {
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// brokenJSON says what is wrong with a text that is to be JSON.
func brokenJSON(text string) string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return "the text is no JSON: " + err.Error()
	}
	return ""
}
