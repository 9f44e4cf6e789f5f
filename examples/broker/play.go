package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/local"
)

const (
	instance = "/v2/service_instances/orders"
	binding  = instance + "/service_bindings/shop"
)

// play is the article.
func play(ctx context.Context, p *platform, endpoint string, cloud *local.Cloud) error {
	step := func(title string) { fmt.Fprintf(p.out, "\n%s\n", title) }

	step("The catalog")
	chosen, err := p.catalog(ctx, "sqs", "standard")
	if err != nil {
		return err
	}
	step("Order a queue, and wait for it")
	body := object{"service_id": chosen.service, "plan_id": chosen.id, "organization_guid": "example", "space_guid": "shop",
		"context": object{"platform": "kubernetes", "clusterid": "example", "namespace": "shop"}, "parameters": object{"VisibilityTimeout": 60}}
	var accepted struct{ Operation string }
	if err := p.send(ctx, "PUT", instance+chosen.query(), body, &accepted); err != nil {
		return err
	}
	if err := p.wait(ctx, instance, accepted.Operation); err != nil {
		return err
	}
	if err := showStacks(ctx, p, cloud); err != nil {
		return err
	}
	step("Bind it")
	var bound struct{ Credentials broker.Credentials }
	delete(body, "parameters")
	if err := p.send(ctx, "PUT", binding, body, &bound); err != nil {
		return err
	}
	show(p, bound.Credentials)
	if err := showStacks(ctx, p, cloud); err != nil {
		return err
	}
	step("Use it, with the credentials of the binding")
	if err := use(ctx, p, bound.Credentials, endpoint); err != nil {
		return err
	}
	step("Give the binding back")
	if err := p.send(ctx, "DELETE", binding+chosen.query(), nil, &struct{}{}); err != nil {
		return err
	}
	if err := use(ctx, p, bound.Credentials, endpoint); err == nil {
		return fmt.Errorf("the key still works")
	}
	fmt.Fprintln(p.out, "    the key does not work any more")
	step("Give the queue back")
	if err := p.send(ctx, "DELETE", instance+chosen.query(), nil, &accepted); err != nil {
		return err
	}
	if err := p.wait(ctx, instance, accepted.Operation); err != nil {
		return err
	}
	return showStacks(ctx, p, cloud)
}

// show shows credentials, without those that are secret.
func show(p *platform, c broker.Credentials) {
	var names []string
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := fmt.Sprint(c[name])
		if strings.Contains(name, "SECRET") {
			value = strings.Repeat("*", len(value))
		}
		fmt.Fprintf(p.out, "    %s=%s\n", name, value)
	}
}

// showStacks shows the stacks that there are.
func showStacks(ctx context.Context, p *platform, cloud *local.Cloud) error {
	all, err := cloudformation.NewFromConfig(cloud.Config()).DescribeStacks(ctx, &cloudformation.DescribeStacksInput{})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "  stacks: %d\n", len(all.Stacks))
	for _, s := range all.Stacks {
		fmt.Fprintf(p.out, "    %s: %s\n", aws.ToString(s.StackName), s.StackStatus)
	}
	return nil
}

// use sends a message and receives it, as an application would that has nothing but the credentials.
func use(ctx context.Context, p *platform, c broker.Credentials, endpoint string) error {
	text := func(name string) string { value, _ := c[name].(string); return value }
	client := sqs.New(sqs.Options{
		Region: text("AWS_REGION"), BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider(text("SQS_AWS_ACCESS_KEY_ID"), text("SQS_AWS_SECRET_ACCESS_KEY"), ""),
	})
	queue := aws.String(text("QUEUE_URL"))
	if _, err := client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("one pair of boots")}); err != nil {
		return err
	}
	got, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue, WaitTimeSeconds: 5})
	if err != nil {
		return err
	}
	for _, m := range got.Messages {
		fmt.Fprintf(p.out, "    received: %s\n", aws.ToString(m.Body))
		if _, err := client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
			return err
		}
	}
	return nil
}
