package stacktest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// A Resource describes resources of a template. The zero value describes all of them.
type Resource struct {
	// Type is the type, such as AWS::SQS::Queue. If "", it is that of Properties, if these are a typed
	// resource, or else any.
	Type string
	// LogicalID is a pattern for the logical ID: the ID itself or a matcher. Nil takes any.
	LogicalID any
	// Properties is a pattern for the properties: an [Object], or a typed resource, whose type is then
	// wanted too. Nil takes any.
	Properties any
	// Attributes are patterns for what stands beside the properties, such as DependsOn,
	// DeletionPolicy or Condition. Nil takes any.
	Attributes Object
}

func (r Resource) wanted() wanted {
	w := wanted{section: "Resources", noun: "resource", kind: r.Type, name: r.LogicalID}
	if typed, ok := r.Properties.(fn.Resource); ok && w.kind == "" {
		w.kind = typed.CloudFormationType()
	}
	body := Object{}
	for k, v := range r.Attributes {
		if k == "DependsOn" {
			v = dependsOn(v)
		}
		body[k] = condition(v)
	}
	if r.Properties != nil {
		body["Properties"] = r.Properties
	}
	if len(body) > 0 {
		w.body = body
	}
	return w
}

// dependsOn spells a pattern as what is compared is spelled: a list, sorted.
func dependsOn(v any) any {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return slices.Sorted(slices.Values(v))
	}
	return v
}

// HasResource checks that a template has a resource as described, and returns the logical IDs of all
// that are.
func HasResource(t testing.TB, tpl *stack.Template, want Resource, opts *CompareOptions) []string {
	t.Helper()
	return has(t, tpl, want.wanted(), opts)
}

// Count checks how many resources of a template are as described.
func Count(t testing.TB, tpl *stack.Template, what Resource, want int, opts *CompareOptions) {
	t.Helper()
	s, err := value(opts).find(tpl, what.wanted())
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	got := s.fitting()
	if len(got) == want {
		return
	}
	message := fmt.Sprintf("got %d resources as described (%s), want %d", len(got), orNothing(strings.Join(got, ", ")), want)
	if other, ok := s.nearest(); ok && len(got) < want {
		message += fmt.Sprintf("; nearest of the others is %s:%s", other.name, list(other.differences))
	}
	t.Errorf("%s", message)
}

// EachResource checks that all resources which which describes, and be it none, are as want
// describes: that each bucket is encrypted, say.
func EachResource(t testing.TB, tpl *stack.Template, which, want Resource, opts *CompareOptions) {
	t.Helper()
	o := value(opts)
	s, err := o.find(tpl, which.wanted())
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	all, err := o.find(tpl, want.wanted())
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	found := map[string]candidate{}
	for _, c := range all.candidates {
		found[c.name] = c
	}
	for _, name := range s.fitting() {
		if c, ok := found[name]; !ok {
			t.Errorf("resource %s is no %s", name, all.what())
		} else if !c.fits() {
			t.Errorf("resource %s does not fit:%s", name, list(c.differences))
		}
	}
}
