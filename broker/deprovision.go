package broker

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// deprovision answers DELETE /v2/service_instances/:instance_id. It is safe for an instance of which
// nothing is known, since platforms send it after a request whose answer they never got.
func (b *Broker) deprovision(x *exchange) (*answer, error) {
	if err := required("service_id", x.query.Get("service_id"), "plan_id", x.query.Get("plan_id")); err != nil {
		return nil, err
	}
	if !x.async() {
		return nil, asyncRequired("deprovisioning")
	}
	r, err := b.find(x.ctx, b.instanceName(x.instance))
	switch {
	case err != nil:
		return nil, err
	case r == nil:
		return nil, gone("there is no such instance")
	case r.tags[TagService] != "" && r.tags[TagService] != x.query.Get("service_id"):
		return nil, malformed("service_id %q is not that of the instance, %q", x.query.Get("service_id"), r.tags[TagService])
	case r.updating():
		return nil, busy("the instance is being updated")
	}
	if r.status != "DELETE_IN_PROGRESS" {
		if err := b.remove(x.ctx, r); err != nil {
			return nil, err
		}
	}
	return &answer{status: http.StatusAccepted, body: object{"operation": r.operation(opDelete).String()}}, nil
}

// remove sets the deletion of an instance going. Bindings that are left go first: a platform that asks
// for this has forgotten them. While there are any, the instance waits, and whoever polls for its end
// calls this again.
func (b *Broker) remove(ctx context.Context, r *record) error {
	bindings, err := r.bindings(ctx)
	if err != nil {
		return err
	}
	if len(bindings) > 0 {
		for _, name := range bindings {
			if err := r.place.deleteBinding(ctx, name); err != nil {
				return err
			}
		}
		if bindings, err = r.bindings(ctx); err != nil || len(bindings) > 0 {
			return err
		}
	}
	return r.delete(ctx, rand.Text())
}

func (p *Place) deleteBinding(ctx context.Context, name string) error {
	r, err := p.read(ctx, name)
	if err != nil || r == nil || r.status == "DELETE_IN_PROGRESS" {
		return err
	}
	return r.delete(ctx, rand.Text())
}

// delete deletes a stack; one that is made at the time is stopped.
func (r *record) delete(ctx context.Context, token string) error {
	_, err := r.place.API.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &r.id, ClientRequestToken: &token, RoleARN: r.place.stackRole()})
	if wrongState(err) {
		return busy("another operation runs")
	}
	return err
}

// bindings are the names of the stacks that import an instance: CloudFormation knows them.
func (r *record) bindings(ctx context.Context) ([]string, error) {
	var names []string
	in := &cloudformation.ListImportsInput{ExportName: aws.String(exportName(r.name))}
	for {
		out, err := r.place.API.ListImports(ctx, in)
		if notImported(err) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, out.Imports...)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return names, nil
		}
	}
}
