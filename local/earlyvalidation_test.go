package local_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// foreseeing returns a cloud that validates early.
func foreseeing(t *testing.T) *local.Cloud {
	t.Helper()
	cloud := localtest.New(t)
	cloud.EarlyValidation = true
	return cloud
}

// findings are what DescribeEvents tells that validation has found.
func findings(t *testing.T, api *cloudformation.Client, in *cloudformation.DescribeEventsInput) []string {
	t.Helper()
	out, err := api.DescribeEvents(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range out.OperationEvents {
		if e.EventType == types.EventTypeValidationError {
			list = append(list, string(e.ValidationFailureMode)+" "+*e.ValidationName+" "+*e.ValidationPath+" "+*e.ValidationStatusReason)
		}
	}
	return list
}

// foreseen makes a change set for a new stack and returns what validation found in it.
func foreseen(t *testing.T, api *cloudformation.Client, template string) []string {
	t.Helper()
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &template})
	return findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId})
}

const failedProperties = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information."

func TestAChangeSetIsValidatedWhenItIsMade(t *testing.T) {
	api := client(foreseeing(t))
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, ClientToken: aws.String("token"),
		TemplateBody: aws.String(resources(`"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}}, ` + queue))})
	equal(t, types.ChangeSetStatusFailed, set.Status)
	equal(t, types.ExecutionStatusUnavailable, set.ExecutionStatus)
	equal(t, failedProperties, *set.StatusReason)
	equal(t, 2, len(set.Changes)) // they are told all the same
	valued, err := api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: set.ChangeSetId, IncludePropertyValues: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, failedProperties, aws.ToString(valued.StatusReason))
	equal(t, types.StackStatusReviewInProgress, describe(t, api, "work").StackStatus)
	equal(t, []string{"work REVIEW_IN_PROGRESS: User Initiated"}, lines(t, api, "work"))
	_, err = api.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.ChangeSetId})
	refusedWith(t, err, "InvalidChangeSetStatus", "ChangeSet ["+*set.ChangeSetId+"] cannot be executed in its current status of [FAILED]")

	out, err := api.DescribeEvents(t.Context(), &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId})
	if err != nil || len(out.OperationEvents) != 2 {
		t.Fatalf("got %v, %v", out, err)
	}
	operation, finding := out.OperationEvents[0], out.OperationEvents[1]
	equal(t, types.EventTypeStackEvent, operation.EventType)
	equal(t, types.BeaconStackOperationStatusFailed, operation.OperationStatus)
	finding.EventId, finding.Timestamp = nil, nil
	if d := cmp.Diff(types.OperationEvent{
		EventType: types.EventTypeValidationError, OperationId: operation.OperationId, OperationType: types.OperationTypeCreateChangeset,
		StackId: set.StackId, LogicalResourceId: aws.String("P"), PhysicalResourceId: aws.String(""), ResourceType: aws.String("AWS::SSM::Parameter"),
		ClientRequestToken: aws.String("token"), ValidationFailureMode: types.HookFailureModeFail, ValidationName: aws.String("PROPERTY_VALIDATION"),
		ValidationPath: aws.String("/Resources/P/Properties"), ValidationStatus: types.ValidationStatusFailed,
		ValidationStatusReason: aws.String("#: required key [Value] not found"),
	}, finding, cmp.AllowUnexported(types.OperationEvent{}), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".noSmithyDocumentSerde" }, cmp.Ignore())); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	failed := &cloudformation.DescribeEventsInput{StackName: aws.String("work"), Filters: &types.EventFilter{FailedEvents: aws.Bool(true)}}
	equal(t, []string{"FAIL PROPERTY_VALIDATION /Resources/P/Properties #: required key [Value] not found"}, findings(t, api, failed))
	_, err = api.DescribeEvents(t.Context(), &cloudformation.DescribeEventsInput{ChangeSetName: aws.String("set")})
	refusedWith(t, err, "ValidationError", "One of ChangeSetName, OperationId or StackName must be specified")
}

func TestPropertiesAreValidatedEarly(t *testing.T) {
	const queueOf, at = `"Q": {"Type": "AWS::SQS::Queue", "Properties": `, "FAIL PROPERTY_VALIDATION /Resources/Q/Properties"
	for _, tt := range []struct {
		name, properties string
		want             []string
	}{
		{"unknown", `{"Colour": "red"}`, []string{" #: extraneous key [Colour] is not permitted"}},
		{"type", `{"DelaySeconds": "soon"}`, []string{"/DelaySeconds #/DelaySeconds: expected type: Integer, found: String"}},
		{"bound", `{"DelaySeconds": 901}`, []string{"/DelaySeconds #/DelaySeconds: 901 is not less or equal to 900"}},
		{"value", `{"DeduplicationScope": "all"}`, []string{"/DeduplicationScope #/DeduplicationScope: all is not a valid enum value"}},
		{"pattern", `{"QueueName": "a b"}`, []string{`/QueueName #/QueueName: string [a b] does not match pattern ^[A-Za-z0-9_-]+(\.fifo)?$`}},
		{"inside", `{"Tags": ["a", {"Key": "k", "Value": "v"}]}`, []string{"/Tags/0 #/Tags/0: expected type: JSONObject, found: String"}},
		{"two", `{"Colour": "red", "DelaySeconds": -1}`, []string{"/DelaySeconds #/DelaySeconds: -1 is not greater or equal to 0", " #: extraneous key [Colour] is not permitted"}},
		{"parameter", `{"DelaySeconds": {"Ref": "Delay"}}`, []string{"/DelaySeconds #/DelaySeconds: 1000 is not less or equal to 900"}},
		{"mapping", `{"DelaySeconds": {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "delay"]}}`, []string{"/DelaySeconds #/DelaySeconds: 2000 is not less or equal to 900"}},
		{"condition", `{"DelaySeconds": {"Fn::If": ["Long", 3000, 1]}}`, []string{"/DelaySeconds #/DelaySeconds: 3000 is not less or equal to 900"}},
		{"secret", `{"QueueName": {"Ref": "Secret"}}`, []string{`/QueueName #/QueueName: string [****] does not match pattern ^[A-Za-z0-9_-]+(\.fifo)?$`}},

		{"right", `{"DelaySeconds": "900", "FifoQueue": "true", "QueueName": "jobs.fifo"}`, nil},
		{"no value", `{"DelaySeconds": {"Fn::If": ["Long", {"Ref": "AWS::NoValue"}, "soon"]}}`, nil},
		{"an attribute to come", `{"DelaySeconds": {"Fn::GetAtt": ["Other", "QueueName"]}}`, nil},
		{"a text with one in it", `{"QueueName": {"Fn::Sub": "a b ${Other.Arn}"}}`, nil},
		{"a list with one in it", `{"Tags": [{"Key": "k", "Value": {"Ref": "Other"}}]}`, nil},
		{"a dynamic reference", `{"DelaySeconds": "{{resolve:ssm:/delay}}", "QueueName": "{{resolve:ssm:/name}}"}`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := foreseen(t, client(foreseeing(t)), `{"Parameters": {"Delay": {"Type": "Number", "Default": 1000}, "Secret": {"Type": "String", "NoEcho": true, "Default": "s e"}},
				"Mappings": {"M": {"us-east-1": {"delay": 2000}}}, "Conditions": {"Long": {"Fn::Equals": [{"Ref": "Delay"}, "1000"]}, "Short": {"Fn::Not": [{"Condition": "Long"}]}},
				"Resources": {`+queueOf+tt.properties+`}, "Other": {"Type": "AWS::SQS::Queue"}, "No": {"Type": "AWS::SQS::Queue", "Condition": "Short", "Properties": {"Colour": "red"}}}}`)
			var want []string
			for _, w := range tt.want {
				want = append(want, at+w)
			}
			equal(t, want, got)
		})
	}
}

func TestOnlyWhatChangesIsValidated(t *testing.T) {
	api := client(foreseeing(t))
	const parameter = `"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "v", "Name": "p"}}`
	create(t, api, "work", resources(parameter))
	set := changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: aws.String(resources(strings.Replace(parameter, `"v"`, `["v"]`, 1) + ", " + queue))})
	equal(t, failedProperties, *set.StatusReason)
	equal(t, []string{"FAIL PROPERTY_VALIDATION /Resources/P/Properties/Value #/Value: expected type: String, found: JSONArray"},
		findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId}))
	equal(t, types.StackStatusCreateComplete, describe(t, api, "work").StackStatus)
	for want, template := range map[string]string{
		"": resources(strings.Replace(parameter, `"Properties"`, `"Metadata": {"a": "b"}, "Properties"`, 1)),
		"The submitted information didn't contain changes. Submit different information to create a change set.": resources(parameter),
	} {
		if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("set")}); err != nil {
			t.Fatal(err)
		}
		equal(t, want, aws.ToString(changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: &template}).StatusReason))
	}
}

func TestNamesThatAreTakenAreFoundEarly(t *testing.T) {
	const taken = "FAIL NAME_CONFLICT_VALIDATION /Resources/R Resource of type '"
	for _, tt := range []struct {
		name, resource string
		want           []string
	}{
		{"bucket", `"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"}`, []string{taken + "AWS::S3::Bucket' with identifier 'files' already exists."}},
		{"queue", `"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}`, []string{taken + "AWS::SQS::Queue' with identifier 'jobs' already exists."}},
		{"secret", `"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "key"}`, []string{taken + "AWS::SecretsManager::Secret' with identifier 'key' already exists."}},
		{"role", `"Type": "AWS::IAM::Role", "Properties": {"RoleName": "it", "AssumeRolePolicyDocument": {}}`, []string{taken + "AWS::IAM::Role' with identifier 'it' already exists."}},
		{"no name", `"Type": "AWS::SQS::Queue"`, nil},
		{"a provider's", `"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f", "Code": {"ZipFile": "x"}, "Role": "arn:aws:iam::123456789012:role/r"}`, nil},
	} {
		t.Run(tt.name, inFakeTime(func(t *testing.T) {
			cloud := foreseeing(t)
			cloud.Provide("AWS::Lambda::Function", &fake{create: func(context.Context, *local.Request) (*local.Resource, error) {
				return &local.Resource{PhysicalID: "f"}, nil
			}})
			api := client(cloud)
			create(t, api, "first", resources(`"R": {`+tt.resource+`}`))
			settle()
			equal(t, tt.want, foreseen(t, api, resources(`"R": {`+tt.resource+`}`)))
			// Whose it is already, it is for.
			set, err := api.CreateChangeSet(t.Context(), &cloudformation.CreateChangeSetInput{StackName: aws.String("first"), ChangeSetName: aws.String("set"),
				Capabilities: []types.Capability{types.CapabilityCapabilityNamedIam}, TemplateBody: aws.String(resources(`"R": {"Metadata": {"a": "b"}, ` + tt.resource + `}`))})
			if err != nil {
				t.Fatal(err)
			}
			equal(t, types.ChangeSetStatusCreateComplete, described(t, api, set.Id).Status)
		}))
	}
}

// inFakeTime makes a test one whose time passes when all wait.
func inFakeTime(test func(t *testing.T)) func(t *testing.T) {
	return func(t *testing.T) { synctest.Test(t, test) }
}

func TestAnotherResourceOfTheStackHasTheName(t *testing.T) {
	api := client(foreseeing(t))
	const of = `: {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}}`
	create(t, api, "work", resources(`"Old"`+of))
	set := changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: aws.String(resources(`"New"` + of))})
	equal(t, "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.", *set.StatusReason)
	equal(t, []string{"FAIL NAME_CONFLICT_VALIDATION /Resources/New Resource of type 'AWS::SQS::Queue' with identifier 'jobs' already exists."},
		findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId}))
}

func TestAReplacementNeedsAFreeName(t *testing.T) {
	api := client(foreseeing(t))
	named := func(name string) string {
		return resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "` + name + `"}}`)
	}
	create(t, api, "other", named("jobs"))
	create(t, api, "work", named("work"))
	set := changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: aws.String(named("jobs"))})
	equal(t, []string{"FAIL NAME_CONFLICT_VALIDATION /Resources/Q Resource of type 'AWS::SQS::Queue' with identifier 'jobs' already exists."},
		findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId}))
	// Its own name is another matter, of which the update tells.
	if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{ChangeSetName: set.ChangeSetId}); err != nil {
		t.Fatal(err)
	}
	own := strings.Replace(named("work"), `"QueueName"`, `"FifoQueue": true, "QueueName"`, 1)
	equal(t, types.ChangeSetStatusCreateComplete, changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: &own}).Status)
}

func TestWhatIsImportedExists(t *testing.T) {
	api := client(foreseeing(t))
	topic, queue := orphans(t, api)
	in := &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeImport, TemplateBody: aws.String(kept), ResourcesToImport: toImport(topic, queue)}
	equal(t, types.ChangeSetStatusCreateComplete, changes(t, api, in).Status)
	// Its properties are validated as others are.
	if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("set")}); err != nil {
		t.Fatal(err)
	}
	in.TemplateBody = aws.String(strings.Replace(kept, `"QueueName"`, `"Colour": "red", "QueueName"`, 1))
	equal(t, failedProperties, aws.ToString(changes(t, api, in).StatusReason))
}

func TestBothValidationsFail(t *testing.T) {
	api := client(foreseeing(t))
	const bucket = `"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "files"`
	create(t, api, "first", resources(`"B": {`+bucket+`}}`))
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: aws.String(resources(`"B": {` + bucket + `, "Colour": "red"}}`))})
	equal(t, "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck, AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.", *set.StatusReason)
	equal(t, []string{"FAIL PROPERTY_VALIDATION /Resources/B/Properties #: extraneous key [Colour] is not permitted", "FAIL NAME_CONFLICT_VALIDATION /Resources/B Resource of type 'AWS::S3::Bucket' with identifier 'files' already exists."},
		findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId}))
}

func TestABucketThatIsNotEmptyIsWarnedOf(t *testing.T) {
	const warning = "WARN BUCKET_EMPTINESS_VALIDATION /Resources/B The bucket 'files' is not empty. You must either delete all objects and versions or use the deletion policy to retain it, otherwise the delete operation will fail."
	bucket := func(name, policies string) string {
		return `"B": {"Type": "AWS::S3::Bucket", ` + policies + `"Properties": {"BucketName": "` + name + `"}}, `
	}
	for _, tt := range []struct {
		name, object, policies, next string
		want                         []string
	}{
		{"removed", "a", "", "", []string{warning}},
		{"replaced", "a", "", bucket("others", ""), []string{warning}},
		{"empty", "", "", "", nil},
		{"kept", "a", `"DeletionPolicy": "Retain", `, "", nil},
		{"kept when replaced", "a", `"UpdateReplacePolicy": "Retain", `, bucket("others", `"UpdateReplacePolicy": "Retain", `), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud := foreseeing(t)
			api := client(cloud)
			create(t, api, "work", resources(bucket("files", tt.policies)+queue))
			if tt.object != "" {
				send(t, cloud, "PUT", "http://cloudformation.local/files/"+tt.object, "x")
			}
			set := changes(t, api, &cloudformation.CreateChangeSetInput{TemplateBody: aws.String(resources(tt.next + queue))})
			equal(t, types.ExecutionStatusAvailable, set.ExecutionStatus)
			of := &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId}
			equal(t, tt.want, findings(t, api, of))
			equal(t, []string{"CREATE_CHANGESET SUCCEEDED"}, operations(t, api, of))
			equal(t, types.StackStatusUpdateComplete, execute(t, api).StackStatus)
		})
	}
}

func TestWhatIsNotValidated(t *testing.T) {
	const wrong = `"T": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}}`
	for _, tt := range []struct {
		name, template string
		foresees       bool
		disable        *bool
	}{
		{"a cloud that does not validate early", resources(wrong), false, nil},
		{"DisableValidation", resources(wrong), true, aws.Bool(true)},
		{"a type that AWS does not validate", resources(`"T": {"Type": "AWS::SNS::Topic", "Properties": {"Colour": "red"}}`), true, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cloud := localtest.New(t)
			cloud.EarlyValidation = tt.foresees
			api := client(cloud)
			set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &tt.template, DisableValidation: tt.disable})
			equal(t, types.ExecutionStatusAvailable, set.ExecutionStatus)
			equal(t, 0, len(findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId})))
			equal(t, types.StackStatusRollbackComplete, execute(t, api).StackStatus) // it fails when it is its turn
		})
	}
}

func TestNestedChangeSetsAreValidated(t *testing.T) {
	cloud := foreseeing(t)
	api := client(cloud)
	url := nestedTemplates(t, cloud, map[string]string{
		"one": resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}`), "two": resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Size": 1}}`),
	})
	in := &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, IncludeNestedStacks: aws.Bool(true),
		TemplateBody: aws.String(resources(`"One": ` + nestOf(url("one"), "", "") + `, "Two": ` + nestOf(url("two"), "", "")))}
	root := changes(t, api, in)
	equal(t, types.ChangeSetStatusFailed, root.Status)
	equal(t, "Nested change set "+*root.Changes[0].ResourceChange.ChangeSetId+" was not successfully created: Currently in FAILED.", *root.StatusReason)
	for i, property := range []string{"Colour", "Size"} {
		nested := described(t, api, root.Changes[i].ResourceChange.ChangeSetId)
		equal(t, failedProperties, aws.ToString(nested.StatusReason))
		equal(t, []string{"FAIL PROPERTY_VALIDATION /Resources/Q/Properties #: extraneous key [" + property + "] is not permitted"},
			findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: nested.ChangeSetId}))
	}
	equal(t, 0, len(findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: root.ChangeSetId})))
	if _, err := api.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{ChangeSetName: root.ChangeSetId}); err != nil {
		t.Fatal(err)
	}
	in.DisableValidation = aws.Bool(true)
	equal(t, types.ChangeSetStatusCreateComplete, changes(t, api, in).Status)
}

func TestFindingsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cloud := &local.Cloud{State: path, EarlyValidation: true}
	api := client(cloud)
	template := resources(`"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}`)
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &template})
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	api = client(reopened(t, path))
	equal(t, failedProperties, *described(t, api, set.ChangeSetId).StatusReason)
	equal(t, []string{"FAIL PROPERTY_VALIDATION /Resources/Q/Properties #: extraneous key [Colour] is not permitted"},
		findings(t, api, &cloudformation.DescribeEventsInput{ChangeSetName: set.ChangeSetId}))
	equal(t, []string{"work REVIEW_IN_PROGRESS: User Initiated"}, lines(t, api, "work"))
}
