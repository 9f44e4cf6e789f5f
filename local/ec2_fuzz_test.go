package local

import (
	"net/url"
	"testing"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// FuzzLaunchData: what is read of a request never panics, and over itself is itself.
func FuzzLaunchData(f *testing.F) {
	for _, seed := range []string{
		"ImageId=ami-1&InstanceType=t3.micro", "BlockDeviceMapping.1.Ebs.VolumeSize=8&BlockDeviceMapping.1.DeviceName=/dev/xvda",
		"NetworkInterface.2.SecurityGroupId.1=sg-1", "EbsOptimized=perhaps", "Tag=1", "BlockDeviceMapping.x=1", "Monitoring=true", "TagSpecification.1.Tag.1.Key=",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, form string) {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Skip()
		}
		v, err := query.Tree(values)
		if err != nil {
			t.Skip()
		}
		data, err := decodeMembers("", launchMembers, v)
		if err != nil {
			return
		}
		if again := overlay(data, data); !tree.Equal(data.Sorted(), again.Sorted()) {
			t.Errorf("%s became %s", data.JSON(), again.JSON())
		}
		_ = elements(launchMembers, data)
		_ = mapped(nil, data.Get(blockDevices.name))
	})
}
