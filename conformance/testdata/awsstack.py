"""A function of Alibaba Cloud's Function Compute that has AWS CloudFormation make a stack, for a custom
resource of ROS, as such functions are usually written. It does what it is for when all goes well; what
it does otherwise is held against package cfnstack by TestAFunctionInPythonAndOurs."""

import json
import os
import sys
import time
import urllib.request
from email.utils import formatdate

import boto3


def handler(event, context):
    request = json.loads(event)
    properties = request["ResourceProperties"]
    cfn = boto3.client(
        "cloudformation",
        region_name=properties["RegionId"],
        aws_access_key_id=properties["AccessKeyId"],
        aws_secret_access_key=properties["AccessKeySecret"],
        endpoint_url=os.environ["ENDPOINT"],
    )
    response = {
        "RequestId": request["RequestId"],
        "LogicalResourceId": request["LogicalResourceId"],
        "StackId": request["StackId"],
    }
    try:
        stack = perform(cfn, request, properties["Stack"])
        response["Status"] = "SUCCESS"
        response["PhysicalResourceId"] = stack["StackId"]
        response["Data"] = {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
    except Exception as e:
        response["Status"] = "FAILED"
        response["Reason"] = str(e)
    answer(request, response)


def perform(cfn, request, stack):
    name = stack["Name"]
    arguments = {
        "StackName": name,
        "TemplateBody": stack["Template"],
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in stack.get("Parameters", {}).items()],
        "ClientRequestToken": (request["LogicalResourceId"] + "-" + request["RequestId"])[:128],
    }
    if request["RequestType"] == "Create":
        cfn.create_stack(**arguments)
    elif request["RequestType"] == "Update":
        cfn.update_stack(**arguments)
    else:
        cfn.delete_stack(StackName=name)
    while True:
        found = cfn.describe_stacks(StackName=name)["Stacks"][0]
        if found["StackStatus"].endswith("_COMPLETE"):
            return found
        if found["StackStatus"].endswith("_FAILED"):
            raise Exception("stack %s is %s" % (name, found["StackStatus"]))
        time.sleep(0.1)


def answer(request, response):
    sent = urllib.request.Request(
        request["IntranetResponseURL"] if "IntranetResponseURL" in request else request["ResponseURL"],
        data=json.dumps(response).encode(),
        headers={"Content-type": "application/json", "Date": formatdate(usegmt=True)},
    )
    urllib.request.urlopen(sent, timeout=10).read()


if __name__ == "__main__":
    # Each line is an endpoint of AWS and an event; what the function does with it is told in a line.
    for line in sys.stdin:
        os.environ["ENDPOINT"], event = line.split(" ", 1)
        try:
            handler(event, None)
            print("returned", flush=True)
        except Exception as e:
            print("raised", repr(e), flush=True)
