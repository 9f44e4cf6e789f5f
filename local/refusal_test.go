package local_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// resources is a template of these resources.
func resources(r string) string { return `{"Resources": {` + r + `}}` }

const queue = `"Q": {"Type": "AWS::SQS::Queue"}`

func TestTemplatesThatAreRefused(t *testing.T) {
	api := client(localtest.New(t))
	for _, tt := range []struct{ name, template, want string }{
		{"json", `{"Resources": }`, "Template format error: JSON not well-formed. (line 1, column 16)"},
		{"yaml", "Resources: [", "Template format error: YAML not well-formed. (line 1, column 1)"},
		{"scalar", `hello`, "Template format error: unsupported structure."},
		{"none", `{"Resources": {}}`, "Template format error: At least one Resources member must be defined."},
		{"section", `{"Resource": {}}`, "Invalid template property or properties [Resource]"},
		{"type", resources(`"Q": {"Properties": {}}`), "Template format error: [/Resources/Q] Every Resources object must contain a Type member."},
		{"unknown type", resources(`"Q": {"Type": "AWS::Foo::Bar"}`), "Template format error: Unrecognized resource types: [AWS::Foo::Bar]"},
		{"name", resources(`"a-b": {"Type": "AWS::SQS::Queue"}`), "Template format error: Resource name a-b is non alphanumeric."},
		{"ref", resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "X"}}}`), "Template format error: Unresolved resource dependencies [X] in the Resources block of the template"},
		{"sub", resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${X}-${Y}"}}}`), "Template format error: Unresolved resource dependencies [X, Y] in the Resources block of the template"},
		{"depends", resources(`"Q": {"Type": "AWS::SQS::Queue", "DependsOn": ["X"]}`), "Template format error: Unresolved resource dependencies [X] in the Resources block of the template"},
		{"output", `{"Resources": {` + queue + `}, "Outputs": {"O": {"Value": {"Ref": "X"}}}}`, "Template format error: Unresolved resource dependencies [X] in the Outputs block of the template"},
		{"attribute", `{"Resources": {` + queue + `}, "Outputs": {"O": {"Value": {"Fn::GetAtt": "Q.Colour"}}}}`, "Template error: resource Q does not support attribute type Colour in Fn::GetAtt"},
		{"condition", resources(`"Q": {"Type": "AWS::SQS::Queue", "Condition": "C"}`), "Template format error: Unresolved condition dependency C in the Resources block of the template"},
		{"absent", `{"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue", "Condition": "No"},
			"R": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Q"}}}}}`, "Template format error: Unresolved resource dependencies [Q] in the Resources block of the template"},
		{"circle", resources(`"A": {"Type": "AWS::SQS::Queue", "DependsOn": "B"}, "B": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "A"}}}, "C": {"Type": "AWS::SQS::Queue", "DependsOn": "A"}`), "Circular dependency between resources: [A, B]"},
		{"policy", resources(`"Q": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Keep"}`), `Template error: Unrecognized DeletionPolicy "Keep" for resource Q`},
		{"parameter", `{"Parameters": {"P": {"Type": "Strin"}}, "Resources": {` + queue + `}}`, "Template format error: Unrecognized parameter type: Strin"},
		{"missing parameter", `{"Parameters": {"P": {"Type": "String"}, "R": {"Type": "String"}}, "Resources": {` + queue + `}}`, "Parameters: [P, R] must have values"},
		{"transform", `{"Transform": "AWS::CodeStar", "Resources": {` + queue + `}}`, `the embedded cloud does not emulate the transform AWS::CodeStar; the documentation of package local lists what it refuses`},
		{"globals without a transform", `{"Globals": {}, "Resources": {` + queue + `}}`, "Invalid template property or properties [Globals]"},
		{"serverless without a transform", resources(`"F": {"Type": "AWS::Serverless::Function"}`), "Template format error: Unrecognized resource types: [AWS::Serverless::Function]"},
		{"large", `{"Description": "` + strings.Repeat("x", 51_200) + `"}`, "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: &tt.template})
			refusedWith(t, err, "ValidationError", tt.want)
		})
	}
	if out, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{}); err != nil || len(out.Stacks) > 0 {
		t.Errorf("something is left: %v, %v", out, err)
	}
}

func TestParametersAreChecked(t *testing.T) {
	api := client(localtest.New(t))
	for _, tt := range []struct{ declaration, value, want string }{
		{`"Type": "String", "AllowedValues": ["a", "b"]`, "c", "Parameter 'P' must be one of AllowedValues"},
		{`"Type": "String", "AllowedPattern": "[a-z]*"`, "A", "Parameter 'P' must match pattern [a-z]*"},
		{`"Type": "String", "AllowedPattern": "[a-z]*", "ConstraintDescription": "small letters"`, "A", "Parameter 'P' failed to satisfy constraint: small letters"},
		{`"Type": "String", "MinLength": 2`, "a", "Parameter 'P' must contain at least 2 characters"},
		{`"Type": "String", "MaxLength": "2"`, "abc", "Parameter 'P' must contain at most 2 characters"},
		{`"Type": "Number"`, "x", "Parameter 'P' must be a number."},
		{`"Type": "Number", "MinValue": 3`, "2", "Parameter 'P' must be a number not less than 3"},
		{`"Type": "Number", "MaxValue": 3`, "4", "Parameter 'P' must be a number not greater than 3"},
		{`"Type": "List<Number>"`, "1,x", "Parameter 'P' must be a number."},
		{`"Type": "CommaDelimitedList", "AllowedValues": ["a"]`, "a, a", ""},
		{`"Type": "List<AWS::EC2::Subnet::Id>"`, "subnet-1,subnet-2", ""},
		{`"Type": "AWS::EC2::VPC::Id"`, "", "Parameter validation failed: parameter value  for parameter name P does not exist"},
	} {
		body := `{"Parameters": {"P": {` + tt.declaration + `}}, "Resources": {` + queue + `}}`
		_, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{
			StackName: aws.String("work"), ChangeSetName: aws.String("set"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &body, Parameters: params("P", tt.value),
		})
		if tt.want != "" {
			refusedWith(t, err, "ValidationError", tt.want)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.declaration, err)
		}
		if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
			t.Error(err)
		}
	}
}

func TestCapabilitiesAreDemanded(t *testing.T) {
	api := client(localtest.New(t))
	role := resources(`"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}`)
	named := resources(`"R": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "me", "AssumeRolePolicyDocument": {}}}`)
	for _, tt := range []struct {
		template string
		given    []types.Capability
		want     string
	}{
		{role, nil, "Requires capabilities : [CAPABILITY_IAM]"},
		{named, []types.Capability{"CAPABILITY_IAM"}, "Requires capabilities : [CAPABILITY_NAMED_IAM]"},
	} {
		_, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("work"), TemplateBody: &tt.template, Capabilities: tt.given})
		refusedWith(t, err, "InsufficientCapabilitiesException", tt.want)
	}
	summary, err := api.GetTemplateSummary(t.Context(), &cloudformation.GetTemplateSummaryInput{TemplateBody: &named})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []types.Capability{"CAPABILITY_NAMED_IAM"}, summary.Capabilities)
	equal(t, "The following resource(s) require capabilities: [AWS::IAM::Role]", aws.ToString(summary.CapabilitiesReason))
}

// Each operation has its own words for a stack that is not there.
func TestWhatIsNotThere(t *testing.T) {
	api := client(localtest.New(t))
	ctx, x := t.Context(), aws.String("x")
	for _, tt := range []struct {
		want string
		call func() error
	}{
		{"Stack with id x does not exist", func() error {
			_, err := api.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: x})
			return err
		}},
		{"Stack [x] does not exist", func() error {
			_, err := api.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: x})
			return err
		}},
		{"Stack 'x' does not exist", func() error {
			_, err := api.DescribeStackResource(ctx, &cloudformation.DescribeStackResourceInput{StackName: x, LogicalResourceId: x})
			return err
		}},
		{"Stack [x] does not exist", func() error {
			_, err := api.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{StackName: x, ChangeSetName: x})
			return err
		}},
		{"Stack [x] does not exist", func() error {
			_, err := api.UpdateStack(ctx, &cloudformation.UpdateStackInput{StackName: x, TemplateBody: aws.String(topic)})
			return err
		}},
		{"Stack with id x does not exist", func() error {
			_, err := api.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: x})
			return err
		}},
	} {
		refusedWith(t, tt.call(), "ValidationError", tt.want)
	}
	if _, err := api.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: x}); err != nil {
		t.Errorf("deleting nothing: %v", err)
	}
}

func TestWhatIsNotEmulatedIsNamed(t *testing.T) {
	api := client(localtest.New(t))
	_, err := api.EstimateTemplateCost(t.Context(), &cloudformation.EstimateTemplateCostInput{TemplateBody: aws.String(topic)})
	refusedWith(t, err, "NotImplemented", "the embedded cloud does not answer EstimateTemplateCost: nothing in it costs anything; the documentation of package local lists what it answers")
}

// A server answers whatever it is sent with a document, never with a page.
func TestBadRequests(t *testing.T) {
	server := httptest.NewServer(localtest.New(t))
	defer server.Close()
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
		want                    string
	}{
		{"nothing", "", "", 400, "MissingAction"},
		{"json", "application/json", "{}", 400, "MalformedInput"},
		{"unknown action", "application/x-www-form-urlencoded", "Action=Fly&Version=2010-05-15", 400, "InvalidAction"},
		{"unknown version", "application/x-www-form-urlencoded", "Action=CreateStack&Version=1999-01-01", 400, "InvalidAction"},
		{"no form", "application/x-www-form-urlencoded", "%zz", 400, "MalformedInput"},
		{"a number that is none", "application/x-www-form-urlencoded", "Action=CreateStack&Version=2010-05-15&TimeoutInMinutes=x", 400, "MalformedInput"},
		{"large", "application/x-www-form-urlencoded", "x=" + strings.Repeat("x", 3<<20), 413, "RequestEntityTooLarge"},
		{"unsigned", "application/x-www-form-urlencoded", "Action=ListStacks&Version=2010-05-15", 200, "<ListStacksResult>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.Post(server.URL, tt.contentType, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			var b strings.Builder
			if err := r.Write(&b); err != nil {
				t.Fatal(err)
			}
			if r.StatusCode != tt.status || !strings.Contains(b.String(), tt.want) {
				t.Errorf("got %d %s", r.StatusCode, b.String())
			}
		})
	}
	r, err := http.Get(server.URL + "?" + url.Values{"Action": {"DescribeStacks"}, "Version": {"2010-05-15"}}.Encode())
	if err != nil || r.StatusCode != 200 {
		t.Errorf("GET: %v, %v", r, err)
	}
}

func TestAClosedCloudAnswersNothing(t *testing.T) {
	cloud := &local.Cloud{}
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "http://cloudformation.local", nil)
	if _, err := cloud.RoundTrip(r); !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("got %v", err)
	}
	w := httptest.NewRecorder()
	cloud.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/?Action=ListStacks&Version=2010-05-15", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestTerminationProtection(t *testing.T) {
	api := client(localtest.New(t))
	create(t, api, "work", topic)
	protect := func(on bool) {
		t.Helper()
		_, err := api.UpdateTerminationProtection(t.Context(), &cloudformation.UpdateTerminationProtectionInput{StackName: aws.String("work"), EnableTerminationProtection: &on})
		if err != nil {
			t.Fatal(err)
		}
	}
	protect(true)
	_, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")})
	refusedWith(t, err, "ValidationError", "Stack [work] cannot be deleted while TerminationProtection is enabled")
	protect(false)
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
		t.Error(err)
	}
}
