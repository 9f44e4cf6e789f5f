package broker

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// unbind answers DELETE /v2/service_instances/:instance_id/service_bindings/:binding_id.
func (b *Broker) unbind(x *exchange) (*answer, error) {
	service, plan := x.query.Get("service_id"), x.query.Get("plan_id")
	if err := required("service_id", service, "plan_id", plan); err != nil {
		return nil, err
	}
	slow, err := b.bindsSlowly(x, service, plan)
	if err != nil {
		return nil, err
	}
	if slow && !x.async() {
		return nil, asyncRequired("unbinding")
	}
	r, err := b.find(x.ctx, b.bindingName(x.instance, x.binding))
	switch {
	case err != nil:
		return nil, err
	case r == nil:
		return nil, gone("there is no such binding")
	case r.tags[TagService] != "" && r.tags[TagService] != service:
		return nil, malformed("service_id %q is not that of the binding, %q", service, r.tags[TagService])
	}
	token := ""
	if r.status != stack.DeleteInProgress {
		token = rand.Text()
		if err := r.delete(x.ctx, token); err != nil {
			return nil, err
		}
	}
	accepted := &answer{status: http.StatusAccepted, body: object{"operation": r.operation(opDelete).String()}}
	if slow {
		return accepted, nil
	}
	ctx, cancel := context.WithTimeout(x.ctx, b.patience())
	defer cancel()
	_, err = r.wait(ctx, token)
	switch {
	case errors.Is(err, executor.ErrDetached) && x.async():
		return accepted, nil
	case err != nil:
		return nil, failed(err, "the binding was not deleted: %s", r.tell(err))
	}
	return &answer{status: http.StatusOK}, nil
}

// bindsSlowly reports whether the bindings of a plan are made and deleted in the background. A plan
// that is not in the catalog any more may still have bindings.
func (b *Broker) bindsSlowly(x *exchange, service, plan string) (bool, error) {
	c, err := b.catalog(x.ctx)
	if err != nil {
		return false, err
	}
	p, err := c.plan(service, plan)
	return err == nil && p.AsyncBind, nil
}
