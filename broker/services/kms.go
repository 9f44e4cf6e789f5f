package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
	"github.com/updraft-go/updraft/resources/kms"
	"github.com/updraft-go/updraft/stack"
)

// KMS is a key that encrypts and decrypts, which changes each year by itself. A binding may do both.
func KMS() *broker.Service {
	return &broker.Service{
		Name: "kms", DisplayName: "AWS KMS", Description: "An encryption key of AWS KMS", ProviderName: provider,
		LongDescription:  "A key that never leaves AWS, for data and for the keys of data. Deprovisioning deletes it after a pause of 30 days.",
		DocumentationURL: "https://docs.aws.amazon.com/kms/", Tags: []string{"AWS", "KMS", "key"},
		Plans: []broker.Plan{
			{Name: "symmetric", DisplayName: "Symmetric", Description: "One key that encrypts and decrypts", Cost: "https://aws.amazon.com/kms/pricing/"},
		},
		Template: keyTemplate,
		Bindings: rights([]fn.String{fn.GetAtt("Key", "Arn")},
			"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"),
	}
}

func keyTemplate(string) (*stack.Template, error) {
	t := &stack.Template{Description: "a key of a service broker"}
	key := stack.Add(t, "Key", &kms.Key{
		Description: "key of a service instance", EnableKeyRotation: fn.True, PendingWindowInDays: fn.Int(30),
		KeyPolicy: policy.Document{Version: policy.Version, Statement: []policy.Statement{{
			Sid: "AccountDecides", Action: []fn.String{"kms:*"}, Resource: []fn.String{"*"},
			Principal: &policy.Principal{AWS: []fn.String{"arn:" + fn.Partition + ":iam::" + fn.AccountID + ":root"}},
		}}},
	})
	t.Output("KeyID", stack.Output{Description: "ID of the key", Value: key.Ref()})
	t.Output("KeyARN", stack.Output{Description: "ARN of the key", Value: key.AttrArn()})
	return t, nil
}
