package stacktest_test

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/stacktest"
)

// role is a template with lists, text and a document in a string.
func role() *stack.Template {
	tpl := &stack.Template{}
	stack.Add(tpl, "Role", &stack.Untyped{Type: "AWS::IAM::Role", Properties: map[string]any{
		"RoleName":          "app-7",
		"ManagedPolicyArns": []any{"arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/IAMFullAccess"},
		"Description":       `{"owner":"team-a","oncall":true}`,
		"Tags":              []any{map[string]any{"Key": "stage", "Value": "prod"}},
	}})
	return tpl
}

// hasRole checks the properties of the role.
func hasRole(properties stacktest.Object) {
	if stacktest.HasResource(t, role(), stacktest.Resource{Type: "AWS::IAM::Role", Properties: properties}, nil) != nil {
		fmt.Println("fits")
	}
}

func ExampleAny() {
	hasRole(stacktest.Object{"RoleName": stacktest.Any()})
	hasRole(stacktest.Object{"Path": stacktest.Any()})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.Path: want anything, got nothing
}

func ExampleAbsent() {
	hasRole(stacktest.Object{"Path": stacktest.Absent()})
	hasRole(stacktest.Object{"RoleName": stacktest.Absent()})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.RoleName: want nothing, got "app-7"
}

func ExampleNot() {
	hasRole(stacktest.Object{"RoleName": stacktest.Not("admin")})
	hasRole(stacktest.Object{"ManagedPolicyArns": stacktest.Not(stacktest.Contains(stacktest.Pattern("FullAccess$")))})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.ManagedPolicyArns: want not a list with [text like FullAccess$], got ["arn:aws:iam::aws:policy/ReadOnlyAccess","arn:aws:iam::aws:policy/IAMFullAccess"]
}

func ExamplePattern() {
	hasRole(stacktest.Object{"RoleName": stacktest.Pattern("^app-[0-9]+$")})
	hasRole(stacktest.Object{"RoleName": stacktest.Pattern("^job-")})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.RoleName: want text like ^job-, got "app-7"
}

func ExampleExactly() {
	hasRole(stacktest.Object{"Tags": []any{stacktest.Exactly(stacktest.Object{"Key": "stage", "Value": stacktest.Any()})}})
	hasRole(stacktest.Object{"Tags": []any{stacktest.Exactly(stacktest.Object{"Key": "stage"})}})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.Tags[0].Value: want nothing, got "prod"
}

func ExampleContains() {
	hasRole(stacktest.Object{
		"Tags":              stacktest.Contains(stacktest.Object{"Key": "stage"}),
		"ManagedPolicyArns": stacktest.Contains("arn:aws:iam::aws:policy/IAMFullAccess", stacktest.Pattern("ReadOnly")),
	})
	hasRole(stacktest.Object{"Tags": stacktest.Contains(stacktest.Object{"Key": "team"})})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.Tags: want an element like {"Key":"team"}, got [{"Key":"stage","Value":"prod"}]
}

func ExampleJSON() {
	hasRole(stacktest.Object{"Description": stacktest.JSON(stacktest.Object{"owner": stacktest.Pattern("^team-"), "oncall": true})})
	hasRole(stacktest.Object{"Description": stacktest.JSON(stacktest.Object{"oncall": false})})
	// Output:
	// fits
	// resource Role does not fit:
	//   Resources.Role.Properties.Description.oncall: want false, got true
}

func ExampleWhere() {
	short := stacktest.Where("a name of at most four letters", func(v any) bool {
		name, ok := v.(string)
		return ok && len(name) <= 4
	})
	hasRole(stacktest.Object{"RoleName": short})
	// Output:
	// resource Role does not fit:
	//   Resources.Role.Properties.RoleName: want a name of at most four letters, got "app-7"
}

func ExampleCapture() {
	var name string
	var tags []struct{ Key, Value string }
	hasRole(stacktest.Object{
		"RoleName": stacktest.Capture(&name, stacktest.Pattern("^app-")),
		"Tags":     stacktest.Capture(&tags, stacktest.Any()),
	})
	fmt.Println(strings.ToUpper(name), tags)
	// Output:
	// fits
	// APP-7 [{stage prod}]
}
