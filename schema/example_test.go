package schema_test

import (
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/schema"
)

func ExampleLookup() {
	queue, ok := schema.Lookup("AWS::SQS::Queue")
	if !ok {
		return
	}
	timeout, _ := queue.Property("VisibilityTimeout")
	fmt.Println(timeout.Type, *timeout.Minimum, *timeout.Maximum)
	fmt.Println("Ref returns", queue.Ref)
	fmt.Println(queue.ManualURL())
	// Output:
	// Integer 0 43200
	// Ref returns the attribute QueueUrl
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
}

func ExampleTypes() {
	for name := range schema.Types() {
		if strings.HasPrefix(name, "AWS::SQS::") {
			fmt.Println(name)
		}
	}
	// Output:
	// AWS::SQS::Queue
	// AWS::SQS::QueueInlinePolicy
	// AWS::SQS::QueuePolicy
}

func ExampleSource() {
	fmt.Println(schema.Source())
	// Output: @aws-cdk/aws-service-spec 0.1.216
}

func ExampleType_Resolve() {
	service, _ := schema.Lookup("AWS::ECS::Service")
	for _, path := range [][]string{
		{"Cluster"},
		{"DesiredCount"},
		{"LoadBalancers", "0", "ContainerPort"},
		{"LoadBalancers", "0", "Port"},
	} {
		site, err := service.Resolve(path...)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%s: %v, replaces: %v\n", strings.Join(path, "."), site.Type, site.Replacement)
	}
	// Output:
	// Cluster: String, replaces: yes
	// DesiredCount: Integer, replaces: no
	// LoadBalancers.0.ContainerPort: Integer, replaces: no
	// AWS::ECS::Service: LoadBalancers.0.Port: no such property
}

func ExampleType_Required() {
	role, _ := schema.Lookup("AWS::IAM::Role")
	policy, _ := role.Definition("Policy")
	fmt.Println(role.Required(), policy.Required())
	// Output: [AssumeRolePolicyDocument] [PolicyDocument PolicyName]
}

func ExampleType_Attribute() {
	function, _ := schema.Lookup("AWS::Lambda::Function")
	arn, _ := function.Attribute("Arn")
	fmt.Println(arn.Type, arn.Shape)
	// Output: String arn:${Partition}:lambda:${Region}:${AccountID}:function:${Name}
}

func ExampleType_Taggable() {
	bucket, _ := schema.Lookup("AWS::S3::Bucket")
	fmt.Println(bucket.Taggable(), bucket.TagProperty, bucket.TagShape == schema.TagsList)
	// Output: true Tags true
}

func ExampleShape_Expand() {
	service, _ := schema.Lookup("AWS::ECS::Service")
	id, err := service.PhysicalID.Expand(func(name string, n int) (string, error) {
		values := map[string]string{
			"Partition": "aws", "Region": "eu-west-1", "AccountID": "123456789012",
			"Cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/main", "Name": "web",
		}
		value, ok := values[name]
		if !ok {
			return "", fmt.Errorf("no value for %s", name)
		}
		return value, nil
	})
	fmt.Println(id, err)
	// Output: arn:aws:ecs:eu-west-1:123456789012:service/main/web <nil>
}

func ExampleShape_Holes() {
	fmt.Println(schema.Shape("${Stack}-${LogicalID}-${Random:12}").Holes())
	// Output: [Stack LogicalID Random]
}

func ExampleNameRule_Name() {
	random := func(n int) string { return strings.Repeat("X", n) }
	for _, name := range []string{"AWS::S3::Bucket", "AWS::SSM::Parameter", "AWS::ElasticLoadBalancingV2::LoadBalancer"} {
		typ, _ := schema.Lookup(name)
		fmt.Println(typ.NameRule.Name("production", "FrontEnd", random))
	}
	// Output:
	// production-frontend-xxxxxxxxxxxx
	// CFN-FrontEnd-XXXXXXXXXXXX
	// produ-Front-XXXXXXXXXXXX
}
