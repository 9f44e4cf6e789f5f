package sam

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

var update = flag.Bool("update", false, "write what the templates expand to")

func parse(t *testing.T, text string) *tree.Node {
	t.Helper()
	n, err := yaml.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Each template in testdata expands to the JSON beside it.
func TestExpansions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			root := parse(t, string(text))
			before := root.JSON()
			out, err := Expand(root, Options{Parameter: func(name string) *tree.Node { return root.At("Parameters", name, "Default") }})
			if err != nil {
				t.Fatal(err)
			}
			if root.JSON() != before {
				t.Error("the template was changed")
			}
			var b strings.Builder
			for _, m := range out.Members() {
				for _, r := range m.Value.Members() {
					b.WriteString(m.Key + " " + r.Key + " " + r.Value.JSON() + "\n")
				}
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// ids are the logical IDs and types that a template expands to.
func ids(t *testing.T, text string) map[string]string {
	t.Helper()
	out, err := Expand(parse(t, text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range out.Get("Resources").Members() {
		found[m.Key] = m.Value.Get("Type").Str()
	}
	return found
}

// The logical IDs that AWS's documentation of generated resources names.
func TestGeneratedLogicalIDs(t *testing.T) {
	const function = `
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      CodeUri: s3://code/app.zip
`
	for _, tt := range []struct{ name, text, want string }{
		{"function", function, "F=AWS::Lambda::Function FRole=AWS::IAM::Role"},
		{"implicit API", function + "      Events: {Get: {Type: Api, Properties: {Path: /, Method: get}}}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FGetPermissionProd=AWS::Lambda::Permission ServerlessRestApi=AWS::ApiGateway::RestApi ServerlessRestApiProdStage=AWS::ApiGateway::Stage ServerlessRestApiDeployment*=AWS::ApiGateway::Deployment"},
		{"implicit HTTP API", function + "      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FGetPermission=AWS::Lambda::Permission ServerlessHttpApi=AWS::ApiGatewayV2::Api ServerlessHttpApiApiGatewayDefaultStage=AWS::ApiGatewayV2::Stage"},
		{"API", function + "      Events: {Get: {Type: Api, Properties: {Path: /, Method: get, RestApiId: !Ref A}}}\n  A: {Type: AWS::Serverless::Api, Properties: {StageName: dev}}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FGetPermissiondev=AWS::Lambda::Permission A=AWS::ApiGateway::RestApi AdevStage=AWS::ApiGateway::Stage ADeployment*=AWS::ApiGateway::Deployment"},
		{"HTTP API with a stage", "\n  A: {Type: AWS::Serverless::HttpApi, Properties: {StageName: dev}}", "A=AWS::ApiGatewayV2::Api AdevStage=AWS::ApiGatewayV2::Stage"},
		{"schedule", function + "      Events: {Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FDaily=AWS::Events::Rule FDailyPermission=AWS::Lambda::Permission"},
		{"queue", function + "      Events: {Jobs: {Type: SQS, Properties: {Queue: 'arn:aws:sqs:us-east-1:123456789012:q'}}}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FJobs=AWS::Lambda::EventSourceMapping"},
		{"topic", function + "      Events: {News: {Type: SNS, Properties: {Topic: 'arn:aws:sns:us-east-1:123456789012:t'}}}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FNews=AWS::SNS::Subscription FNewsPermission=AWS::Lambda::Permission"},
		{"bucket", function + "      Events: {New: {Type: S3, Properties: {Bucket: !Ref B, Events: 's3:ObjectCreated:*'}}}\n  B: {Type: AWS::S3::Bucket}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FNewPermission=AWS::Lambda::Permission B=AWS::S3::Bucket"},
		{"alias", function + "      AutoPublishAlias: live", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FAliaslive=AWS::Lambda::Alias FVersion*=AWS::Lambda::Version"},
		{"URL", function + "      FunctionUrlConfig: {AuthType: NONE}", "F=AWS::Lambda::Function FRole=AWS::IAM::Role FUrl=AWS::Lambda::Url FUrlPublicPermissions=AWS::Lambda::Permission"},
		{"table", "\n  T: {Type: AWS::Serverless::SimpleTable}", "T=AWS::DynamoDB::Table"},
		{"layer", "\n  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: s3://b/k}}", "L*=AWS::Lambda::LayerVersion"},
		{"state machine", "\n  S: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: s3://b/k, Policies: [AWSLambdaRole]}}", "S=AWS::StepFunctions::StateMachine SRole=AWS::IAM::Role"},
		{"application", "\n  N: {Type: AWS::Serverless::Application, Properties: {Location: 'https://b.s3.amazonaws.com/k'}}", "N=AWS::CloudFormation::Stack"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := map[string]string{}
			got := ids(t, "Resources:"+tt.text)
			for pair := range strings.FieldsSeq(tt.want) {
				id, typ, _ := strings.Cut(pair, "=")
				if prefix, ok := strings.CutSuffix(id, "*"); ok {
					for have := range got {
						if strings.HasPrefix(have, prefix) && len(have) == len(prefix)+10 {
							id = have
						}
					}
				}
				want[id] = typ
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., Handler: h, Runtime: r}}", "Resource with id [F] is invalid. 'CodeUri' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter."},
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Runtime: r}}", "Resource with id [F] is invalid. Missing required property 'Handler'."},
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Handler: h, Runtime: r, Colour: red}}", "Resource with id [F] is invalid. property Colour not defined for resource of type AWS::Serverless::Function, or not expanded by the embedded cloud"},
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Handler: h, Runtime: r, Policies: [{ThePolicy: {}}]}}", "Resource with id [F] is invalid. The embedded cloud does not expand the policy template ThePolicy; write its statements, or name a managed policy."},
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Handler: h, Runtime: r, Policies: [{SQSPollerPolicy: {}}]}}", "Resource with id [F] is invalid. Must specify valid parameter values for policy template 'SQSPollerPolicy': QueueName"},
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Handler: h, Runtime: r, Events: {E: {Type: Cognito}}}}", "Resource with id [F] is invalid. Event with id [E] is invalid. The embedded cloud does not expand events of type Cognito."},
		{"F: {Type: AWS::Serverless::Function, Properties: {CodeUri: s3://b/k, Handler: h, Runtime: r, Events: {E: {Type: S3, Properties: {Bucket: mine, Events: e}}}}}", "Resource with id [F] is invalid. Event with id [E] is invalid. S3 events must reference an S3 bucket in the same template."},
		{"C: {Type: AWS::Serverless::Connector}", "Resource with id [C] is invalid. The embedded cloud does not expand resources of type AWS::Serverless::Connector."},
		{"A: {Type: AWS::Serverless::Api, Properties: {StageName: a, Auth: {UsagePlan: {}}}}", "Resource with id [A] is invalid. The embedded cloud does not expand UsagePlan of Auth."},
		{"A: {Type: AWS::Serverless::Api, Properties: {StageName: a, Auth: {Authorizers: {Me: {}}}}}", "Resource with id [A] is invalid. Authorizer Me needs a UserPoolArn or a FunctionArn."},
		{"A: {Type: AWS::Serverless::Api}", "Resource with id [A] is invalid. Missing required property 'StageName'."},
		{"S: {Type: AWS::Serverless::StateMachine}", "Resource with id [S] is invalid. Either 'Definition' or 'DefinitionUri' property must be specified."},
		{"L: {Type: AWS::Serverless::LayerVersion}", "Resource with id [L] is invalid. Missing required property 'ContentUri'."},
		{"T: {Type: AWS::Serverless::SimpleTable, Properties: []}", "Resource with id [T] is invalid. Properties should be a map."},
	} {
		_, err := Expand(parse(t, "Resources: {"+tt.text+"}"), Options{})
		e, ok := errors.AsType[*Error](err)
		if !ok || len(e.Problems) != 1 || e.Problems[0] != tt.want {
			t.Errorf("got %v\nwant %s", err, tt.want)
		}
	}
	_, err := Expand(parse(t, "{Globals: {Queue: {}, Function: []}, Resources: {A: {Type: AWS::Serverless::Api}}}"), Options{})
	if e, ok := errors.AsType[*Error](err); !ok || !strings.HasPrefix(e.Error(), "Invalid Serverless Application Specification document. Number of errors found: 3. ") {
		t.Errorf("got %v", err)
	}
}

// Whatever a template holds, expanding it neither panics nor changes it.
func FuzzExpand(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		n, err := yaml.Parse(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(n.JSON()))
	}
	f.Add([]byte(`{"Globals":1,"Resources":{"F":{"Type":"AWS::Serverless::Function","Properties":{"Events":{"E":{"Type":"Api","Properties":{"RestApiId":[]}}},"Policies":[{}],"CodeUri":{}}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		root, err := tree.Parse(text)
		if err != nil {
			return
		}
		before := root.JSON()
		out, err := Expand(root, Options{})
		if root.JSON() != before {
			t.Error("the template was changed")
		}
		if (out == nil) == (err == nil) {
			t.Errorf("got %v and %v", out, err)
		}
	})
}
