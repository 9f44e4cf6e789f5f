// Package eval is the one evaluator of CloudFormation's intrinsic functions. The embedded cloud
// runs stacks with it, and validation and the order of stacks come from the same walk with a
// resolver that may answer "unknown"; so they cannot disagree.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
package eval

import (
	"github.com/updraft-go/updraft/internal/tree"
)

// A Resolver knows what the template alone does not say. Each answer may be a node of kind
// tree.Unknown: what depends on it is unknown too. A name that does not exist is an error.
type Resolver interface {
	// Ref is the value of a parameter, pseudo parameter or resource. AWS::NoValue is not asked for.
	Ref(name string) (*tree.Node, error)
	// GetAtt is an attribute of a resource; dots in its name are part of it.
	GetAtt(resource, attribute string) (*tree.Node, error)
	// Import is the value that another stack exports by a name.
	Import(name string) (*tree.Node, error)
	// Zones is the list of a region's availability zones.
	Zones(region string) (*tree.Node, error)
}

// An OutputResolver is a Resolver that can also answer Fn::GetStackOutput.
type OutputResolver interface {
	// StackOutput is an output of another stack; the argument is the function's, evaluated.
	StackOutput(argument *tree.Node) (*tree.Node, error)
}

// An Error is a function that cannot be evaluated, with the place at which it stands.
type Error struct {
	// Function is its name, such as Fn::Join.
	Function string
	// Line and Column are its place in the source, from 1; 0 is unknown.
	Line, Column int
	// Err says what is wrong, in CloudFormation's words where it has some.
	Err error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// An Evaluator evaluates the values of one template with one resolver. It remembers the conditions
// that it has evaluated, and is not safe for concurrent use.
type Evaluator struct {
	// Functions are those of a dialect, by their names: they come before CloudFormation's own of the
	// same name. Their argument has been evaluated, and is known. Nil is none.
	Functions map[string]func(argument *tree.Node) (*tree.Node, error)

	template   *tree.Node
	resolver   Resolver
	conditions map[string]*condition
}

type condition struct {
	value *tree.Node
	err   error
	done  bool
}

// New returns an Evaluator. template is the whole template: its Conditions and Mappings are used.
func New(template *tree.Node, resolver Resolver) *Evaluator {
	return &Evaluator{template: template, resolver: resolver, conditions: map[string]*condition{}}
}

// Value evaluates every function in n. Properties and elements that are AWS::NoValue are left out;
// the result itself may be of kind Absent or Unknown. A part that holds no function is returned as
// it is, not copied.
//
// # Errors
//
// The first mistake, usually an [*Error].
func (e *Evaluator) Value(n *tree.Node) (*tree.Node, error) {
	if n == nil {
		return nil, nil
	}
	if name, arg, ok := n.Function(); ok {
		v, err := e.call(name, arg)
		if err != nil {
			if _, located := err.(*Error); !located {
				err = &Error{Function: name, Line: n.Line, Column: n.Column, Err: err}
			}
			return nil, err
		}
		return v, nil
	}
	switch n.Kind {
	case tree.List:
		return e.list(n)
	case tree.Map:
		return e.members(n)
	}
	return n, nil
}

func (e *Evaluator) list(n *tree.Node) (*tree.Node, error) {
	var out []*tree.Node // nil as long as nothing differs
	for i, item := range n.List {
		v, err := e.Value(item)
		if err != nil {
			return nil, err
		}
		if v == item && out == nil {
			continue
		}
		if out == nil {
			out = append(make([]*tree.Node, 0, len(n.List)), n.List[:i]...)
		}
		if v.Kind != tree.Absent {
			out = append(out, v)
		}
	}
	if out == nil {
		return n, nil
	}
	return &tree.Node{Kind: tree.List, List: out, Line: n.Line, Column: n.Column}, nil
}

func (e *Evaluator) members(n *tree.Node) (*tree.Node, error) {
	var out []tree.Member
	for i, m := range n.Map {
		v, err := e.Value(m.Value)
		if err != nil {
			return nil, err
		}
		if v == m.Value && out == nil {
			continue
		}
		if out == nil {
			out = append(make([]tree.Member, 0, len(n.Map)), n.Map[:i]...)
		}
		if v.Kind != tree.Absent {
			m.Value = v
			out = append(out, m)
		}
	}
	if out == nil {
		return n, nil
	}
	return &tree.Node{Kind: tree.Map, Map: out, Line: n.Line, Column: n.Column}, nil
}

// call evaluates one function.
func (e *Evaluator) call(name string, arg *tree.Node) (*tree.Node, error) {
	switch name {
	case "Ref":
		return e.ref(arg)
	case "Fn::GetAtt":
		return e.getAtt(arg)
	case "Fn::If":
		return e.ifElse(arg)
	case "Condition", "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals":
		return e.test(name, arg)
	case "Fn::FindInMap":
		return e.findInMap(arg)
	case "Fn::Sub":
		return e.sub(arg)
	}
	f, ok := functions[name]
	if own := e.Functions[name]; own != nil {
		f, ok = func(_ *Evaluator, arg *tree.Node) (*tree.Node, error) { return own(arg) }, true
	}
	if !ok {
		return nil, templatef("the function %s is not known, or needs a transform that was not applied", name)
	}
	v, err := e.Value(arg)
	if err != nil {
		return nil, err
	}
	if unknown := findUnknown(v); unknown != nil {
		return unknown, nil
	}
	out, err := f(e, v)
	if err != nil {
		return nil, err
	}
	return tainted(out, v), nil
}

// functions are those whose argument is evaluated first, and known.
var functions = map[string]func(*Evaluator, *tree.Node) (*tree.Node, error){
	"Fn::Join":           join,
	"Fn::Split":          split,
	"Fn::Select":         selectItem,
	"Fn::Base64":         encodeBase64,
	"Fn::Cidr":           cidr,
	"Fn::GetAZs":         zones,
	"Fn::ImportValue":    importValue,
	"Fn::GetStackOutput": stackOutput,
	"Fn::ToJsonString":   toJSONString,
	"Fn::Length":         length,

	"Fn::Contains":         memberTest("Fn::Contains", contains),
	"Fn::EachMemberEquals": memberTest("Fn::EachMemberEquals", eachEquals),
	"Fn::EachMemberIn":     memberTest("Fn::EachMemberIn", eachIn),
}

// findUnknown returns the first unknown value in n, or nil.
func findUnknown(n *tree.Node) *tree.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == tree.Unknown:
		return n
	}
	for _, item := range n.List {
		if u := findUnknown(item); u != nil {
			return u
		}
	}
	for _, m := range n.Map {
		if u := findUnknown(m.Value); u != nil {
			return u
		}
	}
	return nil
}

// tainted marks out as secret if a part of the argument was.
func tainted(out, arg *tree.Node) *tree.Node {
	if out == nil || out.Secret || !hasSecret(arg) {
		return out
	}
	c := *out
	c.Secret = true
	c.List = make([]*tree.Node, len(out.List))
	for i, item := range out.List {
		s := *item
		s.Secret = true
		c.List[i] = &s
	}
	return &c
}

func hasSecret(n *tree.Node) bool {
	if n == nil {
		return false
	}
	if n.Secret {
		return true
	}
	for _, item := range n.List {
		if hasSecret(item) {
			return true
		}
	}
	for _, m := range n.Map {
		if hasSecret(m.Value) {
			return true
		}
	}
	return false
}
