package signal_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/signal"
	"github.com/updraft-go/updraft/waiter"
)

// waits is a stack with a wait condition and a resource that both wait.
const waits = `{"Resources": {
	"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
	"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600"}},
	"Queue": {"Type": "AWS::SQS::Queue", "CreationPolicy": {"ResourceSignal": {}}}},
	"Outputs": {"Data": {"Value": {"Fn::GetAtt": ["Wait", "Data"]}}}}`

// waiting starts that stack.
func waiting(ctx context.Context, cloud *local.Cloud) (api *cloudformation.Client, handle string, err error) {
	api = cloudformation.NewFromConfig(cloud.Config())
	if _, err := api.CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String("web"), TemplateBody: aws.String(waits)}); err != nil {
		return nil, "", err
	}
	found, err := api.DescribeStackResource(ctx, &cloudformation.DescribeStackResourceInput{StackName: aws.String("web"), LogicalResourceId: aws.String("Handle")})
	if err != nil {
		return nil, "", err
	}
	return api, aws.ToString(found.StackResourceDetail.PhysicalResourceId), nil
}

func Example() {
	ctx, cloud := context.Background(), &local.Cloud{}
	defer cloud.Close()
	api, url, err := waiting(ctx, cloud)
	if err != nil {
		log.Fatal(err)
	}
	handle, err := signal.ParseHandle(url)
	if err != nil {
		log.Fatal(err)
	}
	// The embedded cloud is reached without a network here; elsewhere, nil options do.
	options := &signal.Options{Client: &http.Client{Transport: cloud}}
	if err := signal.Send(ctx, handle, signal.Signal{Status: signal.Success, UniqueID: "web-1", Data: "10.0.0.1"}, options); err != nil {
		log.Fatal(err)
	}
	queue := signal.Resource{Stack: "web", LogicalID: "Queue"}
	if err := signal.SendToResource(ctx, api, queue, signal.Signal{Status: signal.StatusOf(0), UniqueID: "web-1"}); err != nil {
		log.Fatal(err)
	}
	result, err := (&waiter.Poller{API: api, MinInterval: time.Millisecond, Rate: -1}).Wait(ctx, waiter.Target{Stack: "web"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Status, *result.Stack.Outputs[0].OutputValue)
	// Output: CREATE_COMPLETE {"web-1":"10.0.0.1"}
}

func ExampleDecode() {
	text := []byte(`{"Status": "SUCCESS", "UniqueId": "web-1", "Data": {"port": 80}}`)
	s, err := signal.Decode(text, signal.Lenient)
	fmt.Println(s.UniqueID, s.Data, err)
	_, err = signal.Decode(text, signal.Strict)
	fmt.Println(errors.Is(err, signal.ErrInvalid), err)
	// Output:
	// web-1 {"port":80} <nil>
	// true invalid signal: it must have exactly the members Data, Reason, Status, UniqueId, and has 3
}
