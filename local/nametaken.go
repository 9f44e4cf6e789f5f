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
	a, name := d.state.namesake(r)
	if a == nil {
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

// namesake is what has the name already that the template of a stack gives to a resource of it; nil if it
// gives none, or nothing else has it.
func (s *stackState) namesake(r *resource) (a *asset, name string) {
	t, ok := schema.Lookup(r.typ)
	if !ok || isCustom(r.typ) {
		return nil, ""
	}
	property := (&inventor{r: r, t: t}).nameProperty()
	name = r.live().Get(property).Str()
	if property == "" || name == "" {
		return nil, ""
	}
	if a = s.ofName(r, t, property, name); a == nil || a.state == s && a.id == r.id {
		return nil, ""
	}
	return a, name
}

// ofName finds a resource of the type and name of another, nil if there is none; a bucket, in all accounts
// and regions.
func (s *stackState) ofName(r *resource, t *schema.Type, property, name string) *asset {
	region := s.region
	switch {
	case r.typ == typeBucket:
		return region.cloud.global("", r.typ, name)
	case slices.Equal(t.PrimaryIdentifier, []string{property}):
		return region.asset(r.typ, name)
	case slices.Contains(byName, r.typ):
		same := *r
		same.physicalID = ""
		same.invent(s)
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
