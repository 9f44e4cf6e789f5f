package services_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/broker/services"
	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
	"github.com/updraft-go/updraft/waiter"
)

const network = `{"VpcId": "vpc-0123456789abcdef0", "Subnets": "subnet-0123456789abcdef0,subnet-0123456789abcdef1"}`

// orders are what has to be said to order a service, and what its bindings give, by service and plan.
var orders = map[string]struct{ parameters, credentials string }{
	"cognito/open":              {`{}`, "AWS_REGION CLIENT_ID COGNITO_AWS_ACCESS_KEY_ID COGNITO_AWS_SECRET_ACCESS_KEY PROVIDER_URL USER_POOL_ARN USER_POOL_ID"},
	"cognito/invited":           {`{"MinimumPasswordLength": 20}`, "AWS_REGION CLIENT_ID COGNITO_AWS_ACCESS_KEY_ID COGNITO_AWS_SECRET_ACCESS_KEY PROVIDER_URL USER_POOL_ARN USER_POOL_ID"},
	"dynamodb/ondemand":         {`{}`, "AWS_REGION DYNAMODB_AWS_ACCESS_KEY_ID DYNAMODB_AWS_SECRET_ACCESS_KEY TABLE_ARN TABLE_NAME"},
	"dynamodb/provisioned":      {`{"RangeAttributeName": "at", "RangeAttributeType": "N"}`, "AWS_REGION DYNAMODB_AWS_ACCESS_KEY_ID DYNAMODB_AWS_SECRET_ACCESS_KEY TABLE_ARN TABLE_NAME"},
	"ecr/mutable":               {`{}`, "AWS_REGION ECR_AWS_ACCESS_KEY_ID ECR_AWS_SECRET_ACCESS_KEY REPOSITORY_ARN REPOSITORY_NAME REPOSITORY_URI"},
	"ecr/immutable":             {`{}`, "AWS_REGION ECR_AWS_ACCESS_KEY_ID ECR_AWS_SECRET_ACCESS_KEY REPOSITORY_ARN REPOSITORY_NAME REPOSITORY_URI"},
	"elasticache/development":   {network, "ENDPOINT_ADDRESS PASSWORD PORT"},
	"elasticache/production":    {network, "ENDPOINT_ADDRESS PASSWORD PORT"},
	"kinesis/ondemand":          {`{}`, "AWS_REGION KINESIS_AWS_ACCESS_KEY_ID KINESIS_AWS_SECRET_ACCESS_KEY STREAM_ARN STREAM_NAME"},
	"kinesis/provisioned":       {`{"ShardCount": 2}`, "AWS_REGION KINESIS_AWS_ACCESS_KEY_ID KINESIS_AWS_SECRET_ACCESS_KEY STREAM_ARN STREAM_NAME"},
	"kms/symmetric":             {`{}`, "AWS_REGION KEY_ARN KEY_ID KMS_AWS_ACCESS_KEY_ID KMS_AWS_SECRET_ACCESS_KEY"},
	"rdsmysql/development":      {network, "DB_NAME ENDPOINT_ADDRESS MASTER_PASSWORD MASTER_USERNAME PORT"},
	"rdsmysql/production":       {network, "DB_NAME ENDPOINT_ADDRESS MASTER_PASSWORD MASTER_USERNAME PORT"},
	"rdspostgresql/development": {network, "DB_NAME ENDPOINT_ADDRESS MASTER_PASSWORD MASTER_USERNAME PORT"},
	"rdspostgresql/production":  {network, "DB_NAME ENDPOINT_ADDRESS MASTER_PASSWORD MASTER_USERNAME PORT"},
	"route53/public":            {`{"DomainName": "example.com"}`, "AWS_REGION DOMAIN_NAME HOSTED_ZONE_ID NAME_SERVERS ROUTE53_AWS_ACCESS_KEY_ID ROUTE53_AWS_SECRET_ACCESS_KEY"},
	"route53/private":           {`{"DomainName": "example.com", "VpcId": "vpc-0123456789abcdef0"}`, "AWS_REGION DOMAIN_NAME HOSTED_ZONE_ID ROUTE53_AWS_ACCESS_KEY_ID ROUTE53_AWS_SECRET_ACCESS_KEY"},
	"s3/plain":                  {`{}`, "AWS_REGION BUCKET_ARN BUCKET_DOMAIN_NAME BUCKET_NAME S3_AWS_ACCESS_KEY_ID S3_AWS_SECRET_ACCESS_KEY"},
	"s3/versioned":              {`{}`, "AWS_REGION BUCKET_ARN BUCKET_DOMAIN_NAME BUCKET_NAME S3_AWS_ACCESS_KEY_ID S3_AWS_SECRET_ACCESS_KEY"},
	"sns/standard":              {`{"DisplayName": "News"}`, "AWS_REGION SNS_AWS_ACCESS_KEY_ID SNS_AWS_SECRET_ACCESS_KEY TOPIC_ARN TOPIC_NAME"},
	"sns/fifo":                  {`{}`, "AWS_REGION SNS_AWS_ACCESS_KEY_ID SNS_AWS_SECRET_ACCESS_KEY TOPIC_ARN TOPIC_NAME"},
	"sqs/standard":              {`{"UsedeadletterQueue": true}`, "AWS_REGION DEAD_LETTER_QUEUE_ARN DEAD_LETTER_QUEUE_URL QUEUE_ARN QUEUE_NAME QUEUE_URL SQS_AWS_ACCESS_KEY_ID SQS_AWS_SECRET_ACCESS_KEY"},
	"sqs/fifo":                  {`{"UsedeadletterQueue": true}`, "AWS_REGION DEAD_LETTER_QUEUE_ARN DEAD_LETTER_QUEUE_URL QUEUE_ARN QUEUE_NAME QUEUE_URL SQS_AWS_ACCESS_KEY_ID SQS_AWS_SECRET_ACCESS_KEY"},
}

// call sends a request to a broker.
func call(t *testing.T, b http.Handler, method, path, body string, want int) map[string]any {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	r.Header.Set("X-Broker-API-Version", "2.17")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != want {
		t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	return out
}

type catalog struct {
	Services []struct {
		Name, ID, Description string
		Plans                 []struct{ Name, ID, Description string }
	}
}

// TestEveryPlan orders each plan of each service, binds it, and gives it back.
func TestEveryPlan(t *testing.T) {
	cloud := localtest.New(t)
	api := cloudformation.NewFromConfig(cloud.Config())
	b := &broker.Broker{
		Home: &broker.Place{
			Account: local.DefaultAccount, Region: local.DefaultRegion, API: api, Secrets: secretsmanager.NewFromConfig(cloud.Config()),
			Client: &executor.Client{API: api, Poller: &waiter.Poller{API: api, Rate: -1, MinInterval: time.Millisecond}},
		},
		Sources: []broker.Source{services.All()},
	}
	var c catalog
	data, _ := json.Marshal(call(t, b, "GET", "/v2/catalog", "", 200))
	if err := json.Unmarshal(data, &c); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range c.Services {
		for _, p := range s.Plans {
			name := s.Name + "/" + p.Name
			seen[name] = true
			t.Run(name, func(t *testing.T) {
				ids := `"service_id": "` + s.ID + `", "plan_id": "` + p.ID + `"`
				path := "/v2/service_instances/" + strings.ReplaceAll(name, "/", "-")
				query := "?accepts_incomplete=true&service_id=" + s.ID + "&plan_id=" + p.ID
				call(t, b, "PUT", path+query, `{`+ids+`, "organization_guid": "o", "space_guid": "s", "parameters": `+orders[name].parameters+`}`, 202)
				if got := call(t, b, "GET", path+"/last_operation", "", 200); got["state"] != "succeeded" {
					t.Fatalf("provision: %v", got)
				}
				bound := call(t, b, "PUT", path+"/service_bindings/b", `{`+ids+`}`, 201)
				got := bound["credentials"].(map[string]any)
				if _, ok := bound["endpoints"]; ok != (got["ENDPOINT_ADDRESS"] != nil) {
					t.Errorf("endpoints: %v", bound["endpoints"])
				}
				if diff := cmp.Diff(strings.Fields(orders[name].credentials), slices.Sorted(maps.Keys(got))); diff != "" {
					t.Errorf("credentials (-want +got):\n%s", diff)
				}
				for key, value := range got { // the embedded cloud has no name servers
					if text, _ := value.(string); text == "" && key != "NAME_SERVERS" || strings.HasPrefix(text, "secretsmanager:") {
						t.Errorf("%s is %q", key, text)
					}
				}
				if queue, _ := got["QUEUE_NAME"].(string); p.Name == "fifo" && s.Name == "sqs" && !regexp.MustCompile(`^[0-9a-f-]{36}\.fifo$`).MatchString(queue) {
					t.Errorf("the queue is called %s; a name of 80 characters, which CloudFormation adds .fifo to, would be too long", queue)
				}
				checkTemplates(t, api)
				call(t, b, "DELETE", path+"/service_bindings/b"+query, "", 200)
				call(t, b, "DELETE", path+query, "", 202)
				call(t, b, "GET", path+"/last_operation", "", 410)
			})
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(orders)), slices.Sorted(maps.Keys(seen))); diff != "" {
		t.Errorf("plans (-want +got):\n%s", diff)
	}
}

// checkTemplates holds the templates of the stacks that there are to all rules.
func checkTemplates(t *testing.T, api *cloudformation.Client) {
	t.Helper()
	all, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all.Stacks {
		out, err := api.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: s.StackName})
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := stack.Parse([]byte(aws.ToString(out.TemplateBody)))
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range validate.Template(parsed) {
			if d.Severity != stack.SeverityInfo {
				t.Errorf("%s: %s", *s.StackName, d)
			}
		}
	}
}
