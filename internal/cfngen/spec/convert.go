package spec

import (
	"fmt"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// converter turns one resource of the database into the neutral form.
type converter struct {
	defs map[string]*definition
	uses []string
}

func (c *converter) resource(res *resource) (*model.Type, error) {
	t := &model.Type{
		Name:       res.Type,
		Identifier: res.PrimaryIdentifier,
		Arn:        res.ArnTemplate,
		Stateful:   res.IsStateful,
		Transform:  res.Transform,
		Attributes: map[string]*model.Attribute{},
	}
	if res.RefIdentifier != nil {
		t.Ref = &model.Ref{Names: res.RefIdentifier}
	}
	if tags := res.TagInformation; tags != nil {
		t.TagProperty, t.TagShape = tags.PropertyName, tags.Variant
	}
	for name, a := range res.Attributes {
		e, err := c.expr(a.Type)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		t.Attributes[name] = &model.Attribute{Type: e}
	}
	if err := c.properties(t, res); err != nil {
		return nil, err
	}
	for _, path := range res.ReplacingProperties {
		markReplacing(t, t.Properties, path)
	}
	t.Prune()
	return t, nil
}

func (c *converter) properties(t *model.Type, res *resource) (err error) {
	if t.Properties, err = c.convert(res.Properties); err != nil {
		return err
	}
	t.Definitions = map[string]model.Properties{}
	for _, id := range c.uses {
		def := c.defs[id]
		if def == nil {
			return fmt.Errorf("definition %s does not exist", id)
		}
		if _, dup := t.Definitions[def.Name]; dup {
			return fmt.Errorf("two definitions are called %s", def.Name)
		}
		if t.Definitions[def.Name], err = c.convert(def.Properties); err != nil {
			return fmt.Errorf("definition %s: %w", def.Name, err)
		}
	}
	return nil
}

func (c *converter) convert(props map[string]property) (model.Properties, error) {
	out := make(model.Properties, len(props))
	for name, p := range props {
		q, err := c.property(p)
		if err != nil {
			return nil, fmt.Errorf("property %s: %w", name, err)
		}
		out[name] = q
	}
	return out, nil
}

// markReplacing marks the property at path as one whose change replaces the
// resource. List elements are written "*". A path into the builtin Tag has no
// property of its own and is passed over.
func markReplacing(t *model.Type, props model.Properties, path []string) {
	var p *model.Property
	for _, name := range path {
		if name == "*" {
			continue
		}
		if p = props[name]; p == nil {
			return
		}
		props = nil
		for object := range p.Type.Objects {
			props = t.Definitions[object]
		}
	}
	if p != nil {
		p.Replacement = "yes"
	}
}
