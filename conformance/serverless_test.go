package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const serverless = `Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Runtime: python3.13
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
Outputs:
  URL: {Value: !Sub 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod/'}
`

// TestAWSCLIDeploysServerless packages an application of the Serverless Application Model and deploys it,
// and makes a stack set.
func TestAWSCLIDeploysServerless(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not here")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "src"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{"app.yaml": serverless, "src/app.py": "def handler(event, context):\n    return {'statusCode': 200}\n"} {
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
	aws("cloudformation", "package", "--template-file", filepath.Join(dir, "app.yaml"), "--s3-bucket", "artifacts", "--output-template-file", packaged)
	aws("cloudformation", "deploy", "--stack-name", "app", "--template-file", packaged, "--capabilities", "CAPABILITY_IAM")
	wantIn(t, aws("cloudformation", "describe-stacks", "--stack-name", "app"), `"CREATE_COMPLETE"`, `.execute-api.us-east-1.amazonaws.com/Prod/"`)
	wantIn(t, aws("cloudformation", "describe-stack-resources", "--stack-name", "app"), `"HelloRole"`, `"HelloGetPermissionProd"`, `"ServerlessRestApiProdStage"`)

	aws("cloudformation", "create-stack-set", "--stack-set-name", "base", "--template-body", `{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`)
	aws("cloudformation", "create-stack-instances", "--stack-set-name", "base", "--accounts", "111111111111", "222222222222", "--regions", "eu-west-1")
	wantIn(t, aws("cloudformation", "list-stack-instances", "--stack-set-name", "base"), `"111111111111"`, `"222222222222"`, `"CURRENT"`)
}
