// Package localtest gives tests an embedded cloud.
package localtest

import (
	"testing"

	"github.com/updraft-go/updraft/local"
)

// New returns an empty cloud that is closed when the test ends.
func New(t testing.TB) *local.Cloud {
	t.Helper()
	cloud := &local.Cloud{}
	t.Cleanup(func() {
		if err := cloud.Close(); err != nil {
			t.Errorf("close the cloud: %v", err)
		}
	})
	return cloud
}
