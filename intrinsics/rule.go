package intrinsics

// Contains is {"Fn::Contains": [list, value]}: true if value is in list. It stands in the Rules
// section only, as do all functions of this file.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
func Contains(list []String, value String) Condition {
	return call[Condition]("Fn::Contains", []any{orEmpty(list), value})
}

// EachMemberEquals is {"Fn::EachMemberEquals": [list, value]}: true if every element of list is
// value.
func EachMemberEquals(list []String, value String) Condition {
	return call[Condition]("Fn::EachMemberEquals", []any{orEmpty(list), value})
}

// EachMemberIn is {"Fn::EachMemberIn": [list, allowed]}: true if every element of list is in
// allowed.
func EachMemberIn(list, allowed []String) Condition {
	return call[Condition]("Fn::EachMemberIn", []any{orEmpty(list), orEmpty(allowed)})
}

// RefAll is {"Fn::RefAll": parameterType}: the values of all parameters of a type, such as
// AWS::EC2::VPC::Id.
func RefAll(parameterType string) []String {
	return call[[]String]("Fn::RefAll", parameterType)
}

// ValueOf is {"Fn::ValueOf": [parameter, attribute]}: an attribute, such as DefaultVpcId, of what
// the value of a parameter names.
func ValueOf(parameter, attribute string) String {
	return call[String]("Fn::ValueOf", []string{parameter, attribute})
}

// ValuesOf is [ValueOf] for a parameter that is a list: the attribute of each.
func ValuesOf(parameter, attribute string) []String {
	return call[[]String]("Fn::ValueOf", []string{parameter, attribute})
}

// ValueOfAll is {"Fn::ValueOfAll": [parameterType, attribute]}: an attribute of what the values of
// all parameters of a type name.
func ValueOfAll(parameterType, attribute string) []String {
	return call[[]String]("Fn::ValueOfAll", []string{parameterType, attribute})
}

func orEmpty(list []String) []String {
	if list == nil {
		return []String{}
	}
	return list
}
