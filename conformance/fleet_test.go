package conformance

import (
	"os/exec"
	"strings"
	"testing"
)

// TestAWSCLIRollsOutAnImage bakes an image, makes a launch template version of it, and refreshes a group,
// as a script with the AWS CLI does.
func TestAWSCLIRollsOutAnImage(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Skip("the AWS CLI is not here")
	}
	endpoint := serve(t)
	env := environment(t, endpoint)
	aws := func(line string, more ...string) string {
		t.Helper()
		words := append(strings.Fields(line), more...)
		return strings.TrimSpace(run(t, env, "", "aws", append([]string{"--endpoint-url", endpoint, "--output", "text"}, words...)...))
	}
	template := aws("ec2 create-launch-template --launch-template-name web --query LaunchTemplate.LaunchTemplateId --launch-template-data",
		`{"ImageId": "ami-0123456789abcdef0", "InstanceType": "t3.micro", "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}]}]}`)
	aws("autoscaling create-auto-scaling-group --auto-scaling-group-name web --min-size 1 --max-size 4 --desired-capacity 2 --availability-zones us-east-1a us-east-1b --launch-template", "LaunchTemplateId="+template+",Version=1")
	source := aws("autoscaling describe-auto-scaling-instances --query AutoScalingInstances[0].InstanceId")
	aws("ec2 wait instance-running --instance-ids " + source)
	image := aws("ec2 create-image --name web-1 --no-reboot --instance-id " + source + " --tag-specifications ResourceType=image,Tags=[{Key=rollout,Value=1}]")
	aws("ec2 wait image-available --image-ids " + image)
	version := aws("ec2 create-launch-template-version --source-version $Latest --query LaunchTemplateVersion.VersionNumber --launch-template-id "+template+" --launch-template-data", `{"ImageId": "`+image+`"}`)
	wantIn(t, aws("ec2 describe-launch-template-versions --versions $Latest --launch-template-id "+template), image, "t3.micro", "\t2")
	aws("ec2 modify-launch-template --launch-template-id " + template + " --default-version " + version)
	aws("autoscaling start-instance-refresh --auto-scaling-group-name web --desired-configuration", `{"LaunchTemplate": {"LaunchTemplateId": "`+template+`", "Version": "`+version+`"}}`)
	wantIn(t, aws("autoscaling describe-instance-refreshes --auto-scaling-group-name web"), "Successful", "100")
	aws("autoscaling set-desired-capacity --auto-scaling-group-name web --desired-capacity 3")
	images := aws("ec2 describe-instances --filters Name=tag:aws:autoscaling:groupName,Values=web Name=instance-state-name,Values=running --query Reservations[].Instances[].ImageId")
	if images != strings.Join([]string{image, image, image}, "\t") {
		t.Errorf("the group runs %s; want %s three times", images, image)
	}
	wantIn(t, aws("autoscaling describe-scaling-activities --auto-scaling-group-name web"), "changing the desired capacity from 2 to 3", "Successful")
	wantIn(t, aws("ec2 describe-images --owners self --filters Name=tag:rollout,Values=1"), image, "web-1", "available")
	aws("autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name web")
	wantIn(t, aws("ec2 deregister-image --delete-associated-snapshots --image-id "+image), "success")
	if left := aws("ec2 describe-snapshots --owner-ids self"); left != "" {
		t.Errorf("there are still snapshots: %s", left)
	}
}
