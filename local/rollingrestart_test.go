package local_test

import (
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// A rolling update goes on after a restart with the instances that it had launched, and with what they
// have said.
func TestARollingUpdateGoesOnAfterARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	synctest.Test(t, func(t *testing.T) {
		cloud := reopened(t, path)
		s := &rollout{t, cloud, client(cloud), fleet(oneByOne), "", map[string]bool{}}
		s.golden = bake(t, ec2Client(cloud), runOne(t, ec2Client(cloud)), "golden")
		create(t, s.api, "web", s.template, "Image", publicImage)
		old := s.ids()
		update(t, s.api, "web", s.template, "Image", s.golden)
		for range 3 {
			s.signal(old, "SUCCESS")
			if err := s.cloud.Close(); err != nil {
				t.Fatal(err)
			}
			s.cloud = reopened(t, path)
			s.api = client(s.cloud)
			synctest.Wait()
		}
		equal(t, types.StackStatusUpdateComplete, describe(t, s.api, "web").StackStatus)
		equal(t, 3, len(s.heard)) // no instance was launched twice
		for _, id := range s.ids() {
			if slices.Contains(old, id) {
				t.Errorf("%s is still there", id)
			}
		}
	})
}
