package conformance

import (
	"os/exec"
	"testing"
)

// The script reads metadata as heat-cfntools' cfn-get-metadata and cfn-init do, with boto 2, whose answers
// are JSON.
const boto2Script = `
import json, os, warnings
warnings.simplefilter("ignore")
from urllib.parse import urlparse
from boto.cloudformation import CloudFormationConnection
from boto.regioninfo import RegionInfo

at = urlparse(os.environ["ENDPOINT"])
region = RegionInfo(name="us-east-1", endpoint=at.hostname, connection_cls=CloudFormationConnection)
cfn = CloudFormationConnection(aws_access_key_id="123456789012", aws_secret_access_key="any", is_secure=False, port=at.port, path="/v1", region=region)
cfn._auth_handler.region_name = "us-east-1"  # it would take one from the name of the host
answer = cfn.describe_stack_resource("web", "Queue")
detail = answer["DescribeStackResourceResponse"]["DescribeStackResourceResult"]["StackResourceDetail"]
assert json.loads(detail["Metadata"]) == {"AWS::CloudFormation::Init": {"config": {"files": {"/etc/a": {"content": "web"}}}}}, detail
assert detail["LastUpdatedTimestamp"] > 1.7e9, detail
try:
    cfn.describe_stack_resource("none", "Queue")
    raise SystemExit("a stack that is not there was described")
except Exception as e:
    assert "Stack 'none' does not exist" in str(e), e
print("done")
`

func TestBoto2ReadsMetadata(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.CommandContext(t.Context(), python, "-W", "ignore", "-c", "import boto.cloudformation").Run() != nil {
		t.Skip("no " + python + " with boto 2, of which heat-cfntools is made, is here")
	}
	endpoint := serve(t)
	start(t, client(t, endpoint), "web", `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Metadata": {"AWS::CloudFormation::Init": {"config": {"files": {"/etc/a": {"content": {"Ref": "AWS::StackName"}}}}}}}}}`)
	wantIn(t, run(t, environment(t, endpoint), boto2Script, python, "-"), "done")
}
