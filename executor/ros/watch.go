package ros

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// found is a stack as it was seen last.
type found struct{ id, name, status, reason string }

func foundIn(out map[string]any) *found {
	return &found{id: text(out, "StackId"), name: text(out, "StackName"), status: text(out, "Status"), reason: text(out, "StatusReason")}
}

// find returns the stack of a name, nil if there is none.
func (c *Client) find(ctx context.Context, name string) (*found, error) {
	out, err := c.call(ctx, "ListStacks", map[string]string{"StackName.1": name, "PageSize": "50"})
	if err != nil {
		return nil, err
	}
	for _, item := range objects(out, "Stacks") {
		if f := foundIn(item); f.name == name && f.status != "DELETE_COMPLETE" {
			return f, nil
		}
	}
	return nil, nil
}

func objects(out map[string]any, key string) []map[string]any {
	list, _ := out[key].([]any)
	var all []map[string]any
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// rest waits until nothing goes on in a stack. What fails for a reason that may pass, which is all that is
// no refusal of ROS's, does not end the wait.
func (c *Client) rest(ctx context.Context, f *found) (*found, error) {
	interval := c.Interval
	if interval <= 0 {
		interval = 2 * time.Second
	}
	for {
		out, err := c.call(ctx, "GetStack", map[string]string{"StackId": f.id, "OutputOption": "Disabled"})
		if api, ok := errors.AsType[*APIError](err); ok && api.StatusCode < 500 && !strings.Contains(api.Code, "Throttling") {
			return nil, fmt.Errorf("stack %s: %w", f.name, err)
		}
		if err == nil {
			if at := foundIn(out); !strings.HasSuffix(at.status, "_IN_PROGRESS") {
				return at, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("stack %s (%s): %w: %w", f.name, f.id, ErrDetached, context.Cause(ctx))
		case <-time.After(interval):
		}
	}
}

// result reads the outputs of a stack.
func (c *Client) result(ctx context.Context, id string, changed bool) (*Result, error) {
	out, err := c.call(ctx, "GetStack", map[string]string{"StackId": id, "OutputOption": "Enabled"})
	if err != nil {
		return nil, err
	}
	r := &Result{StackID: id, Status: text(out, "Status"), Changed: changed, Outputs: map[string]any{}}
	for _, item := range objects(out, "Outputs") {
		r.Outputs[text(item, "OutputKey")] = item["OutputValue"]
	}
	return r, nil
}

// An Event is a change of the status of a resource.
type Event struct {
	// LogicalID and Type are what the template says of the resource, PhysicalID what it is in the cloud.
	LogicalID, PhysicalID, Type string
	// Status is the new one, Reason why.
	Status, Reason string
	// Time is when it was, in UTC.
	Time time.Time
}

// Events returns the events of a stack, which is given by its ID, the oldest first.
func (c *Client) Events(ctx context.Context, stackID string) ([]Event, error) {
	var all []Event
	for page := 1; ; page++ {
		out, err := c.call(ctx, "ListStackEvents", map[string]string{"StackId": stackID, "PageSize": "50", "PageNumber": strconv.Itoa(page)})
		if err != nil {
			return nil, err
		}
		list := objects(out, "Events")
		for _, item := range list {
			at, _ := time.Parse("2006-01-02T15:04:05", text(item, "CreateTime")) // the zero time if it is written otherwise
			all = append(all, Event{
				LogicalID: text(item, "LogicalResourceId"), PhysicalID: text(item, "PhysicalResourceId"), Type: text(item, "ResourceType"),
				Status: text(item, "Status"), Reason: text(item, "StatusReason"), Time: at,
			})
		}
		if len(list) < 50 {
			slices.Reverse(all)
			return all, nil
		}
	}
}

// failed is the error of a stack that came to rest where it should not. What failed in earlier operations
// is left out.
func (c *Client) failed(ctx context.Context, at *found) error {
	e := &FailedError{StackName: at.name, StackID: at.id, Status: at.status, Reason: at.reason}
	events, err := c.Events(ctx, at.id)
	if err != nil {
		return e // the stack's own reason has to do
	}
	for _, event := range events {
		switch {
		case event.LogicalID == at.name && (event.Status == "CREATE_IN_PROGRESS" || event.Status == "UPDATE_IN_PROGRESS" || event.Status == "DELETE_IN_PROGRESS"):
			e.Failures = nil
		case event.LogicalID != at.name && strings.HasSuffix(event.Status, "_FAILED"):
			e.Failures = append(e.Failures, event)
		}
	}
	return e
}
