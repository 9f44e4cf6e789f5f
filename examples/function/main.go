// Function is a whole function that manages stacks of AWS CloudFormation as custom resources: the same
// binary runs on AWS Lambda and on Function Compute of Alibaba Cloud. Put a provider of your own in
// place of cfnstack.Provider, and its properties in place of cfnstack.Properties.
//
// For AWS Lambda, with a role that may deploy stacks and invoke the function itself:
//
//	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build -tags lambda.norpc -o bootstrap ./examples/function
//	zip function.zip bootstrap
//	aws lambda create-function --function-name aws-stack --runtime provided.al2023 --architectures arm64 \
//	    --handler bootstrap --timeout 900 --role ROLE_ARN --zip-file fileb://function.zip
//
// The ServiceToken is the function's ARN. For Function Compute, whose functions may run for longer than
// a stack takes, so that none has to be started again:
//
//	GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build -o bootstrap ./examples/function
//	zip function.zip bootstrap
//	aliyun fc POST /2023-03-30/functions --body '{"functionName": "aws-stack", "runtime": "custom.debian10", "cpu": 0.35,
//	    "handler": "bootstrap", "memorySize": 512, "diskSize": 512, "timeout": 3600, "code": {"zipFile": "BASE64 OF function.zip"}}'
//
// The ServiceToken is acs:fc:REGION:ACCOUNT:functions/aws-stack. Anywhere else it serves HTTP on this
// machine only, at port 9000.
package main

import (
	"context"
	"log"
	"log/slog"
	"net/http"
	"os"

	lambdafunction "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/customresource/cfnstack"
)

func main() {
	h := &customresource.Handler[cfnstack.Properties]{Provider: &cfnstack.Provider{}, Logger: slog.Default()}
	if name := os.Getenv("AWS_LAMBDA_FUNCTION_NAME"); name != "" {
		cfg, err := config.LoadDefaultConfig(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		h.Again = invoke(cfg, name)
		lambdafunction.Start(h)
	}
	address := "127.0.0.1:9000"
	if port := os.Getenv("FC_SERVER_PORT"); port != "" {
		address = ":" + port
	}
	log.Fatal(http.ListenAndServe(address, h))
}

// invoke starts the function again, for a stack that takes longer than one run.
func invoke(cfg aws.Config, name string) func(context.Context, []byte) error {
	client := lambda.NewFromConfig(cfg)
	return func(ctx context.Context, payload []byte) error {
		_, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: &name, InvocationType: types.InvocationTypeEvent, Payload: payload})
		return err
	}
}
