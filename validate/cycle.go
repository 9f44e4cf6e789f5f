package validate

import (
	"fmt"
	"strings"
)

// cycles reports each circle of resources that wait for each other, once, named whole.
func (c *checker) cycles() {
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var trail []edge
	var visit func(id string)
	visit = func(id string) {
		state[id] = open
		for _, e := range c.edges[id] {
			switch state[e.to] {
			case open:
				c.cycle(append(trail, e))
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
	last := trail[len(trail)-1].to
	circle := []string{last}
	for i := len(trail) - 2; i >= 0 && trail[i].to != last; i-- {
		circle = append([]string{trail[i].to}, circle...)
	}
	circle = append([]string{last}, circle...)
	if len(trail) == 1 || len(circle) == 2 && circle[0] == circle[1] {
		c.report("cycle", trail[len(trail)-1].path, c.resources[last], fmt.Sprintf("the resource %s depends on itself", last), "leave the reference out")
		return
	}
	cure := "make one of the references without the other resource, by a literal name for example"
	for _, id := range circle {
		if c.resources[id].Get("Type").Str() == "AWS::EC2::SecurityGroup" {
			cure = "put the rule that refers back into a resource of its own, an AWS::EC2::SecurityGroupIngress or Egress"
		}
	}
	c.report("cycle", trail[len(trail)-1].path, c.resources[last], "the resources depend on each other in a circle: "+strings.Join(circle, " → "), cure)
}
