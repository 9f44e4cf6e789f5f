package waiter

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// StackOf returns the ARN of the stack that a message is about, and whether it is one about a stack:
// an event of EventBridge ("CloudFormation Stack Status Change" and the like), or a notification of
// CloudFormation to an SNS topic (see executor's Options.NotificationARNs), as they are or in the
// envelope that SNS, or EventBridge, puts around them on their way to a queue or an endpoint. With
// [Poller.Wake], whatever receives such messages wakes those who wait:
//
//	if id, ok := waiter.StackOf(body); ok {
//		poller.Wake(id)
//	}
//
// Package waiter/queue does that for a queue of SQS:
//
//	reader := queue.Reader{API: sqs.NewFromConfig(cfg), URL: url}
//	err := reader.Run(ctx, poller.Wake)
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-sets-eventbridge.html
func StackOf(message []byte) (stackID string, ok bool) {
	n := noticeOf(string(message))
	return n.stackID, n.stackID != ""
}

// StatusOf is [StackOf] for messages that tell of the stack itself: it returns the status, too, and no
// stack if the message tells of one of its resources. A wait has no use for others, and each costs it a
// call.
func StatusOf(message []byte) (stackID string, status stack.Status, ok bool) {
	n := noticeOf(string(message))
	if n.stackID == "" || n.status == "" || n.resource != "" && n.resource != n.stackID {
		return "", "", false
	}
	return n.stackID, stack.Status(n.status), true
}

// A notice is what a message tells.
type notice struct {
	stackID  string // "" if it tells of no stack
	resource string // the physical ID of what it tells of, its logical ID if it has none; "" is the stack
	status   string
}

func noticeOf(text string) notice {
	for range 3 { // envelopes within envelopes
		inner, n := open(text)
		if n.stackID != "" {
			return n
		}
		if inner == "" {
			break
		}
		text = inner
	}
	return notice{}
}

// open returns what is in an envelope, or what a message tells.
func open(text string) (inner string, n notice) {
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return "", notified(text)
	}
	var m struct {
		Type, Message string // of SNS
		Detail        struct {
			StackID    string `json:"stack-id"`
			LogicalID  string `json:"logical-resource-id"`
			PhysicalID string `json:"physical-resource-id"`
			Details    struct {
				Status string `json:"status"`
			} `json:"status-details"`
		} `json:"detail"`
	}
	if json.Unmarshal([]byte(text), &m) != nil {
		return "", notice{}
	}
	d := m.Detail
	return m.Message, notice{stackARN(d.StackID), cmp.Or(d.PhysicalID, d.LogicalID), d.Details.Status}
}

// notified reads a notification: a line for each member, as StackId='arn:…'. Of two lines the first
// counts, since a reason may be of several lines and hold anything.
func notified(text string) notice {
	members := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "='")
		if _, known := members[name]; ok && !known {
			members[name] = strings.TrimSuffix(value, "'")
		}
	}
	return notice{stackARN(members["StackId"]), cmp.Or(members["PhysicalResourceId"], members["LogicalResourceId"]), members["ResourceStatus"]}
}

// stackARN returns s if it is the ARN of a stack, else "".
func stackARN(s string) string {
	if strings.HasPrefix(s, "arn:") && strings.Contains(s, ":cloudformation:") && strings.Contains(s, ":stack/") {
		return s
	}
	return ""
}
