package validate

import (
	"fmt"
	"slices"
	"strings"
)

// maxCycles is how many circles are told; a thicket of references has thousands.
const maxCycles = 10

// cycles reports each circle of resources that wait for each other, once, named whole.
func (c *checker) cycles() {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	told := 0
	var trail []edge
	var visit func(id string)
	visit = func(id string) {
		state[id] = open
		for _, e := range c.edges[id] {
			switch state[e.to] {
			case open:
				if told++; told <= maxCycles {
					c.cycle(append(trail, e))
				}
			case 0:
				trail = append(trail, e)
				visit(e.to)
				trail = trail[:len(trail)-1]
			}
		}
		state[id] = done
	}
	for _, m := range c.doc.Get("Resources").Members() {
		if state[m.Key] == 0 {
			visit(m.Key)
		}
	}
}

// cycle reports the circle at the end of a trail.
func (c *checker) cycle(trail []edge) {
	made := trail[len(trail)-1]
	last := made.to
	circle := []string{last}
	for i := len(trail) - 2; i >= 0 && trail[i].to != last; i-- {
		circle = append(circle, trail[i].to)
	}
	circle = append(circle, last)
	slices.Reverse(circle)
	if len(circle) == 2 && circle[0] == circle[1] {
		c.report("cycle", made.at, made.n, fmt.Sprintf("the resource %s depends on itself", last), "leave the reference out")
		return
	}
	for _, id := range circle {
		if strings.HasPrefix(c.resources[id].Get("Type").Str(), "AWS::Serverless::") {
			return // the transform turns it into several resources, which need not wait for each other
		}
	}
	cure := "make one of the references without the other resource, by a literal name for example"
	for _, id := range circle {
		if c.resources[id].Get("Type").Str() == "AWS::EC2::SecurityGroup" {
			cure = "put the rule that refers back into a resource of its own, an AWS::EC2::SecurityGroupIngress or Egress"
		}
	}
	c.report("cycle", made.at, made.n, "the resources depend on each other in a circle: "+strings.Join(circle, " → "), cure)
}
