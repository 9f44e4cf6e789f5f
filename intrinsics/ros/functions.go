package ros

import (
	"errors"
	"reflect"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// all is a list that is written as one, if it is empty too.
func all[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Base64Encode is {"Fn::Base64Encode": s}: what user data wants.
func Base64Encode(s fn.String) fn.String { return fn.Call[fn.String]("Fn::Base64Encode", s) }

// Base64Decode is {"Fn::Base64Decode": s}.
func Base64Decode(s fn.String) fn.String { return fn.Call[fn.String]("Fn::Base64Decode", s) }

// Str is {"Fn::Str": v}: a number or another value as text.
func Str(v any) fn.String { return fn.Call[fn.String]("Fn::Str", v) }

// Replace is {"Fn::Replace": [pairs, s]}: s with each key of pairs replaced by its value.
func Replace(pairs map[string]fn.String, s fn.String) fn.String {
	return fn.Call[fn.String]("Fn::Replace", []any{pairs, s})
}

// Indent is {"Fn::Indent": [s, level]}: s with each line indented by two spaces for each level, of which
// there are at most 20.
func Indent(s fn.String, level int) fn.String {
	return fn.Call[fn.String]("Fn::Indent", []any{s, fn.Int(level)})
}

// FormatTime is {"Fn::FormatTime": [format, zone]}: the time of the deployment, in a format of strftime.
// zone is such as Asia/Shanghai; "" is UTC.
func FormatTime(format string, zone fn.String) fn.String {
	if zone == "" {
		zone = "UTC"
	}
	return fn.Call[fn.String]("Fn::FormatTime", []any{format, zone})
}

// MarketplaceImage is {"Fn::MarketplaceImage": product}: the ID of the image of a product of the
// marketplace.
func MarketplaceImage(product fn.String) fn.String {
	return fn.Call[fn.String]("Fn::MarketplaceImage", product)
}

// GetStackOutput is {"Fn::GetStackOutput": [stackID, key, region]}: an output of another stack. If region
// is "", the stack is in the region of the one that asks.
func GetStackOutput(stackID fn.String, key string, region fn.String) fn.String {
	argument := []any{stackID, key}
	if region != "" {
		argument = append(argument, region)
	}
	return fn.Call[fn.String]("Fn::GetStackOutput", argument)
}

// SelectOr is {"Fn::Select": [index, from, otherwise]}. index is a number from 0, a range such as 1:3, *,
// or the key of a map; from is a list, a map, or an expression that gives one. If otherwise is "", there is
// no default.
func SelectOr(index fn.String, from any, otherwise fn.String) fn.String {
	argument := []any{index, from}
	if otherwise != "" {
		argument = append(argument, otherwise)
	}
	return fn.Call[fn.String]("Fn::Select", argument)
}

// GetJsonValue is {"Fn::GetJsonValue": [key, json]}: a member of an object that is given as JSON.
func GetJsonValue(key, json fn.String) fn.String {
	return fn.Call[fn.String]("Fn::GetJsonValue", []any{key, json})
}

// Jq is {"Fn::Jq": ["First", script, input]}: the first value that a script of jq gives for input, which is
// JSON as text or as a value.
func Jq(script string, input any) fn.String {
	return fn.Call[fn.String]("Fn::Jq", []any{"First", script, input})
}

// JqAll is {"Fn::Jq": ["All", script, input]}: all values that a script of jq gives for input.
func JqAll(script string, input any) []fn.String {
	return fn.Call[[]fn.String]("Fn::Jq", []any{"All", script, input})
}

// Length is {"Fn::Length": v}: of text, a list or a map.
func Length(v any) fn.Integer { return fn.Call[fn.Integer]("Fn::Length", v) }

// IndexOf is {"Fn::Index": [item, list]}: the place of an item in a list, from 0.
func IndexOf(item fn.String, list []fn.String) fn.Integer {
	return fn.Call[fn.Integer]("Fn::Index", []any{item, all(list)})
}

// ListMerge is {"Fn::ListMerge": lists}: the elements of several lists, in one.
func ListMerge(lists ...[]fn.String) []fn.String {
	return fn.Call[[]fn.String]("Fn::ListMerge", all(lists))
}

// MergeMapToList is {"Fn::MergeMapToList": maps}: of maps whose values are lists, a list of maps.
func MergeMapToList(maps ...map[string][]fn.String) []map[string]any {
	return fn.Call[[]map[string]any]("Fn::MergeMapToList", all(maps))
}

// SelectMapList is {"Fn::SelectMapList": [key, maps]}: the value of one key in each map of a list.
func SelectMapList(key fn.String, maps []map[string]any) []fn.String {
	return fn.Call[[]fn.String]("Fn::SelectMapList", []any{key, all(maps)})
}

// If is {"Fn::If": [condition, yes, no]} for text. An arm that is "" is [NoValue]. The condition must be a
// named one.
func If(condition fn.Condition, yes, no fn.String) fn.String { return IfOf(condition, yes, no) }

// IfOf is [If] for every other kind of value, as that of package intrinsics is. An arm that is the zero
// value of its type is [NoValue].
func IfOf[T any](condition fn.Condition, yes, no T) T {
	name, ok := fn.String(condition).Literal()
	if !ok || name == "" {
		return fn.Fail[T](errors.New("an unnamed test where ROS takes only the name of a condition; declare it with the template's Condition method and use what that returns"))
	}
	return fn.Call[T]("Fn::If", []any{name, arm(yes), arm(no)})
}

func arm[T any](v T) any {
	if reflect.ValueOf(&v).Elem().IsZero() {
		return NoValue
	}
	return v
}

// MatchPattern is {"Fn::MatchPattern": [pattern, s]}: whether a regular expression matches text.
func MatchPattern(pattern, s fn.String) fn.Condition {
	return fn.Call[fn.Condition]("Fn::MatchPattern", []any{pattern, s})
}

// Contains is {"Fn::Contains": [list, s]}: whether a list has an element.
func Contains(list []fn.String, s fn.String) fn.Condition {
	return fn.Call[fn.Condition]("Fn::Contains", []any{all(list), s})
}

// EachMemberIn is {"Fn::EachMemberIn": [some, all]}: whether one list has every element of another.
func EachMemberIn(some, among []fn.String) fn.Condition {
	return fn.Call[fn.Condition]("Fn::EachMemberIn", []any{all(some), all(among)})
}

// Any is {"Fn::Any": tests}: whether one of a list is true.
func Any(tests []fn.String) fn.Condition { return fn.Call[fn.Condition]("Fn::Any", all(tests)) }

// Add is {"Fn::Add": numbers}: their sum.
func Add(numbers ...fn.Double) fn.Double { return fn.Call[fn.Double]("Fn::Add", all(numbers)) }

// AddMaps is {"Fn::Add": maps}: the members of several maps, in one.
func AddMaps(maps ...map[string]any) map[string]any {
	return fn.Call[map[string]any]("Fn::Add", all(maps))
}

// Max is {"Fn::Max": numbers}: the largest.
func Max(numbers ...fn.Double) fn.Double { return fn.Call[fn.Double]("Fn::Max", all(numbers)) }

// Min is {"Fn::Min": numbers}: the smallest.
func Min(numbers ...fn.Double) fn.Double { return fn.Call[fn.Double]("Fn::Min", all(numbers)) }

// Avg is {"Fn::Avg": [digits, numbers]}: their mean, with so many digits after the point.
func Avg(digits int, numbers ...fn.Double) fn.Double {
	return fn.Call[fn.Double]("Fn::Avg", []any{fn.Int(digits), all(numbers)})
}

// Calculate is {"Fn::Calculate": [expression, digits, numbers]}: the value of an expression such as
// (2+3)/{0}, in which {0} stands for the first number, with so many digits after the point.
func Calculate(expression string, digits int, numbers ...fn.Double) fn.Double {
	if strings.TrimSpace(expression) == "" {
		return fn.Fail[fn.Double](errors.New("ros.Calculate without an expression; give one such as 1+{0}"))
	}
	argument := []any{expression, fn.Int(digits)}
	if len(numbers) > 0 {
		argument = append(argument, numbers)
	}
	return fn.Call[fn.Double]("Fn::Calculate", argument)
}
