package local

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// The words of drift.
const (
	notChecked = "NOT_CHECKED"
	inSync     = "IN_SYNC"
	drifted    = "DRIFTED"
	modified   = "MODIFIED"
	deleted    = "DELETED"
)

// Change changes a resource behind CloudFormation's back, as somebody does with a service's own
// console: its stack does not know. Stack is a name or an ID, in any account and region. The
// properties take the place of those of the same name, nil takes one away; with no properties at all
// the resource is deleted. [What a program sees of it] is the stack's drift.
//
// [What a program sees of it]: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
func (c *Cloud) Change(stackName, logicalID string, properties map[string]any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.regions {
		s := r.live(stackName)
		if s == nil || s.resources[logicalID] == nil {
			continue
		}
		held := s.resources[logicalID]
		a := r.asset(held.typ, held.physicalID)
		if a == nil {
			return fmt.Errorf("%s of stack %s is not there", logicalID, stackName)
		}
		if len(properties) == 0 {
			r.disown(held)
			return nil
		}
		text, err := json.Marshal(properties)
		if err != nil {
			return fmt.Errorf("the properties of %s: %w", logicalID, err)
		}
		a.change(overlaid(a.properties, tree.FromJSON(string(text))))
		return nil
	}
	return fmt.Errorf("no stack %s has a resource %s", stackName, logicalID)
}

// overlaid returns n with the members of over in place of its own; those that are null are left out.
func overlaid(n, over *tree.Node) *tree.Node {
	c := *n
	c.Map = slices.DeleteFunc(slices.Clone(n.Map), func(m tree.Member) bool { return over.Get(m.Key) != nil })
	for _, m := range over.Map {
		if !m.Value.Is(tree.Null) {
			c.Map = append(c.Map, m)
		}
	}
	return &c
}

// A resourceDriftDescription is how a resource differs from what its stack knows of it.
type resourceDriftDescription struct {
	StackId                  string
	LogicalResourceId        string
	PhysicalResourceId       string
	ResourceType             string
	ExpectedProperties       string
	ActualProperties         string
	PropertyDifferences      []propertyDifference
	StackResourceDriftStatus string
	Timestamp                time.Time
}

type propertyDifference struct{ PropertyPath, ExpectedValue, ActualValue, DifferenceType string }

// detect compares a resource with what its service knows. What stands in the template is compared, and
// no more.
func (s *stackState) detect(r *resource) {
	d := &resourceDriftDescription{
		StackId: s.id, LogicalResourceId: r.id, PhysicalResourceId: r.physicalID, ResourceType: r.typ,
		PropertyDifferences: []propertyDifference{}, StackResourceDriftStatus: inSync, Timestamp: time.Now(),
	}
	r.drift = d
	expected := r.live()
	d.ExpectedProperties = masked(expected).JSON()
	a := s.region.asset(r.typ, r.physicalID)
	if a == nil {
		d.StackResourceDriftStatus = deleted
		return
	}
	actual := tree.Object()
	for _, m := range expected.Map {
		if v := a.properties.Get(m.Key); v != nil {
			actual.Map = append(actual.Map, tree.Field(m.Key, v))
		}
	}
	d.ActualProperties = masked(actual).JSON()
	if d.PropertyDifferences = differences("", expected, actual, d.PropertyDifferences); len(d.PropertyDifferences) > 0 {
		d.StackResourceDriftStatus = modified
	}
}

// differences lists where two values differ.
func differences(path string, expected, actual *tree.Node, list []propertyDifference) []propertyDifference {
	switch {
	case expected == nil && actual == nil, expected != nil && actual != nil && tree.Equal(expected, actual):
		return list
	case expected == nil:
		return append(list, propertyDifference{path, "null", masked(actual).JSON(), "ADD"})
	case actual == nil:
		return append(list, propertyDifference{path, masked(expected).JSON(), "null", "REMOVE"})
	case expected.Is(tree.Map) && actual.Is(tree.Map):
		for _, m := range expected.Map {
			list = differences(path+"/"+m.Key, m.Value, actual.Get(m.Key), list)
		}
		for _, m := range actual.Map {
			if expected.Get(m.Key) == nil {
				list = differences(path+"/"+m.Key, nil, m.Value, list)
			}
		}
		return list
	case expected.Is(tree.List) && len(expected.List) == len(actual.List):
		for i, e := range expected.List {
			list = differences(path+"/"+strconv.Itoa(i), e, actual.List[i], list)
		}
		return list
	}
	return append(list, propertyDifference{path, plainText(expected), plainText(actual), "NOT_EQUAL"})
}

// plainText is a value as it is shown: text without quotes, anything else as JSON.
func plainText(n *tree.Node) string {
	n = masked(n)
	if text, ok := n.Scalar(); ok {
		return text
	}
	return n.JSON()
}

// driftOf is what descriptions tell of the drift of a resource.
func driftOf(r *resource) resourceDrift {
	if r.drift == nil {
		return resourceDrift{StackResourceDriftStatus: notChecked}
	}
	return resourceDrift{r.drift.StackResourceDriftStatus, r.drift.Timestamp}
}
