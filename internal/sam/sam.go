// Package sam expands the transform AWS::Serverless-2016-10-31: it writes the resources of CloudFormation
// that the resources of the Serverless Application Model stand for, by the logical IDs that AWS gives
// them. What it does not know how to expand is an error.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
package sam

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// Name is the transform's.
const Name = "AWS::Serverless-2016-10-31"

// Options are what the template does not say itself.
type Options struct {
	// Partition is the partition of ARNs. If empty, aws.
	Partition string
	// Parameter is the value of a template's parameter, nil if there is none of that name. If nil, no
	// parameter is known.
	Parameter func(name string) *tree.Node
}

// An Error is everything that is wrong with a template, in AWS's words where it has some.
type Error struct{ Problems []string }

func (e *Error) Error() string {
	return fmt.Sprintf("Invalid Serverless Application Specification document. Number of errors found: %d. %s", len(e.Problems), strings.Join(e.Problems, " "))
}

// Expand returns a template without resources of the Serverless Application Model. The one that it is
// given is not changed.
//
// # Errors
//
// An [*Error] tells of all mistakes at once.
func Expand(root *tree.Node, o Options) (*tree.Node, error) {
	if o.Partition == "" {
		o.Partition = "aws"
	}
	x := &expansion{Options: o, globals: root.Get("Globals"), names: map[string]string{}, seen: map[string]bool{}}
	for _, m := range root.Get("Resources").Members() {
		if isServerless(m.Value) {
			continue
		}
		x.seen[m.Key] = true
	}
	sources := x.sources(root)
	x.findAPIs(sources)
	for _, s := range sources {
		x.expand(s)
	}
	x.expandAPIs()
	if len(x.problems) > 0 {
		return nil, &Error{x.problems}
	}
	return x.assemble(root), nil
}

const prefix = "AWS::Serverless::"

func isServerless(n *tree.Node) bool { return strings.HasPrefix(n.Get("Type").Str(), prefix) }

// An expansion is the work on one template.
type expansion struct {
	Options
	globals    *tree.Node
	out        []tree.Member     // the resources that were made
	seen       map[string]bool   // the logical IDs that are taken
	names      map[string]string // what references of the form Function.Alias or Layer mean
	events     []notification    // of buckets
	apis       []*api
	conditions []tree.Member // that were made
	problems   []string
}

// A source is a resource of the Serverless Application Model.
type source struct {
	id    string
	kind  string // without AWS::Serverless::
	node  *tree.Node
	props *tree.Node // with what the Globals say
}

func (x *expansion) sources(root *tree.Node) []*source {
	var list []*source
	for _, m := range root.Get("Resources").Members() {
		if !isServerless(m.Value) {
			continue
		}
		s := &source{id: m.Key, kind: strings.TrimPrefix(m.Value.Get("Type").Str(), prefix), node: m.Value, props: m.Value.Get("Properties")}
		if s.props == nil {
			s.props = tree.Object()
		}
		if !s.props.Is(tree.Map) {
			x.fail(s.id, "Properties should be a map.")
			continue
		}
		s.props = merge(root.At("Globals", s.kind), s.props)
		list = append(list, s)
	}
	x.checkGlobals(root.Get("Globals"))
	return list
}

func (x *expansion) expand(s *source) {
	switch s.kind {
	case "Function":
		x.function(s)
	case "SimpleTable":
		x.table(s)
	case "LayerVersion":
		x.layer(s)
	case "StateMachine":
		x.stateMachine(s)
	case "Application":
		x.application(s)
	case "Api", "HttpApi": // when all events are known
	default:
		x.fail(s.id, "The embedded cloud does not expand resources of type "+prefix+s.kind+".")
	}
}

// fail notes a mistake of a resource.
func (x *expansion) fail(id, problem string) {
	x.problems = append(x.problems, "Resource with id ["+id+"] is invalid. "+problem)
}

// known refuses properties that are not in a list.
func (x *expansion) known(s *source, names ...string) {
	for _, m := range s.props.Members() {
		if !slices.Contains(names, m.Key) {
			x.fail(s.id, fmt.Sprintf("property %s not defined for resource of type %s%s, or not expanded by the embedded cloud", m.Key, prefix, s.kind))
		}
	}
}

// add makes a resource, with the condition of the one that it is made of.
func (x *expansion) add(s *source, id, typ string, props *tree.Node, attributes ...tree.Member) {
	n := object("Type", typ)
	if c := s.node.Get("Condition"); c != nil {
		n.Map = append(n.Map, tree.Field("Condition", c))
	}
	n.Map = append(n.Map, attributes...)
	if len(props.Map) > 0 {
		n.Map = append(n.Map, tree.Field("Properties", props))
	}
	if x.seen[id] {
		x.fail(s.id, "It makes a resource "+id+", which the template has already.")
		return
	}
	x.seen[id] = true
	x.out = append(x.out, tree.Field(id, n))
}

// attributes are what stands beside the properties of a source and is handed on to its main resource.
func (s *source) attributes() []tree.Member {
	var list []tree.Member
	for _, name := range []string{"DependsOn", "Metadata", "DeletionPolicy", "UpdateReplacePolicy"} {
		if v := s.node.Get(name); v != nil {
			list = append(list, tree.Field(name, v))
		}
	}
	return list
}

// literal is a value as text: a parameter's if it refers to one. ok says whether it is known.
func (x *expansion) literal(n *tree.Node) (text string, ok bool) {
	if name, arg, isFunction := n.Function(); isFunction && name == "Ref" && x.Parameter != nil {
		if v := x.Parameter(arg.Str()); v != nil {
			return v.Scalar()
		}
	}
	return n.Scalar()
}

// assemble puts the template together again.
func (x *expansion) assemble(root *tree.Node) *tree.Node {
	resources := tree.Object()
	for _, m := range root.Get("Resources").Members() {
		if !isServerless(m.Value) {
			resources.Map = append(resources.Map, tree.Field(m.Key, x.complete(m.Key, m.Value)))
		}
	}
	resources.Map = append(resources.Map, x.out...)
	out := tree.Object()
	for _, m := range root.Members() {
		switch m.Key {
		case "Globals":
		case "Resources":
			out.Map = append(out.Map, tree.Field(m.Key, x.rename(resources)))
		case "Conditions":
			all := *m.Value
			all.Map = append(slices.Clone(all.Map), x.conditions...)
			out.Map = append(out.Map, tree.Field(m.Key, x.rename(&all)))
		case "Outputs":
			out.Map = append(out.Map, tree.Field(m.Key, x.rename(m.Value)))
		default:
			out.Map = append(out.Map, m)
		}
	}
	return out
}
