package overlay

import (
	"regexp"
	"slices"
	"strings"
)

// holes are the holes of a shape that are no property and no attribute.
var holes = []string{
	"Stack", "LogicalID", "Name", "Partition", "Region", "AccountID", "URLSuffix",
	"Random", "Upper", "Lower", "Hex", "Digits", "UUID", "Revision",
}

var holeName = regexp.MustCompile(`\$\{([A-Za-z0-9.]+)[^}]*\}`)

// shape checks that every hole of a shape can be filled.
func (c *checker) shape(at, shape string) {
	found := holeName.FindAllStringSubmatch(shape, -1)
	if len(found) != strings.Count(shape, "${") {
		c.fail(at, "a hole is not closed, or has no name")
	}
	for _, hole := range found {
		name := hole[1]
		if !slices.Contains(holes, name) && c.t.Properties[name] == nil && c.t.Attributes[name] == nil {
			c.fail(at, "the schema has no property or attribute "+name+", and it is no hole of another kind")
		}
	}
}
