package local

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/updraft-go/updraft/internal/query"
)

// sqsError is an error by its name in the JSON protocol; older clients know some by another one.
func sqsError(code, format string, args ...any) error {
	return &query.Error{Code: "com.amazonaws.sqs#" + code, Message: fmt.Sprintf(format, args...)}
}

func sqsParameter(name, format string, args ...any) error {
	return sqsError("InvalidParameterValue", "Value for parameter %s is invalid. Reason: %s", name, fmt.Sprintf(format, args...))
}

// A sendInput is a message to send; of a batch, one entry of it.
type sendInput struct {
	Id                     string
	QueueUrl               string
	MessageBody            string
	DelaySeconds           *int
	MessageAttributes      map[string]messageAttribute `query:"-"`
	MessageAttribute       []namedAttribute            `json:"-"`
	MessageGroupId         string
	MessageDeduplicationId string
}

type sendOutput struct {
	Id                     string `json:",omitempty" xml:",omitempty"`
	MessageId              string
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty" xml:",omitempty"`
	SequenceNumber         string `json:",omitempty" xml:",omitempty"`
}

func sendMessage(r *region, in *sendInput) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out, err := r.send(a, in)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (r *region) send(a *asset, in *sendInput) (*sendOutput, error) {
	for _, m := range in.MessageAttribute {
		if in.MessageAttributes == nil {
			in.MessageAttributes = map[string]messageAttribute{}
		}
		value, err := m.plain()
		if err != nil {
			return nil, err
		}
		in.MessageAttributes[m.Name] = value
	}
	if err := a.checkMessage(in); err != nil {
		return nil, err
	}
	now := time.Now()
	delay := a.seconds("DelaySeconds")
	if in.DelaySeconds != nil {
		delay = time.Duration(*in.DelaySeconds) * time.Second
	}
	x := a.post(&message{
		id: r.cloud.uuid(), body: in.MessageBody, attributes: in.MessageAttributes, sent: now, visible: now.Add(delay),
		group: in.MessageGroupId, dedup: in.MessageDeduplicationId, sender: r.account,
	}, now)
	return &sendOutput{
		Id: in.Id, MessageId: x.id, MD5OfMessageBody: md5Text([]byte(x.body)), MD5OfMessageAttributes: md5Attributes(x.attributes), SequenceNumber: x.sequence,
	}, nil
}

// checkMessage refuses what SQS refuses, and gives a message of a FIFO queue its deduplication ID.
func (a *asset) checkMessage(in *sendInput) error {
	size := len(in.MessageBody)
	for name, m := range in.MessageAttributes {
		size += len(name) + len(m.DataType) + len(m.StringValue) + len(m.BinaryValue)
		if kind, _, _ := strings.Cut(m.DataType, "."); !slices.Contains([]string{"String", "Number", "Binary"}, kind) {
			return sqsError("InvalidParameterValue", "The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		}
	}
	switch most := a.number("MaximumMessageSize"); {
	case in.MessageBody == "":
		return sqsError("MissingParameter", "The request must contain the parameter MessageBody.")
	case size > most:
		return sqsParameter("MessageBody", "Message must be shorter than %d bytes.", most)
	case !utf8.ValidString(in.MessageBody) || strings.ContainsFunc(in.MessageBody, outlawed):
		return sqsError("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	case in.DelaySeconds != nil && (*in.DelaySeconds < 0 || *in.DelaySeconds > 900):
		return sqsParameter("DelaySeconds", "DelaySeconds must be >= 0 and <= 900.")
	case !a.isFIFO():
		return nil
	case in.DelaySeconds != nil && *in.DelaySeconds != 0:
		return sqsParameter("DelaySeconds", "The request include parameter that is not valid for this queue type.")
	case in.MessageGroupId == "":
		return sqsError("MissingParameter", "The request must contain the parameter MessageGroupId.")
	}
	if in.MessageDeduplicationId == "" {
		if a.queueAttributes()["ContentBasedDeduplication"] != "true" {
			return sqsError("InvalidParameterValue", "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		}
		sum := sha256.Sum256([]byte(in.MessageBody))
		in.MessageDeduplicationId = hex.EncodeToString(sum[:])
	}
	return nil
}

// outlawed reports whether a message cannot hold a character.
func outlawed(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}

type receiveInput struct {
	QueueUrl                    string
	AttributeNames              []string `query:"AttributeName"`
	MessageSystemAttributeNames []string `query:"MessageSystemAttributeName"`
	MessageAttributeNames       []string `query:"MessageAttributeName"`
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
}

type receiveOutput struct {
	Messages []messageOutput `json:",omitempty" xml:"Message"`
}

type messageOutput struct {
	MessageId              string
	ReceiptHandle          string
	MD5OfBody              string
	Body                   string
	Attributes             textMap      `json:",omitempty" xml:"Attribute"`
	MD5OfMessageAttributes string       `json:",omitempty" xml:",omitempty"`
	MessageAttributes      attributeMap `json:",omitempty" xml:"MessageAttribute"`
}

func receiveMessage(r *region, in *receiveInput) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	n, err := within("MaxNumberOfMessages", in.MaxNumberOfMessages, 1, 1, 10)
	if err != nil {
		return nil, err
	}
	wait, err := within("WaitTimeSeconds", in.WaitTimeSeconds, a.number("ReceiveMessageWaitTimeSeconds"), 0, 20)
	if err != nil {
		return nil, err
	}
	hide, err := within("VisibilityTimeout", in.VisibilityTimeout, a.number("VisibilityTimeout"), 0, 43200)
	if err != nil {
		return nil, err
	}
	list, next := r.take(a, n, time.Duration(hide)*time.Second, time.Now())
	out := &receiveOutput{}
	for _, x := range list {
		out.Messages = append(out.Messages, x.output(in))
	}
	if len(list) == 0 && wait > 0 {
		return &improvable{result: out, wait: time.Duration(wait) * time.Second, next: next, bell: a.mailbox().bell}, nil
	}
	return out, nil
}

// within is a number of a request, or its default.
func within(name string, given *int, otherwise, low, high int) (int, error) {
	if given == nil {
		return otherwise, nil
	}
	if *given < low || *given > high {
		return 0, sqsParameter(name, "Must be >= %d and <= %d, if provided.", low, high)
	}
	return *given, nil
}

// output is a message as it is received, with the attributes that were asked for.
func (x *message) output(in *receiveInput) messageOutput {
	out := messageOutput{MessageId: x.id, ReceiptHandle: x.id + "." + x.receipt, MD5OfBody: md5Text([]byte(x.body)), Body: x.body}
	asked := append(slices.Clone(in.AttributeNames), in.MessageSystemAttributeNames...)
	for name, value := range map[string]string{
		"SenderId": x.sender, "SentTimestamp": millis(x.sent), "ApproximateReceiveCount": strconv.Itoa(x.received),
		"ApproximateFirstReceiveTimestamp": millis(x.first), "MessageGroupId": x.group, "MessageDeduplicationId": x.dedup,
		"SequenceNumber": x.sequence, "DeadLetterQueueSourceArn": x.source,
	} {
		if value != "" && (slices.Contains(asked, "All") || slices.Contains(asked, name)) {
			if out.Attributes == nil {
				out.Attributes = textMap{}
			}
			out.Attributes[name] = value
		}
	}
	for name, value := range x.attributes {
		if slices.ContainsFunc(in.MessageAttributeNames, func(want string) bool { return attributeFits(want, name) }) {
			if out.MessageAttributes == nil {
				out.MessageAttributes = attributeMap{}
			}
			out.MessageAttributes[name] = value
		}
	}
	out.MD5OfMessageAttributes = md5Attributes(out.MessageAttributes)
	return out
}

// attributeFits understands All, .*, prefix.* and whole names.
func attributeFits(want, name string) bool {
	prefix, wild := strings.CutSuffix(want, ".*")
	return want == "All" || want == name || wild && strings.HasPrefix(name, prefix)
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

func md5Text(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// md5Attributes is the checksum of attributes as SQS computes it: of their names, types and values, each
// with its length before it, in the order of the names.
func md5Attributes(attributes map[string]messageAttribute) string {
	if len(attributes) == 0 {
		return ""
	}
	var b []byte
	text := func(s []byte) { b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...) }
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		m := attributes[name]
		text([]byte(name))
		text([]byte(m.DataType))
		if strings.HasPrefix(m.DataType, "Binary") {
			b = append(b, 2)
			text(m.BinaryValue)
		} else {
			b = append(b, 1)
			text([]byte(m.StringValue))
		}
	}
	return md5Text(b)
}
