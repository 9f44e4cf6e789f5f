package main

import (
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/intrinsics/ros"
	"github.com/updraft-go/updraft/resources/ros/fc"
	rosresources "github.com/updraft-go/updraft/resources/ros/ros"
	"github.com/updraft-go/updraft/resources/s3"
	"github.com/updraft-go/updraft/stack"
)

// functionName is the function that stands behind the custom resource.
const functionName = "aws-stack"

// awsTemplate is what is deployed to AWS: a bucket.
func awsTemplate() (string, error) {
	t := &stack.Template{Description: "a bucket, for a stack on Alibaba Cloud"}
	name := t.Parameter("BucketName", stack.Parameter{Type: "String"})
	bucket := stack.Add(t, "MyBucket", &s3.Bucket{BucketName: name.Ref()})
	t.Output("MyBucketArn", stack.Output{Value: bucket.AttrArn()})
	text, err := t.YAML()
	return string(text), err
}

// rosTemplate is what is deployed to Alibaba Cloud: a function, and a custom resource behind which it
// stands. The function manages a stack of AWS.
func rosTemplate() (*stack.Template, error) {
	aws, err := awsTemplate()
	if err != nil {
		return nil, err
	}
	t := &stack.Template{Description: "a stack of AWS, managed from Alibaba Cloud", Extra: ros.Format()}
	key := t.Parameter("AwsAccessKeyId", stack.Parameter{Type: "String"})
	secret := t.Parameter("AwsAccessKeySecret", stack.Parameter{Type: "String", NoEcho: true})
	region := t.Parameter("AwsRegionId", stack.Parameter{Type: "String", Default: "us-east-1"})
	bucket := t.Parameter("BucketName", stack.Parameter{Type: "String"})

	service := stack.Add(t, "Service", &fc.Service{ServiceName: "multicloud"})
	function := stack.Add(t, "Function", &fc.Function{
		ServiceName:  service.AttrServiceName(),
		FunctionName: functionName,
		Runtime:      "custom",
		Handler:      "bootstrap",
		Timeout:      fn.Num(3600),
		MemorySize:   fn.Num(512),
		Code:         &fc.Function_Code{OssBucketName: "releases", OssObjectName: "aws-stack.zip"},
	})
	awsStack := stack.Add(t, "AwsStack", &rosresources.CustomResource{
		ServiceToken: function.AttrARN(),
		Timeout:      fn.Num(3600),
		Parameters: map[string]any{
			"AccessKeyId":     key.Ref(),
			"AccessKeySecret": secret.Ref(),
			"RegionId":        region.Ref(),
			"Stack": map[string]any{
				"Name":       "stack-by-ros",
				"Template":   aws,
				"Parameters": map[string]any{"BucketName": bucket.Ref()},
			},
		},
	})
	t.Output("AwsMyBucketArn", stack.Output{Value: awsStack.GetAtt("MyBucketArn")})
	return t, nil
}
