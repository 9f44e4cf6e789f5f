package stack

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// An Environment is what may be known of the place to which stacks are deployed. The zero value
// knows nothing; what depends on it is then unknown.
type Environment struct {
	// Region is the region, such as eu-central-1; "" is unknown.
	Region string
	// Account is the ID of the account; "" is unknown.
	Account string
}

// String is the account and the region, as far as they are known: "111122223333, eu-west-1".
func (e Environment) String() string {
	if e.Account != "" && e.Region != "" {
		return e.Account + ", " + e.Region
	}
	return e.Account + e.Region
}

// Or fills in from other what e does not know.
func (e Environment) Or(other Environment) Environment {
	if e.Region == "" {
		e.Region = other.Region
	}
	if e.Account == "" {
		e.Account = other.Account
	}
	return e
}

// offline answers what can be known of a stack before it is deployed.
type offline struct {
	stack *Stack
	env   Environment
}

var _ eval.Resolver = offline{}

func unknown(what string) (*tree.Node, error) {
	return &tree.Node{Kind: tree.Unknown, Text: what}, nil
}

func (o offline) Ref(name string) (*tree.Node, error) {
	switch name {
	case "AWS::StackName":
		return tree.Text(o.stack.Name), nil
	case "AWS::Region":
		return knownOr(o.env.Region, name)
	case "AWS::AccountId":
		return knownOr(o.env.Account, name)
	}
	p, ok := o.stack.Template.Parameters.Get(name)
	if !ok {
		return unknown(name)
	}
	if _, later := o.stack.Inputs[name]; later {
		return unknown(name)
	}
	v, ok := o.stack.Parameters[name]
	if !ok {
		if v, ok = p.Default.Literal(); !ok || v == "" {
			return unknown(name)
		}
	}
	if strings.HasPrefix(p.Type, "AWS::SSM::") {
		return unknown(name)
	}
	if !p.IsList() {
		return &tree.Node{Kind: tree.String, Text: v, Secret: p.NoEcho}, nil
	}
	list := tree.ListOf()
	for _, item := range strings.Split(v, ",") {
		list.List = append(list.List, tree.Text(strings.TrimSpace(item)))
	}
	return list, nil
}

func knownOr(value, name string) (*tree.Node, error) {
	if value == "" {
		return unknown(name)
	}
	return tree.Text(value), nil
}

func (offline) GetAtt(resource, attribute string) (*tree.Node, error) {
	return unknown(resource + "." + attribute)
}

func (offline) Import(name string) (*tree.Node, error) { return unknown("the export " + name) }

func (offline) Zones(region string) (*tree.Node, error) {
	return unknown("the availability zones of " + region)
}

// exportName works out the name of an export of s.
func (s *Stack) exportName(e *Export) (string, error) {
	if s.Template != e.template {
		return "", fmt.Errorf("stack %s does not have the template that exports %s; give the stack that does", s.Name, e.output)
	}
	body, err := s.Template.Minified()
	if err != nil {
		return "", err
	}
	doc, err := tree.Parse(body)
	if err != nil {
		return "", err
	}
	v, err := eval.New(doc, offline{stack: s}).Value(doc.At("Outputs", e.output, "Export", "Name"))
	if err != nil {
		return "", fmt.Errorf("the name of the export %s of stack %s: %w", e.output, s.Name, err)
	}
	name, ok := v.Scalar()
	if !ok {
		return "", fmt.Errorf("the name of the export %s of stack %s depends on %s, which is known only when it is deployed; name the export by parameters and the stack's name", e.output, s.Name, v.Text)
	}
	return name, nil
}

// interface of a stack: what it gives to others and takes from them.
type ports struct {
	exports []port
	imports []port
	weak    []port // the names of stacks whose outputs are read
}

// A port is an export or import by its name, and where in the template it stands.
type port struct {
	name   string // "" if it is not known before deployment
	path   string
	region string // of an output that is read in another region
}

// ports evaluates the names of a stack's exports and imports.
func (s *Stack) ports(env Environment) (ports, Diagnostics) {
	body, err := s.Template.Minified()
	if err != nil {
		return ports{}, s.diagnose("", err)
	}
	doc, err := tree.Parse(body)
	if err != nil {
		return ports{}, s.diagnose("", err)
	}
	f := finder{eval: eval.New(doc, offline{stack: s, env: env}), stack: s}
	for _, o := range doc.Get("Outputs").Members() {
		f.output("Outputs."+o.Key, o.Value)
	}
	for _, r := range doc.Get("Resources").Members() {
		if f.present("Resources."+r.Key, r.Value) {
			f.walk("Resources."+r.Key, r.Value)
		}
	}
	return f.found, f.problems
}

// diagnose turns an error into findings about s.
func (s *Stack) diagnose(path string, err error) Diagnostics {
	if ds, ok := err.(Diagnostics); ok {
		out := make(Diagnostics, 0, len(ds))
		for _, d := range ds {
			d.Stack = s.Name
			out = append(out, d)
		}
		return out
	}
	return Diagnostics{{Code: "evaluation", Stack: s.Name, Path: path, Summary: err.Error()}}
}

// finder walks a template for exports and imports, past what its conditions leave out.
type finder struct {
	eval     *eval.Evaluator
	stack    *Stack
	found    ports
	problems Diagnostics
}

func (f *finder) problem(path string, err error) {
	f.problems = append(f.problems, f.stack.diagnose(path, err)...)
}

// present says whether the condition of a resource or output may be true.
func (f *finder) present(path string, n *tree.Node) bool {
	name, ok := n.Get("Condition").Scalar()
	if !ok {
		return true
	}
	c, err := f.eval.Condition(name)
	if err != nil {
		f.problem(path+".Condition", err)
		return true
	}
	return c.Kind == tree.Unknown || c.Text == "true"
}

func (f *finder) output(path string, o *tree.Node) {
	if !f.present(path, o) {
		return
	}
	if n := o.At("Export", "Name"); n != nil {
		f.found.exports = append(f.found.exports, f.port(path+".Export.Name", n))
	}
	f.walk(path, o)
}

func (f *finder) port(path string, n *tree.Node) port {
	v, err := f.eval.Value(n)
	if err != nil {
		f.problem(path, err)
		return port{path: path}
	}
	name, _ := v.Scalar()
	return port{name: name, path: path}
}

// weak notes that an output is read, if it is known where.
func (f *finder) weak(path string, arg *tree.Node) {
	p := f.port(path, arg.Get("StackName"))
	if region := arg.Get("Region"); region != nil {
		if p.region = f.port(path, region).name; p.region == "" {
			return
		}
	}
	f.found.weak = append(f.found.weak, p)
}

func (f *finder) walk(path string, n *tree.Node) {
	name, arg, _ := n.Function()
	switch {
	case name == "Fn::ImportValue":
		f.found.imports = append(f.found.imports, f.port(path, arg))
		return
	case name == "Fn::GetStackOutput" && arg.Get("StackName") != nil:
		f.weak(path, arg)
	case name == "Fn::If" && arg.Is(tree.List) && len(arg.List) == 3:
		f.arms(path, arg)
		return
	}
	for i, item := range n.Items() {
		f.walk(fmt.Sprintf("%s[%d]", path, i), item)
	}
	for _, m := range n.Members() {
		f.walk(path+"."+m.Key, m.Value)
	}
}

// arms follows the arm that a known condition takes, or both.
func (f *finder) arms(path string, arg *tree.Node) {
	c, err := f.eval.Condition(arg.List[0].Str())
	if err != nil {
		f.problem(path, err)
		return
	}
	for i, taken := range []string{"true", "false"} {
		if c.Kind == tree.Unknown || c.Text == taken {
			f.walk(fmt.Sprintf("%s.Fn::If[%d]", path, i+1), arg.List[i+1])
		}
	}
}
