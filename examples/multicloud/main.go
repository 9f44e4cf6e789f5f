// Command multicloud is a story that Alibaba Cloud tells, in Go: a stack of its Resource Orchestration
// Service (ROS) has a custom resource whose function manages a stack of AWS CloudFormation and hands its
// outputs back.
//
// It starts both clouds in this process, deploys the stack to the one, whose function deploys
// stack-by-ros with a bucket to the other, and prints the bucket's ARN, which has come all the way back.
// Then it gives the bucket another name, which is a replacement on AWS; asks for one that is taken, and
// shows that what AWS says of it arrives as the reason on Alibaba Cloud; and deletes both. With -synth it
// prints the template instead.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/stack"
)

// interval is the pause between two questions; nothing takes long in an embedded cloud.
const interval = 50 * time.Millisecond

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("multicloud", flag.ContinueOnError)
	f.SetOutput(stderr)
	synth := f.Bool("synth", false, "print the template for ROS, and deploy nothing")
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := tell(ctx, *synth, stdout); err != nil {
		fmt.Fprintln(stderr, "multicloud:", err)
		return 1
	}
	return 0
}

func tell(ctx context.Context, synth bool, out io.Writer) error {
	t, err := rosTemplate()
	if err != nil {
		return err
	}
	if synth {
		text, err := t.YAML()
		if err == nil {
			_, err = out.Write(text)
		}
		return err
	}
	c, err := open()
	if err != nil {
		return err
	}
	defer c.close()
	deploy := func(bucket string) error {
		fmt.Fprintf(out, "deploying the stack multicloud to Alibaba Cloud, for the bucket %q\n", bucket)
		result, err := c.client.Deploy(ctx, &stack.Stack{Name: "multicloud", Template: t, Parameters: map[string]string{
			"AwsAccessKeyId": "123456789012", "AwsAccessKeySecret": "local", "BucketName": bucket,
		}}, nil)
		if err == nil {
			fmt.Fprintf(out, "  %s: AwsMyBucketArn = %v\n", result.Status, result.Outputs["AwsMyBucketArn"])
		}
		stacks, listErr := c.awsStacks(ctx)
		fmt.Fprintf(out, "  on AWS: %s\n", stacks)
		return errors.Join(err, listErr)
	}
	for _, bucket := range []string{"first-bucket", "second-bucket"} {
		if err := deploy(bucket); err != nil {
			return err
		}
	}
	c.aws.Fail(local.Fault{Type: "AWS::S3::Bucket", Action: local.Create, Reason: "taken-bucket already exists", Times: 1})
	failed := deploy("taken-bucket")
	if failed == nil {
		return errors.New("AWS took a name that was taken")
	}
	fmt.Fprintf(out, "  as it should be, that failed: %v\n", failed)
	fmt.Fprintln(out, "deleting the stack multicloud")
	if err := c.client.Delete(ctx, "multicloud"); err != nil {
		return err
	}
	stacks, err := c.awsStacks(ctx)
	fmt.Fprintf(out, "  on AWS: %s\n", stacks)
	return err
}
