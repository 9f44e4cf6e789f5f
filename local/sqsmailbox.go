package local

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A mailbox holds the messages of a queue. The cloud's lock guards it.
type mailbox struct {
	messages []*message    // in the order in which they were sent
	bell     chan struct{} `record:"-"` // made when it is used
	sequence int64
	sent     map[string]*message // of a FIFO queue, by deduplication ID
}

// A message is one message in a queue.
type message struct {
	id, body   string
	attributes map[string]messageAttribute
	sent       time.Time
	visible    time.Time // when it can be received
	first      time.Time // when it was first received; zero if it was not
	received   int
	receipt    string // of the last time that it was received
	group      string
	dedup      string
	sequence   string
	sender     string
	source     string // the ARN of the queue that it was moved from, "" if it was not
}

// A messageAttribute is an attribute of a message that its sender gave it.
type messageAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

func (a *asset) mailbox() *mailbox {
	if a.mail == nil {
		a.mail = &mailbox{sent: map[string]*message{}}
	}
	if a.mail.bell == nil {
		a.mail.bell = make(chan struct{})
	}
	return a.mail
}

// ring wakes those who wait for messages.
func (m *mailbox) ring() {
	if m.bell != nil {
		close(m.bell)
		m.bell = nil
	}
}

func (a *asset) isFIFO() bool { return a.text("FifoQueue") == "true" }

// number is an attribute of a queue that is a number.
func (a *asset) number(attribute string) int {
	n, err := strconv.Atoi(a.queueAttributes()[attribute])
	if err != nil {
		return 0
	}
	return n
}

func (a *asset) seconds(attribute string) time.Duration {
	return time.Duration(a.number(attribute)) * time.Second
}

// dedupWindow is how long a FIFO queue remembers a deduplication ID.
const dedupWindow = 5 * time.Minute

// firstSequence makes sequence numbers of the length that SQS gives them.
const firstSequence = 188700000000000000

// forget drops the messages that the queue has kept for long enough.
func (a *asset) forget(now time.Time) {
	m, keep := a.mailbox(), a.seconds("MessageRetentionPeriod")
	m.messages = slices.DeleteFunc(m.messages, func(x *message) bool { return now.Sub(x.sent) >= keep })
	for id, x := range m.sent {
		if now.Sub(x.sent) >= dedupWindow {
			delete(m.sent, id)
		}
	}
}

// post adds a message, unless a FIFO queue has it already, and returns the one that the queue has.
func (a *asset) post(x *message, now time.Time) *message {
	m := a.mailbox()
	a.forget(now)
	if a.isFIFO() {
		if old := m.sent[x.dedup]; old != nil {
			return old
		}
		m.sequence++
		x.sequence = fmt.Sprintf("%020d", firstSequence+m.sequence)
		m.sent[x.dedup] = x
	}
	m.messages = append(m.messages, x)
	m.ring()
	return x
}

// take hides up to n messages that can be received, and returns them. next is when another one can be,
// zero if none is there.
func (r *region) take(a *asset, n int, hide time.Duration, now time.Time) (list []*message, next time.Time) {
	a.forget(now)
	blocked := map[string]bool{}
	for _, x := range slices.Clone(a.mailbox().messages) {
		switch {
		case x.visible.After(now):
			if a.isFIFO() {
				blocked[x.group] = true
			}
			if next.IsZero() || x.visible.Before(next) {
				next = x.visible
			}
		case len(list) == n || a.isFIFO() && blocked[x.group]:
		case r.bury(a, x):
		default:
			x.received++
			if x.first.IsZero() {
				x.first = now
			}
			x.visible = now.Add(hide)
			x.receipt = r.cloud.pick(letters+digits, 44)
			list = append(list, x)
		}
	}
	return list, next
}

// bury moves a message that was received too often to the queue for such, if there is one.
func (r *region) bury(a *asset, x *message) bool {
	rule := a.properties.Get("RedrivePolicy")
	most, err := strconv.Atoi(rule.Get("maxReceiveCount").Str())
	if err != nil || x.received < most {
		return false
	}
	arn := rule.Get("deadLetterTargetArn").Str()
	dead, err := r.queue(arn[strings.LastIndex(arn, ":")+1:])
	if err != nil {
		return false
	}
	a.drop(x)
	x.source = a.attribute(a.state, "Arn").Str()
	dead.mailbox().messages = append(dead.mailbox().messages, x)
	dead.mailbox().ring()
	return true
}

func (a *asset) drop(x *message) {
	m := a.mailbox()
	m.messages = slices.DeleteFunc(m.messages, func(y *message) bool { return x == y })
}

// held finds a message by a receipt handle: the ID of the message and what it was given when it was
// received.
func (a *asset) held(handle string) *message {
	id, receipt, _ := strings.Cut(handle, ".")
	for _, x := range a.mailbox().messages {
		if x.id == id && (!a.isFIFO() || x.receipt == receipt) {
			return x
		}
	}
	return nil
}

// counts are how many messages a queue has: those that can be received, those that were received and
// not deleted, and those that are delayed.
func (a *asset) counts(now time.Time) (ready, hidden, delayed int) {
	a.forget(now)
	for _, x := range a.mailbox().messages {
		switch {
		case !x.visible.After(now):
			ready++
		case x.received > 0:
			hidden++
		default:
			delayed++
		}
	}
	return ready, hidden, delayed
}
