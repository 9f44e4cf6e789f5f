package executor_test

import (
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

// The name of a change set can be read by many, so that a secret must not be guessed from it.
func TestNamesOfChangeSetsDoNotDependOnSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		name := func(noEcho bool, value string) string {
			f := newFake()
			s := topic("jobs")
			s.Template.Parameter("Password", stack.Parameter{NoEcho: noEcho})
			s.Parameters = map[string]string{"Password": value}
			if _, err := f.client().Plan(t.Context(), s, &executor.Options{DeploymentID: "build-7"}); err != nil {
				t.Fatal(err)
			}
			return *f.sets[0].ChangeSetName
		}
		if name(true, "hunter2") != name(true, "letmein") {
			t.Error("the name depends on a secret")
		}
		if name(false, "a") == name(false, "b") {
			t.Error("the name does not depend on a value that is no secret")
		}
	})
}

// That a deployment is done does not mean that it was done with this secret.
func TestANewSecretIsDeployedUnderTheSameDeployment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		s := topic("jobs")
		s.Template.Parameter("Password", stack.Parameter{NoEcho: true})
		for i, value := range []string{"hunter2", "letmein", "letmein"} {
			s.Parameters = map[string]string{"Password": value}
			r, err := f.client().Deploy(t.Context(), s, &executor.Options{DeploymentID: "build-7"})
			if err != nil || r.Unchanged != (i == 2) {
				t.Fatalf("%d: got %+v, %v", i, r, err)
			}
			if got := aws.ToString(f.live["jobs"].Parameters[0].ParameterValue); got != value {
				t.Errorf("%d: deployed %q, want %q", i, got, value)
			}
		}
	})
}
