package stack_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

func ExampleAddWait() {
	t := &stack.Template{}
	wait := stack.AddWait(t, "Ready", stack.Wait{Timeout: "900"})
	server := stack.Add(t, "Server", &stack.Untyped{Type: "AWS::EC2::Instance", Properties: map[string]any{"UserData": fn.Base64(wait.Handle())}})
	wait.For(server)
	stack.Add(t, "Address", &stack.Untyped{Type: "AWS::EC2::EIP"}, stack.Attributes{DependsOn: stack.After(wait)})
	t.Output("Said", stack.Output{Value: wait.Only()})
	body, err := t.YAML()
	fmt.Println(string(body), err)
	// Output:
	// Resources:
	//   ReadyHandle:
	//     Type: AWS::CloudFormation::WaitConditionHandle
	//   Ready:
	//     Type: AWS::CloudFormation::WaitCondition
	//     DependsOn:
	//       - Server
	//     Properties:
	//       Handle: !Ref ReadyHandle
	//       Timeout: '900'
	//   Server:
	//     Type: AWS::EC2::Instance
	//     Properties:
	//       UserData:
	//         Fn::Base64: !Ref ReadyHandle
	//   Address:
	//     Type: AWS::EC2::EIP
	//     DependsOn:
	//       - Ready
	// Outputs:
	//   Said:
	//     Value: !Select [3, !Split ['"', !GetAtt Ready.Data]]
	//  <nil>
}

func TestAWaitOfAnotherGeneration(t *testing.T) {
	template := &stack.Template{}
	wait := stack.AddWait(template, "Ready", stack.Wait{Count: fn.Int(3), Generation: "V2"})
	other := stack.Add(template, "Server", &stack.Untyped{Type: "AWS::SQS::Queue"})
	wait.For(other, other)
	wait.For(other)
	got, err := template.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"ReadyHandleV2"`, `"ReadyV2"`, `"Count": 3`, `"Timeout": "600"`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	r, _ := template.Resources.Get("ReadyV2")
	if diff := cmp.Diff([]string{"Server"}, r.DependsOn); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if wait.LogicalID() != "ReadyV2" || wait.CloudFormationType() != "AWS::CloudFormation::WaitCondition" {
		t.Errorf("got %s, %s", wait.LogicalID(), wait.CloudFormationType())
	}
}

func TestWaitDataIsRead(t *testing.T) {
	got, err := stack.ReadWaitData(`{"a":"1","b":"{\"x\":2}"}`)
	if diff := cmp.Diff(map[string]string{"a": "1", "b": `{"x":2}`}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for _, text := range []string{"", "[]", `{"a":1}`, "x"} {
		if got, err := stack.ReadWaitData(text); err == nil || !strings.HasPrefix(err.Error(), "the data of a wait condition is no JSON object of texts: ") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
