package cfnstack_test

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/cfnstack"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/waiter"
)

// A stack of ROS asks for a stack of AWS; here both are in this process. On AWS, Config and Client are
// left out.
func Example() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	cfg := cloud.Config()
	h := &customresource.Handler[cfnstack.Properties]{Provider: &cfnstack.Provider{Config: &cfg, Client: func(cfg aws.Config) *executor.Client {
		api := cloudformation.NewFromConfig(cfg)
		return &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond}}
	}}}
	r := h.Respond(context.Background(), &customresource.Event{
		Dialect: customresource.ROS, RequestType: customresource.Create, RequestID: "4711", LogicalResourceID: "AwsStack", StackID: "5f2c", StackName: "by-ros",
		ResourceProperties: json.RawMessage(`{
			"AccessKeyId": "123456789012", "AccessKeySecret": "of that account", "RegionId": "us-east-1",
			"Stack": {"Name": "stack-by-ros", "Parameters": {"BucketName": "from-china"}, "Template": {
				"Parameters": {"BucketName": {"Type": "String"}},
				"Resources": {"MyBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "BucketName"}}}},
				"Outputs": {"MyBucketArn": {"Value": {"Fn::GetAtt": ["MyBucket", "Arn"]}}}}}}`),
	})
	fmt.Println(r.Status, r.Reason, string(r.Data))
	// Output: SUCCESS  {"MyBucketArn":"arn:aws:s3:::from-china"}
}
