package schema

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	values := map[string]string{"Name": "web", "Arn": "arn:x:loadbalancer/app/web/1", "Kind": "network", "None": ""}
	for shape, want := range map[Shape]string{
		"":                     "",
		"plain":                "plain",
		"a-${Name}-b":          "a-web-b",
		"${Name}${Name}":       "webweb",
		"${Name:2}":            "web2",
		"${Arn#loadbalancer/}": "app/web/1",
		"${Arn#elsewhere/}":    "arn:x:loadbalancer/app/web/1",
		"${Kind?=app,application=app,network=net}": "net",
		"${None?=app,application=app,network=net}": "app",
		"${Name?=app,application=app,network=net}": "web",
		"${None#x/?=default}/y":                    "default/y",
		"${Name:x}":                                "web",
		"${Name":                                   "web",
	} {
		got, err := shape.Expand(func(name string, n int) (string, error) {
			if n > 0 {
				return values[name] + "2", nil
			}
			return values[name], nil
		})
		if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", shape, got, err, want)
		}
	}
}

func TestExpandStopsAtTheFirstError(t *testing.T) {
	want := errors.New("no")
	if got, err := Shape("a${B}${C}").Expand(func(string, int) (string, error) { return "", want }); got != "" || !errors.Is(err, want) {
		t.Errorf("%q, %v", got, err)
	}
}

// Every hole must be one that the documentation of Shape names, or a property or attribute.
func TestHolesOfAllShapesCanBeFilled(t *testing.T) {
	known := []string{
		"Stack", "LogicalID", "Name", "Revision", "Partition", "Region", "AccountID", "URLSuffix",
		"Random", "Upper", "Lower", "Hex", "Digits", "UUID",
	}
	n := 0
	for name := range Types() {
		typ := mustLookup(t, name)
		shapes := []Shape{typ.PhysicalID, typ.NameRule.Shape}
		for _, a := range typ.Attributes {
			shapes = append(shapes, a.Shape)
		}
		for _, shape := range shapes {
			for _, hole := range shape.Holes() {
				n++
				_, isProperty := typ.Property(hole)
				_, isAttribute := typ.Attribute(hole)
				if !isProperty && !isAttribute && !slices.Contains(known, hole) {
					t.Errorf("%s: %s: nothing fills %s", name, shape, hole)
				}
			}
		}
		if slices.Contains(typ.PhysicalID.Holes(), "Name") && typ.NameRule.Shape == "" {
			if p, ok := typ.Property("Name"); !ok || !p.Required {
				t.Errorf("%s: the physical ID %s wants a name, and no rule makes one", name, typ.PhysicalID)
			}
		}
	}
	if n < 500 {
		t.Errorf("%d holes in all, want 500 or more", n)
	}
}

func TestName(t *testing.T) {
	random := func(n int) string { return strings.Repeat("R", n) }
	long, longer := strings.Repeat("s", 40), strings.Repeat("L", 60)
	for _, test := range []struct {
		rule            NameRule
		stack, id, want string
	}{
		{NameRule{}, "stack", "Id", "stack-Id-RRRRRRRRRRRR"},
		{NameRule{Shape: DefaultShape, Max: 64}, "stack", "Id", "stack-Id-RRRRRRRRRRRR"},
		{NameRule{Shape: DefaultShape, Lower: true}, "Stack", "Id", "stack-id-rrrrrrrrrrrr"},
		{NameRule{Shape: DefaultShape, Max: 64}, long, longer, long[:25] + "-" + longer[:25] + "-RRRRRRRRRRRR"},
		{NameRule{Shape: DefaultShape, Max: 64}, "stack", longer, "stack-" + longer[:45] + "-RRRRRRRRRRRR"},
		{NameRule{Shape: DefaultShape, Max: 32}, long, "Id", long[:16] + "-Id-RRRRRRRRRRRR"},
		{NameRule{Shape: DefaultShape, Max: 5}, "stack", "Id", "--RRRRRRRRRRRR"},
		{NameRule{Shape: "CFN-${LogicalID}-${Random:4}"}, "stack", "Id", "CFN-Id-RRRR"},
		{NameRule{Shape: "${Stack:5}-${LogicalID:5}-${Random:12}", Max: 32}, "production", "Front", "produ-Front-RRRRRRRRRRRR"},
	} {
		if got := test.rule.Name(test.stack, test.id, random); got != test.want {
			t.Errorf("%+v: %s, want %s", test.rule, got, test.want)
		}
	}
}
