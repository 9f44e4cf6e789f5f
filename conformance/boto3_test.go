package conformance

import "testing"

// The script uses waiters, paginators, a presigned URL for a wait condition, and S3.
const script = `
import boto3, json, os, re, urllib.request
from botocore.exceptions import ClientError, WaiterError

def client(name):
    return boto3.client(name, endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1")

cfn, s3 = client("cloudformation"), client("s3")
fast = {"Delay": 0.05, "MaxAttempts": 100}
queues = {"Q%03d" % i: {"Type": "AWS::SQS::Queue"} for i in range(120)}
s3.create_bucket(Bucket="templates")
s3.put_object(Bucket="templates", Key="many.json", Body=json.dumps({"Resources": queues}).encode())
cfn.create_stack(StackName="many", TemplateURL="https://templates.s3.amazonaws.com/many.json")
cfn.get_waiter("stack_create_complete").wait(StackName="many", WaiterConfig=fast)
pages = cfn.get_paginator("list_stack_resources").paginate(StackName="many")
assert len([r for p in pages for r in p["StackResourceSummaries"]]) == 120
events = cfn.get_paginator("describe_stack_events").paginate(StackName="many")
assert len([e for p in events for e in p["StackEvents"]]) == 2 + 3 * 120

waits = {"Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}, "W": {"Type": "AWS::CloudFormation::WaitCondition",
    "Properties": {"Handle": {"Ref": "H"}, "Timeout": 60}}}}
cfn.create_stack(StackName="waits", TemplateBody=json.dumps(waits))
url = ""
while not url.startswith("http"):
    url = cfn.describe_stack_resources(StackName="waits", LogicalResourceId="H")["StackResources"][0].get("PhysicalResourceId", "")
assert url.startswith(os.environ["ENDPOINT"]), url
signal = json.dumps({"Status": "SUCCESS", "UniqueId": "1", "Data": "x", "Reason": "y"}).encode()
request = urllib.request.Request(url, data=signal, method="PUT", headers={"Content-Type": ""})
assert urllib.request.urlopen(request).status == 200
cfn.get_waiter("stack_create_complete").wait(StackName="waits", WaiterConfig=fast)

cfn.create_change_set(StackName="set", ChangeSetName="one", ChangeSetType="CREATE", TemplateBody=json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}))
cfn.get_waiter("change_set_create_complete").wait(StackName="set", ChangeSetName="one", WaiterConfig=fast)
cfn.execute_change_set(StackName="set", ChangeSetName="one")
cfn.get_waiter("stack_create_complete").wait(StackName="set", WaiterConfig=fast)
cfn.create_change_set(StackName="set", ChangeSetName="two", TemplateBody=json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}))
try:
    cfn.get_waiter("change_set_create_complete").wait(StackName="set", ChangeSetName="two", WaiterConfig=fast)
    raise SystemExit("a change set without changes was made")
except WaiterError as e:
    assert e.last_response["StatusReason"].startswith("The submitted information didn't contain changes."), e.last_response

put = s3.generate_presigned_url("put_object", Params={"Bucket": "templates", "Key": "signed"})
urllib.request.urlopen(urllib.request.Request(put, data=b"signed", method="PUT", headers={"Content-Type": ""}))
assert s3.get_object(Bucket="templates", Key="signed")["Body"].read() == b"signed"
assert [o["Key"] for o in s3.list_objects_v2(Bucket="templates")["Contents"]] == ["many.json", "signed"]
try:
    s3.get_object(Bucket="templates", Key="none")
    raise SystemExit("an object that is not there was read")
except ClientError as e:
    assert e.response["Error"]["Code"] == "NoSuchKey", e.response

for name in ("many", "waits", "set"):
    cfn.delete_stack(StackName=name)
    cfn.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=fast)
print("done")
`

func TestBoto3(t *testing.T) {
	py := python(t)
	endpoint := serve(t)
	wantIn(t, run(t, environment(t, endpoint), script, py, "-"), "done")
}
