package validate

import (
	"fmt"
	"regexp"
	"strings"
)

func messagingChecks() []check {
	queue, topic, rule := on("SQS::Queue"), on("SNS::Topic"), on("Events::Rule")
	return []check{
		{Rule{"sqs-fifo-name", fails, "the name of a FIFO queue ends in .fifo, and no other does"}, queue, fifoName("QueueName", "FifoQueue")},
		{Rule{"sqs-fifo-property", fails, "what is for FIFO queues is set for those only"}, queue, fifoOnly("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")},
		{Rule{"sqs-redrive", fails, "a redrive policy has deadLetterTargetArn and maxReceiveCount"}, queue, func(s *subject) {
			s.each("RedrivePolicy", func(v value) {
				demand(s, v, []string{"deadLetterTargetArn", "maxReceiveCount"}, "a redrive policy is set")
			})
		}},
		{Rule{"sqs-redrive-fifo", fails, "the dead letters of a FIFO queue go to a FIFO queue"}, queue, func(s *subject) {
			v := s.props.get("RedrivePolicy", "deadLetterTargetArn")
			other, ok := v.resource("SQS::Queue")
			if ok && s.props.get("FifoQueue").isTrue() && other.get("FifoQueue").missing() {
				s.flag(v, "a FIFO queue sends its dead letters to a queue that is none", "set FifoQueue there")
			}
		}},
		{Rule{"sqs-encryption", fails, "a queue is encrypted by SQS or by a key"}, queue, func(s *subject) {
			if v := s.props.get("KmsMasterKeyId"); v.there() && s.props.get("SqsManagedSseEnabled").isTrue() {
				s.flag(v, "KmsMasterKeyId is set where SqsManagedSseEnabled is true", "leave one of them out")
			}
		}},
		{Rule{"sns-fifo-name", fails, "the name of a FIFO topic ends in .fifo, and no other does"}, topic, fifoName("TopicName", "FifoTopic")},
		{Rule{"sns-fifo-property", fails, "what is for FIFO topics is set for those only"}, topic, fifoOnly("FifoTopic", "ContentBasedDeduplication", "ArchivePolicy")},
		{Rule{"sns-endpoint", fails, "a subscription has an endpoint"}, on("SNS::Subscription"), where("", "Protocol", "email|email-json|firehose|http|https|lambda|sms|sqs", "Endpoint")},
		{Rule{"sns-endpoint-syntax", fails, "the endpoint of a subscription is of its protocol"}, on("SNS::Subscription"), endpointSyntax},
		{Rule{"sns-firehose-role", fails, "a subscription of Firehose has a role"}, on("SNS::Subscription"), where("", "Protocol", "firehose", "SubscriptionRoleArn")},
		{Rule{"events-trigger", fails, "a rule has a pattern or a schedule"}, rule, some("", "EventPattern", "ScheduleExpression")},
		{Rule{"events-schedule", fails, "a schedule is rate(…) or cron(…)"}, rule, textual("", "ScheduleExpression", "write it as in rate(5 minutes) or cron(0 12 * * ? *)", wrongSchedule)},
		{Rule{"events-targets", fails, "a rule has at most 5 targets"}, rule, most("", "Targets", 5)},
		{Rule{"events-target-twice", fails, "the ID of a target stands once"}, rule, distinct("Targets[]", "Id")},
		{Rule{"events-target-input", fails, "a target has one kind of input"}, rule, exclusive("Targets[]", "Input", "InputPath", "InputTransformer")},
		{Rule{"scheduler-expression", fails, "a schedule is at(…), rate(…) or cron(…)"}, on("Scheduler::Schedule"), textual("", "ScheduleExpression", "write it as in at(2030-01-01T00:00:00), rate(5 minutes) or cron(0 12 * * ? *)", func(text string) string {
			if strings.HasPrefix(text, "at(") && strings.HasSuffix(text, ")") {
				return ""
			}
			return wrongSchedule(text)
		})},
		{Rule{"scheduler-window", fails, "a flexible window has a length"}, on("Scheduler::Schedule"), where("FlexibleTimeWindow", "Mode", "FLEXIBLE", "MaximumWindowInMinutes")},
		{Rule{"kinesis-shards", fails, "a stream on demand has no ShardCount"}, on("Kinesis::Stream"), func(s *subject) {
			if v := s.props.get("ShardCount"); v.there() && s.props.get("StreamModeDetails", "StreamMode").is("ON_DEMAND") {
				s.flag(v, "ShardCount is set for a stream on demand", "leave it out")
			}
		}},
	}
}

func fifoName(name, flag string) func(*subject) {
	return func(s *subject) {
		v, fifo := s.props.get(name), s.props.get(flag)
		text, ok := v.text()
		switch ends := strings.HasSuffix(text, ".fifo"); {
		case !ok:
		case fifo.isTrue() && !ends:
			s.flag(v, fmt.Sprintf("the name is %s where %s is true", shown(text), flag), "end it in .fifo")
		case ends && (fifo.missing() || fifo.is("false")):
			s.flag(v, fmt.Sprintf("the name is %s where %s is not true", shown(text), flag), "set "+flag+", or change the name")
		}
	}
}

func fifoOnly(flag string, names ...string) func(*subject) {
	return func(s *subject) {
		if fifo := s.props.get(flag); !fifo.missing() && !fifo.is("false") {
			return
		}
		for _, name := range names {
			if v := s.props.get(name); v.there() && !v.is("false") {
				s.flag(v, fmt.Sprintf("%s is set where %s is not", name, flag), "set "+flag+", or leave it out")
			}
		}
	}
}

func endpointSyntax(s *subject) {
	v := s.props.get("Endpoint")
	text, ok := v.text()
	protocol, _ := s.props.get("Protocol").text()
	var good bool
	switch protocol {
	case "email", "email-json":
		good = strings.Contains(text, "@")
	case "http", "https":
		good = strings.HasPrefix(text, protocol+"://")
	case "sqs", "lambda", "firehose":
		good = strings.HasPrefix(text, "arn:")
	default:
		return
	}
	if ok && !good {
		s.flag(v, fmt.Sprintf("%s is no endpoint of the protocol %s", shown(text), protocol), "change one of them")
	}
}

var (
	rateSyntax = regexp.MustCompile(`^rate\((1 (minute|hour|day)|\d+ (minutes|hours|days))\)$`)
	cronSyntax = regexp.MustCompile(`^cron\(\S+ \S+ \S+ \S+ \S+ \S+\)$`)
)

func wrongSchedule(text string) string {
	switch {
	case rateSyntax.MatchString(text) && !(strings.HasPrefix(text, "rate(1 ") && strings.HasSuffix(text, "s)")):
		return ""
	case cronSyntax.MatchString(text):
		fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "cron("), ")"))
		if fields[2] == "?" || fields[4] == "?" {
			return ""
		}
		return shown(text) + " names both a day of the month and a day of the week"
	}
	return shown(text) + " is no schedule"
}
