package local_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

// kept is a template of a topic and a queue of fixed names; what it lets go of stays.
const kept = `{"Resources": {
	"Topic": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain", "Properties": {"TopicName": "news"}},
	"Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "RetainExceptOnCreate", "Properties": {"QueueName": "jobs"}}}}`

// orphans makes the resources of kept, and lets them be nobody's.
func orphans(t *testing.T, api *cloudformation.Client) (topic, queue string) {
	t.Helper()
	create(t, api, "old", kept)
	out, err := api.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: aws.String("old")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("old")}); err != nil {
		t.Fatal(err)
	}
	return *out.StackResources[1].PhysicalResourceId, *out.StackResources[0].PhysicalResourceId
}

func toImport(topic, queue string) []types.ResourceToImport {
	return []types.ResourceToImport{
		{LogicalResourceId: aws.String("Topic"), ResourceType: aws.String("AWS::SNS::Topic"), ResourceIdentifier: map[string]string{"TopicArn": topic}},
		{LogicalResourceId: aws.String("Queue"), ResourceType: aws.String("AWS::SQS::Queue"), ResourceIdentifier: map[string]string{"QueueUrl": queue}},
	}
}

// changes makes a change set and returns it.
func changes(t *testing.T, api *cloudformation.Client, in *cloudformation.CreateChangeSetInput) *cloudformation.DescribeChangeSetOutput {
	t.Helper()
	in.StackName, in.ChangeSetName = aws.String("work"), aws.String("set")
	in.Capabilities = []types.Capability{types.CapabilityCapabilityNamedIam, types.CapabilityCapabilityAutoExpand}
	if _, err := api.CreateChangeSet(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	out, err := api.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{StackName: in.StackName, ChangeSetName: in.ChangeSetName})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func execute(t *testing.T, api *cloudformation.Client) types.Stack {
	t.Helper()
	if _, err := api.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{StackName: aws.String("work"), ChangeSetName: aws.String("set")}); err != nil {
		t.Fatal(err)
	}
	return describe(t, api, "work")
}

func TestResourcesAreImportedIntoANewStack(t *testing.T) {
	api := client(localtest.New(t))
	topic, queue := orphans(t, api)
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeImport, TemplateBody: aws.String(kept), ResourcesToImport: toImport(topic, queue)})
	equal(t, 2, len(set.Changes))
	for i, want := range []string{queue, topic} {
		c := set.Changes[i].ResourceChange
		equal(t, types.ChangeActionImport, c.Action)
		equal(t, want, aws.ToString(c.PhysicalResourceId))
	}
	equal(t, types.StackStatusImportComplete, execute(t, api).StackStatus)
	equal(t, []string{
		"work REVIEW_IN_PROGRESS: User Initiated",
		"work IMPORT_IN_PROGRESS: User Initiated",
		"Topic IMPORT_IN_PROGRESS: Resource import started.",
		"Queue IMPORT_IN_PROGRESS: Resource import started.",
		"Topic IMPORT_COMPLETE: Resource import completed.",
		"Topic UPDATE_IN_PROGRESS: Apply stack-level tags to imported resource if applicable.",
		"Topic UPDATE_COMPLETE",
		"Queue IMPORT_COMPLETE: Resource import completed.",
		"Queue UPDATE_IN_PROGRESS: Apply stack-level tags to imported resource if applicable.",
		"Queue UPDATE_COMPLETE",
		"work IMPORT_COMPLETE",
	}, lines(t, api, "work"))
}

func TestAnImportOfWhatIsNotThereRollsBack(t *testing.T) {
	api := client(localtest.New(t))
	topic, _ := orphans(t, api)
	changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeImport, TemplateBody: aws.String(kept),
		ResourcesToImport: toImport(topic, "https://sqs.us-east-1.amazonaws.com/123456789012/none")})
	equal(t, types.StackStatusImportRollbackComplete, execute(t, api).StackStatus)
	out, err := api.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: aws.String("work")})
	if err != nil || len(out.StackResources) > 0 {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestExistingResourcesOfTheTemplatesNamesAreImported(t *testing.T) {
	api := client(localtest.New(t))
	topic, _ := orphans(t, api)
	more := `{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain", "Properties": {"TopicName": "news"}},
		"Other": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "other"}}}}`
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &more, ImportExistingResources: aws.Bool(true)})
	equal(t, true, aws.ToBool(set.ImportExistingResources))
	equal(t, types.ChangeActionAdd, set.Changes[0].ResourceChange.Action)
	equal(t, types.ChangeActionImport, set.Changes[1].ResourceChange.Action)
	equal(t, types.StackStatusCreateComplete, execute(t, api).StackStatus)
	out, err := api.DescribeStackResource(t.Context(), &cloudformation.DescribeStackResourceInput{StackName: aws.String("work"), LogicalResourceId: aws.String("Topic")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, topic, *out.StackResourceDetail.PhysicalResourceId)
}

func TestExistingResourcesMustBeKept(t *testing.T) {
	api := client(localtest.New(t))
	orphans(t, api)
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeCreate, ImportExistingResources: aws.Bool(true),
		TemplateBody: aws.String(resources(`"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news"}}`))})
	equal(t, types.ChangeSetStatusFailed, set.Status)
	equal(t, "CloudFormation is attempting to import some resources because they already exist in your account. The resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the template for successful import. The affected resources are Topic ({TopicName=news})", aws.ToString(set.StatusReason))
}

func TestWhatAnImportMayNotChange(t *testing.T) {
	api := client(localtest.New(t))
	topic, queue := orphans(t, api)
	create(t, api, "work", resources(`"Mine": {"Type": "AWS::SNS::Topic"}`))
	with := func(rest string) *string {
		return aws.String(`{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "DeletionPolicy": "Retain", "Properties": {"TopicName": "news"}}` + rest)
	}
	one := toImport(topic, queue)[:1]
	set := changes(t, api, &cloudformation.CreateChangeSetInput{ChangeSetType: types.ChangeSetTypeImport, ResourcesToImport: one,
		TemplateBody: with(`, "Mine": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "new"}}}}`)})
	equal(t, types.ChangeSetStatusFailed, set.Status)
	equal(t, "You have modified resources [Mine] in your template that are not being imported. Update, create or delete operations cannot be executed during import operations.", aws.ToString(set.StatusReason))
	mine := `, "Mine": {"Type": "AWS::SNS::Topic"}}`
	for want, in := range map[string]*cloudformation.CreateChangeSetInput{
		"As part of the import operation, you cannot modify or add [Outputs]":                                     {TemplateBody: with(mine + `, "Outputs": {"O": {"Value": "v"}}}`), ResourcesToImport: one},
		"ResourcesToImport must be specified when ChangeSetType is IMPORT":                                        {TemplateBody: with(mine + `}`)},
		"Resource Queue to import does not exist in the template":                                                 {TemplateBody: with(mine + `}`), ResourcesToImport: toImport(topic, queue)},
		"Resource Topic of type AWS::SNS::Topic is identified by [TopicArn], not by [Name]":                       {TemplateBody: with(mine + `}`), ResourcesToImport: []types.ResourceToImport{{LogicalResourceId: aws.String("Topic"), ResourceType: aws.String("AWS::SNS::Topic"), ResourceIdentifier: map[string]string{"Name": "x"}}}},
		"The following resources to import [Topic] must have DeletionPolicy attribute specified in the template.": {TemplateBody: aws.String(resources(`"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "news"}}` + `, "Mine": {"Type": "AWS::SNS::Topic"}`)), ResourcesToImport: one},
	} {
		in.StackName, in.ChangeSetName, in.ChangeSetType = aws.String("work"), aws.String("other"), types.ChangeSetTypeImport
		_, err := api.CreateChangeSet(t.Context(), in)
		refusedWith(t, err, "ValidationError", want)
	}
}
