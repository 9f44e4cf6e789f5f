// Package services holds services for a [broker.Broker], written in Go: each function returns one, and
// [All] returns a source of all of them.
//
// Each gives its bindings an IAM user with the rights that an application needs and no more, and
// credentials with the names that the AWS Service Broker gives them. What holds data is encrypted, and
// is deleted with its instance.
package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/stack"
)

// All is a source of all services of this package.
func All() broker.Source {
	return broker.Static{
		Cognito(), DynamoDB(), ECR(), ElastiCache(), Kinesis(), KMS(), RDSMySQL(), RDSPostgreSQL(), Route53(), S3(), SNS(), SQS(),
	}
}

const provider = "Amazon Web Services"

// allow is a policy that allows actions on resources.
func allow(resources []fn.String, actions ...fn.String) policy.Document {
	return policy.Document{Version: policy.Version, Statement: []policy.Statement{{Action: actions, Resource: resources}}}
}

// rights are the bindings of a service whose users may do what one policy says.
func rights(resources []fn.String, actions ...fn.String) broker.Bindings {
	return broker.Bindings{Keypair: true, Policies: []broker.Policy{{Document: allow(resources, actions...)}}}
}

// yesOrNo are the values of a parameter that is one or the other.
var yesOrNo = []string{"true", "false"}

// flag adds a parameter that is true or false, and a condition that it is true.
func flag(t *stack.Template, name, description string, fallback fn.String) fn.Condition {
	p := t.Parameter(name, stack.Parameter{Description: description, AllowedValues: yesOrNo, Default: fallback})
	return t.Condition("Is"+name, fn.Equals(p.Ref(), "true"))
}
