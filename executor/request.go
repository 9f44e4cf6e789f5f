package executor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
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
	document     document
	assets       *bundle // what the template names by local paths; nil if nothing
	capabilities []types.Capability
	warnings     stack.Diagnostics // of package validate
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
	Intents          map[string]Intent
	Rollback         *types.RollbackConfiguration
	Untriggered      bool
	Mode             types.DeploymentConfigMode
	OnStackFailure   types.OnStackFailure
	DisableRollback  bool
	ImportExisting   bool
	Import           []types.ResourceToImport
	RevertDrift      bool
	Direct           bool
}

// newRequest checks the deployment of a stack, as much as can be checked without a call.
func (c *Client) newRequest(s *stack.Stack, opts *Options) (*request, error) {
	r := &request{stack: s}
	if opts != nil {
		r.Options = *opts
	}
	if s == nil || s.Template == nil && r.TemplateBody == nil {
		return nil, stack.Diagnostics{{Code: "stack-template", Summary: "there is no template to deploy", Cure: "set Stack.Template"}}
	}
	ds := slices.Concat(nameProblem(s.Name), c.elsewhere(s), r.conflicts())
	if err := r.read(); err != nil {
		if found, ok := err.(stack.Diagnostics); ok {
			return nil, append(ds, found...)
		}
		return nil, errors.Join(ds.Err(), err)
	}
	if r.assets != nil && c.Uploader == nil {
		ds = append(ds, nowhere(s.Name)...)
	}
	if !r.SkipValidation {
		r.warnings = validate.Stack(r.stack)
		if r.warnings.Err() != nil {
			ds = append(ds, r.warnings...)
		}
	}
	var denied stack.Diagnostics
	r.capabilities, denied = grant(s.Name, needs(r.document.root), r.Capabilities)
	ds = slices.Concat(ds, r.untold(r.unknownParameters()), r.untold(sizeProblem(s.Name, len(r.document.body), c.Uploader != nil)), denied)
	if ds.Err() != nil {
		return nil, append(ds, r.untold(r.valueless())...)
	}
	var err error
	r.id, err = identify(r.DeploymentID, s.Name, r.content())
	return r, err
}

// untold leaves out what package validate says in its own words.
func (r *request) untold(ds stack.Diagnostics) stack.Diagnostics {
	return slices.DeleteFunc(ds, func(d stack.Diagnostic) bool {
		return slices.ContainsFunc(r.warnings, func(w stack.Diagnostic) bool {
			return w.Severity == stack.SeverityError && w.Path == d.Path && (d.Path != "" || w.Code == d.Code)
		})
	})
}

// read reads the template, and what it names by local paths.
func (r *request) read() error {
	if err := r.gather(); err != nil {
		return err
	}
	var err error
	r.document, r.stack, err = documentOf(r.stack, r.TemplateBody)
	return err
}

// gather reads what the template names by local paths. The template is that with places for it then.
func (r *request) gather() error {
	if r.AssetDir == "" {
		return nil
	}
	text := r.TemplateBody
	if text == nil {
		var err error
		if text, err = r.stack.Template.Minified(); err != nil {
			return fmt.Errorf("stack %s: %w", r.stack.Name, err)
		}
	}
	b, err := bundled(r.stack.Name, text, r.AssetDir)
	if err != nil || len(b.parts) == 0 {
		return err
	}
	bare := *r.stack
	bare.Template = nil
	r.assets, r.stack, r.TemplateBody = b, &bare, b.root.AppendJSON(nil)
	return nil
}

// content is what makes this deployment the same as another one. Its hash is in the names of change
// sets, which many may read: so the values of NoEcho parameters are not in it, or they could be
// guessed and tried.
func (r *request) content() sent {
	return sent{
		Template: string(r.document.body), Parameters: r.openValues(), Tags: r.stack.Tags, Untagged: r.stack.Tags != nil && len(r.stack.Tags) == 0,
		Capabilities: r.capabilities, RoleARN: r.RoleARN,
		NotificationARNs: r.NotificationARNs, Unnotified: r.NotificationARNs != nil && len(r.NotificationARNs) == 0,
		Intents: r.Parameters, Rollback: r.RollbackConfiguration,
		Untriggered: r.RollbackConfiguration != nil && r.RollbackConfiguration.RollbackTriggers != nil && len(r.RollbackConfiguration.RollbackTriggers) == 0,
		Mode:        r.Mode, OnStackFailure: r.OnStackFailure, DisableRollback: r.DisableRollback, ImportExisting: r.ImportExistingResources,
		Import: r.ResourcesToImport, RevertDrift: r.RevertDrift,
		Direct: r.Direct,
	}
}

// openValues are the values of parameters that are no secrets.
func (r *request) openValues() map[string]string {
	open := maps.Clone(r.stack.Parameters)
	for p := range r.document.parameters() {
		if p.noEcho {
			delete(open, p.name)
		}
	}
	return open
}

// secretive reports whether secrets are among what is sent.
func (r *request) secretive() bool { return len(r.openValues()) < len(r.stack.Parameters) }

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
func (c *Client) source(ctx context.Context, r *request) (inline, url *string, err error) {
	body := r.document.body
	if r.assets != nil {
		if body, _, err = r.assets.store(ctx, c.Uploader); err != nil {
			return nil, nil, fmt.Errorf("stack %s: %w", r.stack.Name, err)
		}
	}
	if len(body) <= maxSent {
		return aws.String(string(body)), nil, nil
	}
	key := r.stack.Name + "/" + digest(string(body)) + "." + r.document.format
	address, err := c.Uploader.Upload(ctx, key, body)
	if err != nil {
		return nil, nil, fmt.Errorf("stack %s: storing its template of %d bytes: %w", r.stack.Name, len(body), err)
	}
	return nil, &address, nil
}
