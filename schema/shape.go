package schema

import (
	"strconv"
	"strings"
)

// A Shape is how an identifier looks: text with holes in it, such as
//
//	sg-${Hex:17}
//	arn:${Partition}:ecs:${Region}:${AccountID}:service/${Cluster#cluster/?=default}/${Name}
//
// The holes are
//
//	Stack, LogicalID      the stack's name and the resource's logical ID
//	Name                  the resource's own name, given or made by its [NameRule]
//	Revision              the number of the resource's version, from 1
//	Partition, Region, AccountID, URLSuffix
//	                      where the stack is
//	Random:n              n letters and digits that differ each time
//	Upper:n, Lower:n      the same, with no lower-case or no upper-case letter
//	Hex:n, Digits:n       n hexadecimal or decimal digits that differ each time
//	UUID                  32 hexadecimal digits in five groups
//
// and, with any other name, the value of the property or attribute that is so called. A number
// after Stack or LogicalID (Stack:5) is the most characters that it may have. ${Cluster#cluster/}
// is what follows "cluster/" in the value, and all of it if that is not there.
// ${Type?=app,network=net} is app if the value is empty, net if it is "network", else the value.
type Shape string

// DefaultShape is how CloudFormation makes most names and physical IDs: a fair guess where nothing
// is known of a type.
const DefaultShape Shape = "${Stack}-${LogicalID}-${Random:12}"

// Expand returns the text with its holes filled by fill, which gets the name and the number of
// each, 0 if it has none. It returns the first error that fill returns.
//
// Expand knows no clock, no chance and no resource: those are the caller's.
func (s Shape) Expand(fill func(name string, n int) (string, error)) (string, error) {
	var b strings.Builder
	rest := string(s)
	for {
		text, hole, found := strings.Cut(rest, "${")
		b.WriteString(text)
		if !found {
			return b.String(), nil
		}
		hole, rest, _ = strings.Cut(hole, "}")
		value, err := expandHole(hole, fill)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
	}
}

// Holes returns the names of the holes, in their order.
func (s Shape) Holes() []string {
	var names []string
	// The callback never fails, so Expand does not.
	_, _ = s.Expand(func(name string, _ int) (string, error) {
		names = append(names, name)
		return "", nil
	})
	return names
}

// expandHole fills a hole, which reads name[:number][#text][?key=value,...].
func expandHole(hole string, fill func(name string, n int) (string, error)) (string, error) {
	hole, choices, _ := strings.Cut(hole, "?")
	hole, before, _ := strings.Cut(hole, "#")
	name, digits, _ := strings.Cut(hole, ":")
	n, err := strconv.Atoi(digits)
	if err != nil {
		n = 0 // no number, or none that can be read
	}
	value, err := fill(name, n)
	if err != nil {
		return "", err
	}
	if _, after, found := strings.Cut(value, before); found {
		value = after
	}
	for choice := range strings.SplitSeq(choices, ",") {
		if key, chosen, ok := strings.Cut(choice, "="); ok && key == value {
			return chosen, nil
		}
	}
	return value, nil
}
