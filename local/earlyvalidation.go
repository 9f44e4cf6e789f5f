package local

import (
	"fmt"

	"github.com/updraft-go/updraft/internal/tree"
)

// validate looks at what a plan would do to a stack for what cannot go well, if the cloud does so before
// anything is done.
func (s *stackState) validate(p *plan) []*finding {
	if !s.region.cloud.EarlyValidation {
		return nil
	}
	var found []*finding
	for _, c := range p.byValue {
		if !isValidated(c.typ) {
			continue
		}
		r := &resource{id: c.id, typ: c.typ, properties: c.after}
		if c.configures() {
			found = append(found, misconfigured(r)...)
		}
		if c.makes() {
			found = append(found, s.taken(r)...)
		}
		if c.deletes() {
			found = append(found, s.filled(c)...)
		}
	}
	return found
}

// configures reports whether a change gives properties to a resource that it had not.
func (c *change) configures() bool {
	return c.after.Is(tree.Map) && (c.before == nil || !tree.Equal(c.before, c.after))
}

// makes reports whether a change makes a resource, a new one in place of an old one too.
func (c *change) makes() bool {
	return c.action == "Add" || c.action == "Modify" && c.replacement == "True"
}

// deletes reports whether a change deletes a resource, an old one that is replaced too.
func (c *change) deletes() bool {
	return c.action == "Remove" && c.policyAction == "Delete" || c.policyAction == "ReplaceAndDelete"
}

// misconfigured finds properties that the schema of the resource's type does not allow.
func misconfigured(r *resource) []*finding {
	var found []*finding
	for _, v := range violations(r) {
		found = append(found, &finding{
			logicalID: r.id, typ: r.typ, name: propertyValidation, path: "/Resources/" + r.id + "/Properties" + v.at, reason: v.String(),
		})
	}
	return found
}

// taken finds a name that the template gives to a resource which is to be made, and another one has.
func (s *stackState) taken(r *resource) []*finding {
	if s.region.cloud.provides(r.typ) {
		return nil // it decides for itself
	}
	a, name := s.namesake(r)
	if a == nil {
		return nil
	}
	return []*finding{{
		logicalID: r.id, typ: r.typ, name: nameConflict, path: "/Resources/" + r.id,
		reason: fmt.Sprintf("Resource of type '%s' with identifier '%s' already exists.", r.typ, name),
	}}
}

// filled finds a bucket with objects in it, which could not be deleted.
func (s *stackState) filled(c *change) []*finding {
	a := s.region.asset(c.typ, c.physicalID)
	if c.typ != typeBucket || a == nil || len(a.objects) == 0 {
		return nil
	}
	return []*finding{{
		logicalID: c.id, physicalID: c.physicalID, typ: c.typ, name: bucketEmptiness, path: "/Resources/" + c.id,
		reason: fmt.Sprintf("The bucket '%s' is not empty. You must either delete all objects and versions or use the deletion policy to retain it, otherwise the delete operation will fail.", c.physicalID),
	}}
}
