package broker

import "slices"

const draft = "http://json-schema.org/draft-06/schema#"

// A form is what a kind of request may set.
type form struct {
	fields map[string]*field
	order  []string
	// fixed are those that a plan sets, to their fallbacks.
	fixed map[string]*field
	// made is, for an update, the form with which the instance was made.
	made *form
}

func (f *form) add(x *field) {
	if f.fields == nil {
		f.fields = map[string]*field{}
	}
	f.fields[x.name] = x
	f.order = append(f.order, x.name)
}

func (f *form) remove(name string) {
	delete(f.fields, name)
	f.order = slices.DeleteFunc(f.order, func(n string) bool { return n == name })
}

// required are the fields without which there is no value.
func (f *form) required() []string {
	var names []string
	for _, name := range f.order {
		if f.fields[name].fallback == nil {
			names = append(names, name)
		}
	}
	return names
}

// schema is the JSON schema of a form. The keys prescribed and openshift_form_definition are those that
// the AWS Service Broker has there. An empty required is left out: Cloud Foundry refuses it. partial
// says that a request need not say everything: an update.
func (f *form) schema(partial bool) map[string]any {
	properties := map[string]any{}
	for name, x := range f.fields {
		properties[name] = x.schema()
		if partial {
			delete(properties[name].(map[string]any), "default")
		}
	}
	s := map[string]any{"$schema": draft, "type": "object", "properties": properties, "additionalProperties": false}
	if f.fixed != nil {
		s["prescribed"] = f.prescribed()
	}
	if required := f.required(); !partial && len(required) > 0 {
		s["required"] = required
	}
	if groups := f.groups(); len(groups) > 0 {
		s["openshift_form_definition"] = groups
	}
	return s
}

// prescribed are the values that a plan sets, without those that are secret: everybody may read the
// catalog.
func (f *form) prescribed() map[string]string {
	values := map[string]string{}
	for name, x := range f.fixed {
		if !x.secret {
			values[name] = *x.fallback
		}
	}
	return values
}

// A group is a part of the form that OpenShift shows.
type group struct {
	Type  string   `json:"type"`
	Title string   `json:"title"`
	Items []string `json:"items"`
}

func (f *form) groups() []group {
	var groups []group
	for _, name := range f.order {
		title := f.fields[name].group
		if title == "" {
			continue
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.Title == title })
		if at < 0 {
			groups = append(groups, group{Type: "fieldset", Title: title})
			at = len(groups) - 1
		}
		groups[at].Items = append(groups[at].Items, name)
	}
	return groups
}
