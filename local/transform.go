package local

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/sam"
	"github.com/updraft-go/updraft/internal/tree"
)

// The transforms that are emulated.
const (
	transformExtensions = "AWS::LanguageExtensions"
	transformInclude    = "AWS::Include"
)

// fnTransform is the function that applies a transform to the part of a template in which it stands.
const fnTransform = "Fn::Transform"

// A transform is one that a template declares, with its parameters.
type transform struct {
	name       string
	parameters *tree.Node
}

// declaredTransforms lists what the section Transform of a template names.
func declaredTransforms(root *tree.Node) []transform {
	section := root.Get("Transform")
	if section == nil {
		return nil
	}
	list := section.Items()
	if !section.Is(tree.List) {
		list = []*tree.Node{section}
	}
	var all []transform
	for _, n := range list {
		t := transform{name: n.Str()}
		if n.Is(tree.Map) {
			t = transform{n.Get("Name").Str(), n.Get("Parameters")}
		}
		all = append(all, t)
	}
	return all
}

// checkTransforms refuses the transforms of AWS's that are not emulated.
func checkTransforms(root *tree.Node) error {
	section := root.Get("Transform")
	for _, one := range append(section.Items(), section) {
		if name := one.Get("Name"); name != nil && !name.Is(tree.String) {
			return invalid("Key Name of transform definition must be a string.")
		}
	}
	for _, name := range transformNames(root) {
		if strings.HasPrefix(name, "AWS::") && name != transformExtensions && name != transformInclude && name != sam.Name {
			return notEmulated("the transform " + name)
		}
	}
	return nil
}

// transformNames lists the transforms that a template uses, each once: those of its section, then those
// that stand in its parts.
func transformNames(root *tree.Node) []string {
	var names []string
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, t := range declaredTransforms(root) {
		add(t.name)
	}
	var walk func(*tree.Node)
	walk = func(n *tree.Node) {
		if arg := n.Get(fnTransform); arg != nil {
			add(arg.Get("Name").Str())
		}
		for _, e := range n.Items() {
			walk(e)
		}
		for _, m := range n.Members() {
			walk(m.Value)
		}
	}
	walk(root)
	return names
}

// expand applies the transforms of a template, the innermost first.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html
func (s *stackState) expand(with settings) (*template, error) {
	x := &expansion{region: s.region, scope: newScope(s, with, func(string) *resource { return nil })}
	x.scope.lenient = true
	x.eval = x.scope.evaluator()
	root, err := x.parts(with.template.root)
	if err != nil {
		return nil, err
	}
	for _, t := range declaredTransforms(root) {
		if root, err = x.whole(t, root); err != nil {
			return nil, err
		}
	}
	root = without(root, "Transform")
	if err := checkSections(root); err != nil {
		return nil, asInvalid(err)
	}
	t := newTemplate(with.template.body, root)
	t.source = with.template
	return t, nil
}

// An expansion is the processing of one template.
type expansion struct {
	region *region
	scope  *scope
	eval   *eval.Evaluator
	nodes  int // that loops made
}

// parts applies every Fn::Transform in n.
func (x *expansion) parts(n *tree.Node) (*tree.Node, error) {
	n, err := eachChild(n, x.parts)
	if err != nil {
		return nil, err
	}
	arg := n.Get(fnTransform)
	if arg == nil {
		return n, nil
	}
	t := transform{arg.Get("Name").Str(), arg.Get("Parameters")}
	rest := without(n, fnTransform)
	if t.name != transformInclude {
		return x.macro(t, rest)
	}
	included, err := x.include(t)
	if err != nil {
		return nil, err
	}
	if len(rest.Map) == 0 {
		return included, nil
	}
	return merged(rest, included), nil
}

// whole applies a transform of the section Transform.
func (x *expansion) whole(t transform, root *tree.Node) (*tree.Node, error) {
	switch t.name {
	case transformExtensions:
		return x.extend(root)
	case transformInclude:
		included, err := x.include(t)
		if err != nil {
			return nil, err
		}
		return merged(root, included), nil
	case sam.Name:
		return x.serverless(root)
	}
	made, err := x.macro(t, without(root, "Transform"))
	if err == nil && !made.Is(tree.Map) {
		err = invalid("Received malformed response from transform %s::%s", x.region.account, t.name)
	}
	return made, err
}

func (x *expansion) unknown(name string) error {
	return invalid("No transform named %s::%s found.", x.region.account, name)
}

// failedTransform is the error of a transform.
func failedTransform(name, format string, args ...any) error {
	return invalid("Transform %s failed with: %s", name, fmt.Sprintf(format, args...))
}

// include reads what AWS::Include takes into a template.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-include.html
func (x *expansion) include(t transform) (*tree.Node, error) {
	location, err := x.eval.Value(t.parameters.Get("Location"))
	if err != nil {
		return nil, asInvalid(err)
	}
	at, isURI := strings.CutPrefix(location.Str(), "s3://")
	bucket, key, _ := strings.Cut(at, "/")
	if !isURI || key == "" {
		return nil, failedTransform(t.name, "The location parameter is not a valid S3 uri.")
	}
	b := x.region.cloud.global("", typeBucket, bucket)
	if b == nil {
		return nil, failedTransform(t.name, "S3 bucket [%s] does not exist.", bucket)
	}
	o := b.objects[key]
	if o == nil {
		return nil, failedTransform(t.name, "S3 object [%s] does not exist in bucket [%s].", key, bucket)
	}
	included, err := parseText(string(o.body))
	if err != nil {
		return nil, failedTransform(t.name, "The specified S3 object's content should be valid Yaml/JSON")
	}
	return included, nil
}

// eachChild returns n with what f makes of its elements or members; n itself if nothing changed.
func eachChild(n *tree.Node, f func(*tree.Node) (*tree.Node, error)) (*tree.Node, error) {
	c := *n
	c.List, c.Map = slices.Clone(n.List), slices.Clone(n.Map)
	same := true
	for i, e := range n.List {
		made, err := f(e)
		if err != nil {
			return nil, err
		}
		same = same && made == e
		c.List[i] = made
	}
	for i, m := range n.Map {
		made, err := f(m.Value)
		if err != nil {
			return nil, err
		}
		same = same && made == m.Value
		c.Map[i].Value = made
	}
	if same {
		return n, nil
	}
	return &c, nil
}

// without returns n without a key.
func without(n *tree.Node, key string) *tree.Node {
	if n.Get(key) == nil {
		return n
	}
	c := *n
	c.Map = slices.DeleteFunc(slices.Clone(n.Map), func(m tree.Member) bool { return m.Key == key })
	return &c
}

// merged returns n with the members of more, whose maps are merged into those of n.
func merged(n, more *tree.Node) *tree.Node {
	c := *n
	c.Map = slices.Clone(n.Map)
	for _, m := range more.Members() {
		i := slices.IndexFunc(c.Map, func(have tree.Member) bool { return have.Key == m.Key })
		switch {
		case i < 0:
			c.Map = append(c.Map, m)
		case c.Map[i].Value.Is(tree.Map) && m.Value.Is(tree.Map):
			c.Map[i].Value = merged(c.Map[i].Value, m.Value)
		default:
			c.Map[i] = m
		}
	}
	return &c
}
