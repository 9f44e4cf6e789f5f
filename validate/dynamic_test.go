package validate_test

import (
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/rds"
	"github.com/updraft-go/updraft/resources/secretsmanager"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// TestDynamicReferenceToASecretOfTheTemplate is a reference that Fn::Join puts together: no piece of
// it is one.
func TestDynamicReferenceToASecretOfTheTemplate(t *testing.T) {
	template := &stack.Template{}
	secret := stack.Add(template, "Secret", &secretsmanager.Secret{GenerateSecretString: &secretsmanager.Secret_GenerateSecretString{}})
	stack.Add(template, "Server", &rds.DBInstance{
		DBInstanceClass: "db.t4g.micro", Engine: "mysql", AllocatedStorage: "20", MasterUsername: "master",
		MasterUserPassword: fn.ResolveSecret(fn.Secret{ID: secret.Ref(), Key: "password"}), StorageEncrypted: fn.True,
	}, stack.Attributes{DeletionPolicy: stack.Delete, UpdateReplacePolicy: stack.Delete})
	for _, d := range validate.Template(template) {
		if d.Code == "dynamic-reference" {
			t.Error(d)
		}
	}
}
