package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const jobs = `Parameters:
  Delay: {Type: Number, Default: 1}
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !Ref Delay
Outputs:
  Name: {Value: !GetAtt Jobs.QueueName}
`

// TestAWSCLI runs the commands of the AWS CLI that people's scripts are made of.
func TestAWSCLI(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not here")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "jobs.yaml")
	if err := os.WriteFile(file, []byte(jobs), 0o600); err != nil {
		t.Fatal(err)
	}
	endpoint := serve(t)
	env := environment(t, endpoint)
	aws := func(line string, more ...string) string {
		t.Helper()
		words := append(strings.Fields(line), more...)
		return run(t, env, "", "aws", append([]string{"--endpoint-url", endpoint}, words...)...)
	}
	aws("cloudformation create-stack --stack-name made --template-body", "file://"+file)
	aws("cloudformation wait stack-create-complete --stack-name made")
	wantIn(t, aws("cloudformation describe-stacks --stack-name made"), `"CREATE_COMPLETE"`, `"made-Jobs-`)
	aws("cloudformation deploy --stack-name made --no-fail-on-empty-changeset --template-file", file)
	// The CLI names change sets by the second and leaves the empty one behind: without this, a
	// deployment within the same second is refused, here as on AWS.
	empty := aws("cloudformation list-change-sets --stack-name made --query Summaries[0].ChangeSetName --output text")
	aws("cloudformation delete-change-set --stack-name made --change-set-name", strings.TrimSpace(empty))
	aws("cloudformation deploy --stack-name made --parameter-overrides Delay=7 --template-file", file)
	wantIn(t, aws("cloudformation describe-stacks --stack-name made"), `"UPDATE_COMPLETE"`)
	aws("cloudformation deploy --stack-name deployed --template-file", file)
	wantIn(t, aws("cloudformation list-stacks --stack-status-filter CREATE_COMPLETE"), `"deployed"`)
	aws("cloudformation delete-stack --stack-name made")
	aws("cloudformation wait stack-delete-complete --stack-name made")

	aws("s3 mb s3://templates")
	aws("s3 cp " + file + " s3://templates/jobs.yaml")
	wantIn(t, aws("s3 ls s3://templates"), "jobs.yaml")
	wantIn(t, aws("cloudformation validate-template --template-url https://templates.s3.amazonaws.com/jobs.yaml"), `"Delay"`)
	aws("ssm put-parameter --name /jobs/delay --type String --value 9")
	wantIn(t, aws("ssm get-parameter --name /jobs/delay"), `"Value": "9"`)
	wantIn(t, aws("sts get-caller-identity"), `"123456789012"`)
}

// TestAWSCLIPackages uploads a nested template with "package" and deploys what comes of it.
func TestAWSCLIPackages(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not here")
	}
	dir := t.TempDir()
	outer := "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: jobs.yaml\n      Parameters: {Delay: '4'}\nOutputs:\n  Name: {Value: !GetAtt Inner.Outputs.Name}\n"
	for name, body := range map[string]string{"jobs.yaml": jobs, "outer.yaml": outer} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	endpoint := serve(t)
	env := environment(t, endpoint)
	aws := func(words ...string) string {
		t.Helper()
		return run(t, env, "", "aws", append([]string{"--endpoint-url", endpoint}, words...)...)
	}
	aws("s3", "mb", "s3://artifacts")
	packaged := filepath.Join(dir, "packaged.yaml")
	aws("cloudformation", "package", "--template-file", filepath.Join(dir, "outer.yaml"), "--s3-bucket", "artifacts", "--output-template-file", packaged)
	aws("cloudformation", "deploy", "--stack-name", "outer", "--template-file", packaged)
	wantIn(t, aws("cloudformation", "describe-stacks", "--stack-name", "outer"), `"outer-Inner-`)
}
