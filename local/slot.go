package local

import (
	"net/http"
	"strings"
	"time"

	"github.com/updraft-go/updraft/signal"
)

// A slot is a place in the cloud's own buckets to which one message may be put with a presigned URL: a
// signal for a wait condition, or the answer of a custom resource.
type slot struct {
	box     *inbox            // where signals go; nil for an answer
	receive func(body []byte) `record:"-"` // takes an answer, for as long as somebody waits for it
}

// The buckets of the slots begin with these words.
const (
	slotWait   = "cloudformation-waitcondition-"
	slotCustom = "cloudformation-custom-resource-response-"
)

// slotLasts is for how long the URL of a slot is valid.
const slotLasts = 24 * time.Hour

// isSlot reports whether a bucket is one of those that hold slots.
func isSlot(bucket string) bool {
	return strings.HasPrefix(bucket, slotWait) || strings.HasPrefix(bucket, slotCustom)
}

// slotsOf are the slots of a kind. Signals are kept, and so are the slots for them.
func (c *Cloud) slotsOf(kind string) map[string]*slot {
	if kind == slotWait {
		return c.slots
	}
	return c.answers
}

// open makes a slot and returns its URL.
func (d *deployment) open(kind, key string, s *slot) (string, error) {
	region := d.state.region
	bucket := kind + region.name
	d.cloud.slotsOf(kind)[bucket+"/"+key] = s
	return d.cloud.presign(place{region.account, region.name}, d.endpoint, "/"+bucket+"/"+key, slotLasts)
}

// close takes a slot away.
func (d *deployment) close(kind, key string) {
	delete(d.cloud.slotsOf(kind), kind+d.state.region.name+"/"+key)
}

// answerSlot takes a message. What is not allowed leaves no trace. The lock is held.
func (c *Cloud) answerSlot(call *s3Call, body []byte) *reply {
	if err := c.verify(call.Request); err != nil {
		return s3Refusal(err)
	}
	if call.Method != http.MethodPut {
		return s3Refusal(forbidden("AccessDenied", "Access Denied"))
	}
	name := call.bucket + "/" + call.key
	switch {
	case c.slots[name] != nil && len(body) > signal.MaxBody:
		return s3Refusal(&s3Error{Code: "EntityTooLarge", Message: "Your proposed upload exceeds the maximum allowed size", status: http.StatusBadRequest})
	case c.slots[name] != nil:
		c.slots[name].box.read(body)
	case c.answers[name] != nil:
		c.answers[name].receive(body)
	default:
		return s3Refusal(noKey(call.key))
	}
	return &reply{status: http.StatusOK}
}
