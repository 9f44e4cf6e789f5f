package customresource

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// physicalID is the ID that a result gives the resource.
func (e *Event) physicalID(result *Result) string {
	switch {
	case e.RequestType != Create && (e.RequestType == Delete || result == nil || result.PhysicalID == ""):
		return e.PhysicalResourceID
	case result == nil || result.PhysicalID == "":
		return e.MakePhysicalID(e.Dialect.MaxPhysicalID())
	}
	return result.PhysicalID
}

// response makes the response of an outcome. It can always be encoded, unless what names the request
// is too long itself.
func (e *Event) response(o *outcome) *Response {
	r := &Response{
		Status: Success, StackID: e.StackID, RequestID: e.RequestID, LogicalResourceID: e.LogicalResourceID,
		PhysicalResourceID: e.physicalID(o.result),
	}
	err := o.err
	if err == nil {
		err = e.refused(r.PhysicalResourceID)
	}
	if err == nil {
		r.Data = json.RawMessage(o.data)
		r.NoEcho = o.result != nil && o.result.NoEcho && e.Dialect.NoEcho() && r.Data != nil
		if e.RequestType == Delete && r.PhysicalResourceID == "" {
			r.PhysicalResourceID = e.neverCreated() // there was none; a response needs one
		}
		_, tooLarge := r.Encode(e.Dialect)
		if tooLarge == nil {
			return r
		}
		err = e.tooLarge(tooLarge, r.Data)
	}
	r.Status, r.Data, r.NoEcho = Failed, nil, false
	r.Reason = redact(err.Error(), o.secrets)
	if strings.TrimSpace(r.Reason) == "" {
		r.Reason = "the provider failed and did not say why"
	}
	r.PhysicalResourceID = e.failedID(o, r.PhysicalResourceID)
	return r
}

// refused returns what the dialect does not permit in a physical ID.
func (e *Event) refused(id string) error {
	if e.RequestType == Update && id != e.PhysicalResourceID && !e.Dialect.Replaces() {
		return fmt.Errorf("the provider replaced %s with %s, which %s does not permit: an update must keep the physical ID; remove what was made anew by hand",
			e.PhysicalResourceID, id, e.Dialect)
	}
	return nil
}

// tooLarge explains a response that does not fit.
func (e *Event) tooLarge(err error, data json.RawMessage) error {
	if !errors.Is(err, ErrTooLarge) {
		return fmt.Errorf("the provider's answer was refused: %w; what it made may have to be removed by hand", err)
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(data, &all) != nil {
		return err
	}
	names := slices.SortedFunc(maps.Keys(all), func(a, b string) int { return len(all[b]) - len(all[a]) })
	var sizes []string
	for _, name := range names[:min(3, len(names))] {
		sizes = append(sizes, fmt.Sprintf("%s (%d bytes)", cut(name, 60), len(all[name])))
	}
	return fmt.Errorf("%w; the largest of its %d attributes are %s: return less, or the name of where it is kept", err, len(all), strings.Join(sizes, ", "))
}

// failedID is the physical ID of a failure: it decides whom the next Delete reaches. A resource that
// was there keeps its ID, whatever a failed update made. A creation that said to have made nothing
// gets an ID that says so.
func (e *Event) failedID(o *outcome, id string) string {
	switch {
	case e.RequestType != Create && e.PhysicalResourceID != "":
		return e.PhysicalResourceID
	case e.RequestType == Create && (o.unsure || o.err == nil || o.result != nil && o.result.PhysicalID != "") && len(id) <= e.Dialect.MaxPhysicalID():
		return id
	}
	return e.neverCreated()
}
