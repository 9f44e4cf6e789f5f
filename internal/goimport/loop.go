package goimport

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

const forEach = "Fn::ForEach::"

// isLoop says whether a key is that of an Fn::ForEach.
func isLoop(key string) bool { return strings.HasPrefix(key, forEach) && len(key) > len(forEach) }

// checkLoop refuses a loop that does not have an identifier, a collection and a body.
func (im *importer) checkLoop(m tree.Member, path string) {
	args, ok := items(m.Value, 3, 3)
	if !ok || !args[0].Is(tree.String) || !args[2].Is(tree.Map) {
		im.fail(m.Value, path, "a loop that is not a list of an identifier, a collection and a map to repeat; write one")
		return
	}
	for _, b := range args[2].Map {
		if isLoop(b.Key) {
			im.checkLoop(b, join(path, b.Key))
		} else if !b.Value.Is(tree.Map) {
			im.fail(b.Value, join(path, b.Key), "a %s where a map belongs; write what it should be", b.Value.Kind)
		}
	}
}

// target is the variable of the template that is being filled: the body of a loop inside one.
func (im *importer) target() string {
	if len(im.bodies) == 0 {
		return variable("t")
	}
	return variable(im.bodies[len(im.bodies)-1])
}

// loop adds a loop by a method of the template, and what it repeats to its body.
func (im *importer) loop(m tree.Member, method, section string, add func(b tree.Member)) {
	name := strings.TrimPrefix(m.Key, forEach)
	collection, ok := im.argument(m.Value.List[1], textsType)
	if !ok {
		collection, _ = im.carry(m.Value.List[1], textsType)
	}
	s := &symbol{name: im.names.pick(name, "Loop"), kind: loopSymbol}
	im.add(&stmt{
		symbol: s, section: section, resource: name,
		value: call(im.target()+"."+method, goType{}, leaf(quote(name), goType{}), leaf(quote(m.Value.List[0].Text), goType{}), collection),
	})
	im.bodies = append(im.bodies, s.name)
	for _, b := range m.Value.List[2].Map {
		im.subject = b.Key
		add(b)
	}
	im.bodies = im.bodies[:len(im.bodies)-1]
}

func (im *importer) resourceLoop(m tree.Member) {
	im.loop(m, "ForEachResource", "resources", im.resource)
}

func (im *importer) outputLoop(m tree.Member) {
	im.loop(m, "ForEachOutput", "outputs", im.output)
}

// conditionLoop adds a loop over conditions; one inside another is kept verbatim.
func (im *importer) conditionLoop(m tree.Member) {
	name := leaf(quote(strings.TrimPrefix(m.Key, forEach)), goType{})
	collection, ok := im.argument(m.Value.List[1], textsType)
	body := literal(dictOf(conditionType))
	for _, b := range m.Value.List[2].Map {
		ok = ok && !isLoop(b.Key)
		body.items = append(body.items, item{key: quote(b.Key) + ": ", value: im.test(b.Value)})
	}
	c := call(variable("t")+".ForEachCondition", goType{}, name, leaf(quote(m.Value.List[0].Text), goType{}), collection, body)
	if !ok {
		whole, _ := im.carry(m.Value, conditionType)
		c = call(variable("t")+".Condition", goType{}, leaf(quote(m.Key), goType{}), whole)
	}
	im.add(&stmt{value: c, section: "conditions"})
}
