package intrinsics_test

import (
	"fmt"

	fn "github.com/updraft-go/updraft/intrinsics"
)

func show(v any) {
	out, err := fn.Append(nil, v)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(out))
}

func ExampleAppend() {
	show(fn.AccountID + ".dkr.ecr." + fn.Region + ".amazonaws.com/app")
	show(map[string]any{"Subnets": fn.Split(",", fn.ImportValue("subnets"))})
	// Output:
	// {"Fn::Join":["",[{"Ref":"AWS::AccountId"},".dkr.ecr.",{"Ref":"AWS::Region"},".amazonaws.com/app"]]}
	// {"Subnets":{"Fn::Split":[",",{"Fn::ImportValue":"subnets"}]}}
}

func ExampleFromJSON() {
	show(fn.FromJSON[[]fn.String]([]byte(`{"Fn::Newest": ["a", {"Ref": "B"}]}`)))
	// Output:
	// {"Fn::Newest":["a",{"Ref":"B"}]}
}

func ExampleDecode() {
	var tags []fn.Tag
	err := fn.Decode([]byte(`[{"Key": "Name", "Value": {"Ref": "AWS::StackName"}}]`), &tags)
	fmt.Println(tags[0].Key, tags[0].Value == fn.StackName, err)
	// Output:
	// Name true <nil>
}

func ExampleGetStackOutput() {
	show(fn.GetStackOutput(fn.StackOutput{StackName: "network", OutputName: "VpcId", Region: "eu-central-1"}))
	// Output:
	// {"Fn::GetStackOutput":{"StackName":"network","OutputName":"VpcId","Region":"eu-central-1"}}
}

func ExampleForEach() {
	show(struct {
		fn.Extra
		Type fn.String
	}{
		Type:  "AWS::SNS::Topic",
		Extra: fn.ForEach("Names", "N", []fn.String{"A", "B"}, map[string]any{"${N}Name": fn.Ref("N")}),
	})
	// Output:
	// {"Type":"AWS::SNS::Topic","Fn::ForEach::Names":["N",["A","B"],{"${N}Name":{"Ref":"N"}}]}
}

func ExampleResolveSecret() {
	show("user:" + fn.ResolveSecret(fn.Secret{ID: "db", Key: "password"}))
	// Output:
	// "user:{{resolve:secretsmanager:db:SecretString:password}}"
}

func ExampleFindInMapOr() {
	show(fn.FindInMapOr("Sizes", fn.Region, "count", fn.Int(1)))
	// Output:
	// {"Fn::FindInMap":["Sizes",{"Ref":"AWS::Region"},"count",{"DefaultValue":1}]}
}
