package validate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var functionRules = []Rule{
	{"fn-unknown", fails, "a function is one that CloudFormation has"},
	{"fn-mixed", fails, "a function stands alone in its map"},
	{"fn-extension", fails, "a function of AWS::LanguageExtensions needs that transform"},
	{"fn-if", fails, "Fn::If takes a condition and two values"},
	{"fn-join", fails, "Fn::Join takes a delimiter and a list"},
	{"fn-join-element", fails, "what Fn::Join joins is text"},
	{"fn-select", fails, "Fn::Select takes an index and a list"},
	{"fn-select-index", fails, "the index of Fn::Select is within the list"},
	{"fn-split", fails, "Fn::Split takes a delimiter and text"},
	{"fn-split-list", fails, "what Fn::Split splits is text"},
	{"fn-cidr", fails, "Fn::Cidr takes a block, a count and a number of bits"},
	{"fn-cidr-count", fails, "Fn::Cidr makes 1 to 256 blocks of 1 to 128 bits"},
	{"fn-base64", fails, "Fn::Base64 takes text"},
	{"fn-getazs", fails, "Fn::GetAZs takes the name of a region"},
	{"fn-importvalue", fails, "Fn::ImportValue takes the name of an export"},
	{"fn-importvalue-resource", fails, "the name of an import depends on no resource"},
	{"fn-getstackoutput", fails, "Fn::GetStackOutput takes a map with StackName and OutputName"},
	{"fn-tojsonstring", fails, "Fn::ToJsonString takes a map or a list"},
	{"fn-length", fails, "Fn::Length takes a list"},
	{"fn-transform", fails, "Fn::Transform takes a map with Name and Parameters"},
	{"fn-foreach", fails, "Fn::ForEach takes a name, a list and a template"},
}

var functionNames = []string{
	"Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::Equals",
	"Fn::FindInMap", "Fn::GetAZs", "Fn::GetAtt", "Fn::GetStackOutput", "Fn::If", "Fn::ImportValue", "Fn::Join",
	"Fn::Length", "Fn::Not", "Fn::Or", "Fn::RefAll", "Fn::Select", "Fn::Split", "Fn::Sub", "Fn::ToJsonString",
	"Fn::Transform", "Fn::ValueOf", "Fn::ValueOfAll",
}

// function checks one function, and what is in its argument. p leads to the argument.
func (w *walker) function(p *place, n *tree.Node, name string, arg *tree.Node, given *facts) {
	if !w.mayStand(p, n, name) {
		return
	}
	switch name {
	case "Ref":
		w.ref(p, arg, given)
		return
	case "Condition":
		w.condition(p, arg)
		return
	case "Fn::If":
		w.ifElse(p, arg, given)
		return
	case "Fn::GetAtt":
		w.getAtt(p, arg, given)
	case "Fn::Sub":
		w.sub(p, arg, given)
	case "Fn::FindInMap":
		w.findInMap(p, arg)
	default:
		w.arguments(p, name, arg)
	}
	if arg.Is(tree.String) {
		w.practiceText(p, arg)
		if strings.Contains(arg.Text, "{{resolve:") {
			w.dynamic(p, arg)
		}
		return
	}
	if name == "Fn::Equals" && w.section != "Conditions" && w.section != "Rules" {
		return
	}
	if items := arg.Items(); name == "Fn::Sub" && len(items) == 2 {
		w.walk(p.item(1), items[1], given)
		return
	}
	w.walkArgument(p, arg, given)
}

// walkArgument goes on into an argument that is a list or a map.
func (w *walker) walkArgument(p *place, arg *tree.Node, given *facts) {
	if arg.Is(tree.Map) {
		w.walk(p, arg, given)
		return
	}
	for i, item := range arg.Items() {
		w.walk(p.item(i), item, given)
	}
}

// mayStand checks that a function exists and may stand in this section.
func (w *walker) mayStand(p *place, n *tree.Node, name string) bool {
	switch name {
	case "Ref", "Fn::GetAtt", "Fn::If", "Fn::ImportValue", "Fn::GetStackOutput", "Fn::Cidr":
		if w.section == "Conditions" && name != "Ref" && name != "Fn::Cidr" {
			w.report("condition-function", p, n, name+" stands in a condition", "a condition knows parameters, pseudo parameters and mappings only")
			return false
		}
	case "Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals":
		if w.section != "Conditions" && w.section != "Rules" && !w.free {
			w.report("fn-test-place", p, n, name+" stands outside of Conditions", "declare a condition, and use it in Fn::If")
			return false
		}
	case "Fn::Length", "Fn::ToJsonString":
		if !w.extended && !w.macro {
			w.report("fn-extension", p, n, name+" needs the transform AWS::LanguageExtensions", "declare it in Transform")
		}
	default:
		if !slices.Contains(functionNames, name) && !isLoop(name) && name != "Condition" {
			if !w.macro && !w.free {
				w.report("fn-unknown", p, n, fmt.Sprintf("%q is no function", name), nearest(name, functionNames, "see the manual for the functions that there are"))
			}
			return w.macro
		}
	}
	return true
}

// mixed reports a function that does not stand alone in its map.
func (w *walker) mixed(p *place, n *tree.Node) {
	for _, m := range n.Map {
		if m.Key != "Fn::Transform" && slices.Contains(functionNames, m.Key) && !w.free {
			w.report("fn-mixed", p.in(m.Key), n, fmt.Sprintf("%s stands in a map beside other keys", m.Key), "give the function a map of its own")
			return
		}
	}
}

func (w *walker) ifElse(p *place, arg *tree.Node, given *facts) {
	items := arg.Items()
	if len(items) != 3 || !items[0].Is(tree.String) && !w.extended {
		w.report("fn-if", p, arg, "Fn::If takes the name of a condition and two values, not "+w.argument(arg), "use fn.If")
		if len(items) == 0 {
			return
		}
	}
	if items[0].Is(tree.String) || !w.extended {
		w.condition(p.item(0), items[0])
	}
	for i, item := range items[1:] {
		w.walk(p.item(i+1), item, given.with(items[0].Str(), i == 0))
	}
}

// arguments checks the arguments of the functions that have no method of their own.
func (w *walker) arguments(p *place, name string, arg *tree.Node) {
	items := arg.Items()
	wrong := func(code, takes string) {
		w.report(code, p, arg, name+" takes "+takes+", not "+w.argument(arg), "see the manual for its form")
	}
	switch name {
	case "Fn::Join":
		w.join(p, arg, items)
	case "Fn::Select":
		w.selectItem(p, arg, items)
	case "Fn::Split":
		w.split(p, arg, items)
	case "Fn::Cidr":
		w.cidr(p, arg, items)
	case "Fn::Equals":
		if len(items) != 2 {
			wrong("fn-equals", "a list of two values")
		}
	case "Fn::Not":
		if len(items) != 1 {
			wrong("fn-not", "a list of one test")
		}
	case "Fn::And", "Fn::Or":
		if len(items) < 2 || len(items) > 10 {
			wrong(map[string]string{"Fn::And": "fn-and", "Fn::Or": "fn-or"}[name], "a list of 2 to 10 tests")
		}
	default:
		w.single(p, name, arg, wrong)
	}
}

// single checks the functions that take one value.
func (w *walker) single(p *place, name string, arg *tree.Node, wrong func(code, takes string)) {
	f := w.gives(arg)
	switch name {
	case "Fn::Base64":
		if f == list || f == object {
			wrong("fn-base64", "text")
		}
	case "Fn::GetAZs":
		if f == list || f == object {
			wrong("fn-getazs", "the name of a region")
		}
	case "Fn::ImportValue":
		if f == list || f == object || arg.Is(tree.String) && arg.Text == "" {
			wrong("fn-importvalue", "the name of an export")
		}
		w.outside("fn-importvalue-resource", p, arg, "the name of an import")
	case "Fn::GetStackOutput":
		if f != object || arg.Get("StackName") == nil || arg.Get("OutputName") == nil {
			wrong("fn-getstackoutput", "a map with StackName and OutputName")
		}
	case "Fn::ToJsonString":
		if arg.Is(tree.String) || arg.Is(tree.Number) || arg.Is(tree.Bool) {
			wrong("fn-tojsonstring", "a map or a list")
		}
	case "Fn::Length":
		if f == scalar && !arg.Is(tree.Map) {
			wrong("fn-length", "a list")
		}
	case "Fn::Transform":
		if arg.Get("Name") == nil {
			wrong("fn-transform", "a map with the Name of a macro")
		}
	default:
		if isLoop(name) && len(arg.Items()) != 3 {
			wrong("fn-foreach", "a name, a list and a template")
		}
	}
}

// outside reports a reference to a resource where none can be resolved.
func (w *walker) outside(code string, p *place, n *tree.Node, what string) {
	name, arg, _ := n.Function()
	switch {
	case name == "Ref" && w.resources[arg.Str()] != nil:
		w.report(code, p.in(name), n, what+" depends on the resource "+arg.Str(), "use parameters and pseudo parameters")
	case name == "Fn::GetAtt":
		w.report(code, p.in(name), n, what+" depends on a resource", "use parameters and pseudo parameters")
	case name == "Fn::Sub":
		text := arg.Str()
		if items := arg.Items(); len(items) > 0 {
			text = items[0].Str()
		}
		for id := range w.resources {
			if strings.Contains(text, "${"+id+"}") || strings.Contains(text, "${"+id+".") {
				w.report(code, p.in(name), n, what+" depends on the resource "+id, "use parameters and pseudo parameters")
				return
			}
		}
	case name == "Fn::Join" && len(arg.Items()) == 2:
		for i, item := range arg.List[1].Items() {
			w.outside(code, p.in(name).item(1).item(i), item, what)
		}
	}
}

func (w *walker) join(p *place, arg *tree.Node, items []*tree.Node) {
	if len(items) != 2 || !items[0].Is(tree.String) && !w.extended {
		w.report("fn-join", p, arg, "Fn::Join takes a literal delimiter and a list, not "+w.argument(arg), "use fn.Join")
		return
	}
	if f := w.gives(items[1]); f == scalar || f == object {
		w.report("fn-join", p.item(1), items[1], "Fn::Join joins a list, not "+f.String(), "put it into a list")
	}
	for i, item := range items[1].Items() {
		if f := w.gives(item); f == list || f == object {
			w.report("fn-join-element", p.item(1).item(i), item, "an element that Fn::Join joins is "+f.String(), "join the list itself first")
		}
	}
}

func (w *walker) selectItem(p *place, arg *tree.Node, items []*tree.Node) {
	if len(items) != 2 {
		w.report("fn-select", p, arg, "Fn::Select takes an index and a list, not "+w.argument(arg), "use fn.Select")
		return
	}
	if f := w.gives(items[1]); f == scalar || f == object {
		w.report("fn-select", p.item(1), items[1], "Fn::Select selects from a list, not from "+f.String(), "split the text with Fn::Split")
		return
	}
	if f := w.gives(items[0]); f == list || f == object {
		w.report("fn-select", p.item(0), items[0], "the index of Fn::Select is "+f.String(), "give a number from 0")
		return
	}
	text, literal := w.evaluated(items[0]).Scalar()
	if !literal {
		return
	}
	i, err := strconv.Atoi(text)
	if err != nil {
		w.report("fn-select-index", p.item(0), items[0], fmt.Sprintf("the index %s is no number", shown(text)), "give a number from 0")
		return
	}
	from := w.evaluated(items[1])
	if i < 0 || from.Is(tree.List) && i >= len(from.List) && !hasFunction(from) {
		w.report("fn-select-index", p.item(0), items[0], fmt.Sprintf("the index %d is outside of the list", i), fmt.Sprintf("the list has %d elements, counted from 0", len(from.Items())))
	}
}

// evaluated is the value of a function as far as the template alone says it, and else n.
func (w *walker) evaluated(n *tree.Node) *tree.Node {
	if _, _, ok := n.Function(); ok {
		if v := w.known(n); v != nil {
			return v
		}
	}
	return n
}

// hasFunction reports whether an element of a list is an Fn::If or a transform, which may vanish.
func hasFunction(n *tree.Node) bool {
	return slices.ContainsFunc(n.Items(), func(item *tree.Node) bool {
		name, _, ok := item.Function()
		return ok && (name == "Fn::If" || name == "Fn::Transform" || isLoop(name))
	})
}

func (w *walker) split(p *place, arg *tree.Node, items []*tree.Node) {
	if len(items) != 2 || !items[0].Is(tree.String) && !w.extended || items[0].Is(tree.String) && items[0].Text == "" {
		w.report("fn-split", p, arg, "Fn::Split takes a literal delimiter and text, not "+w.argument(arg), "use fn.Split")
		return
	}
	if f := w.gives(items[1]); f == list || f == object {
		w.report("fn-split-list", p.item(1), items[1], "Fn::Split splits text, not "+f.String(), "use the list itself")
	}
}

func (w *walker) cidr(p *place, arg *tree.Node, items []*tree.Node) {
	if len(items) < 2 || len(items) > 3 {
		w.report("fn-cidr", p, arg, "Fn::Cidr takes a block, a count and a number of bits, not "+w.argument(arg), "use fn.Cidr")
		return
	}
	if text, ok := items[0].Scalar(); ok && !isCidr(text) {
		w.report("fn-cidr", p.item(0), items[0], fmt.Sprintf("%s is no block of addresses", shown(text)), "write it as in 10.0.0.0/16")
	}
	for i, most := range []int{256, 128} {
		if i+1 >= len(items) {
			return
		}
		text, literal := items[i+1].Scalar()
		if n, err := strconv.Atoi(text); literal && (err != nil || n < 1 || n > most) {
			w.report("fn-cidr-count", p.item(i+1), items[i+1], fmt.Sprintf("%s is no number from 1 to %d", shown(text), most), "change it")
		}
	}
}
