package main

import (
	"context"
	"net/http"
	"strings"

	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/cfnstack"
	"github.com/updraft-go/updraft/executor/ros"
	"github.com/updraft-go/updraft/local"
	localros "github.com/updraft-go/updraft/local/ros"
)

// clouds are the two embedded clouds, and a client of each.
type clouds struct {
	aws    *local.Cloud
	ros    *localros.Cloud
	client *ros.Client
}

// open starts both clouds, and puts the function that deploys to the one behind custom resources of the
// other. The same handler, with the zero Provider, is what examples/function runs on Function Compute.
func open() (*clouds, error) {
	c := &clouds{aws: &local.Cloud{}, ros: &localros.Cloud{}}
	config := c.aws.Config()
	handler := &customresource.Handler[cfnstack.Properties]{
		Provider: &cfnstack.Provider{Config: &config},
		Client:   &http.Client{Transport: c.ros}, // its answers go to the embedded ROS
	}
	c.ros.Handle(functionName, handler.Invoke)
	api, err := ros.NewAPI(&openapiutil.Config{
		AccessKeyId: tea.String("local"), AccessKeySecret: tea.String("local"), Endpoint: tea.String("ros.local"), Protocol: tea.String("http"),
	}, c.ros)
	c.client = &ros.Client{API: api, Interval: interval}
	return c, err
}

func (c *clouds) close() {
	_ = c.ros.Close() // it never fails
	_ = c.aws.Close() // nor does this
}

// awsStacks tells the stacks that there are on AWS.
func (c *clouds) awsStacks(ctx context.Context) (string, error) {
	out, err := cloudformation.NewFromConfig(c.aws.Config()).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
	if err != nil {
		return "", err
	}
	var all []string
	for _, s := range out.Stacks {
		all = append(all, aws.ToString(s.StackName)+" "+string(s.StackStatus))
	}
	if len(all) == 0 {
		return "no stack", nil
	}
	return strings.Join(all, ", "), nil
}
