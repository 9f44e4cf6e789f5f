package stack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Graph is the order in which a set of stacks can be deployed: which of them needs what of which.
// It is safe for concurrent use.
type Graph struct {
	stacks   []*Stack // in a legal order
	needs    map[*Stack][]*Stack
	neededBy map[*Stack][]*Stack
	external []Import
	ports    map[*Stack]ports
	env      Environment // of stacks that name none
}

// An Import is a value that a stack imports and that no stack of the set exports.
type Import struct {
	// Stack is the stack that imports.
	Stack *Stack
	// Name is the export's name, "" if it is known only when the stack is deployed.
	Name string
	// Path is where in the template it is imported.
	Path string
}

// NewGraph finds the order of stacks: each after those whose exports it imports, whose outputs it
// reads with Fn::GetStackOutput or takes as Inputs, and those that it names in DependsOn. The names of
// exports and imports are evaluated for each stack's name and parameters. env is the place of the
// stacks that name none in their Environment; it may be nil: nothing is known of that place then.
//
// Names of stacks and of exports are unique, and imports found, within one region of one account.
//
// # Errors
//
// [Diagnostics]: stacks without a name or template, two of one name, two that export one name, a
// cycle (named whole), a stack in DependsOn that is not in the set, and templates that cannot be
// written. An import that nobody in the set exports is no error here, since it may exist already:
// see [Graph.External].
func NewGraph(stacks []*Stack, env *Environment) (*Graph, error) {
	if env == nil {
		env = &Environment{}
	}
	g := &Graph{needs: map[*Stack][]*Stack{}, neededBy: map[*Stack][]*Stack{}, env: *env}
	problems := checkSet(stacks, *env)
	if problems.Err() != nil {
		return nil, problems
	}
	all := make(map[*Stack]ports, len(stacks))
	g.ports = all
	for _, s := range stacks {
		p, ds := s.ports(g.place(s))
		all[s] = p
		problems = append(problems, ds...)
	}
	exporters, ds := g.exporters(stacks)
	problems = append(problems, ds...)
	for _, s := range stacks {
		problems = append(problems, g.connect(s, all[s], exporters, stacks)...)
	}
	g.stacks = g.order(stacks)
	if len(g.stacks) < len(stacks) {
		problems = append(problems, g.cycle(stacks))
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return g, nil
}

// Stacks returns the stacks in an order in which they can be deployed; among those that could go
// first, the order in which they were given.
func (g *Graph) Stacks() []*Stack { return slices.Clone(g.stacks) }

// Needs returns the stacks of the set that must be deployed before s, without those in between.
func (g *Graph) Needs(s *Stack) []*Stack { return slices.Clone(g.needs[s]) }

// NeededBy returns the stacks of the set that need s directly.
func (g *Graph) NeededBy(s *Stack) []*Stack { return slices.Clone(g.neededBy[s]) }

// External returns the imports that no stack of the set satisfies: their exports must be there
// already.
func (g *Graph) External() []Import { return slices.Clone(g.external) }

// Exports returns the names under which s exports values; known is false if one of them depends on
// what is known only when it is deployed.
func (g *Graph) Exports(s *Stack) (names []string, known bool) { return portNames(g.ports[s].exports) }

// Imports returns the names of the exports that s imports; known is false if one of them depends on
// what is known only when it is deployed.
func (g *Graph) Imports(s *Stack) (names []string, known bool) { return portNames(g.ports[s].imports) }

func portNames(ports []port) (names []string, known bool) {
	known = true
	for _, p := range ports {
		if p.name == "" {
			known = false
			continue
		}
		names = append(names, p.name)
	}
	return names, known
}

var stackName = regexp.MustCompile(`^[a-zA-Z][-a-zA-Z0-9]{0,127}$`)

// A site is a name within one region of one account.
type site struct {
	place Environment
	name  string
}

// place is where a stack is deployed, as far as it is known.
func (g *Graph) place(s *Stack) Environment { return s.Environment.Or(g.env) }

func checkSet(stacks []*Stack, env Environment) Diagnostics {
	var ds Diagnostics
	seen := map[site]bool{}
	for i, s := range stacks {
		switch {
		case s == nil || s.Template == nil:
			ds = append(ds, Diagnostic{Code: "stack-template", Summary: fmt.Sprintf("stack %d of the set has no template", i), Cure: "set Template"})
			continue
		case !stackName.MatchString(s.Name):
			ds = append(ds, Diagnostic{Code: "stack-name", Stack: s.Name, Summary: fmt.Sprintf("%q is no name for a stack", s.Name), Cure: "use 1 to 128 letters, digits and hyphens, beginning with a letter"})
		case seen[site{s.Environment.Or(env), s.Name}]:
			ds = append(ds, Diagnostic{Code: "stack-name", Stack: s.Name, Summary: "two stacks of the set have this name", Cure: "give one of them another name, or another Environment"})
		}
		seen[site{s.Environment.Or(env), s.Name}] = true
	}
	return ds
}

// exporters maps the name of each export to its stack.
func (g *Graph) exporters(stacks []*Stack) (map[site]*Stack, Diagnostics) {
	exporters := map[site]*Stack{}
	var ds Diagnostics
	for _, s := range stacks {
		for _, e := range g.ports[s].exports {
			if e.name == "" {
				continue
			}
			if other, taken := exporters[site{g.place(s), e.name}]; taken {
				ds = append(ds, Diagnostic{
					Code: "duplicate-export", Stack: s.Name, Path: e.path,
					Summary: fmt.Sprintf("the export %q is also exported by stack %s", e.name, other.Name),
					Cure:    "an export's name is unique in an account and region; put the stack's name into it, as in ${AWS::StackName}-id",
				})
				continue
			}
			exporters[site{g.place(s), e.name}] = s
		}
	}
	return exporters, ds
}

// connect adds what s needs.
func (g *Graph) connect(s *Stack, p ports, exporters map[site]*Stack, stacks []*Stack) Diagnostics {
	var ds Diagnostics
	for _, i := range p.imports {
		from, ok := exporters[site{g.place(s), i.name}]
		switch {
		case i.name == "" || !ok:
			g.external = append(g.external, Import{Stack: s, Name: i.name, Path: i.path})
		case from == s:
			ds = append(ds, Diagnostic{
				Code: "own-import", Stack: s.Name, Path: i.path,
				Summary: fmt.Sprintf("the stack imports its own export %q", i.name),
				Cure:    "refer to the resource itself",
			})
		default:
			g.need(s, from)
		}
	}
	for _, w := range p.weak {
		at := site{g.place(s), w.name}
		if w.region != "" {
			at.place.Region = w.region
		}
		if i := slices.IndexFunc(stacks, func(o *Stack) bool { return at == site{g.place(o), o.Name} }); i >= 0 {
			g.need(s, stacks[i])
		}
	}
	ds = append(ds, g.inputs(s, stacks)...)
	for _, d := range s.DependsOn {
		if !slices.Contains(stacks, d) {
			name := "nil"
			if d != nil {
				name = d.Name
			}
			ds = append(ds, Diagnostic{
				Code: "dependency", Stack: s.Name,
				Summary: fmt.Sprintf("DependsOn names the stack %s, which is not in the set", name),
				Cure:    "add it to the set, or leave it out of DependsOn if it is deployed already",
			})
			continue
		}
		g.need(s, d)
	}
	return ds
}

// inputs adds the stacks whose outputs s takes as parameters. One that is not in the set must be
// there already.
func (g *Graph) inputs(s *Stack, stacks []*Stack) Diagnostics {
	var ds Diagnostics
	for _, name := range sortedKeys(s.Inputs) {
		problem := func(summary, cure string) {
			ds = append(ds, Diagnostic{Code: "input", Stack: s.Name, Path: "Parameters." + name, Summary: summary, Cure: cure})
		}
		if err := s.Inputs[name].check(); err != nil {
			problem(err.Error(), "")
			continue
		}
		if _, twice := s.Parameters[name]; twice {
			problem("the parameter has a value in Parameters and one in Inputs", "give one of them")
		}
		if _, ok := s.Template.Parameters.Get(name); !ok {
			problem(fmt.Sprintf("Inputs gives a value for %q, which the template does not have", name), "add the parameter, or leave the input out")
		}
		if from := s.Inputs[name].Stack; slices.Contains(stacks, from) {
			g.need(s, from)
		}
	}
	return ds
}

func (g *Graph) need(s, from *Stack) {
	if !slices.Contains(g.needs[s], from) {
		g.needs[s] = append(g.needs[s], from)
		g.neededBy[from] = append(g.neededBy[from], s)
	}
}

// order returns the stacks that are not in or behind a cycle, in a legal order.
func (g *Graph) order(stacks []*Stack) []*Stack {
	done := map[*Stack]bool{}
	var order []*Stack
	for range stacks {
		for _, s := range stacks {
			if !done[s] && !slices.ContainsFunc(g.needs[s], func(n *Stack) bool { return !done[n] }) {
				done[s] = true
				order = append(order, s)
			}
		}
	}
	return order
}

// cycle names one cycle among the stacks that have no order.
func (g *Graph) cycle(stacks []*Stack) Diagnostic {
	left := func(s *Stack) bool { return !slices.Contains(g.stacks, s) }
	s := stacks[slices.IndexFunc(stacks, left)]
	var path []*Stack
	for !slices.Contains(path, s) {
		path = append(path, s)
		s = g.needs[s][slices.IndexFunc(g.needs[s], left)]
	}
	path = append(path[slices.Index(path, s):], s)
	var names []string
	for _, p := range path {
		names = append(names, p.Name)
	}
	return Diagnostic{
		Code: "cycle", Stack: s.Name,
		Summary: "the stacks need each other in a circle: " + strings.Join(names, " → "),
		Cure:    "move what both need into a stack of its own, or pass one of the values as a parameter",
	}
}
