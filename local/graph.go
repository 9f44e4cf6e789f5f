package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// dependencies returns the logical IDs that a resource must come after, of those in the template.
func (t *template) dependencies(d *definition) []string {
	var ids []string
	add := func(id string) {
		if t.byID[id] != nil && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range d.explicit {
		add(id)
	}
	for _, r := range references(d.node.Get("Properties")) {
		add(r.name)
	}
	return ids
}

// checkReferences refuses names that the template does not declare, and circles.
func (t *template) checkReferences() error {
	if err := t.checkNames("Resources", t.root.Get("Resources")); err != nil {
		return err
	}
	if err := t.checkNames("Outputs", t.root.Get("Outputs")); err != nil {
		return err
	}
	if circle := t.circle(); len(circle) > 0 {
		return invalid("Circular dependency between resources: [%s]", strings.Join(circle, ", "))
	}
	return nil
}

func (t *template) checkNames(block string, section *tree.Node) error {
	if section == nil {
		return nil
	}
	var unresolved []string
	miss := func(name string) {
		declared := t.byID[name] != nil || t.root.At("Parameters", name) != nil || isPseudo(name)
		if !declared && !slices.Contains(unresolved, name) {
			unresolved = append(unresolved, name)
		}
	}
	for _, m := range section.Map {
		for _, id := range names(m.Value.Get("DependsOn")) {
			if t.byID[id] == nil {
				miss(id)
			}
		}
		for _, r := range references(m.Value) {
			if r.attribute != "" && t.byID[r.name] == nil {
				return invalid("Template error: instance of Fn::GetAtt references undefined resource %s", r.name)
			}
			miss(r.name)
		}
	}
	if len(unresolved) > 0 {
		return invalid("Template format error: Unresolved resource dependencies [%s] in the %s block of the template", strings.Join(unresolved, ", "), block)
	}
	return nil
}

func isPseudo(name string) bool {
	return slices.Contains([]string{
		"AWS::AccountId", "AWS::NotificationARNs", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackId",
		"AWS::StackName", "AWS::URLSuffix",
	}, name)
}

// circle returns the resources that wait for one another, sorted.
func (t *template) circle() []string {
	waits, open := map[string][]string{}, map[string]int{}
	for _, d := range t.resources {
		waits[d.id] = t.dependencies(d)
		open[d.id] = len(waits[d.id])
	}
	back := reversed(waits)
	var free []string
	for id, n := range open {
		if n == 0 {
			free = append(free, id)
		}
	}
	for len(free) > 0 {
		id := free[len(free)-1]
		free = free[:len(free)-1]
		delete(open, id)
		for _, next := range back[id] {
			if open[next]--; open[next] == 0 {
				free = append(free, next)
			}
		}
	}
	return onCircle(waits, sorted(open))
}

// onCircle leaves out what only waits for a circle.
func onCircle(waits map[string][]string, left []string) []string {
	return slices.DeleteFunc(left, func(id string) bool {
		return !reaches(waits, id, id, map[string]bool{})
	})
}

func reaches(waits map[string][]string, from, to string, seen map[string]bool) bool {
	for _, next := range waits[from] {
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if reaches(waits, next, to, seen) {
				return true
			}
		}
	}
	return false
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// inOrder sorts definitions such that each comes after those it depends on, and otherwise keeps
// their order. The template has no circle.
func (t *template) inOrder(list []*definition) []*definition {
	var out []*definition
	listed, placed := map[*definition]bool{}, map[string]bool{}
	for _, d := range list {
		listed[d] = true
	}
	var place func(d *definition)
	place = func(d *definition) {
		if placed[d.id] {
			return
		}
		placed[d.id] = true
		for _, id := range t.dependencies(d) {
			if listed[t.byID[id]] {
				place(t.byID[id])
			}
		}
		out = append(out, d)
	}
	for _, d := range list {
		place(d)
	}
	return out
}
