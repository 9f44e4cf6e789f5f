package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

func stepFunctionsChecks() []check {
	machine := on("StepFunctions::StateMachine")
	return []check{
		{Rule{"states-definition", fails, "a state machine has exactly one definition"}, machine, one("", "Definition", "DefinitionS3Location", "DefinitionString")},
		{Rule{"states-json", fails, "a definition is JSON"}, machine, textual("", "DefinitionString", "correct the JSON", brokenJSON)},
		{Rule{"states-start", fails, "a machine starts at one of its states"}, machine, definitions(startAt)},
		{Rule{"states-next", fails, "a state goes on to one of the machine's states"}, machine, definitions(nextStates)},
		{Rule{"states-type", fails, "a state has a type that there is"}, machine, definitions(stateTypes)},
		{Rule{"states-end", fails, "a state goes on, or ends"}, machine, definitions(stateEnds)},
	}
}

// definitions calls do for the definition of a state machine, and for those inside it. v is where
// findings are told.
func definitions(do func(s *subject, v value, states *tree.Node, definition *tree.Node)) func(*subject) {
	return func(s *subject) {
		v := s.props.get("Definition")
		definition := v.n
		if v.missing() {
			v = s.props.get("DefinitionString")
			if text, ok := v.text(); ok && len(text) < 1<<20 {
				definition = tree.FromJSON(text)
			}
		}
		machine(s, v, definition, do, 0)
	}
}

func machine(s *subject, v value, definition *tree.Node, do func(*subject, value, *tree.Node, *tree.Node), depth int) {
	states := definition.Get("States")
	if _, _, function := states.Function(); !states.Is(tree.Map) || function || depth > 16 {
		return
	}
	do(s, v, states, definition)
	for _, m := range states.Map {
		for _, branch := range m.Value.Get("Branches").Items() {
			machine(s, v, branch, do, depth+1)
		}
		machine(s, v, m.Value.Get("Iterator"), do, depth+1)
		machine(s, v, m.Value.Get("ItemProcessor"), do, depth+1)
	}
}

func stateNames(states *tree.Node) []string {
	var names []string
	for _, m := range states.Map {
		names = append(names, m.Key)
	}
	return names
}

func startAt(s *subject, v value, states, definition *tree.Node) {
	start, ok := definition.Get("StartAt").Scalar()
	switch {
	case definition.Get("StartAt") == nil:
		s.flag(v, "the machine has no StartAt", "name its first state")
	case ok && states.Get(start) == nil && !strings.Contains(start, "${"):
		s.flag(v, fmt.Sprintf("StartAt is %s, which is no state", shown(start)), nearest(start, stateNames(states), "name one of the states"))
	}
}

func nextStates(s *subject, v value, states, _ *tree.Node) {
	check := func(from string, n *tree.Node) {
		if next, ok := n.Scalar(); ok && states.Get(next) == nil && !strings.Contains(next, "${") {
			s.flag(v, fmt.Sprintf("the state %s goes on to %s, which is no state", from, shown(next)), nearest(next, stateNames(states), "name one of the states"))
		}
	}
	for _, m := range states.Map {
		check(m.Key, m.Value.Get("Next"))
		check(m.Key, m.Value.Get("Default"))
		for _, list := range []string{"Choices", "Catch"} {
			for _, c := range m.Value.Get(list).Items() {
				check(m.Key, c.Get("Next"))
			}
		}
	}
}

var stateKinds = []string{"Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait"}

func stateTypes(s *subject, v value, states, _ *tree.Node) {
	for _, m := range states.Map {
		kind := m.Value.Get("Type")
		if text, ok := kind.Scalar(); kind == nil || ok && !slices.Contains(stateKinds, text) {
			s.flag(v, fmt.Sprintf("the type of the state %s is %s", m.Key, shown(text)), nearest(text, stateKinds, "the types are "+strings.Join(stateKinds, ", ")))
		}
	}
}

func stateEnds(s *subject, v value, states, _ *tree.Node) {
	for _, m := range states.Map {
		switch m.Value.Get("Type").Str() {
		case "Task", "Pass", "Wait", "Parallel", "Map":
			if m.Value.Get("Next") == nil && m.Value.Get("End") == nil {
				s.flag(v, fmt.Sprintf("the state %s neither goes on nor ends", m.Key), "give it Next, or End: true")
			}
		}
	}
}
