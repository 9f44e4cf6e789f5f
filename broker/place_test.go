package broker_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const elsewhere = "210987654321"

// withKey is a configuration with an access key.
func withKey(cfg aws.Config, id, secret string) aws.Config {
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, nil
	})
	return cfg
}

// TestAccountsAndRegions makes instances in another region, and with a role in another account.
func TestAccountsAndRegions(t *testing.T) {
	cloud := localtest.New(t)
	_, err := cloudformation.NewFromConfig(withKey(cloud.Config(), elsewhere, "any")).CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("role"), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
		TemplateBody: aws.String(`{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "deployer", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	far, foreign := cloud.Config(), cloud.Config()
	far.Region = "eu-west-1"
	foreign.Credentials = stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cloud.Config()), "arn:aws:iam::"+elsewhere+":role/deployer")
	b := brokerOn(cloud)
	b.Others = []*broker.Place{placeOn(far, local.DefaultAccount), placeOn(foreign, elsewhere)}
	b.Others[1].Role = "deployer"
	p := platform{t, b}
	for _, tt := range []struct{ id, parameters, arn string }{
		{"home", `{}`, "arn:aws:sqs:us-east-1:123456789012:"},
		{"far", `{"region": "eu-west-1"}`, "arn:aws:sqs:eu-west-1:123456789012:"},
		{"foreign", `{"target_account_id": "` + elsewhere + `", "target_role_name": "deployer"}`, "arn:aws:sqs:us-east-1:" + elsewhere + ":"},
	} {
		t.Run(tt.id, func(t *testing.T) {
			o := platform{t, b}.order(tt.id, "sqs", "standard").provisioned(tt.parameters)
			o.want(200, o.provision(tt.parameters))
			c := o.want(201, o.bind("b", o.body(""))).credentials()
			if arn := c["QUEUE_ARN"].(string); !strings.HasPrefix(arn, tt.arn) {
				t.Errorf("the queue is %s", arn)
			}
			cfg := withKey(cloud.Config(), c["SQS_AWS_ACCESS_KEY_ID"].(string), c["SQS_AWS_SECRET_ACCESS_KEY"].(string))
			cfg.Region = c["AWS_REGION"].(string)
			if _, err := sqs.NewFromConfig(cfg).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(c["QUEUE_URL"].(string)), MessageBody: aws.String("x")}); err != nil {
				t.Errorf("with the binding's key: %v", err)
			}
			o.want(200, o.send("DELETE", o.path()+"/service_bindings/b"+o.query(), ""))
			if _, err := sqs.NewFromConfig(cfg).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(c["QUEUE_URL"].(string)), MessageBody: aws.String("x")}); err == nil {
				t.Error("the key works after it was given back")
			}
			o.deprovisioned()
		})
	}
	o := p.order("nowhere", "sqs", "standard")
	o.want(400, o.provision(`{"region": "eu-west-1", "target_account_id": "`+elsewhere+`"}`))
}

func TestTagsOfInstances(t *testing.T) {
	cloud := localtest.New(t)
	b := brokerOn(cloud)
	b.Tags = map[string]string{"team": "platform"}
	b.Home.StackRole = "arn:aws:iam::123456789012:role/cloudformation"
	if _, err := cloudformation.NewFromConfig(cloud.Config()).CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("roles"), Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam},
		TemplateBody: aws.String(`{"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "cloudformation",
			"AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"Service": "cloudformation.amazonaws.com"}, "Action": "sts:AssumeRole"}}}}}}`),
	}); err != nil {
		t.Fatal(err)
	}
	o := platform{t, b}.order("i-1", "sqs", "standard").provisioned(`{"user_tags": "[{\"Key\": \"app\", \"Value\": \"shop\"}]"}`)
	out, err := cloudformation.NewFromConfig(cloud.Config()).DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	if role := aws.ToString(out.Stacks[0].RoleARN); role != b.Home.StackRole {
		t.Errorf("the role of the stack is %q", role)
	}
	got := map[string]string{}
	for _, x := range out.Stacks[0].Tags {
		got[*x.Key] = aws.ToString(x.Value)
	}
	if got[broker.TagDigest] == "" {
		t.Error("no digest")
	}
	delete(got, broker.TagDigest)
	want := map[string]string{
		"team": "platform", "app": "shop", broker.TagBroker: "awsservicebroker", broker.TagInstance: "i-1", broker.TagService: o.service,
		broker.TagPlan: o.plan, broker.TagOwner: "unknown/org/space",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestOverrides(t *testing.T) {
	environment := []string{
		"PARAM_OVERRIDE_awsservicebroker_all_all_mailbox_Subject=everybody",
		"PARAM_OVERRIDE_awsservicebroker_cluster_all_mailbox_Subject=cluster",
		"PARAM_OVERRIDE_awsservicebroker_all_apps_mailbox_Subject=namespace",
		"PARAM_OVERRIDE_awsservicebroker_all_all_all_Hidden=40",
		"PARAM_OVERRIDE_awsservicebroker_all_all_all_Kept=99999",
		"PARAM_OVERRIDE_other_all_all_all_Hidden=50",
		`PARAM_OVERRIDE_awsservicebroker_all_all_all_user_tags=[{"Key":"a","Value":"b=c"}]`,
		"HOME=/",
	}
	overrides := broker.ParseOverrides(environment, "awsservicebroker")
	if last := overrides[len(overrides)-1]; last.Parameter != "user_tags" || last.Value != `[{"Key":"a","Value":"b=c"}]` {
		t.Errorf("a name with underscores, a value with an equals sign: %+v", last)
	}
	cloud := localtest.New(t)
	b := mailboxes(cloud)
	b.Overrides = overrides
	in := func(id, where, parameters string) map[string]any {
		o := platform{t, b}.order(id, "mailbox", "small")
		body := strings.Replace(o.body(parameters), "{", `{"context": {"platform": "kubernetes"`+where+`},`, 1)
		o.want(202, o.send("PUT", o.path()+"?accepts_incomplete=true", body))
		return o.want(200, o.send("GET", o.path(), "")).body["parameters"].(map[string]any)
	}
	for _, tt := range []struct {
		name, where, parameters string
		want                    map[string]any
	}{
		{"everybody", ``, `{}`, map[string]any{"Subject": "everybody", "Hidden": 40.0}},
		{"a-cluster", `, "clusterid": "cluster", "namespace": "apps"`, `{}`, map[string]any{"Subject": "cluster", "Hidden": 40.0}},
		{"a-namespace", `, "clusterid": "other", "namespace": "apps"`, `{}`, map[string]any{"Subject": "namespace", "Hidden": 40.0}},
		{"a-user", ``, `{"Subject": "user", "Hidden": 1}`, map[string]any{"Subject": "user", "Hidden": 1.0}},
	} {
		if diff := cmp.Diff(tt.want, in(tt.name, tt.where, tt.parameters)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if all := describeAll(t, cloud); strings.Contains(all, "99999") || !strings.Contains(all, "Kept=86400") || !strings.Contains(all, "a=b=c") {
		t.Error("what the plan sets was overridden, or the tags are missing")
	}
}

func TestPrescribedOverrides(t *testing.T) {
	b := mailboxes(localtest.New(t))
	b.Overrides, b.PrescribeOverrides = []broker.Override{{Parameter: "Subject", Value: "all"}, {Namespace: "apps", Parameter: "Hidden", Value: "1"}}, true
	o := platform{t, b}.order("i-1", "mailbox", "small")
	if got := o.want(400, o.provision(`{"Subject": "mine"}`)); !strings.Contains(got.body["description"].(string), "Subject") {
		t.Errorf("%v", got.body)
	}
	o.provisioned(`{"Hidden": 5}`)
}

func TestLimits(t *testing.T) {
	b := brokerOn(localtest.New(t))
	b.Limits = []broker.Limit{{Platform: "kubernetes", Namespace: "small", Max: 2}, {Service: "sns", Max: 1}}
	p := platform{t, b}
	order := func(id, service, namespace string) reply {
		o := p.order(id, service, "standard")
		body := strings.Replace(o.body(""), "{", `{"context": {"platform": "kubernetes", "clusterid": "c", "namespace": "`+namespace+`"},`, 1)
		return o.send("PUT", o.path()+"?accepts_incomplete=true", body)
	}
	for _, tt := range []struct {
		id, service, namespace string
		status                 int
	}{
		{"a", "sqs", "small", 202}, {"b", "sqs", "small", 202}, {"c", "sqs", "small", 403}, {"a", "sqs", "small", 200},
		{"d", "sqs", "large", 202}, {"e", "sns", "large", 202}, {"f", "sns", "other", 403},
	} {
		if got := order(tt.id, tt.service, tt.namespace); got.status != tt.status {
			t.Errorf("%+v: %d %v", tt, got.status, got.body)
		}
	}
}

func TestABrokerThatIsNotSetUp(t *testing.T) {
	for name, b := range map[string]*broker.Broker{
		"empty":     {},
		"a bad ID":  {ID: "with space", Home: placeOn(localtest.New(t).Config(), elsewhere), Sources: []broker.Source{broker.Static{}}},
		"no source": {Home: placeOn(localtest.New(t).Config(), elsewhere)},
	} {
		for _, path := range []string{"/v2/catalog", "/v2/service_instances/a"} {
			if got := (platform{t, b}).send("GET", path, ""); got.status != 500 || got.body["description"] == "" {
				t.Errorf("%s: %d %v", name, got.status, got.body)
			}
		}
	}
}
