package conformance

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/updraft-go/updraft/local/localtest"
)

const invokeScript = `
import boto3, json, os

functions = boto3.client("lambda", endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1")
out = functions.invoke(FunctionName="double", Payload=json.dumps({"n": 4}).encode())
assert (out["StatusCode"], out["ExecutedVersion"], "FunctionError" in out) == (200, "$LATEST", False), out
assert json.load(out["Payload"]) == {"n": 4, "twice": True}, out
out = functions.invoke(FunctionName="arn:aws:lambda:us-east-1:123456789012:function:fails", Qualifier="live", Payload=b"{}")
assert out["FunctionError"] == "Unhandled" and json.load(out["Payload"])["errorMessage"] == "no", out
assert functions.invoke(FunctionName="double", InvocationType="Event", Payload=b"{}")["StatusCode"] == 202
assert functions.invoke(FunctionName="double", InvocationType="DryRun")["StatusCode"] == 204
try:
    functions.invoke(FunctionName="none")
    raise SystemExit("a function that is not there was invoked")
except functions.exceptions.ResourceNotFoundException as e:
    assert e.response["Error"]["Message"] == "Function not found: arn:aws:lambda:us-east-1:123456789012:function:none", e.response
print("done")
`

// boto3 invokes Go functions as it does those of AWS Lambda.
func TestBoto3InvokesFunctions(t *testing.T) {
	py := python(t)
	cloud := localtest.New(t)
	cloud.Handle("double", func(_ context.Context, payload []byte) ([]byte, error) {
		return append(payload[:len(payload)-1:len(payload)-1], `, "twice": true}`...), nil
	})
	cloud.Handle("fails", func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") })
	front := httptest.NewServer(cloud)
	defer front.Close()
	wantIn(t, run(t, environment(t, front.URL), invokeScript, py, "-"), "done")
}
