package waiter

import (
	"encoding/json"
	"strings"
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
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-sets-eventbridge.html
func StackOf(message []byte) (stackID string, ok bool) {
	text := string(message)
	for range 3 { // envelopes within envelopes
		inner, id := open(text)
		if id != "" {
			return id, true
		}
		if inner == "" {
			break
		}
		text = inner
	}
	return "", false
}

// open returns what is in an envelope, or the stack that is named in a message.
func open(text string) (inner, stackID string) {
	if !strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		return "", notified(text)
	}
	var m struct {
		Type, Message string // of SNS
		Detail        struct {
			StackID string `json:"stack-id"`
		} `json:"detail"`
	}
	if json.Unmarshal([]byte(text), &m) != nil {
		return "", ""
	}
	return m.Message, stackARN(m.Detail.StackID)
}

// notified reads a notification: a line for each member, as StackId='arn:…'.
func notified(text string) string {
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "StackId='"); ok {
			return stackARN(strings.TrimSuffix(value, "'"))
		}
	}
	return ""
}

// stackARN returns s if it is the ARN of a stack, else "".
func stackARN(s string) string {
	if strings.HasPrefix(s, "arn:") && strings.Contains(s, ":cloudformation:") && strings.Contains(s, ":stack/") {
		return s
	}
	return ""
}
