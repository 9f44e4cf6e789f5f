package validate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/eval"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var referenceRules = []Rule{
	{"ref", fails, "Ref names a parameter, a pseudo parameter or a resource"},
	{"ref-type", fails, "Ref takes literal text"},
	{"getatt", fails, "Fn::GetAtt takes a resource and one of its attributes"},
	{"getatt-resource", fails, "Fn::GetAtt names a resource"},
	{"getatt-attribute", fails, "Fn::GetAtt names an attribute of the resource's type"},
	{"getatt-output", fails, "an attribute of a nested stack is Outputs and a name"},
	{"sub", fails, "Fn::Sub takes text, or text and a map of variables"},
	{"sub-syntax", fails, "a variable of Fn::Sub is a name in ${}"},
	{"sub-unused", warns, "a variable that is given to Fn::Sub stands in its text"},
	{"sub-needless", tells, "the text of Fn::Sub has a variable"},
	{"sub-list", fails, "a variable of Fn::Sub is not a list"},
	{"findinmap", fails, "Fn::FindInMap takes a mapping and two keys"},
	{"findinmap-mapping", fails, "Fn::FindInMap names a mapping"},
	{"findinmap-key", fails, "the mapping has the keys"},
	{"findinmap-allowed", warns, "the mapping has every allowed value of the parameter that is its key"},
	{"dependson", fails, "DependsOn names a resource"},
	{"dependson-type", fails, "DependsOn is a name or a list of names"},
	{"dependson-redundant", tells, "DependsOn names what no reference implies"},
	{"ref-absent", warns, "what is referred to is there whenever its referrer is"},
	{"cycle", fails, "resources do not depend on each other in a circle"},
	{"dynamic-reference", fails, "a dynamic reference is to ssm, ssm-secure or secretsmanager, with a name"},
	{"dynamic-reference-place", fails, "ssm-secure stands only where its value is not shown"},
}

var pseudo = []string{
	"AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region",
	"AWS::StackId", "AWS::StackName", "AWS::URLSuffix",
}

// walker goes through one part of the template, for what can be said of values wherever they stand.
type walker struct {
	*checker
	section  string
	resource string // the logical ID in whose definition it is, if any
	free     bool   // in Metadata, where anything may stand
}

// walk checks a value and what is in it. given is what is known to hold where the value stands.
func (w *walker) walk(p *place, n *tree.Node, given *facts) {
	switch n.Kind {
	case tree.String:
		if strings.Contains(n.Text, "{{resolve:") {
			w.dynamic(p, n)
		}
		w.practiceText(p, n)
		w.unsubstituted(p, n)
	case tree.List:
		for i, item := range n.List {
			w.walk(p.item(i), item, given)
		}
	case tree.Map:
		name, arg, ok := n.Function()
		if ok && (name != "Condition" || w.section == "Conditions" || w.section == "Rules") {
			w.function(p.in(name), n, name, arg, given)
			return
		}
		if !ok && len(n.Map) > 1 {
			w.mixed(p, n)
		}
		for i := range n.Map {
			w.walk(p.in(n.Map[i].Key), n.Map[i].Value, given)
		}
	}
}

func (w *walker) ref(p *place, arg *tree.Node, given *facts) {
	if !arg.Is(tree.String) {
		if w.extended && arg.Is(tree.Map) {
			return
		}
		w.report("ref-type", p, arg, "Ref takes the name of a parameter or resource, not "+kindOf(arg), "give it as literal text")
		return
	}
	w.named(p, arg, arg.Text, given)
}

// named checks a name that stands for a parameter, pseudo parameter or resource.
func (w *walker) named(p *place, n *tree.Node, name string, given *facts) {
	if slices.Contains(pseudo, name) {
		return
	}
	if w.parameters[name] != nil {
		w.used["Parameters."+name] = true
		if w.free && w.hidden(name) {
			w.report("secret-metadata", p, n, fmt.Sprintf("Metadata shows the NoEcho parameter %s", name), "leave it out, and let the program fetch it")
		}
		return
	}
	if w.resources[name] != nil && w.section != "Conditions" && w.section != "Rules" {
		w.depends(p, n, name, given)
		return
	}
	if w.made(name) {
		return
	}
	if w.section == "Conditions" && w.resources[name] != nil {
		w.report("ref", p, n, fmt.Sprintf("%s is no parameter; a condition cannot depend on a resource", shown(name)), "compare with a parameter")
		return
	}
	all := append(sortedNames(w.resources), sortedNames(w.parameters)...)
	w.report("ref", p, n, fmt.Sprintf("%s is no parameter or resource of this template", shown(name)),
		nearest(name, append(all, pseudo...), "add it to this template, or export it from its own template and import it here"))
}

// made reports whether a transform may declare a name.
func (w *walker) made(name string) bool {
	if w.open {
		return true
	}
	if !w.serverless && !strings.Contains(name, ".") {
		return w.module(name)
	}
	if strings.HasPrefix(name, "Serverless") {
		return true
	}
	for id, r := range w.resources {
		if strings.HasPrefix(name, id) && strings.HasPrefix(r.Get("Type").Str(), "AWS::Serverless::") {
			return true
		}
	}
	return w.module(name)
}

// module reports whether a name begins with that of a module, which holds resources of its own.
func (w *walker) module(name string) bool {
	for id, r := range w.resources {
		if strings.HasSuffix(r.Get("Type").Str(), "::MODULE") && strings.HasPrefix(name, id) {
			return true
		}
	}
	return false
}

// depends notes a dependency, and warns if the other resource may be absent.
func (w *walker) depends(p *place, n *tree.Node, on string, given *facts) {
	if w.resource != "" {
		w.edges[w.resource] = append(w.edges[w.resource], edge{to: on, at: p, n: n})
	}
	condition := w.resources[on].Get("Condition")
	if condition.Is(tree.String) && w.section != "Conditions" && w.logic.possible(given.with(condition.Text, false)) {
		w.report("ref-absent", p, n, fmt.Sprintf("the resource %s is absent where its condition %s does not hold, and is referred to here", on, condition.Text),
			"refer to it inside an Fn::If of that condition, or put the condition on what refers to it")
	}
}

func (w *walker) getAtt(p *place, arg *tree.Node, given *facts) {
	name, attribute := attributeOf(arg)
	items := arg.Items()
	switch {
	case name == "" && w.extended && len(items) == 2 && items[0].Is(tree.Map):
		return
	case name == "", attribute == "" && len(items) != 2, arg.Is(tree.String) && attribute == "", len(items) == 2 && items[1].Is(tree.String) && attribute == "":
		w.report("getatt", p, arg, "Fn::GetAtt takes a resource and one of its attributes, not "+w.argument(arg), "use the Attr methods of the resource")
		return
	}
	w.attribute(p, arg, name, attribute, given)
}

// argument describes a wrong argument of a function.
func (w *walker) argument(arg *tree.Node) string {
	if s, ok := arg.Scalar(); ok {
		return shown(s)
	}
	if arg.Is(tree.List) {
		return fmt.Sprintf("a list of %d", len(arg.List))
	}
	return kindOf(arg)
}

// attribute checks that a resource has an attribute. "" is one that is not literal.
func (w *walker) attribute(p *place, n *tree.Node, name, attribute string, given *facts) {
	resource := w.resources[name]
	if resource == nil {
		if w.made(name) {
			return
		}
		w.report("getatt-resource", p, n, fmt.Sprintf("%s is no resource of this template", shown(name)),
			nearest(name, sortedNames(w.resources), "add it to this template, or export the attribute from its own template and import it here"))
		return
	}
	w.depends(p, n, name, given)
	kind := resource.Get("Type").Str()
	if kind == "AWS::CloudFormation::Stack" && attribute != "" && !strings.HasPrefix(attribute, "Outputs.") {
		w.report("getatt-output", p, n, fmt.Sprintf("a nested stack has no attribute %q", attribute), fmt.Sprintf("write Outputs.%s for its output of that name", attribute))
		return
	}
	t, known := schema.Lookup(kind)
	if attribute == "" || !known || kind == "AWS::CloudFormation::Stack" || kind == customResource || strings.HasPrefix(kind, "AWS::Serverless::") {
		return
	}
	if _, ok := t.Attribute(attribute); ok {
		return
	}
	property, _, _ := strings.Cut(attribute, ".")
	if _, ok := t.Property(property); ok {
		return // for many types CloudFormation gives properties too
	}
	var names []string
	for _, a := range t.Attributes {
		names = append(names, a.Name)
	}
	// An attribute that is an object is not in the list, its members are.
	if slices.ContainsFunc(names, func(s string) bool { return strings.HasPrefix(s, attribute+".") || strings.HasPrefix(attribute, s+".") }) {
		return
	}
	w.report("getatt-attribute", p, n, fmt.Sprintf("%s has no attribute %q", kind, attribute),
		nearest(attribute, names, "its attributes are "+strings.Join(names, ", ")))
}

func (w *walker) sub(p *place, arg *tree.Node, given *facts) {
	text, vars := arg, (*tree.Node)(nil)
	if items := arg.Items(); len(items) == 2 {
		text, vars = items[0], items[1]
	}
	if !text.Is(tree.String) || vars != nil && vars.Kind != tree.Map {
		w.report("sub", p, arg, "Fn::Sub takes text, or text and a map of variables, not "+w.argument(arg), "use fn.Sub")
		return
	}
	parts, err := eval.ParseSub(text.Text)
	if err != nil {
		w.report("sub-syntax", p, text, strings.TrimPrefix(err.Error(), "Template error: "), "write ${!Name} for a literal ${Name}")
		return
	}
	names := map[string]bool{}
	for _, part := range parts {
		if part.Name != "" {
			names[part.Name] = true
			w.variable(p, text, part.Name, vars, given)
		}
	}
	for _, m := range vars.Members() {
		if !names[m.Key] && !w.open {
			w.report("sub-unused", p.item(1).in(m.Key), m.Value, fmt.Sprintf("the text of Fn::Sub has no variable ${%s}", m.Key), "leave it out")
		}
	}
	if len(names) == 0 && !strings.Contains(text.Text, "${!") {
		w.report("sub-needless", p, arg, "the text of Fn::Sub has no variable", "write the text itself")
	}
}

func (w *walker) variable(p *place, text *tree.Node, variable string, vars *tree.Node, given *facts) {
	value := vars.Get(variable)
	var f form
	switch name, attribute, dotted := strings.Cut(variable, "."); {
	case value != nil:
		f = w.gives(value)
	case dotted:
		w.attribute(p, text, name, attribute, given)
		f = w.attributeGives(name, attribute)
	default:
		w.named(p, text, variable, given)
		f = w.refGives(variable)
	}
	if f == list || f == object {
		w.report("sub-list", p, text, fmt.Sprintf("${%s} is %s, which cannot be put into text", variable, f), "join it with Fn::Join and give it as a variable")
	}
}

func (w *walker) findInMap(p *place, arg *tree.Node) {
	items := arg.Items()
	if len(items) < 3 || len(items) > 4 || len(items) == 4 && items[3].Get("DefaultValue") == nil {
		w.report("findinmap", p, arg, "Fn::FindInMap takes a mapping and two keys, not "+w.argument(arg), "use the mapping's Find method")
		return
	}
	if !items[0].Is(tree.String) {
		w.anyMapping()
		return
	}
	w.used["Mappings."+items[0].Text] = true
	m := w.mappings[items[0].Text]
	if m == nil {
		if !w.open && len(items) == 3 {
			w.report("findinmap-mapping", p, items[0], fmt.Sprintf("%s is no mapping of this template", shown(items[0].Text)),
				nearest(items[0].Text, sortedNames(w.mappings), "add it with the template's Mapping method"))
		}
		return
	}
	if len(items) == 3 && !w.open && m.Get("Fn::Transform") == nil {
		w.mappingKeys(p, m, items)
	}
}

// anyMapping marks all mappings as used, since the name of one is computed.
func (w *walker) anyMapping() {
	for name := range w.mappings {
		w.used["Mappings."+name] = true
	}
}

func (w *walker) mappingKeys(p *place, m *tree.Node, items []*tree.Node) {
	name, first, second := items[0].Text, items[1], items[2]
	switch {
	case first.Is(tree.String) && m.Get(first.Text) == nil:
		w.report("findinmap-key", p, first, fmt.Sprintf("the mapping %s has no value under %q, %q", name, first.Text, second.Str()), nearest(first.Text, sortedNames(index(m)), "add it, or give a DefaultValue"))
	case first.Is(tree.String) && second.Is(tree.String) && m.At(first.Text, second.Text) == nil:
		w.report("findinmap-key", p, second, fmt.Sprintf("the mapping %s has no value under %q, %q", name, first.Text, second.Text), nearest(second.Text, sortedNames(index(m.Get(first.Text))), "add it, or give a DefaultValue"))
	case second.Is(tree.String) && !slices.ContainsFunc(m.Members(), func(k tree.Member) bool { return k.Value.Get(second.Text) != nil }):
		w.report("findinmap-key", p, second, fmt.Sprintf("the mapping %s has no key %q on its second level", name, second.Text), "add it, or give a DefaultValue")
	}
	function, arg, _ := first.Function()
	if function != "Ref" {
		return
	}
	for _, v := range w.parameters[arg.Str()].Get("AllowedValues").Items() {
		if m.Get(v.Str()) == nil {
			w.report("findinmap-allowed", p, first, fmt.Sprintf("the mapping %s has no key %q, which the parameter %s allows", name, v.Str(), arg.Str()), "add it to the mapping, or take it out of AllowedValues")
			return
		}
	}
}

func (w *walker) condition(p *place, n *tree.Node) {
	name := n.Str()
	if n.Is(tree.String) && w.conditions[name] != nil {
		w.used["Conditions."+name] = true
		return
	}
	if w.open || n.Is(tree.Map) && w.extended {
		return
	}
	w.report("condition", p, n, fmt.Sprintf("%s is no condition of this template", shown(name)),
		nearest(name, sortedNames(w.conditions), "declare it with the template's Condition method"))
}

func (w *walker) dependsOn(p *place, n *tree.Node, given *facts) {
	if n.Is(tree.String) {
		w.dependsOnName(p, n, given)
		return
	}
	if n.Kind != tree.List {
		w.report("dependson-type", p, n, "DependsOn is "+kindOf(n), "give the logical ID of a resource, or a list of such")
	}
	for i, item := range n.Items() {
		if !item.Is(tree.String) {
			w.report("dependson-type", p.item(i), item, "an element of DependsOn is "+kindOf(item), "give the logical ID of a resource")
			continue
		}
		w.dependsOnName(p, item, given)
	}
}

func (w *walker) dependsOnName(p *place, n *tree.Node, given *facts) {
	switch {
	case w.resources[n.Text] != nil:
		implied := slices.ContainsFunc(w.edges[w.resource], func(e edge) bool { return e.to == n.Text })
		w.edges[w.resource] = append(w.edges[w.resource], edge{to: n.Text, at: p, n: n})
		if implied {
			w.report("dependson-redundant", p, n, fmt.Sprintf("a reference to %s makes the dependency already", n.Text), "leave it out of DependsOn")
		}
	case !w.made(n.Text):
		w.report("dependson", p, n, fmt.Sprintf("%s is no resource of this template", shown(n.Text)),
			nearest(n.Text, sortedNames(w.resources), "add it to this template, or leave it out"))
	}
}
