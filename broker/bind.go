package broker

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// A tie is a request for a binding, checked.
type tie struct {
	plan     *offer
	instance *record
	values   map[string]string
	digest   string
	owner    owner
}

// bind answers PUT /v2/service_instances/:instance_id/service_bindings/:binding_id.
func (b *Broker) bind(x *exchange) (*answer, error) {
	in, err := readBody(x.w, x.r)
	if err != nil {
		return nil, err
	}
	if err := required("service_id", in.ServiceID, "plan_id", in.PlanID); err != nil {
		return nil, err
	}
	c, err := b.catalog(x.ctx)
	if err != nil {
		return nil, err
	}
	plan, err := c.plan(in.ServiceID, in.PlanID)
	switch {
	case err != nil:
		return nil, err
	case plan.service.Bindings.Unbindable:
		return nil, malformed("the service %s has no bindings", plan.service.Name)
	case plan.service.Bindings.RequiresApp && in.app() == "" && in.Predecessor == "":
		return nil, refuse(http.StatusUnprocessableEntity, "RequiresApp", "a binding of %s is for an application; the request needs bind_resource.app_guid", plan.service.Name)
	case plan.AsyncBind && !x.async():
		return nil, asyncRequired("binding")
	}
	t, err := b.tie(x, in, plan)
	if err != nil {
		return nil, err
	}
	return b.bound(x, t)
}

// tie checks a request against the instance that it is for.
func (b *Broker) tie(x *exchange, in *body, plan *offer) (*tie, error) {
	t := &tie{plan: plan, owner: in.owner()}
	var err error
	if t.values, err = plan.bind.read(in.Parameters, nil); err != nil {
		return nil, err
	}
	t.instance, err = b.find(x.ctx, b.instanceName(x.instance))
	switch r := t.instance; {
	case err != nil:
		return nil, err
	case r == nil:
		return nil, absent("there is no such instance")
	case r.tags[TagService] != plan.service.id || r.tags[TagPlan] != plan.id && !r.updating():
		return nil, malformed("service_id and plan_id are not those of the instance")
	}
	if in.Predecessor != "" {
		if err := b.succeed(x, t, in.Predecessor); err != nil {
			return nil, err
		}
	}
	t.digest = plan.bind.digest(x.instance+"\x00"+x.binding, t.values, plan.service.id, in.app())
	return t, nil
}

// succeed gives a binding the parameters of the one that it takes the place of.
func (b *Broker) succeed(x *exchange, t *tie, predecessor string) error {
	old, err := t.instance.place.read(x.ctx, b.bindingName(x.instance, predecessor))
	switch {
	case err != nil:
		return err
	case old == nil || !old.provisioned():
		return malformed("predecessor_binding_id %q is no binding of the instance", predecessor)
	}
	for name, value := range t.values {
		if old.parameters[name] != value {
			return malformed("parameters: %s is not that of the binding %q, whose parameters its successor has", name, predecessor)
		}
	}
	for _, name := range t.plan.bind.order {
		if value := old.parameters[name]; value != "" {
			t.values[name] = value
		}
	}
	return nil
}

// bound makes a binding, if it is not there, and answers with its credentials.
func (b *Broker) bound(x *exchange, t *tie) (*answer, error) {
	name := b.bindingName(x.instance, x.binding)
	r, err := t.instance.place.read(x.ctx, name)
	token := ""
	if r == nil && err == nil {
		r, token, err = b.makeBinding(x, name, t)
	}
	switch {
	case err != nil:
		return nil, err
	case r.status == stack.DeleteInProgress:
		return nil, busy("the binding is being deleted")
	case r.tags[TagDigest] != t.digest:
		return nil, conflict("a binding of this ID exists, with other parameters")
	case r.broken():
		return nil, conflict("a binding of this ID exists, whose creation or deletion failed (%s); delete it first", r.status)
	}
	if r.creating() || token != "" {
		accepted := &answer{status: http.StatusAccepted, body: object{"operation": r.operation(opCreate).String()}}
		if t.plan.AsyncBind {
			return accepted, nil
		}
		made, err := b.await(x, r, token)
		if errors.Is(err, executor.ErrDetached) && x.async() {
			return accepted, nil
		}
		if err != nil {
			return nil, failed(err, "the binding was not made: %s", r.tell(err))
		}
		r = made
	}
	out, err := b.describe(x.ctx, t.plan, t.instance, r)
	if err != nil {
		return nil, err
	}
	status := http.StatusOK
	if token != "" {
		status = http.StatusCreated
	}
	return &answer{status: status, body: out}, nil
}

// bindable refuses a binding of an instance that cannot have one now.
func (r *record) bindable() error {
	switch {
	case r.creating() || r.updating() || r.status == stack.DeleteInProgress:
		return busy("the instance is being created, updated or deleted")
	case !r.provisioned():
		return absent("the instance was not made, or is deleted in part (%s); deprovision it", r.status)
	}
	return nil
}

// makeBinding makes the stack of a binding, and returns the token of the operation. If another request
// was faster, it returns that one's stack and no token.
func (b *Broker) makeBinding(x *exchange, name string, t *tie) (*record, string, error) {
	if err := t.instance.bindable(); err != nil {
		return nil, "", err
	}
	in, err := b.bindingInput(x, name, t)
	if err != nil {
		return nil, "", err
	}
	token := rand.Text()
	in.ClientRequestToken = &token
	out, err := t.instance.place.API.CreateStack(x.ctx, in)
	if err == nil {
		return &record{
			place: t.instance.place, id: aws.ToString(out.StackId), name: name, status: stack.CreateInProgress,
			tags: map[string]string{TagDigest: t.digest},
		}, token, nil
	}
	if !alreadyExists(err) {
		return nil, "", err
	}
	r, err := t.instance.place.read(x.ctx, name)
	if err == nil && r == nil {
		err = busy("the binding is being created, or deleted, by another request")
	}
	return r, "", err
}

func (b *Broker) bindingInput(x *exchange, name string, t *tie) (*cloudformation.CreateStackInput, error) {
	template, err := t.plan.binding.template(t.instance.name, &t.plan.bind, t.values)
	if err != nil {
		return nil, err
	}
	in := &cloudformation.CreateStackInput{
		StackName: &name, TemplateBody: aws.String(string(template)), OnFailure: types.OnFailureDelete, RoleARN: t.instance.place.stackRole(),
		Capabilities: []types.Capability{types.CapabilityCapabilityIam, types.CapabilityCapabilityNamedIam},
		Tags: tagList(b.Tags, map[string]string{
			TagBroker: b.Name(), TagInstance: tagText(x.instance), TagBinding: tagText(x.binding), TagService: t.plan.service.id,
			TagPlan: t.plan.id, TagDigest: t.digest, TagOwner: tagText(t.owner.String()),
		}),
	}
	for _, key := range sorted(t.values) {
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String(key), ParameterValue: aws.String(t.values[key])})
	}
	for _, key := range t.plan.binding.inputs {
		value, ok := t.instance.outputs[key]
		if !ok {
			return nil, failed(nil, "the instance was made from another template, without what its bindings need; update it first")
		}
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String(key), ParameterValue: &value})
	}
	return in, nil
}

// await waits until a binding is made.
func (b *Broker) await(x *exchange, r *record, token string) (*record, error) {
	ctx, cancel := context.WithTimeout(x.ctx, b.patience())
	defer cancel()
	if _, err := r.wait(ctx, token); err != nil {
		return nil, err
	}
	made, err := r.place.read(x.ctx, r.id)
	if err == nil && (made == nil || !made.provisioned()) {
		err = errors.New("it was deleted meanwhile")
	}
	return made, err
}
