package broker

import (
	"maps"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A change is a request to update an instance, checked.
type change struct {
	before, plan *offer
	values       map[string]string // what the user changes
	digest       string
	// template says that the instance gets the plan's present template.
	template bool
}

// update answers PATCH /v2/service_instances/:instance_id.
func (b *Broker) update(x *exchange) (*answer, error) {
	in, err := readBody(x.w, x.r)
	if err != nil {
		return nil, err
	}
	if err := required("service_id", in.ServiceID); err != nil {
		return nil, err
	}
	c, err := b.catalog(x.ctx)
	if err != nil {
		return nil, err
	}
	if c.offerings[in.ServiceID] == nil {
		return nil, malformed("service_id %q is not in the catalog", in.ServiceID)
	}
	if !x.async() {
		return nil, asyncRequired("an update")
	}
	r, err := b.find(x.ctx, b.instanceName(x.instance))
	if err != nil {
		return nil, err
	}
	if err := r.updatable(in); err != nil {
		return nil, err
	}
	ch, err := r.change(x, in, c)
	if err != nil {
		return nil, err
	}
	switch {
	case r.updating() && r.asked(ch.digest):
		return &answer{status: http.StatusAccepted, body: object{"operation": r.operation(opUpdate).String()}}, nil
	case r.updating():
		return nil, busy("another update of the instance runs")
	case r.has(ch):
		return &answer{status: http.StatusOK}, nil
	}
	return b.apply(x, r, ch)
}

// updatable refuses to update what is not there, or not ready.
func (r *record) updatable(in *body) error {
	switch {
	case r == nil:
		return absent("there is no such instance")
	case r.status == "DELETE_IN_PROGRESS":
		return busy("the instance is being deleted")
	case r.creating():
		return busy("the instance is being created")
	case r.broken():
		return absent("the instance was not made, or is deleted in part (%s); deprovision it", r.status)
	case r.tags[TagService] != in.ServiceID:
		return malformed("service_id %q is not that of the instance, %q", in.ServiceID, r.tags[TagService])
	case r.stuck():
		p := refuse(http.StatusUnprocessableEntity, "InstanceNotUpdatable", "an earlier update failed, and its roll-back too (%s); the broker's operator has to continue the roll-back of the stack %s", r.status, r.name)
		no := false
		p.Repeatable = &no
		return p
	}
	return nil
}

// change checks what a request wants changed.
func (r *record) change(x *exchange, in *body, c *catalog) (*change, error) {
	before, err := c.plan(in.ServiceID, r.tags[TagPlan])
	if err != nil {
		return nil, refuse(http.StatusUnprocessableEntity, "PlanNotOffered", "the instance's plan is not in the catalog any more; deprovision it, and provision another")
	}
	ch := &change{before: before, plan: before}
	if in.PlanID != "" && in.PlanID != before.id {
		if ch.plan, err = c.plan(in.ServiceID, in.PlanID); err != nil {
			return nil, err
		}
		if !before.service.PlanUpdatable {
			return nil, refuse(http.StatusUnprocessableEntity, "PlanChangeNotSupported", "an instance of %s cannot change its plan", before.service.Name)
		}
	}
	if err := ch.plan.checkMaintenance(in.Maintenance); err != nil {
		return nil, err
	}
	if ch.values, err = ch.plan.update.readSome(r.differing(ch.plan, in.Parameters)); err != nil {
		return nil, err
	}
	ch.template = ch.plan != before || in.Maintenance != nil && r.tags[TagMaintenance] != ch.plan.MaintenanceVersion ||
		ch.plan.MaintenanceVersion == "" && len(ch.values) > 0
	maintenance := ""
	if in.Maintenance != nil {
		maintenance = in.Maintenance.Version
	}
	ch.digest = ch.plan.update.digest(x.instance, ch.values, "update", ch.plan.id, maintenance)
	return ch, nil
}

// has reports whether an instance is already what a change would make of it.
func (r *record) has(ch *change) bool {
	if ch.plan != ch.before || ch.template && ch.plan.MaintenanceVersion != "" {
		return false
	}
	for name, value := range ch.values {
		if ch.plan.update.fields[name].secret {
			if !r.asked(ch.digest) {
				return false
			}
		} else if r.parameters[name] != value {
			return false
		}
	}
	return true
}

// apply sets the update going.
func (b *Broker) apply(x *exchange, r *record, ch *change) (*answer, error) {
	token := newUpdate(ch.digest)
	set := r.settings(ch)
	after := maps.Clone(r.parameters)
	maps.Copy(after, set)
	tags := maps.Clone(r.tags)
	maps.Copy(tags, map[string]string{
		TagPlan: ch.plan.id, TagOperation: token, TagDigest: changed + ch.plan.effective(after),
	})
	in := &cloudformation.UpdateStackInput{
		StackName: &r.id, ClientRequestToken: &token, RoleARN: r.place.stackRole(), Tags: tagList(tags),
	}
	for _, c := range ch.plan.needs {
		in.Capabilities = append(in.Capabilities, types.Capability(c))
	}
	if ch.template {
		tags[TagMaintenance] = tagText(ch.plan.MaintenanceVersion)
		in.Tags = tagList(tags)
		var err error
		if in.TemplateBody, in.TemplateURL, err = r.place.deliver(x.ctx, ch.plan.template); err != nil {
			return nil, err
		}
	} else {
		in.UsePreviousTemplate = aws.Bool(true)
	}
	in.Parameters = r.changed(ch, set)
	_, err := r.place.API.UpdateStack(x.ctx, in)
	switch {
	case nothingToUpdate(err):
		return &answer{status: http.StatusOK}, nil
	case wrongState(err):
		return r.overtaken(x, ch)
	case err != nil:
		return nil, err
	}
	op := r.operation(opUpdate)
	op.token = token
	return &answer{status: http.StatusAccepted, body: object{"operation": op.String()}}, nil
}

// settings are the values that an update sets: those of the user and, with another template, what its plan
// says.
func (r *record) settings(ch *change) map[string]string {
	set := map[string]string{}
	if ch.template {
		for name, value := range ch.plan.Defaults {
			if _, there := r.parameters[name]; !there || ch.plan != ch.before {
				set[name] = value
			}
		}
	}
	if ch.plan != ch.before {
		for name := range ch.before.Fixed {
			x := ch.plan.create.fields[name]
			if _, ok := set[name]; !ok && x != nil && x.fallback != nil {
				set[name] = *x.fallback // the new plan leaves it to the user
			}
		}
	}
	maps.Copy(set, ch.values)
	if ch.template {
		maps.Copy(set, ch.plan.Fixed)
	}
	return set
}

// changed are the parameters of an update: those that stay the same keep their values, which the broker
// need not know.
func (r *record) changed(ch *change, set map[string]string) []types.Parameter {
	list := ch.plan.parameters(set)
	for _, name := range sorted(r.parameters) {
		_, ok := set[name]
		if !ok && (ch.plan.known[name] || !ch.template) {
			list = append(list, types.Parameter{ParameterKey: aws.String(name), UsePreviousValue: aws.Bool(true)})
		}
	}
	return list
}

// overtaken is the answer where another operation was faster: it may be the same update.
func (r *record) overtaken(x *exchange, ch *change) (*answer, error) {
	now, err := r.place.read(x.ctx, r.id)
	if err != nil {
		return nil, err
	}
	if now != nil && now.updating() && now.asked(ch.digest) {
		return &answer{status: http.StatusAccepted, body: object{"operation": now.operation(opUpdate).String()}}, nil
	}
	return nil, busy("another operation on the instance runs")
}
