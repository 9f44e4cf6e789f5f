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
	receive func(body []byte)
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

// open makes a slot and returns its URL. receive is called with the lock held.
func (d *deployment) open(kind, key string, receive func([]byte)) (string, error) {
	region := d.state.region
	bucket := kind + region.name
	d.cloud.slots[bucket+"/"+key] = &slot{receive: receive}
	return d.cloud.presign(place{region.account, region.name}, d.endpoint, "/"+bucket+"/"+key, slotLasts)
}

// close takes a slot away.
func (d *deployment) close(kind, key string) { delete(d.cloud.slots, kind+d.state.region.name+"/"+key) }

// answerSlot takes a message. What is not allowed leaves no trace. The lock is held.
func (c *Cloud) answerSlot(call *s3Call, body []byte) *reply {
	if err := c.verify(call.Request); err != nil {
		return s3Refusal(err)
	}
	if call.Method != http.MethodPut {
		return s3Refusal(forbidden("AccessDenied", "Access Denied"))
	}
	s := c.slots[call.bucket+"/"+call.key]
	if s == nil {
		return s3Refusal(noKey(call.key))
	}
	if strings.HasPrefix(call.bucket, slotWait) && len(body) > signal.MaxBody {
		return s3Refusal(&s3Error{Code: "EntityTooLarge", Message: "Your proposed upload exceeds the maximum allowed size", status: http.StatusBadRequest})
	}
	s.receive(body)
	return &reply{status: http.StatusOK}
}
