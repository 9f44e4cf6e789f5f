package ros

import (
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
)

// A scope is what the functions of a template see. The cloud's lock is held while it is asked.
type scope struct {
	cloud    *Cloud
	stack    *stack
	template *template
	values   map[string]*tree.Node
	index    int // of the resource that Count makes, or -1
	preview  bool
}

// evaluator returns one for the properties of a resource.
func (sc scope) evaluator() *eval.Evaluator {
	e := eval.New(sc.template.doc, sc)
	e.Functions = sc.cloud.dialect
	return e
}

var noValue = &tree.Node{Kind: tree.Absent}

// Ref is the value of a pseudo parameter, a parameter or a resource.
func (sc scope) Ref(name string) (*tree.Node, error) {
	switch name {
	case "ALIYUN::StackName":
		return tree.Text(sc.stack.name), nil
	case "ALIYUN::StackId":
		return tree.Text(sc.stack.id), nil
	case "ALIYUN::Region":
		return tree.Text(sc.stack.region), nil
	case "ALIYUN::AccountId", "ALIYUN::TenantId":
		return tree.Text(sc.cloud.account()), nil
	case "ALIYUN::ResourceGroupId":
		return tree.Text("rg-default"), nil
	case "ALIYUN::NoValue":
		return noValue, nil
	case "ALIYUN::Index":
		if sc.index < 0 {
			return nil, told("ALIYUN::Index is known only in a resource with Count")
		}
		return tree.Int(sc.index), nil
	}
	if v, ok := sc.values[name]; ok {
		return v, nil
	}
	return sc.each(name, func(r *resource) (*tree.Node, error) { return tree.Text(r.physical), nil })
}

// GetAtt is an attribute of a resource, or of each that Count makes.
func (sc scope) GetAtt(name, attribute string) (*tree.Node, error) {
	return sc.each(name, func(r *resource) (*tree.Node, error) { return sc.cloud.attribute(sc.stack, r, attribute) })
}

// each asks a resource, or all that Count makes of one.
func (sc scope) each(name string, ask func(*resource) (*tree.Node, error)) (*tree.Node, error) {
	if sc.preview {
		return &tree.Node{Kind: tree.Unknown, Text: name}, nil
	}
	if r := sc.stack.get(name); r != nil {
		return ask(r)
	}
	instances := sc.stack.instances(name)
	if len(instances) == 0 && sc.template.doc.At("Resources", name, "Count") == nil {
		return nil, told("The specified reference %q is incorrect: the resource is not there", name)
	}
	out := tree.ListOf()
	for _, r := range instances {
		v, err := ask(r)
		if err != nil {
			return nil, err
		}
		out.List = append(out.List, v)
	}
	return out, nil
}

// Import is of CloudFormation only.
func (sc scope) Import(string) (*tree.Node, error) {
	return nil, told("Fn::ImportValue is no function of ROS; use Fn::GetStackOutput")
}

// Zones is the list of the zones of a region.
func (sc scope) Zones(region string) (*tree.Node, error) {
	if region == "" {
		region = sc.stack.region
	}
	return tree.ListOf(tree.Text(region+"-h"), tree.Text(region+"-i"), tree.Text(region+"-j")), nil
}

// StackOutput is an output of another stack: [ID, key, region].
func (sc scope) StackOutput(argument *tree.Node) (*tree.Node, error) {
	items := argument.Items()
	if len(items) < 2 || len(items) > 3 {
		return nil, wrong("Fn::GetStackOutput", "the ID of a stack, the key of an output, and perhaps a region")
	}
	region := sc.stack.region
	if len(items) == 3 {
		region = items[2].Str()
	}
	other := sc.cloud.find(region, items[0].Str())
	if other == nil {
		return nil, told("The Stack (%s) could not be found.", items[0].Str())
	}
	for _, m := range other.outputs {
		if m.Key == items[1].Str() {
			return m.Value, nil
		}
	}
	return nil, told("The Output (%s) could not be found in Stack (%s).", items[1].Str(), items[0].Str())
}

// holds reports whether the condition of a part of a template holds.
func (sc scope) holds(part *tree.Node) (bool, error) {
	name := part.Get("Condition")
	if name == nil {
		return true, nil
	}
	v, err := sc.evaluator().Condition(name.Str())
	return v.Str() == "true", err
}

// count returns how many resources a part of the template makes; -1 is one without Count.
func (sc scope) count(part *tree.Node) (int, error) {
	const most = 1000
	n := part.Get("Count")
	if n == nil {
		return -1, nil
	}
	v, err := sc.evaluator().Value(n)
	if err != nil {
		return 0, err
	}
	count, err := strconv.Atoi(strings.TrimSpace(v.Str()))
	if err != nil || count < 0 || count > most {
		return 0, told("Count must be a number from 0 to %d, not %s", most, v.JSON())
	}
	return count, nil
}
