package ros_test

import (
	"context"
	"fmt"
	"log"

	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/updraft-go/updraft/executor/ros"
	dialect "github.com/updraft-go/updraft/intrinsics/ros"
	local "github.com/updraft-go/updraft/local/ros"
	"github.com/updraft-go/updraft/resources/ros/oss"
	"github.com/updraft-go/updraft/stack"
)

// A bucket on an embedded Alibaba Cloud. Without the transport, and with keys of yours and no Endpoint,
// it is one on Alibaba Cloud.
func ExampleClient_Deploy() {
	cloud := &local.Cloud{}
	defer cloud.Close()
	api, err := ros.NewAPI(&openapiutil.Config{
		AccessKeyId: tea.String("key"), AccessKeySecret: tea.String("secret"), Endpoint: tea.String("ros.local"), Protocol: tea.String("http"),
	}, cloud)
	if err != nil {
		log.Fatal(err)
	}

	t := &stack.Template{Extra: dialect.Format()}
	bucket := stack.Add(t, "Logs", &oss.Bucket{BucketName: dialect.StackName + "-logs"})
	t.Output("Domain", stack.Output{Value: bucket.AttrDomainName()})

	client := &ros.Client{API: api}
	result, err := client.Deploy(context.Background(), &stack.Stack{Name: "demo", Template: t}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, result.Outputs["Domain"])
	// Output: CREATE_COMPLETE demo-logs.oss-cn-hangzhou.aliyuncs.com
}
