package model

import (
	"fmt"
	"strings"
)

// Counts is a summary of a set of types, for reviews of a refresh.
type Counts struct {
	Services, Types, Properties, Definitions, Nested, Attributes, Required, Replacing, Enums int
}

// Count counts types.
func Count(types []*Type) Counts {
	var c Counts
	services := map[string]bool{}
	for _, t := range types {
		services[t.Service()] = true
		c.Types++
		c.Attributes += len(t.Attributes)
		c.Definitions += len(t.Definitions)
		c.Properties += len(t.Properties)
		c.add(t.Properties)
		for _, def := range t.Definitions {
			c.Nested += len(def)
			c.add(def)
		}
	}
	c.Services = len(services)
	return c
}

func (c *Counts) add(props Properties) {
	for _, p := range props {
		if p.Required {
			c.Required++
		}
		if p.Replacement != "" {
			c.Replacing++
		}
		if len(p.Enum) > 0 {
			c.Enums++
		}
	}
}

// String returns one count a line.
func (c Counts) String() string {
	var b strings.Builder
	for _, row := range []struct {
		n    int
		what string
	}{
		{c.Services, "services"},
		{c.Types, "resource types"},
		{c.Properties, "properties of resources"},
		{c.Definitions, "nested definitions"},
		{c.Nested, "properties of nested definitions"},
		{c.Attributes, "attributes"},
		{c.Required, "required properties"},
		{c.Replacing, "properties whose change replaces, or may"},
		{c.Enums, "properties with allowed values"},
	} {
		fmt.Fprintf(&b, "%6d %s\n", row.n, row.what)
	}
	return b.String()
}
