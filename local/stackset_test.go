package local_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

const setTemplate = `{"Parameters": {"Label": {"Type": "String", "Default": "plain"}},
	"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Label"}}}},
	"Outputs": {"Where": {"Value": {"Fn::Sub": "${AWS::AccountId} ${AWS::Region} ${T.DisplayName}"}}}}`

func createSet(t *testing.T, api *cloudformation.Client, in *cloudformation.CreateStackSetInput) {
	t.Helper()
	in.StackSetName, in.TemplateBody = aws.String("set"), aws.String(setTemplate)
	if _, err := api.CreateStackSet(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// instances tells how the instances of the set are: account, region, status and detailed status.
func instances(t *testing.T, api *cloudformation.Client) []string {
	t.Helper()
	out, err := api.ListStackInstances(t.Context(), &cloudformation.ListStackInstancesInput{StackSetName: aws.String("set")})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, i := range out.Summaries {
		list = append(list, *i.Account+" "+*i.Region+" "+string(i.Status)+" "+string(i.StackInstanceStatus.DetailedStatus))
	}
	return list
}

// run is the status of an operation on the set, and those of its results.
func run(t *testing.T, api *cloudformation.Client, id *string) (status string, results []string) {
	t.Helper()
	op, err := api.DescribeStackSetOperation(t.Context(), &cloudformation.DescribeStackSetOperationInput{StackSetName: aws.String("set"), OperationId: id})
	if err != nil {
		t.Fatal(err)
	}
	out, err := api.ListStackSetOperationResults(t.Context(), &cloudformation.ListStackSetOperationResultsInput{StackSetName: aws.String("set"), OperationId: id})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.Summaries {
		results = append(results, string(r.Status))
	}
	return string(op.StackSetOperation.Status), results
}

// in returns a client in an account and region.
func in(cloud *local.Cloud, account, region string) *cloudformation.Client {
	config := cloud.Config()
	config.Region = region
	config.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: account, SecretAccessKey: "x"}, nil
	})
	return cloudformation.NewFromConfig(config)
}

func TestAStackSetMakesStacksInAccountsAndRegions(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	createSet(t, api, &cloudformation.CreateStackSetInput{})
	made, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: aws.String("set"),
		Accounts: []string{"111111111111", "222222222222"}, Regions: []string{"us-east-1", "eu-west-1"},
		ParameterOverrides: params("Label", "mine")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"111111111111 us-east-1 CURRENT SUCCEEDED", "222222222222 us-east-1 CURRENT SUCCEEDED", "111111111111 eu-west-1 CURRENT SUCCEEDED", "222222222222 eu-west-1 CURRENT SUCCEEDED"}, instances(t, api))
	status, _ := run(t, api, made.OperationId)
	equal(t, "SUCCEEDED", status)
	there := in(cloud, "222222222222", "eu-west-1")
	out, err := there.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "222222222222 eu-west-1 mine", *out.Stacks[0].Outputs[0].OutputValue)

	if _, err := api.UpdateStackSet(t.Context(), &cloudformation.UpdateStackSetInput{StackSetName: aws.String("set"), UsePreviousTemplate: aws.Bool(true), Parameters: params("Label", "all"),
		Accounts: []string{"111111111111"}, Regions: []string{"us-east-1"}}); err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"111111111111 us-east-1 CURRENT SUCCEEDED", "222222222222 us-east-1 OUTDATED SUCCEEDED"}, instances(t, api)[:2])
	if _, err := api.UpdateStackInstances(t.Context(), &cloudformation.UpdateStackInstancesInput{StackSetName: aws.String("set"), Accounts: []string{"222222222222"}, Regions: []string{"eu-west-1"},
		ParameterOverrides: []types.Parameter{}}); err != nil {
		t.Fatal(err)
	}
	if out, err = there.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{}); err != nil {
		t.Fatal(err)
	}
	equal(t, "222222222222 eu-west-1 all", *out.Stacks[0].Outputs[0].OutputValue)

	_, err = api.DeleteStackSet(t.Context(), &cloudformation.DeleteStackSetInput{StackSetName: aws.String("set")})
	refusedWith(t, err, "StackSetNotEmptyException", "StackSet is not empty")
	remove := func(account string, retain bool) {
		t.Helper()
		if _, err := api.DeleteStackInstances(t.Context(), &cloudformation.DeleteStackInstancesInput{StackSetName: aws.String("set"), Accounts: []string{account}, Regions: []string{"us-east-1", "eu-west-1"}, RetainStacks: &retain}); err != nil {
			t.Fatal(err)
		}
	}
	remove("111111111111", false)
	remove("222222222222", true)
	equal(t, 0, len(instances(t, api)))
	for account, want := range map[string]int{"111111111111": 0, "222222222222": 1} {
		out, err := in(cloud, account, "eu-west-1").DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{})
		if err != nil || len(out.Stacks) != want {
			t.Errorf("%s: %v, %v", account, out, err)
		}
	}
	if _, err := api.DeleteStackSet(t.Context(), &cloudformation.DeleteStackSetInput{StackSetName: aws.String("set")}); err != nil {
		t.Fatal(err)
	}
	_, err = api.DescribeStackSet(t.Context(), &cloudformation.DescribeStackSetInput{StackSetName: aws.String("set")})
	refusedWith(t, err, "StackSetNotFoundException", "StackSet set not found")
}

var fourAccounts = []string{"111111111111", "222222222222", "333333333333", "444444444444"}

func TestFailureToleranceOfAStackSet(t *testing.T) {
	for _, tt := range []struct {
		name        string
		preferences *types.StackSetOperationPreferences
		status      string
		results     []string
	}{
		{"none", nil, "FAILED", []string{"FAILED", "CANCELLED", "CANCELLED", "CANCELLED"}},
		{"one", &types.StackSetOperationPreferences{FailureToleranceCount: aws.Int32(1)}, "SUCCEEDED", []string{"FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"}},
		{"a quarter", &types.StackSetOperationPreferences{FailureTolerancePercentage: aws.Int32(25), MaxConcurrentPercentage: aws.Int32(100)}, "SUCCEEDED", []string{"FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"}},
		{"soft", &types.StackSetOperationPreferences{MaxConcurrentCount: aws.Int32(3), ConcurrencyMode: types.ConcurrencyModeSoftFailureTolerance}, "FAILED", []string{"FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := &local.Cloud{Delay: time.Minute}
				defer cloud.Close()
				cloud.Fail(local.Fault{LogicalID: "T", Action: local.Create, Reason: "no", Delay: time.Second, Times: 1})
				api := client(cloud)
				createSet(t, api, &cloudformation.CreateStackSetInput{})
				made, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: aws.String("set"), Accounts: fourAccounts, Regions: []string{"us-east-1"}, OperationPreferences: tt.preferences})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				status, results := run(t, api, made.OperationId)
				equal(t, tt.status, status)
				failed := slices.Index(results, "FAILED") // which of those at once is first to fail is not said
				slices.Sort(results)
				equal(t, slices.Sorted(slices.Values(tt.results)), results)
				i, err := api.DescribeStackInstance(t.Context(), &cloudformation.DescribeStackInstanceInput{StackSetName: aws.String("set"), StackInstanceAccount: &fourAccounts[max(failed, 0)], StackInstanceRegion: aws.String("us-east-1")})
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "ResourceLogicalId:T, ResourceType:AWS::SNS::Topic, ResourceStatusReason:no.", aws.ToString(i.StackInstance.StatusReason))
				// What failed is made anew.
				if _, err := api.UpdateStackSet(t.Context(), &cloudformation.UpdateStackSetInput{StackSetName: aws.String("set"), UsePreviousTemplate: aws.Bool(true)}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				for _, line := range instances(t, api) {
					if line[26:] != "CURRENT SUCCEEDED" && line[23:] != "CURRENT SUCCEEDED" {
						t.Errorf("got %s", line)
					}
				}
			})
		})
	}
}

func TestOperationsOnAStackSetExcludeOneAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{Delay: time.Minute}
		defer cloud.Close()
		api := client(cloud)
		createSet(t, api, &cloudformation.CreateStackSetInput{})
		begin := func(regions ...string) (*cloudformation.CreateStackInstancesOutput, error) {
			return api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: aws.String("set"), Accounts: fourAccounts[:2], Regions: regions,
				OperationPreferences: &types.StackSetOperationPreferences{RegionOrder: []string{"eu-west-1", "us-east-1"}}})
		}
		first, err := begin("us-east-1", "eu-west-1")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := begin("us-west-2"); err == nil {
			t.Error("two operations at once")
		}
		time.Sleep(90 * time.Second)
		if _, err := api.StopStackSetOperation(t.Context(), &cloudformation.StopStackSetOperationInput{StackSetName: aws.String("set"), OperationId: first.OperationId}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		status, results := run(t, api, first.OperationId)
		equal(t, "STOPPED", status)
		equal(t, []string{"CANCELLED", "CANCELLED", "SUCCEEDED", "SUCCEEDED"}, results)
		_, err = api.StopStackSetOperation(t.Context(), &cloudformation.StopStackSetOperationInput{StackSetName: aws.String("set"), OperationId: first.OperationId})
		if err == nil {
			t.Error("an operation was stopped that was over")
		}

		// With managed execution they wait for one another.
		if _, err := api.UpdateStackSet(t.Context(), &cloudformation.UpdateStackSetInput{StackSetName: aws.String("set"), UsePreviousTemplate: aws.Bool(true), ManagedExecution: &types.ManagedExecution{Active: aws.Bool(true)}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		one, err := begin("us-west-1")
		if err != nil {
			t.Fatal(err)
		}
		two, err := begin("us-west-2")
		if err != nil {
			t.Fatal(err)
		}
		status, _ = run(t, api, two.OperationId)
		equal(t, "QUEUED", status)
		time.Sleep(time.Hour)
		for _, id := range []*string{one.OperationId, two.OperationId} {
			status, _ = run(t, api, id)
			equal(t, "SUCCEEDED", status)
		}
	})
}

func TestOrganizationalUnits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		api := client(cloud)
		cloud.Organize("ou-ab12-cdefghij", "111111111111", "222222222222")
		createSet(t, api, &cloudformation.CreateStackSetInput{PermissionModel: types.PermissionModelsServiceManaged, AutoDeployment: &types.AutoDeployment{Enabled: aws.Bool(true), RetainStacksOnAccountRemoval: aws.Bool(false)}})
		_, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: aws.String("set"), Regions: []string{"us-east-1"},
			DeploymentTargets: &types.DeploymentTargets{OrganizationalUnitIds: []string{"ou-ab12-cdefghij"}, Accounts: []string{"222222222222"}, AccountFilterType: types.AccountFilterTypeDifference}})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, []string{"111111111111 us-east-1 CURRENT SUCCEEDED"}, instances(t, api))
		cloud.Organize("ou-ab12-cdefghij", "333333333333")
		synctest.Wait()
		equal(t, []string{"333333333333 us-east-1 CURRENT SUCCEEDED"}, instances(t, api))
	})
}

func TestDriftAndImportOfAStackSet(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	createSet(t, api, &cloudformation.CreateStackSetInput{})
	id := create(t, api, "work", setTemplate).StackId
	if _, err := api.ImportStacksToStackSet(t.Context(), &cloudformation.ImportStacksToStackSetInput{StackSetName: aws.String("set"), StackIds: []string{*id}}); err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"123456789012 us-east-1 CURRENT SUCCEEDED"}, instances(t, api))
	if err := cloud.Change("work", "T", map[string]any{"DisplayName": "other"}); err != nil {
		t.Fatal(err)
	}
	op, err := api.DetectStackSetDrift(t.Context(), &cloudformation.DetectStackSetDriftInput{StackSetName: aws.String("set")})
	if err != nil {
		t.Fatal(err)
	}
	d, err := api.DescribeStackSetOperation(t.Context(), &cloudformation.DescribeStackSetOperationInput{StackSetName: aws.String("set"), OperationId: op.OperationId})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, types.StackSetDriftStatusDrifted, d.StackSetOperation.StackSetDriftDetectionDetails.DriftStatus)
	drifts, err := api.ListStackInstanceResourceDrifts(t.Context(), &cloudformation.ListStackInstanceResourceDriftsInput{StackSetName: aws.String("set"), OperationId: op.OperationId, StackInstanceAccount: aws.String("123456789012"), StackInstanceRegion: aws.String("us-east-1")})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "other", *drifts.Summaries[0].PropertyDifferences[0].ActualValue)
}

func TestStackSetRequestsThatAreRefused(t *testing.T) {
	api := client(localtest.New(t))
	createSet(t, api, &cloudformation.CreateStackSetInput{})
	set, one := aws.String("set"), []string{"111111111111"}
	for want, call := range map[string]func() error{
		"StackSet set already exists": func() error {
			_, err := api.CreateStackSet(t.Context(), &cloudformation.CreateStackSetInput{StackSetName: set, TemplateBody: aws.String(setTemplate)})
			return err
		},
		"StackSet none not found": func() error {
			_, err := api.ListStackInstances(t.Context(), &cloudformation.ListStackInstancesInput{StackSetName: aws.String("none")})
			return err
		},
		"Stack instance not found for stack set set, account 111111111111 and region us-east-1": func() error {
			_, err := api.UpdateStackInstances(t.Context(), &cloudformation.UpdateStackInstancesInput{StackSetName: set, Accounts: one, Regions: []string{"us-east-1"}})
			return err
		},
		"Parameters: [Colour] do not exist in the template": func() error {
			_, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: set, Accounts: one, Regions: []string{"us-east-1"}, ParameterOverrides: params("Colour", "red")})
			return err
		},
		"1 validation error detected: Value '11' at 'accounts' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9]{12}$": func() error {
			_, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: set, Accounts: []string{"11"}, Regions: []string{"us-east-1"}})
			return err
		},
		"Cannot specify both MaxConcurrentCount and MaxConcurrentPercentage": func() error {
			_, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: set, Accounts: one, Regions: []string{"us-east-1"},
				OperationPreferences: &types.StackSetOperationPreferences{MaxConcurrentCount: aws.Int32(1), MaxConcurrentPercentage: aws.Int32(1)}})
			return err
		},
		"AutoDeployment can only be specified for stack sets with SERVICE_MANAGED permissions": func() error {
			_, err := api.CreateStackSet(t.Context(), &cloudformation.CreateStackSetInput{StackSetName: aws.String("auto"), TemplateBody: aws.String(setTemplate), AutoDeployment: &types.AutoDeployment{Enabled: aws.Bool(true)}})
			return err
		},
		"Operation none not found": func() error {
			_, err := api.StopStackSetOperation(t.Context(), &cloudformation.StopStackSetOperationInput{StackSetName: set, OperationId: aws.String("none")})
			return err
		},
	} {
		if err := call(); err == nil || refusal(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A stack set is kept with the rest of the cloud. An operation that its end interrupts counts as stopped.
func TestAStackSetIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	cloud := &local.Cloud{State: path, Delay: time.Hour}
	if err := cloud.Open(); err != nil {
		t.Fatal(err)
	}
	cloud.Organize("ou-ab12-cdefghij", "111111111111")
	api := client(cloud)
	createSet(t, api, &cloudformation.CreateStackSetInput{})
	made, err := api.CreateStackInstances(t.Context(), &cloudformation.CreateStackInstancesInput{StackSetName: aws.String("set"), Accounts: fourAccounts[:2], Regions: []string{"us-east-1"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := cloud.Close(); err != nil {
		t.Fatal(err)
	}
	api = client(reopened(t, path))
	status, results := run(t, api, made.OperationId)
	equal(t, "STOPPED", status)
	equal(t, []string{"CANCELLED", "CANCELLED"}, results)
	equal(t, []string{"111111111111 us-east-1 OUTDATED CANCELLED", "222222222222 us-east-1 OUTDATED CANCELLED"}, instances(t, api))
	access, err := api.DescribeOrganizationsAccess(t.Context(), &cloudformation.DescribeOrganizationsAccessInput{})
	if err != nil || access.Status != types.OrganizationStatusEnabled {
		t.Errorf("got %v, %v", access, err)
	}
}
