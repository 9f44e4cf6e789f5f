package broker

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A wish is a request for an instance, checked.
type wish struct {
	plan   *offer
	owner  owner
	user   map[string]string // what the user sets
	all    map[string]string // with the defaults of the plan, overrides and fixed values
	place  *Place
	tags   map[string]string // those that the user sets
	digest string
}

// provision answers PUT /v2/service_instances/:instance_id.
func (b *Broker) provision(x *exchange) (*answer, error) {
	in, err := readBody(x.w, x.r)
	if err != nil {
		return nil, err
	}
	if err := required("service_id", in.ServiceID, "plan_id", in.PlanID, "organization_guid", in.OrganizationGUID, "space_guid", in.SpaceGUID); err != nil {
		return nil, err
	}
	c, err := b.catalog(x.ctx)
	if err != nil {
		return nil, err
	}
	plan, err := c.plan(in.ServiceID, in.PlanID)
	if err != nil {
		return nil, err
	}
	if !x.async() {
		return nil, asyncRequired("provisioning")
	}
	if err := plan.checkMaintenance(in.Maintenance); err != nil {
		return nil, err
	}
	w, err := b.wish(x, in, plan)
	if err != nil {
		return nil, err
	}
	name := b.instanceName(x.instance)
	r, err := b.find(x.ctx, name)
	if err != nil {
		return nil, err
	}
	if r == nil {
		if r, err = b.create(x, name, w); err != nil {
			return nil, err
		}
	}
	return b.standing(r, w)
}

// wish checks what a request says.
func (b *Broker) wish(x *exchange, in *body, plan *offer) (*wish, error) {
	w := &wish{plan: plan, owner: in.owner()}
	overrides := b.overridesFor(w.owner, plan.service.Name)
	var err error
	if w.user, err = plan.create.read(in.Parameters, overrides); err != nil {
		return nil, err
	}
	w.all = plan.merge(w.user, overrides)
	own := plan.own(w.all)
	if w.place, err = b.placeFor(own); err != nil {
		return nil, err
	}
	w.tags = map[string]string{}
	for _, name := range []string{fieldAdminTags, fieldUserTags} {
		more, err := tagsFrom(name, own[name])
		if err != nil {
			return nil, err
		}
		for key, value := range more {
			w.tags[key] = value
		}
	}
	w.digest = plan.create.digest(x.instance, w.user, plan.service.id, plan.id, in.OrganizationGUID, in.SpaceGUID)
	return w, nil
}

// merge puts values together: what the plan sets counts before what the user says, who cannot say
// anything there, then overrides, then the plan's defaults. Defaults of the template are its own.
func (p *offer) merge(user, overrides map[string]string) map[string]string {
	all := map[string]string{}
	for _, layer := range []map[string]string{p.Defaults, overrides, user, p.Fixed} {
		for name, value := range layer {
			all[name] = value
		}
	}
	return all
}

// checkMaintenance refuses a platform that has another version of a plan's maintenance in mind.
func (p *offer) checkMaintenance(m *maintenanceInfo) error {
	if m == nil || m.Version == p.MaintenanceVersion {
		return nil
	}
	return refuse(http.StatusUnprocessableEntity, "MaintenanceInfoConflict",
		"maintenance_info.version is %q, and that of the plan %s is %q; fetch the catalog again", m.Version, p.Name, p.MaintenanceVersion)
}

// standing is the answer for an instance that exists, for a request that asks for it.
func (b *Broker) standing(r *record, w *wish) (*answer, error) {
	switch {
	case r.status == "DELETE_IN_PROGRESS":
		return nil, busy("the instance is being deleted")
	case !r.matches(w):
		return nil, conflict("an instance of this ID exists, with another service, plan, owner or parameters")
	case r.broken():
		return nil, conflict("an instance of this ID exists, whose creation or deletion failed (%s); deprovision it first", r.status)
	case r.updating():
		return nil, busy("the instance is being updated")
	case r.creating():
		return &answer{status: http.StatusAccepted, body: object{"operation": r.operation(opCreate).String()}}, nil
	}
	return &answer{status: http.StatusOK}, nil
}

// create makes the stack of an instance. If another request was faster, it returns that one's.
func (b *Broker) create(x *exchange, name string, w *wish) (*record, error) {
	if err := b.checkLimits(x.ctx, w); err != nil {
		return nil, err
	}
	in := &cloudformation.CreateStackInput{
		StackName: &name, ClientRequestToken: aws.String(rand.Text()), RoleARN: w.place.stackRole(), Parameters: w.plan.parameters(w.all),
		Tags: tagList(w.tags, b.Tags, map[string]string{
			TagBroker: b.Name(), TagInstance: tagText(x.instance), TagService: w.plan.service.id, TagPlan: w.plan.id,
			TagDigest: w.digest, TagOwner: tagText(w.owner.String()), TagMaintenance: tagText(w.plan.MaintenanceVersion),
		}),
	}
	for _, c := range w.plan.needs {
		in.Capabilities = append(in.Capabilities, types.Capability(c))
	}
	var err error
	if in.TemplateBody, in.TemplateURL, err = w.place.deliver(x.ctx, w.plan.template); err != nil {
		return nil, err
	}
	out, err := w.place.API.CreateStack(x.ctx, in)
	if err != nil && !alreadyExists(err) {
		return nil, err
	}
	made := err == nil
	r, err := w.place.read(x.ctx, name)
	switch {
	case err != nil:
		return nil, err
	case r == nil && !made:
		return nil, busy("the instance is being created, or deleted, by another request")
	case r == nil: // a read may lag behind
		r = &record{place: w.place, id: aws.ToString(out.StackId), name: name, status: "CREATE_IN_PROGRESS", tags: map[string]string{TagDigest: w.digest}}
	case made:
		// What was asked for just now is in progress, even if it took no time.
		r.status = "CREATE_IN_PROGRESS"
	}
	return r, nil
}

// parameters are the values for the template's parameters.
func (p *offer) parameters(values map[string]string) []types.Parameter {
	var list []types.Parameter
	for _, name := range sorted(values) {
		if p.known[name] {
			list = append(list, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(values[name])})
		}
	}
	return list
}

// maxTemplate is the size of the largest template that can be sent, in bytes.
const maxTemplate = 51200

// deliver returns a template as it is sent, or where it is stored if it is too large for that.
func (p *Place) deliver(ctx context.Context, template []byte) (text, url *string, err error) {
	if len(template) <= maxTemplate {
		return aws.String(string(template)), nil, nil
	}
	up := p.client().Uploader
	if up == nil {
		return nil, nil, failed(nil, "the service's template has %d bytes, which is too large to be sent; the broker's operator has to set an Uploader", len(template))
	}
	at, err := up.Upload(ctx, "service-broker/"+shortHash(string(template))+".json", template)
	return nil, &at, err
}
