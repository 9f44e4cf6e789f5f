package local

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

type launchConfigurationInput struct {
	LaunchConfigurationName string
	ImageId                 string
	InstanceType            string
	KeyName                 string
	UserData                string
	IamInstanceProfile      string
	SpotPrice               string
	SecurityGroups          []string
	InstanceId              string `json:"-"`
}

// createLaunchConfiguration makes what groups launched instances of before there were launch
// templates. It is a resource as stacks make it.
func createLaunchConfiguration(c *call, in *launchConfigurationInput) (any, error) {
	if err := required("launchConfigurationName", in.LaunchConfigurationName); err != nil {
		return nil, err
	}
	switch {
	case c.region.asset(typeLaunchConfiguration, in.LaunchConfigurationName) != nil:
		return nil, &query.Error{Code: "AlreadyExists", Message: "Launch Configuration by this name already exists - A launch configuration already exists with the name " + in.LaunchConfigurationName}
	case in.InstanceId != "":
		return nil, notEmulated("launch configurations that are made of an instance (InstanceId)")
	case in.ImageId == "" || in.InstanceType == "":
		return nil, invalid("Valid requests must contain either the InstanceID parameter or both the ImageId and InstanceType parameters.")
	}
	c.region.found(typeLaunchConfiguration, in.LaunchConfigurationName, nodeOf(in))
	return nil, nil
}

type launchConfiguration struct {
	LaunchConfigurationName string
	LaunchConfigurationARN  string
	ImageId                 string
	InstanceType            string
	KeyName                 string
	UserData                string
	IamInstanceProfile      string
	SecurityGroups          []string
	CreatedTime             time.Time
}

func describeLaunchConfigurations(c *call, in *struct {
	LaunchConfigurationNames []string
	scalingPage
}) (any, error) {
	r, all := c.region, []launchConfiguration{}
	for _, a := range r.list(typeLaunchConfiguration) {
		if len(in.LaunchConfigurationNames) == 0 || slices.Contains(in.LaunchConfigurationNames, a.physicalID) {
			all = append(all, a.launchConfiguration())
		}
	}
	part, next, err := scalingPart(all, in.scalingPage, func(l launchConfiguration) string { return l.LaunchConfigurationName })
	if err != nil {
		return nil, err
	}
	return &struct {
		LaunchConfigurations []launchConfiguration
		NextToken            string
	}{part, next}, nil
}

func (a *asset) launchConfiguration() launchConfiguration {
	r := a.state.region
	l := launchConfiguration{
		LaunchConfigurationName: a.physicalID, ImageId: a.text("ImageId"), InstanceType: a.text("InstanceType"), KeyName: a.text("KeyName"),
		UserData: a.text("UserData"), IamInstanceProfile: a.text("IamInstanceProfile"), SecurityGroups: []string{}, CreatedTime: a.changed,
		LaunchConfigurationARN: "arn:" + r.partition + ":autoscaling:" + r.name + ":" + r.account + ":launchConfiguration:" + uuidOf(r.account, r.name, a.physicalID) + ":launchConfigurationName/" + a.physicalID,
	}
	for _, g := range a.properties.Get("SecurityGroups").Items() {
		if g.Is(tree.String) {
			l.SecurityGroups = append(l.SecurityGroups, g.Text)
		}
	}
	return l
}

// uuidOf is a UUID that is always the same for the same texts.
func uuidOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00")))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func deleteLaunchConfiguration(c *call, in *struct{ LaunchConfigurationName string }) (any, error) {
	r := c.region
	a := r.asset(typeLaunchConfiguration, in.LaunchConfigurationName)
	if a == nil {
		return nil, invalid("Launch configuration name not found - Launch configuration %s not found", in.LaunchConfigurationName)
	}
	for _, g := range ordered(r.fleet.groups) {
		if g.source().configuration == in.LaunchConfigurationName {
			return nil, &query.Error{Code: "ResourceInUse", Message: "Cannot delete launch configuration " + in.LaunchConfigurationName + " because it is attached to AutoScalingGroup " + g.name}
		}
	}
	r.disown(a.resource)
	return nil, nil
}
