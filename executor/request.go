package executor

import (
	"context"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

const (
	maxSent   = 51_200    // bytes of a template in a request
	maxStored = 1_048_576 // bytes of a template at a URL
)

// A request is a deployment as far as it can be known without a call.
type request struct {
	Options
	stack        *stack.Stack
	body         []byte // the template as it is sent
	capabilities []types.Capability
	id           identity
}

// sent is the content of a deployment. Its JSON is hashed, so its fields stay as they are.
type sent struct {
	Template         string
	Parameters, Tags map[string]string
	Untagged         bool // tags are removed, not kept
	Capabilities     []types.Capability
	RoleARN          string
	NotificationARNs []string
	Unnotified       bool
}

// newRequest checks the deployment of a stack, as much as can be checked without a call.
func (c *Client) newRequest(s *stack.Stack, opts *Options) (*request, error) {
	if s == nil || s.Template == nil {
		return nil, stack.Diagnostics{{Code: "stack-template", Summary: "there is no template to deploy", Cure: "set Stack.Template"}}
	}
	r := &request{stack: s}
	if opts != nil {
		r.Options = *opts
	}
	ds := nameProblem(s.Name)
	if !r.SkipValidation {
		ds = append(ds, validate.Stack(s)...)
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	body, err := s.Template.Minified()
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Name, err)
	}
	r.body = body
	needed, err := needs(body)
	if err != nil {
		return nil, fmt.Errorf("stack %s: reading its template: %w", s.Name, err)
	}
	ds = append(unknownParameters(s), sizeProblem(s.Name, len(body), c.Uploader != nil)...)
	var denied stack.Diagnostics
	r.capabilities, denied = grant(s.Name, needed, r.Capabilities)
	if err := append(ds, denied...).Err(); err != nil {
		return nil, err
	}
	r.id, err = identify(r.DeploymentID, s.Name, sent{
		Template: string(body), Parameters: s.Parameters, Tags: s.Tags, Untagged: s.Tags != nil && len(s.Tags) == 0,
		Capabilities: r.capabilities, RoleARN: r.RoleARN,
		NotificationARNs: r.NotificationARNs, Unnotified: r.NotificationARNs != nil && len(r.NotificationARNs) == 0,
	})
	return r, err
}

var legalName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

func nameProblem(name string) stack.Diagnostics {
	if legalName.MatchString(name) {
		return nil
	}
	return stack.Diagnostics{{
		Code: "stack-name", Stack: name, Summary: fmt.Sprintf("%q is no name for a stack", name),
		Cure: "use 1 to 128 letters, digits and hyphens, beginning with a letter",
	}}
}

func sizeProblem(name string, size int, stored bool) stack.Diagnostics {
	d := stack.Diagnostic{Code: "template-size", Stack: name}
	switch {
	case size > maxStored:
		d.Summary = fmt.Sprintf("the template has %d bytes, and CloudFormation takes %d at most", size, maxStored)
		d.Cure = "divide it into several stacks"
	case size > maxSent && !stored:
		d.Summary = fmt.Sprintf("the template has %d bytes, and a request takes %d at most", size, maxSent)
		d.Cure = "set Client.Uploader, which stores it where CloudFormation can read it, or divide it into several stacks"
	default:
		return nil
	}
	return stack.Diagnostics{d}
}

// source returns the template as a body to send, or, if it is too large, the URL where it now is.
func (c *Client) source(ctx context.Context, r *request) (body, url *string, err error) {
	if len(r.body) <= maxSent {
		text := string(r.body)
		return &text, nil, nil
	}
	key := r.stack.Name + "/" + digest(string(r.body)) + ".json"
	address, err := c.Uploader.Upload(ctx, key, r.body)
	if err != nil {
		return nil, nil, fmt.Errorf("stack %s: storing its template of %d bytes: %w", r.stack.Name, len(r.body), err)
	}
	return nil, &address, nil
}
