package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatATemplateNamesIsStoredAndDeployed(t *testing.T) {
	_, url := served(t)
	bucket := `{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "ours"}}}}`
	if code, _, errs := updraft(t, bucket, "deploy", "-", "--stack-name", "bucket", "--endpoint", url); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	outer := written(t, "outer.yaml", "Resources:\n  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}\nOutputs: {Arn: {Value: !GetAtt Inner.Outputs.Arn}}\n")
	inner := filepath.Join(filepath.Dir(outer), "inner.yaml")
	if err := os.WriteFile(inner, []byte("Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: within}}}\nOutputs: {Arn: {Value: !Ref T}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := updraft(t, "", "package", outer, "--bucket", "ours", "--endpoint", url)
	if code != 0 || !strings.Contains(out, `"TemplateURL":"`+url+`/ours/assets/`) || !strings.Contains(errs, "inner.yaml: "+url) {
		t.Errorf("package: exit %d, %s%s", code, out, errs)
	}
	code, out, errs = updraft(t, "", "package", outer, "--bucket", "ours", "--endpoint", url, "--json")
	if code != 0 || strings.Count(out, "\n") != 2 || !strings.Contains(out, `{"type":"asset","path":`) {
		t.Errorf("package --json: exit %d, %s%s", code, out, errs)
	}
	deploy := []string{"deploy", outer, "--stack-name", "outer", "--capability", "CAPABILITY_NAMED_IAM", "--capability", "CAPABILITY_AUTO_EXPAND", "--endpoint", url}
	code, _, errs = updraft(t, "", deploy...)
	if code != 1 || !strings.Contains(errs, "names local files, and there is nowhere to store them; give --bucket") {
		t.Errorf("without a bucket: exit %d, %s", code, errs)
	}
	code, out, errs = updraft(t, "", append(deploy, "--bucket", "ours")...)
	if code != 0 || !strings.Contains(out, ":within") {
		t.Errorf("deploy: exit %d, %s%s", code, out, errs)
	}
	if err := os.Remove(inner); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{append(deploy, "--bucket", "ours"), {"package", outer, "--bucket", "ours", "--endpoint", url}} {
		if code, _, errs := updraft(t, "", args...); code != 1 || !strings.Contains(errs, "outer.yaml: Resources.Inner.Properties.TemplateURL: ") || !strings.Contains(errs, "no such file") {
			t.Errorf("%s without its file: exit %d, %s", args[0], code, errs)
		}
	}
	if code, _, errs := updraft(t, "", "package", outer, "--endpoint", url); code != 2 || !strings.Contains(errs, "give --bucket") {
		t.Errorf("package without a bucket: exit %d, %s", code, errs)
	}
}
