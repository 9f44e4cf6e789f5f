package schema

import "strings"

// A NameRule says how CloudFormation names a resource that is given no name. The zero value is no
// rule.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
type NameRule struct {
	Property string // the property that gives the name, "" if none does
	Shape    Shape  // of the name that is made
	Max      int    // the most characters that it may have, 0 for no limit
	Lower    bool   // it has no upper-case letter
}

// Name makes a name for the resource with that logical ID in that stack. If the name would be too
// long, the stack's name and the logical ID are cut: each keeps half of the room, or more if the
// other needs less. random returns n letters and digits, the part that differs each time.
//
// Name of the zero value makes a name of [DefaultShape].
func (r NameRule) Name(stack, logicalID string, random func(n int) string) string {
	shape := r.Shape
	if shape == "" {
		shape = DefaultShape
	}
	name := fillName(shape, stack, logicalID, random)
	if over := len(name) - r.Max; r.Max > 0 && over > 0 {
		stack, logicalID = cutBoth(stack, logicalID, over)
		name = fillName(shape, stack, logicalID, random)
	}
	if r.Lower {
		name = strings.ToLower(name)
	}
	return name
}

func fillName(shape Shape, stack, logicalID string, random func(n int) string) string {
	// The callback never fails, so Expand does not.
	name, _ := shape.Expand(func(hole string, n int) (string, error) {
		switch hole {
		case "Stack":
			return head(stack, n), nil
		case "LogicalID":
			return head(logicalID, n), nil
		case "Random", "Upper", "Lower", "Hex", "Digits":
			return random(n), nil
		}
		return "", nil
	})
	return name
}

// head returns the first n bytes of s, all if n is 0. Stack names and logical IDs are ASCII.
func head(s string, n int) string {
	if n > 0 && len(s) > n {
		return s[:n]
	}
	return s
}

// cutBoth takes over bytes off a and b, such that neither is cut while it is the shorter one.
func cutBoth(a, b string, over int) (string, string) {
	room := max(len(a)+len(b)-over, 0)
	half := room / 2
	switch {
	case len(a) <= half:
		return a, b[:room-len(a)]
	case len(b) <= room-half:
		return a[:room-len(b)], b
	}
	return a[:half], b[:room-half]
}
