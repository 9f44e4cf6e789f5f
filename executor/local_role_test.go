package executor_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// A role that CloudFormation cannot assume is told before anything is made, whichever way the stack goes.
func TestARoleThatCannotBeAssumedOnTheEmbeddedCloud(t *testing.T) {
	c := clientOf(localtest.New(t))
	const role = "arn:aws:iam::" + local.DefaultAccount + ":role/nobody"
	for _, direct := range []bool{false, true} {
		_, err := c.Deploy(t.Context(), exporter("jobs"), &executor.Options{RoleARN: role, Direct: direct})
		refused, ok := errors.AsType[*executor.RefusedError](err)
		const want = "Role " + role + " is invalid or cannot be assumed; give the ARN of a role that exists and trusts cloudformation.amazonaws.com"
		if !ok || !strings.HasSuffix(refused.Error(), want) {
			t.Errorf("direct %v: got %v, want that CloudFormation refuses the role", direct, err)
		}
		missing, ok := errors.AsType[*executor.StateError](errOf(c.Describe(t.Context(), "jobs")))
		if !ok || missing.Status != stack.DeleteComplete {
			t.Errorf("direct %v: something was made", direct)
		}
	}
}

func errOf(_ any, err error) error { return err }
