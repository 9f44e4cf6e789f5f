package local

import "github.com/updraft-go/updraft/internal/tree"

// follow makes EC2 and Auto Scaling do what the properties of a resource say, whoever set them.
func (r *region) follow(a *asset) {
	switch a.typ {
	case typeLaunchTemplate:
		r.followTemplate(a)
	case typeInstance:
		r.followInstance(a)
	case typeGroup:
		r.followGroup(a)
	}
}

// forget is follow for a resource that is gone.
func (r *region) forget(a *asset) {
	switch a.typ {
	case typeLaunchTemplate:
		r.forgetTemplate(a.physicalID)
	case typeInstance:
		if i := r.fleet.instances[a.physicalID]; i != nil {
			r.terminate(i, r.userInitiated())
		}
	case typeGroup:
		r.forgetGroup(a.physicalID)
	}
}

// fleetAttribute is an attribute of a resource that changes while the resource stays as it is, nil if
// it is not one of those.
func (r *region) fleetAttribute(of *resource, name string) *tree.Node {
	if of.typ != typeLaunchTemplate {
		return nil
	}
	t := r.fleet.templates[of.physicalID]
	switch {
	case t == nil:
		return nil
	case name == "LatestVersionNumber":
		return tree.Int(t.newest())
	case name == "DefaultVersionNumber":
		return tree.Int(t.chosen)
	}
	return nil
}
