package conformance

import (
	"os"
	"path/filepath"
	"testing"
)

// cdkApp is a small app of the CDK: a queue, a topic, and a file that is uploaded beforehand.
const cdkApp = `const cdk = require("aws-cdk-lib");
const app = new cdk.App();
const stack = new cdk.Stack(app, "Jobs", { env: { account: "123456789012", region: "us-east-1" } });
const queue = new (require("aws-cdk-lib/aws-sqs").Queue)(stack, "Queue", { visibilityTimeout: cdk.Duration.seconds(Number(process.env.TIMEOUT)) });
new (require("aws-cdk-lib/aws-sns").Topic)(stack, "Topic");
const asset = new (require("aws-cdk-lib/aws-s3-assets").Asset)(stack, "Asset", { path: __dirname + "/app.js" });
new cdk.CfnOutput(stack, "Url", { value: queue.queueUrl });
new cdk.CfnOutput(stack, "Object", { value: asset.s3ObjectUrl });
`

// TestCDK runs the command line of the AWS CDK, as npm gives it.
func TestCDK(t *testing.T) {
	modules := nodeModules(t, "aws-cdk", "aws-cdk-lib")
	cli := filepath.Join(modules, "aws-cdk", "bin", "cdk")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "app.js"), []byte(cdkApp), 0o600); err != nil {
		t.Fatal(err)
	}
	endpoint := serve(t)
	env := append(environment(t, endpoint), "AWS_ENDPOINT_URL_S3="+endpoint, "CI=true", "HOME="+dir, "CDK_DISABLE_CLI_TELEMETRY=true", "NODE_PATH="+modules)
	cdk := func(timeout string, words ...string) string {
		t.Helper()
		arguments := append([]string{"--no-warnings", cli, "--no-notices", "--no-version-reporting", "--app", "node " + filepath.Join(dir, "app.js"), "--output", filepath.Join(dir, "out")}, words...)
		return run(t, append(env, "TIMEOUT="+timeout), "", "node", arguments...)
	}
	cdk("30", "bootstrap", "aws://123456789012/us-east-1")
	wantIn(t, cdk("30", "deploy", "--require-approval", "never", "--outputs-file", filepath.Join(dir, "outputs.json")), "arn:aws:cloudformation:us-east-1:123456789012:stack/Jobs/")
	outputs, err := os.ReadFile(filepath.Join(dir, "outputs.json"))
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, string(outputs), `"Url": "https://sqs.us-east-1.amazonaws.com/123456789012/Jobs-Queue`, `"Object": "s3://cdk-hnb659fds-assets-123456789012-us-east-1/`)
	cdk("30", "diff", "--fail") // no differences
	cdk("45", "diff")
	cdk("45", "deploy", "--require-approval", "never")
	cdk("45", "destroy", "--force")
}
