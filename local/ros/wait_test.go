package ros_test

import (
	"testing"
	"time"
)

// wait lets a second of the time of a synctest bubble pass.
func wait(t *testing.T) {
	t.Helper()
	<-time.After(time.Second)
}
