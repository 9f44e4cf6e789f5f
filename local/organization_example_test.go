package local_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
)

// A stack set makes its stacks in the accounts of an organizational unit.
func ExampleCloud_Organize() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	cloud.Organize("ou-ab12-cdefghij", "111111111111", "222222222222")
	api := cloudformation.NewFromConfig(cloud.Config())
	ctx := context.Background()

	name := aws.String("base")
	if _, err := api.CreateStackSet(ctx, &cloudformation.CreateStackSetInput{
		StackSetName: name, PermissionModel: types.PermissionModelsServiceManaged,
		TemplateBody: aws.String("Resources:\n  Audit: {Type: AWS::SNS::Topic}\n"),
	}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := api.CreateStackInstances(ctx, &cloudformation.CreateStackInstancesInput{
		StackSetName: name, Regions: []string{"eu-west-1"},
		DeploymentTargets: &types.DeploymentTargets{OrganizationalUnitIds: []string{"ou-ab12-cdefghij"}},
	}); err != nil {
		fmt.Println(err)
		return
	}
	out, err := api.ListStackInstances(ctx, &cloudformation.ListStackInstancesInput{StackSetName: name})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range out.Summaries {
		fmt.Println(*i.Account, *i.Region, i.Status)
	}
	// Output:
	// 111111111111 eu-west-1 CURRENT
	// 222222222222 eu-west-1 CURRENT
}
