package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	groups "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/updraft-go/updraft/local"
)

// rolloutMap makes a cloud with a group in each of two regions, and a map of them.
func rolloutMap(t *testing.T, extra string) (cloud *local.Cloud, url, file string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_PROFILE", "")
	cloud, url = served(t)
	text := "defaults: {" + extra + "}\nregions:\n"
	for _, region := range []string{"eu-central-1", "us-east-1"} {
		text += "  " + region + ": {shop: {web: {production: {web: {instance: " + newServers(t, cloud, region) + "}}}}}\n"
	}
	return cloud, url, written(t, "map.yaml", text)
}

// newServers makes an instance, a launch template and a group, and returns the instance.
func newServers(t *testing.T, cloud *local.Cloud, region string) string {
	t.Helper()
	cfg := cloud.Config()
	cfg.Region = region
	compute, image, web := ec2.NewFromConfig(cfg), aws.String("ami-0123456789abcdef0"), aws.String("web")
	run, err := compute.RunInstances(t.Context(), &ec2.RunInstancesInput{ImageId: image, InstanceType: "t3.micro", MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := compute.CreateLaunchTemplate(t.Context(), &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: web, LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: image, InstanceType: "t3.micro"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := autoscaling.NewFromConfig(cfg).CreateAutoScalingGroup(t.Context(), &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: web, MinSize: aws.Int32(0), MaxSize: aws.Int32(4), DesiredCapacity: aws.Int32(1), AvailabilityZones: []string{region + "a"},
		LaunchTemplate: &groups.LaunchTemplateSpecification{LaunchTemplateName: web, Version: aws.String("1")},
	}); err != nil {
		t.Fatal(err)
	}
	return *run.Instances[0].InstanceId
}

func TestTheLifeOfARollout(t *testing.T) {
	_, url, file := rolloutMap(t, "keep: 1, minAge: -1ns, refresh: true")
	do := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		code, out, errs := updraft(t, "", append([]string{"rollout", file, "--endpoint", url}, args...)...)
		if code != want {
			t.Fatalf("%v: exit %d, want %d\n%s%s", args, code, want, out, errs)
		}
		return out, errs
	}
	out, _ := do(0, "--release", "v1", "--all", "--plan")
	has(t, "the plan", out, "eu-central-1 shop/web/production/web:\n  + image: make the image shop-web-production-web-v1 of i-", "  + point: move the version in group web from 1 to it", "us-east-1 ")
	out, _ = do(0, "--release", "v1", "--region", "us-east-1")
	has(t, "the first release", out, "us-east-1 shop/web/production/web version: version 2 of lt-", "[1/1] us-east-1 shop/web/production/web: succeeded\n", "all is done, groups: 1")
	if strings.Contains(out, "eu-central-1") {
		t.Errorf("another region was touched:\n%s", out)
	}
	out, _ = do(0, "--release", "v1", "--all")
	has(t, "in both regions", out, "us-east-1 shop/web/production/web: unchanged", "eu-central-1 shop/web/production/web: succeeded", "all is done, groups: 2")
	for _, id := range []string{"v2", "v3"} {
		do(0, "--release", id, "--app", "shop", "--layer", "web", "--env", "production", "--group", "web")
	}
	_, errs := do(4, "--release", "v2", "--all")
	has(t, "an older release", errs, "by release v3", "2 of 2 jobs failed")
	_, errs = do(4, "--release", "v2", "--all", "--plan")
	has(t, "its plan", errs, "by release v3")
	out, _ = do(0, "--release", "v3", "--all", "--rollback")
	has(t, "the way back", out, "rollback: the version in group web is now 3; it was 4", "all is done, groups: 2")
	_, errs = do(1, "--release", "v3", "--all")
	has(t, "what was rolled back", errs, "release v3: it was rolled back at")
	do(0, "--release", "v4", "--all")
	do(0, "--release", "v5", "--all")

	out, _ = do(0, "--prune", "--all", "--plan")
	has(t, "what would be removed", out, " shop-web-production-web-v5 ", "stays: ", "it is one of the 1 newest")
}

func TestARolloutAsJSON(t *testing.T) {
	_, url, file := rolloutMap(t, "keep: 1")
	for _, args := range [][]string{{"--release", "v1", "--plan"}, {"--release", "v1"}, {"--prune", "--plan"}} {
		code, out, errs := updraft(t, "", append([]string{"rollout", file, "--endpoint", url, "--all", "--json"}, args...)...)
		if code != 0 || errs != "" || out == "" {
			t.Fatalf("%v: exit %d: %s", args, code, errs)
		}
		for line := range strings.Lines(out) {
			var doc struct{ Type, Region string }
			if err := json.Unmarshal([]byte(line), &doc); err != nil || doc.Type == "" || doc.Region == "" {
				t.Errorf("%v: %v: %s", args, err, line)
			}
		}
	}
}

func TestWhatTheExitCodesOfARolloutMean(t *testing.T) {
	t.Run("1, for the worst of several", func(t *testing.T) {
		cloud, url, file := rolloutMap(t, "")
		cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Action: local.Create, Reason: "no room", Times: 1})
		code, out, errs := updraft(t, "", "rollout", file, "--endpoint", url, "--release", "v1", "--all")
		if code != 1 {
			t.Errorf("exit %d, want 1", code)
		}
		has(t, "the report", out, "1 succeeded", "1 failed")
		has(t, "the error", errs, "1 of 2 jobs failed", "no room")
	})
	t.Run("5, for what is rolled back", func(t *testing.T) {
		cloud, url, file := rolloutMap(t, "rollBack: true, refresh: {timeout: 200ms}")
		cloud.Fail(local.Fault{Type: "AWS::EC2::Instance", LogicalID: "shop-*", Action: local.Create, Delay: 300 * time.Millisecond})
		code, _, errs := updraft(t, "", "rollout", file, "--endpoint", url, "--release", "v1", "--region", "us-east-1")
		if code != 5 {
			t.Errorf("exit %d, want 5", code)
		}
		has(t, "the error", errs, "the group is what it was before")
	})
	t.Run("3, for one that was stopped, and goes on", func(t *testing.T) {
		cloud, url, file := rolloutMap(t, "")
		cloud.Fail(local.Fault{Type: "AWS::EC2::Image", Action: local.Create, Delay: 200 * time.Millisecond})
		ctx, stop := context.WithCancelCause(t.Context())
		reader, writer := io.Pipe()
		go func() {
			for s := bufio.NewScanner(reader); s.Scan(); {
				if strings.Contains(s.Text(), "is pending") {
					stop(errors.New("interrupt"))
				}
			}
		}()
		var errs strings.Builder
		code := run(ctx, []string{"rollout", file, "--endpoint", url, "--release", "v1", "--all"}, strings.NewReader(""), writer, &errs)
		writer.Close()
		if code != 3 || !strings.Contains(errs.String(), "2 were stopped") {
			t.Errorf("exit %d, want 3: %s", code, &errs)
		}
		code, _, text := updraft(t, "", "rollout", file, "--endpoint", url, "--release", "v1", "--all")
		if code != 0 {
			t.Errorf("once more: exit %d: %s", code, text)
		}
	})
}

func TestTheCheckOfARolloutIsACommand(t *testing.T) {
	t.Setenv("UPDRAFT_TEST_FILE", filepath.Join(t.TempDir(), "asked"))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	_, url, file := rolloutMap(t, `check: [`+self+`, -test.run=^TestBootTest$]`)
	code, _, errs := updraft(t, "", "rollout", file, "--endpoint", url, "--release", "v1", "--region", "us-east-1")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	asked, err := os.ReadFile(os.Getenv("UPDRAFT_TEST_FILE"))
	if err != nil || !strings.HasPrefix(string(asked), "ami-") || !strings.HasSuffix(string(asked), " us-east-1 web") {
		t.Errorf("the command was given %q, %v", asked, err)
	}
	t.Setenv("UPDRAFT_TEST_FILE", filepath.Join(t.TempDir(), "no", "folder"))
	code, _, errs = updraft(t, "", "rollout", file, "--endpoint", url, "--release", "v2", "--region", "us-east-1")
	if code != 1 || !strings.Contains(errs, "did not pass its check") {
		t.Errorf("a check that fails: exit %d: %s", code, errs)
	}
}

// TestBootTest is the command of the test above.
func TestBootTest(t *testing.T) {
	file := os.Getenv("UPDRAFT_TEST_FILE")
	if file == "" {
		t.Skip("it is run by another test")
	}
	text := os.Getenv("IMAGE_ID") + " " + os.Getenv("AWS_REGION") + " " + os.Getenv("GROUP")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestWrongUseOfRollout(t *testing.T) {
	_, url := served(t)
	file := written(t, "map.yaml", mapYAML)
	for _, tt := range []struct {
		name, want string
		args       []string
	}{
		{"no file", "takes one file", nil},
		{"a file that is not there", "nowhere.yaml: no such file", []string{"nowhere.yaml", "--release", "v1", "--all"}},
		{"no release", "give --release", []string{file, "--all"}},
		{"nowhere to", "say where to", []string{file, "--release", "v1"}},
		{"a group that is not there", "the flags select none of the 4 groups", []string{file, "--release", "v1", "--group", "nope"}},
		{"two things at once", "exclude each other", []string{file, "--release", "v1", "--all", "--prune", "--rollback"}},
		{"a release to prune", "takes no --release", []string{file, "--release", "v1", "--all", "--prune"}},
		{"a policy that is none", "give region, all or none", []string{file, "--release", "v1", "--all", "--on-failure", "x"}},
		{"no concurrency", "at least 1", []string{file, "--release", "v1", "--all", "--concurrency", "0"}},
		{"an ID that is none", `ID "v 1"`, []string{file, "--release", "v 1", "--all"}},
		{"an image that is none", "begin with ami-", []string{file, "--release", "v1", "--all", "--image", "x"}},
		{"a map that is none", "want a map of apps", []string{written(t, "bad.yaml", "regions: {eu: 1}"), "--release", "v1", "--all"}},
		{"a file that is no YAML", "bad2.yaml", []string{written(t, "bad2.yaml", "a: [")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := append([]string{"rollout"}, tt.args...)
			if tt.name == "a file that is no YAML" {
				args = append(args, "--release", "v1", "--all")
			}
			code, _, errs := updraft(t, "", append(args, "--endpoint", url)...)
			if code != 2 || !strings.Contains(errs, tt.want) {
				t.Errorf("exit %d, want 2 and %q\n%s", code, tt.want, errs)
			}
		})
	}
}
