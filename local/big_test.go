package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

// The largest stack that CloudFormation takes, each resource of which waits for the one before.
func TestFiveHundredResourcesInARow(t *testing.T) {
	var b strings.Builder
	b.WriteString(`"T0": {"Type": "AWS::SQS::Queue"}`)
	for i := 1; i < 500; i++ {
		fmt.Fprintf(&b, `,"T%d":{"Type":"AWS::SQS::Queue","DependsOn":"T%d"}`, i, i-1)
	}
	began := time.Now()
	s := create(t, client(localtest.New(t)), "work", resources(b.String()))
	equal(t, types.StackStatusCreateComplete, s.StackStatus)
	t.Logf("it took %v", time.Since(began))
}
