package customresource

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"unicode/utf8"
)

// A Status is how a request ended.
type Status string

// The statuses of responses.
const (
	Success Status = "SUCCESS"
	Failed  Status = "FAILED"
)

// A Response is a custom resource response object.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html and
// https://www.alibabacloud.com/help/en/ros/user-guide/custom-resource-response-objects
type Response struct {
	// Status is how the request ended, Reason why it failed.
	Status Status
	Reason string `json:",omitempty"`
	// PhysicalResourceID names the resource. AWS wants it always, ROS with SUCCESS.
	PhysicalResourceID string `json:"PhysicalResourceId,omitempty"`
	// StackID, RequestID and LogicalResourceID are those of the request.
	StackID           string `json:"StackId"`
	RequestID         string `json:"RequestId"`
	LogicalResourceID string `json:"LogicalResourceId"`
	// NoEcho asks to mask Data. AWS only.
	NoEcho bool `json:",omitempty"`
	// Data is a JSON object of attributes, nil if there are none.
	Data json.RawMessage `json:",omitempty"`
}

// What is wrong with a response that does not fit.
var (
	// ErrTooLarge is that of a response of more than [MaxResponse] bytes.
	ErrTooLarge = errors.New("the response is too large")
	// ErrPhysicalID is that of a response without the physical ID that it must have, or with one that
	// is too long.
	ErrPhysicalID = errors.New("the physical ID is missing or too long")
)

const ellipsis = "…"

// Encode writes the response for a dialect. A reason that makes it too large is shortened.
//
// # Errors
//
// [ErrTooLarge] if it is too large even so, [ErrPhysicalID].
func (r *Response) Encode(d Dialect) ([]byte, error) {
	if err := r.checkID(d); err != nil {
		return nil, err
	}
	sent := *r
	sent.NoEcho = sent.NoEcho && d.NoEcho()
	body, err := compact(sent)
	if err != nil || len(body) <= MaxResponse {
		return body, err
	}
	over := len(body) - MaxResponse
	// The longest beginning of the reason that fits; how long it is when written is not known before.
	n := sort.Search(len(r.Reason), func(n int) bool {
		sent.Reason = cut(r.Reason, n) + ellipsis
		body, err = compact(sent)
		return err != nil || len(body) > MaxResponse
	})
	if n == 0 {
		return nil, fmt.Errorf("%w: %d bytes, %d over what %s takes", ErrTooLarge, over+MaxResponse, over, d)
	}
	sent.Reason = cut(r.Reason, n-1) + ellipsis
	return compact(sent)
}

func (r *Response) checkID(d Dialect) error {
	n := len(r.PhysicalResourceID)
	if n > d.MaxPhysicalID() || n == 0 && (d == AWS || r.Status == Success) {
		return fmt.Errorf("%w: it has %d bytes, and %s takes 1 to %d", ErrPhysicalID, n, d, d.MaxPhysicalID())
	}
	return nil
}

// cut returns at most n bytes of a text, without tearing a character.
func cut(text string, n int) string {
	if n >= len(text) {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// compact writes JSON with no more escapes than it needs.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// ParseResponse reads the response to an event, as CloudFormation or ROS does: for those who send
// events. It takes text for NoEcho and scalars for text.
//
// # Errors
//
// [ErrTooLarge], [ErrPhysicalID], or another if the response is not well-formed or not that to the
// event. With these two, the response is returned as well.
func ParseResponse(e *Event, body []byte) (*Response, error) {
	if len(body) > MaxResponse {
		return nil, ErrTooLarge
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil || all == nil {
		return nil, errors.New("it is no JSON object")
	}
	text := func(name string) string {
		if raw := all[name]; len(raw) > 0 && string(raw) != "null" {
			s, _ := textOf(raw)
			return s
		}
		return ""
	}
	r := &Response{
		Status: Status(text("Status")), Reason: text("Reason"), PhysicalResourceID: text("PhysicalResourceId"),
		StackID: text("StackId"), RequestID: text("RequestId"), LogicalResourceID: text("LogicalResourceId"), NoEcho: text("NoEcho") == "true", Data: all["Data"],
	}
	return r, r.fits(e)
}

// fits returns what is wrong with a response to an event.
func (r *Response) fits(e *Event) error {
	switch {
	case r.RequestID != e.RequestID || r.StackID != e.StackID || r.LogicalResourceID != e.LogicalResourceID:
		return errors.New("StackId, RequestId and LogicalResourceId must be those of the request")
	case r.Status != Success && r.Status != Failed:
		return errors.New("Status must be SUCCESS or FAILED")
	case r.Status == Failed && r.Reason == "":
		return errors.New("a Reason is required with FAILED")
	case len(r.Data) > 0 && r.Data[0] != '{' && string(r.Data) != "null":
		return errors.New("its Data must be an object")
	}
	return r.checkID(e.Dialect)
}
