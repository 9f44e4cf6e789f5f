package stack

import (
	"bytes"
	"errors"
	"slices"

	fn "github.com/updraft-go/updraft/intrinsics"

	"github.com/updraft-go/updraft/internal/tree"
)

// A document is a template as a noun.
type document struct{ t *Template }

var documentKeys = []string{
	"AWSTemplateFormatVersion", "Description", "Metadata", "Transform", "Globals", "Parameters", "Rules",
	"Mappings", "Conditions", "Resources", "Hooks", "Outputs",
}

func (d *document) keys() []string { return documentKeys }

func (d *document) extra() fn.Extra { return d.t.Extra }

func (d *document) original(*tree.Node) noun { return nil }

func (d *document) writeMember(w *writer, key string, source *tree.Node) {
	switch key {
	case "AWSTemplateFormatVersion":
		w.text(key, d.t.FormatVersion)
	case "Description":
		w.text(key, d.t.Description)
	case "Metadata":
		w.value(key, d.t.Metadata)
	case "Transform":
		d.writeTransform(w, source)
	case "Globals":
		w.value(key, d.t.Globals)
	case "Parameters":
		section(w, key, &d.t.Parameters, source, writeParameter)
	case "Rules":
		section(w, key, &d.t.Rules, source, writeRule)
	case "Mappings":
		section(w, key, &d.t.Mappings, source, writeMapping)
	case "Conditions":
		section(w, key, &d.t.Conditions, source, writeCondition)
	case "Resources":
		section(w, key, &d.t.Resources, source, writeResource)
	case "Hooks":
		section(w, key, &d.t.Hooks, source, writeHook)
	case "Outputs":
		section(w, key, &d.t.Outputs, source, writeOutput)
	}
}

// writeTransform writes one macro as a text, several as a list, and either as it was read.
func (d *document) writeTransform(w *writer, source *tree.Node) {
	if source != nil {
		if before, ok := transforms(source); ok && slices.Equal(before, d.t.Transforms) {
			w.verbatim("Transform", source)
			return
		}
	}
	switch len(d.t.Transforms) {
	case 0:
	case 1:
		w.string("Transform", fn.String(d.t.Transforms[0]))
	default:
		w.value("Transform", d.t.Transforms)
	}
}

// missing stands for a nil in a section.
func (w *writer) missing() {
	w.buf = append(w.buf, "null"...)
	w.problem(errors.New("nil in place of a value; set it to a value, or delete the name"))
}

func writeParameter(w *writer, _ string, p *Parameter, source *tree.Node) {
	if p == nil {
		w.missing()
		return
	}
	w.object(p, source)
}

var parameterKeys = []string{
	"Type", "Description", "Default", "AllowedValues", "AllowedPattern", "MinLength", "MaxLength", "MinValue",
	"MaxValue", "ConstraintDescription", "NoEcho",
}

func (p *Parameter) keys() []string { return parameterKeys }

func (p *Parameter) extra() fn.Extra { return p.Extra }

func (p *Parameter) original(source *tree.Node) noun {
	before, _ := readParameter(tree.Member{Value: source})
	return before
}

func (p *Parameter) writeMember(w *writer, key string, _ *tree.Node) {
	switch key {
	case "Type":
		w.text(key, p.Type)
	case "Description":
		w.text(key, p.Description)
	case "Default":
		w.string(key, p.Default)
	case "AllowedValues":
		if p.AllowedValues != nil {
			w.value(key, p.AllowedValues)
		}
	case "AllowedPattern":
		w.text(key, p.AllowedPattern)
	case "MinLength":
		w.scalar(key, p.MinLength != "", p.MinLength)
	case "MaxLength":
		w.scalar(key, p.MaxLength != "", p.MaxLength)
	case "MinValue":
		w.scalar(key, p.MinValue != "", p.MinValue)
	case "MaxValue":
		w.scalar(key, p.MaxValue != "", p.MaxValue)
	case "ConstraintDescription":
		w.text(key, p.ConstraintDescription)
	case "NoEcho":
		w.scalar(key, p.NoEcho, p.NoEcho)
	}
}

func writeRule(w *writer, _ string, r *Rule, source *tree.Node) {
	if r == nil {
		w.missing()
		return
	}
	w.object(r, source)
}

var ruleKeys = []string{"RuleCondition", "Assertions"}

func (r *Rule) keys() []string { return ruleKeys }

func (r *Rule) extra() fn.Extra { return r.Extra }

func (r *Rule) original(source *tree.Node) noun {
	before, _ := readRule(tree.Member{Value: source})
	return before
}

func (r *Rule) writeMember(w *writer, key string, _ *tree.Node) {
	switch key {
	case "RuleCondition":
		w.scalar(key, r.RuleCondition != "", r.RuleCondition)
	case "Assertions":
		w.scalar(key, r.Assertions != nil, r.Assertions)
	}
}

func writeHook(w *writer, _ string, h *Hook, source *tree.Node) {
	if h == nil {
		w.missing()
		return
	}
	w.object(h, source)
}

var hookKeys = []string{"Type", "Properties"}

func (h *Hook) keys() []string { return hookKeys }

func (h *Hook) extra() fn.Extra { return h.Extra }

func (h *Hook) original(*tree.Node) noun { return nil }

func (h *Hook) writeMember(w *writer, key string, _ *tree.Node) {
	switch key {
	case "Type":
		w.text(key, h.Type)
	case "Properties":
		w.value(key, h.Properties)
	}
}

func writeCondition(w *writer, _ string, c fn.Condition, _ *tree.Node) {
	w.note(fn.Append(w.buf, c))
}

func writeOutput(w *writer, _ string, o *Output, source *tree.Node) {
	if o == nil {
		w.missing()
		return
	}
	if o.Loop != nil {
		w.loop(o.Loop, func(body *Template) {
			sectionBody(w, &body.Outputs, body.source.Get("Outputs"), writeOutput)
		})
		return
	}
	w.object(o, source)
}

var outputKeys = []string{"Description", "Condition", "Value", "Export"}

func (o *Output) keys() []string { return outputKeys }

func (o *Output) extra() fn.Extra { return o.Extra }

func (o *Output) original(source *tree.Node) noun {
	before, _ := readOutput(tree.Member{Value: source})
	return before
}

func (o *Output) writeMember(w *writer, key string, _ *tree.Node) {
	switch key {
	case "Description":
		w.text(key, o.Description)
	case "Condition":
		w.text(key, string(o.Condition))
	case "Value":
		if o.Value == "" && len(o.Extra) == 0 {
			w.problem(errors.New("an output without a value; set Value, to fn.Empty if it is to be empty"))
		}
		w.string(key, o.Value)
	case "Export":
		if o.Export != "" {
			w.open(key)
			w.string("Name", o.Export)
			w.close()
		}
	}
}

func writeResource(w *writer, _ string, r *Resource, source *tree.Node) {
	if r == nil {
		w.missing()
		return
	}
	if r.Loop != nil {
		w.loop(r.Loop, func(body *Template) {
			sectionBody(w, &body.Resources, body.source.Get("Resources"), writeResource)
		})
		return
	}
	w.object(r, source)
}

var resourceKeys = []string{
	"Type", "Condition", "DependsOn", "Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy",
	"UpdateReplacePolicy", "Properties",
}

func (r *Resource) keys() []string { return resourceKeys }

func (r *Resource) extra() fn.Extra { return r.Extra }

// original leaves out the properties: they keep their own order and spelling.
func (r *Resource) original(source *tree.Node) noun {
	before := &Resource{}
	for _, m := range source.Map {
		if m.Key != "Properties" && m.Key != "Metadata" {
			before.readMember(m.Key, m.Value)
		}
	}
	return before
}

func (r *Resource) writeMember(w *writer, key string, _ *tree.Node) {
	switch key {
	case "Type":
		w.text(key, r.Type)
	case "Condition":
		w.text(key, string(r.Condition))
	case "DependsOn":
		if len(r.DependsOn) > 0 {
			w.dependsOn(r.DependsOn)
		}
	case "Metadata":
		w.value(key, r.Metadata)
	case "CreationPolicy":
		w.scalar(key, r.CreationPolicy != nil, r.CreationPolicy)
	case "UpdatePolicy":
		w.scalar(key, r.UpdatePolicy != nil, r.UpdatePolicy)
	case "DeletionPolicy":
		w.string(key, r.DeletionPolicy)
	case "UpdateReplacePolicy":
		w.string(key, r.UpdateReplacePolicy)
	case "Properties":
		w.properties(r.Properties)
	}
}

// properties leaves out a struct that has none; an Object is as it was written.
func (w *writer) properties(v any) {
	start := len(w.buf)
	w.value("Properties", v)
	if _, isObject := v.(*Object); !isObject && bytes.HasSuffix(w.buf[start:], []byte(`"Properties":{}`)) {
		w.buf = w.buf[:start]
	}
}

func (w *writer) dependsOn(ids []string) {
	for _, id := range ids {
		if id == "" {
			w.path = append(w.path, "DependsOn")
			w.problem(errors.New("a resource that was not added to a template; add it with stack.Add first"))
			w.done()
		}
	}
	w.value("DependsOn", ids)
}
