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

// refuses says why EC2 or Auto Scaling refuses what a stack wants to do to a resource, "" if neither
// does.
func (r *region) refuses(j *job) string {
	err := error(nil)
	switch {
	case j.action == Delete:
	case j.resource.typ == typeInstance && j.action == Create:
		err = r.refusesInstance(j.resource.live())
	case j.resource.typ == typeGroup:
		err = r.refusesGroup(j.resource.live(), j.previous)
	}
	if err == nil {
		return ""
	}
	return textOf(err)
}

func (r *region) refusesInstance(properties *tree.Node) error {
	spec := properties
	if use := templateUseOf(properties.Get("LaunchTemplate")); use != nil {
		_, v, err := r.templateVersion(*use)
		if err != nil {
			return err
		}
		spec = overlay(v.data, properties)
	}
	id, err := r.resolveImage(spec.Get("ImageId").Str())
	if err != nil || id == "" {
		return err
	}
	_, err = r.launchable(id)
	return err
}

// refusesGroup looks at what the group would launch only if that is new, and a launch template: a
// launch configuration that no stack has made may be there all the same.
func (r *region) refusesGroup(properties, previous *tree.Node) error {
	next := sourceOf(properties)
	if next.template == nil || previous != nil && next.equal(sourceOf(previous)) {
		return nil
	}
	return r.checkSource(next)
}
