package local

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
	"github.com/updraft-go/updraft/stack"
)

// An importInput names a resource that exists already and is to become one of the stack's.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources.html
type importInput struct {
	ResourceType, LogicalResourceId string
	ResourceIdentifier              map[string]string
}

const typeImport = "IMPORT"

// checkImports refuses resources to import where none can be, and the lack of them where there must be.
func (in *createChangeSetInput) checkImports() error {
	switch {
	case in.ChangeSetType == typeImport && len(in.ResourcesToImport) == 0:
		return invalid("ResourcesToImport must be specified when ChangeSetType is IMPORT")
	case in.ChangeSetType != typeImport && len(in.ResourcesToImport) > 0:
		return invalid("ResourcesToImport can only be specified when ChangeSetType is IMPORT")
	case in.ChangeSetType == typeImport && in.ImportExistingResources:
		return invalid("ImportExistingResources cannot be specified when ChangeSetType is IMPORT")
	}
	return nil
}

// imports finds the resources to import, by logical ID.
func (in *createChangeSetInput) imports(s *stackState, t *template) (map[string]string, error) {
	found := map[string]string{}
	var unguarded []string
	for _, one := range in.ResourcesToImport {
		def := t.byID[one.LogicalResourceId]
		switch {
		case def == nil:
			return nil, invalid("Resource %s to import does not exist in the template", one.LogicalResourceId)
		case def.typ != one.ResourceType:
			return nil, invalid("Resource %s to import is of type %s in the template, not of type %s", def.id, def.typ, one.ResourceType)
		case s.resources[def.id] != nil:
			return nil, invalid("Resource %s to import is in stack %s already", def.id, s.name)
		case def.node.Get("DeletionPolicy") == nil:
			unguarded = append(unguarded, def.id)
		}
		id, err := s.region.identified(one)
		if err != nil {
			return nil, err
		}
		found[def.id] = id
	}
	if len(unguarded) > 0 {
		return nil, invalid("The following resources to import [%s] must have DeletionPolicy attribute specified in the template.", strings.Join(unguarded, ", "))
	}
	return found, nil
}

// identified returns the physical ID of what a request identifies. What is not there gets the one that
// it would have: CloudFormation looks for it only when it imports it.
func (r *region) identified(one importInput) (string, error) {
	keys := importIdentifiers(one.ResourceType)
	if given := slices.Sorted(maps.Keys(one.ResourceIdentifier)); !slices.Equal(given, slices.Sorted(slices.Values(keys))) {
		return "", invalid("Resource %s of type %s is identified by [%s], not by [%s]", one.LogicalResourceId, one.ResourceType, strings.Join(keys, ", "), strings.Join(given, ", "))
	}
	var values []string
	for _, key := range keys {
		values = append(values, one.ResourceIdentifier[key])
	}
	for _, a := range r.list(one.ResourceType) {
		if len(keys) == 1 && a.physicalID == values[0] || a.identifiedBy(keys, values) {
			return a.physicalID, nil
		}
	}
	return strings.Join(values, "|"), nil
}

func (a *asset) identifiedBy(keys, values []string) bool {
	for i, key := range keys {
		if a.text(key) != values[i] {
			return false
		}
	}
	return true
}

// existing returns what a resource that would be added is already, by the name that its template gives
// it; nil if there is nothing of that name.
func (r *region) existing(typ string, properties *tree.Node) (found *asset, property string) {
	t, ok := schema.Lookup(typ)
	if !ok {
		return nil, ""
	}
	property = (&inventor{t: t}).nameProperty()
	name := properties.Get(property).Str()
	if property == "" || name == "" {
		return nil, ""
	}
	for _, a := range r.list(typ) {
		if a.text(property) == name && r.holder(typ, a.physicalID) == nil {
			return a, property
		}
	}
	return nil, ""
}

// holder returns the stack that has a resource, nil if none has.
func (r *region) holder(typ, physicalID string) *stackState {
	for _, s := range r.stacks {
		for _, held := range s.resources {
			if held.typ == typ && held.physicalID == physicalID {
				return s
			}
		}
	}
	return nil
}

// takes makes an import of an addition, if it is one.
func (pl *planner) takes(c *change, def *definition, after *tree.Node) {
	if pl.next.takesExisting {
		if a, property := pl.state.region.existing(def.typ, after); a != nil {
			pl.next.adopts[def.id] = a.physicalID
			if p := policy(def.node, "DeletionPolicy"); p != "Retain" && p != "RetainExceptOnCreate" {
				pl.unguarded = append(pl.unguarded, fmt.Sprintf("%s ({%s=%s})", def.id, property, a.text(property)))
			}
		}
	}
	if id := pl.next.adopts[def.id]; id != "" {
		c.action, c.physicalID = "Import", id
	}
}

// checkUnguarded refuses to import what the undoing of the operation would delete.
func (pl *planner) checkUnguarded() error {
	if len(pl.unguarded) == 0 {
		return nil
	}
	return invalid("CloudFormation is attempting to import some resources because they already exist in your account. The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the template for successful import. The affected resources are %s", strings.Join(pl.unguarded, ", "))
}

// notImported lists the resources that a plan changes and does not import.
func (p *plan) notImported() []string {
	var ids []string
	for _, c := range p.byText {
		if c.action != "Import" {
			ids = append(ids, c.id)
		}
	}
	return ids
}

// adopt makes a resource that exists one of the stack's.
func (d *deployment) adopt(r *resource, physicalID string, done func(bool)) {
	d.add(r)
	r.physicalID, r.imported = physicalID, true
	d.tell(r, stack.ImportInProgress, "Resource import started.")
	end := func(err error) {
		if err != nil {
			d.tell(r, stack.ImportFailed, textOf(err))
			d.failed[actionImport] = append(d.failed[actionImport], r.id)
			d.stop()
			done(false)
			return
		}
		d.tell(r, stack.ImportComplete, "Resource import completed.")
		d.tell(r, stack.UpdateInProgress, "Apply stack-level tags to imported resource if applicable.")
		d.tell(r, stack.UpdateComplete, "")
		done(true)
	}
	if d.cloud.Delay > 0 {
		d.isSlow()
	}
	d.loop.after(d.cloud.Delay, func() { end(d.takeOver(r)) })
}

// actionImport is what is done to a resource that is imported; nothing is asked of a Provider.
const actionImport Action = "IMPORT"

// takeOver takes a resource that nobody else has.
func (d *deployment) takeOver(r *resource) error {
	if err := checkProperties(r); err != nil {
		return err
	}
	region := d.state.region
	a := region.asset(r.typ, r.physicalID)
	if a == nil {
		return invalid("Resource of type '%s' with identifier '%s' was not found.", r.typ, r.physicalID)
	}
	for _, s := range region.stacks {
		for _, held := range s.resources {
			if held != r && held.typ == r.typ && held.physicalID == r.physicalID {
				return invalid("%s already exists in stack %s", r.physicalID, s.id)
			}
		}
	}
	r.attributes, r.name, r.revision, r.provided = maps.Clone(a.attributes), a.name, a.revision, a.provided
	actual := *r
	actual.properties, actual.actual = a.properties, nil // what it is, which the template need not say
	a.resource, a.state = &actual, d.state
	return nil
}

// operateImport imports resources into a stack that is IMPORT_IN_PROGRESS and has its new settings.
func operateImport(d *deployment) {
	old := d.old
	ok, alive := d.build()
	switch {
	case !alive:
		return
	case ok && d.publish():
		d.status(stack.ImportComplete, "")
		return
	}
	d.status(stack.ImportRollbackInProgress, d.why(""))
	if old.settings.template != nil {
		d.state.settings = old.settings
	}
	d.state.outputs, d.state.imports = old.outputs, old.imports
	for _, id := range slices.Backward(d.touched) {
		if r := d.state.resources[id]; d.before[id] == nil && r != nil {
			d.tell(r, stack.ImportRollbackInProgress, "")
			d.tell(r, stack.ImportRollbackComplete, "")
			delete(d.state.resources, id)
		}
	}
	d.status(stack.ImportRollbackComplete, "")
}
