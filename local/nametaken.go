package local

import (
	"fmt"
	"slices"

	"github.com/updraft-go/updraft/schema"
)

// Types whose resources are told apart by a name that is not their identifier itself: the name makes the
// identifier, or the identifier has a part besides that is made up.
var (
	byName        = []string{"AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine"}
	byNameAndMore = []string{"AWS::SecretsManager::Secret", "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup"}
)

// nameTaken says why a resource cannot be made: its template names it, and there is one of that name already.
// It is "" if the name is free.
func (d *deployment) nameTaken(r *resource) string {
	t, ok := schema.Lookup(r.typ)
	if !ok || isCustom(r.typ) {
		return ""
	}
	property := (&inventor{r: r, t: t}).nameProperty()
	name := r.live().Get(property).Str()
	if property == "" || name == "" {
		return ""
	}
	a := d.ofName(r, t, property, name)
	if a == nil || a.state == d.state && a.id == r.id {
		return ""
	}
	if s := a.state; s.id != "" && s.resources[a.id] != nil && s.resources[a.id].physicalID == a.physicalID {
		return fmt.Sprintf("%s already exists in stack %s", a.physicalID, s.id)
	}
	if r.typ == typeBucket {
		return name + " already exists"
	}
	return fmt.Sprintf("Resource handler returned message: \"Resource of type '%s' with identifier '%s' already exists.\" (RequestToken: %s, HandlerErrorCode: AlreadyExists)",
		r.typ, name, d.cloud.uuid())
}

// ofName finds a resource of the type and name of another, nil if there is none; a bucket, in all accounts
// and regions.
func (d *deployment) ofName(r *resource, t *schema.Type, property, name string) *asset {
	region := d.state.region
	switch {
	case r.typ == typeBucket:
		return region.cloud.global("", r.typ, name)
	case slices.Equal(t.PrimaryIdentifier, []string{property}):
		return region.asset(r.typ, name)
	case slices.Contains(byName, r.typ):
		same := *r
		same.physicalID = ""
		same.invent(d.state)
		return region.asset(r.typ, same.physicalID)
	case slices.Contains(byNameAndMore, r.typ):
		for _, a := range region.list(r.typ) {
			if a.text(property) == name {
				return a
			}
		}
	}
	return nil
}
