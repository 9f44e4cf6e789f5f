package goimport

import (
	"github.com/updraft-go/updraft/internal/tree"
)

// language is a function of the transform AWS::LanguageExtensions, of macros, or of the Rules
// section.
func (im *importer) language(name string, arg *tree.Node, t goType) (*code, bool) {
	switch name {
	case "Fn::Transform":
		return im.macro(arg, t)
	case "Fn::ToJsonString":
		if isFunction(arg) || !arg.Is(tree.Map) && !arg.Is(tree.List) {
			return nil, false
		}
		return call("fn.ToJsonString", textType, im.free(arg)), true
	case "Fn::Length":
		list, ok := im.argument(arg, textsType)
		if !ok {
			list, ok = im.argument(arg, listOf(freeType))
		}
		return call("fn.Length", wholeType, list), ok
	case "Fn::GetStackOutput":
		return im.stackOutput(arg)
	case "Fn::RefAll":
		return call("fn.RefAll", textsType, leaf(quote(arg.Str()), goType{})), arg.Is(tree.String)
	case "Fn::ValueOf":
		function, result := "fn.ValueOf", textType
		if t.same(textsType) {
			function, result = "fn.ValuesOf", textsType
		}
		return im.twoNames(function, arg, result)
	case "Fn::ValueOfAll":
		return im.twoNames("fn.ValueOfAll", arg, textsType)
	}
	return nil, false
}

// macro is Fn::Transform as a value of type t.
func (im *importer) macro(arg *tree.Node, t goType) (*code, bool) {
	name, parameters := arg.Get("Name"), arg.Get("Parameters")
	known := len(arg.Members()) == 1 || len(arg.Members()) == 2 && parameters.Is(tree.Map) && !isFunction(parameters)
	if !name.Is(tree.String) || name.Text == "" || !known || !carries(t) {
		return nil, false
	}
	values := leaf("nil", goType{})
	if parameters != nil {
		values = im.plain(parameters)
	}
	function := "fn.TransformOf[" + t.String() + "]"
	if t.same(textType) {
		function = "fn.Transform"
	}
	return call(function, t, leaf(quote(name.Text), goType{}), values), true
}

func (im *importer) stackOutput(arg *tree.Node) (*code, bool) {
	if !arg.Is(tree.Map) || arg.Get("StackName").Is(tree.Null) || arg.Get("OutputName").Is(tree.Null) {
		return nil, false
	}
	if arg.Get("StackName") == nil || arg.Get("OutputName") == nil {
		return nil, false
	}
	t := goType{kind: object, name: "fn.StackOutput", shape: &fixedShape{fields: map[string]field{
		"StackName": {"StackName", textType}, "OutputName": {"OutputName", textType},
		"Region": {"Region", textType}, "RoleArn": {"RoleArn", textType},
	}}}
	o, ok := im.object(arg, t)
	return call("fn.GetStackOutput", textType, o), ok
}

// twoNames is a function of two names.
func (im *importer) twoNames(function string, arg *tree.Node, result goType) (*code, bool) {
	args, ok := items(arg, 2, 2)
	if !ok || !args[0].Is(tree.String) || !args[1].Is(tree.String) {
		return nil, false
	}
	return call(function, result, leaf(quote(args[0].Text), goType{}), leaf(quote(args[1].Text), goType{})), true
}

// findInMapOr is Fn::FindInMap with a value that stands in.
func (im *importer) findInMapOr(args []*tree.Node, t goType) (*code, bool) {
	otherwise := args[3].Get("DefaultValue")
	if otherwise == nil || len(args[3].Map) != 1 || t.kind == object {
		return nil, false
	}
	function := "fn.FindInMapOr[" + t.String() + "]"
	var c []*code
	for _, a := range args[:3] {
		k, ok := im.argument(a, textType)
		if !ok {
			return nil, false
		}
		c = append(c, k)
	}
	v, ok := im.argument(otherwise, t)
	return call(function, t, append(c, v)...), ok
}

// membership is a test of the Rules section.
func (im *importer) membership(name string, arg *tree.Node) (*code, bool) {
	args, ok := items(arg, 2, 2)
	if !ok {
		return nil, false
	}
	second, function := textType, "fn.Contains"
	switch name {
	case "Fn::EachMemberEquals":
		function = "fn.EachMemberEquals"
	case "Fn::EachMemberIn":
		second, function = textsType, "fn.EachMemberIn"
	}
	a, ok1 := im.argument(args[0], textsType)
	b, ok2 := im.argument(args[1], second)
	return call(function, conditionType, a, b), ok1 && ok2
}
