package broker

import (
	"net/http"

	"github.com/updraft-go/updraft/stack"
)

// getCatalog answers GET /v2/catalog.
func (b *Broker) getCatalog(x *exchange) (*answer, error) {
	c, err := b.catalog(x.ctx)
	if err != nil {
		return nil, err
	}
	a := &answer{status: http.StatusOK, body: c.body, header: http.Header{"Etag": {c.etag}}}
	if x.r.Header.Get("If-None-Match") == c.etag {
		a.status = http.StatusNotModified
	}
	return a, nil
}

// fetchInstance answers GET /v2/service_instances/:instance_id.
func (b *Broker) fetchInstance(x *exchange) (*answer, error) {
	r, err := b.find(x.ctx, b.instanceName(x.instance))
	switch {
	case err != nil:
		return nil, err
	case r == nil || !r.provisioned():
		return nil, absent("there is no such instance, or it is not made yet")
	case r.updating():
		return nil, busy("the instance is being updated")
	}
	out := object{"service_id": r.tags[TagService], "plan_id": r.tags[TagPlan], "metadata": object{
		"labels":     object{"account": r.place.Account, "region": r.place.Region},
		"attributes": object{"stack": r.name},
	}}
	c, err := b.catalog(x.ctx)
	if err != nil {
		return nil, err
	}
	if p, err := c.plan(r.tags[TagService], r.tags[TagPlan]); err == nil {
		out["parameters"] = p.visible(r)
	}
	if version := r.tags[TagMaintenance]; version != "" {
		out["maintenance_info"] = maintenanceInfo{Version: version}
	}
	return &answer{status: http.StatusOK, body: out}, nil
}

// fetchBinding answers GET /v2/service_instances/:instance_id/service_bindings/:binding_id.
func (b *Broker) fetchBinding(x *exchange) (*answer, error) {
	r, err := b.find(x.ctx, b.bindingName(x.instance, x.binding))
	switch {
	case err != nil:
		return nil, err
	case r == nil || !r.provisioned():
		return nil, absent("there is no such binding, or it is not made yet")
	}
	c, err := b.catalog(x.ctx)
	if err != nil {
		return nil, err
	}
	p, err := c.plan(r.tags[TagService], r.tags[TagPlan])
	if err != nil {
		return nil, absent("the binding's service is not in the catalog any more")
	}
	instance, err := r.place.read(x.ctx, b.instanceName(x.instance))
	if err != nil {
		return nil, err
	}
	if instance == nil || instance.status == stack.DeleteInProgress {
		return nil, absent("the binding's instance is not there any more")
	}
	out, err := b.describe(x.ctx, p, instance, r)
	if err != nil {
		return nil, err
	}
	parameters := object{}
	for _, name := range p.bind.order {
		if value := r.parameters[name]; value != "" {
			parameters[name] = value
		}
	}
	if len(parameters) > 0 {
		out["parameters"] = parameters
	}
	return &answer{status: http.StatusOK, body: out}, nil
}

// bindingOperation answers GET …/service_bindings/:binding_id/last_operation.
func (b *Broker) bindingOperation(x *exchange) (*answer, error) {
	op, r, err := b.polled(x, b.bindingName(x.instance, x.binding))
	if err != nil {
		return nil, err
	}
	switch {
	case op.kind == opUpdate:
		return nil, malformed("operation: a binding has no updates")
	case op.kind == opCreate:
		return r.created(x.ctx).answer(), nil
	case r == nil || r.status == stack.DeleteComplete:
		return (&progress{State: succeeded}).answer(), nil
	case r.status == stack.DeleteInProgress:
		return (&progress{State: inProgress, Description: string(r.status)}).answer(), nil
	}
	return (&progress{State: failedOp, Description: r.why(x.ctx, "")}).answer(), nil
}
