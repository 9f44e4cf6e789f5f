package ros

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A Client deploys stacks. API is required. It is safe for concurrent use; its fields must not be
// changed meanwhile.
type Client struct {
	// API calls ROS.
	API API
	// RegionID is the region. If empty, cn-hangzhou.
	RegionID string
	// Interval is the pause between two questions how far a stack is. If zero, two seconds.
	Interval time.Duration
}

// Options say how a stack is deployed. Nil is all zero.
type Options struct {
	// DisableRollback leaves what was made when something fails.
	DisableRollback bool
	// TimeoutInMinutes is how long ROS may take. If zero, an hour.
	TimeoutInMinutes int
}

// A Result is a stack that was deployed.
type Result struct {
	StackID, Status string
	// Changed reports whether anything was done.
	Changed bool
	// Outputs are the stack's outputs, by their keys: text, numbers, lists or maps.
	Outputs map[string]any
}

// A FailedError is a deployment or deletion that came to a bad end.
type FailedError struct {
	// StackName and StackID name the stack, Status is where it came to rest.
	StackName, StackID, Status string
	// Reason is what ROS says of the stack.
	Reason string
	// Failures are the resources that failed, the first one first.
	Failures []Event
}

func (e *FailedError) Error() string {
	if len(e.Failures) == 0 {
		return fmt.Sprintf("stack %s: %s: %s", e.StackName, e.Status, e.Reason)
	}
	first := e.Failures[0]
	return fmt.Sprintf("stack %s: %s: %s: %s", e.StackName, e.Status, first.LogicalID, first.Reason)
}

// ErrDetached is the end of a wait whose context ended: the operation goes on.
var ErrDetached = errors.New("no longer waiting; the operation goes on")

// Deploy creates a stack, or updates the one of that name, and waits until it rests. No change is no
// error. The end of ctx ends the waiting, not the deployment: the error is then an [ErrDetached], and the
// same call goes on.
//
// # Errors
//
// [*FailedError], [*APIError], [ErrDetached]; an error that says what to do if the stack is in a state
// that does not permit it.
func (c *Client) Deploy(ctx context.Context, s *stack.Stack, opts *Options) (*Result, error) {
	body, err := s.Template.JSON()
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Name, err)
	}
	existing, err := c.find(ctx, s.Name)
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Name, err)
	}
	if existing != nil && strings.HasSuffix(existing.status, "_IN_PROGRESS") {
		if existing, err = c.rest(ctx, existing); err != nil {
			return nil, err
		}
	}
	parameters := c.parameters(s, string(body), opts)
	var id string
	switch {
	case existing == nil:
		id, err = c.create(ctx, parameters)
	case existing.status == "CREATE_ROLLBACK_COMPLETE", existing.status == "CREATE_ROLLBACK_FAILED":
		err = fmt.Errorf("it is in the state %s (%s); delete it with Client.Delete, then deploy again", existing.status, existing.reason)
	default:
		id, err = c.update(ctx, existing.id, parameters)
		if api, ok := errors.AsType[*APIError](err); ok && api.Code == "NotSupported" && strings.Contains(api.Message, "same stack") {
			return c.result(ctx, existing.id, false)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Name, err)
	}
	return c.wait(ctx, &found{id: id, name: s.Name})
}

// wait waits for a deployment to come to its end.
func (c *Client) wait(ctx context.Context, f *found) (*Result, error) {
	at, err := c.rest(ctx, f)
	if err != nil {
		return nil, err
	}
	if at.status != "CREATE_COMPLETE" && at.status != "UPDATE_COMPLETE" {
		return nil, c.failed(ctx, at)
	}
	return c.result(ctx, at.id, true)
}

// Delete deletes the stack of that name, and waits until it is gone. That there is none is no error.
// Errors are those of [Client.Deploy].
func (c *Client) Delete(ctx context.Context, name string) error {
	existing, err := c.find(ctx, name)
	if err != nil || existing == nil {
		return err
	}
	if strings.HasSuffix(existing.status, "_IN_PROGRESS") && existing.status != "DELETE_IN_PROGRESS" {
		if existing, err = c.rest(ctx, existing); err != nil {
			return err
		}
	}
	if existing.status != "DELETE_IN_PROGRESS" {
		if _, err := c.call(ctx, "DeleteStack", map[string]string{"StackId": existing.id}); err != nil {
			return fmt.Errorf("stack %s: %w", name, err)
		}
	}
	at, err := c.rest(ctx, existing)
	if err == nil && at.status != "DELETE_COMPLETE" {
		err = c.failed(ctx, at)
	}
	return err
}

func (c *Client) call(ctx context.Context, action string, parameters map[string]string) (map[string]any, error) {
	parameters = maps.Clone(parameters)
	parameters["RegionId"] = c.RegionID
	if c.RegionID == "" {
		parameters["RegionId"] = "cn-hangzhou"
	}
	return c.API.Call(ctx, action, parameters)
}

// parameters are those of a creation or update.
func (c *Client) parameters(s *stack.Stack, body string, opts *Options) map[string]string {
	o := Options{}
	if opts != nil {
		o = *opts
	}
	p := map[string]string{"StackName": s.Name, "TemplateBody": body, "DisableRollback": strconv.FormatBool(o.DisableRollback)}
	if o.TimeoutInMinutes > 0 {
		p["TimeoutInMinutes"] = strconv.Itoa(o.TimeoutInMinutes)
	}
	list(p, "Parameters", "ParameterKey", "ParameterValue", s.Parameters)
	list(p, "Tags", "Key", "Value", s.Tags)
	return p
}

// list adds Name.1.Key with Name.1.Value, and so on.
func list(p map[string]string, name, key, value string, m map[string]string) {
	for i, k := range slices.Sorted(maps.Keys(m)) {
		at := name + "." + strconv.Itoa(i+1) + "."
		p[at+key], p[at+value] = k, m[k]
	}
}

func (c *Client) create(ctx context.Context, parameters map[string]string) (string, error) {
	// The token makes a request that is sent again, for the answer was lost, the same one.
	parameters["ClientToken"] = rand.Text()
	out, err := c.call(ctx, "CreateStack", parameters)
	return text(out, "StackId"), err
}

func (c *Client) update(ctx context.Context, id string, parameters map[string]string) (string, error) {
	parameters["StackId"], parameters["UsePreviousParameters"] = id, "true"
	delete(parameters, "StackName")
	out, err := c.call(ctx, "UpdateStack", parameters)
	return text(out, "StackId"), err
}

func text(out map[string]any, key string) string {
	s, _ := out[key].(string)
	return s
}
