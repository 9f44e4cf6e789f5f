package validate_test

import (
	"fmt"
	"testing"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

func ExampleDiff() {
	before, _ := stack.Parse([]byte(`{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs", "DelaySeconds": 1}}}}`))
	after, _ := stack.Parse([]byte(`{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "tasks", "DelaySeconds": 2}}}}`))
	changes, err := validate.Diff(before, after)
	fmt.Println(changes, err)
	// Output:
	// ~ Jobs (AWS::SQS::Queue): replaces
	//     ~ Properties.QueueName: "jobs" -> "tasks" (replaces)
	//     ~ Properties.DelaySeconds: 1 -> 2
	//  <nil>
}

func TestEffect(t *testing.T) {
	for _, c := range []struct {
		typ  string
		path []string
		want stack.Effect
	}{
		{"AWS::SQS::Queue", []string{"DelaySeconds"}, stack.UpdatesInPlace},
		{"AWS::SQS::Queue", []string{"Tags", "0", "Value"}, stack.UpdatesInPlace},
		{"AWS::SQS::Queue", []string{"QueueName"}, stack.Replaces},
		{"AWS::ECS::TaskDefinition", []string{"ContainerDefinitions", "1", "Image"}, stack.Replaces},
		{"AWS::EC2::Instance", []string{"InstanceType"}, stack.MayReplace},
		{"AWS::SQS::Queue", []string{"Colour"}, stack.UnknownEffect},
		{"AWS::SQS::Queue", []string{"Tags", "0", "Colour"}, stack.UnknownEffect},
		{"My::Own::Thing", []string{"Size"}, stack.UnknownEffect},
		{"", nil, stack.UnknownEffect},
	} {
		if got := validate.Effect(c.typ, c.path...); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.typ, c.path, got, c.want)
		}
	}
}
