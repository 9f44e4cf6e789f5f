package intrinsics

import (
	"errors"
	"strconv"
)

// ResolveSSM is {{resolve:ssm:name:version}}: the value of a parameter of Parameter Store, read when
// the stack is deployed. Version 0 is the newest. It is text that may stand in other text, and, by
// conversion, any other scalar: fn.Integer(fn.ResolveSSM("/app/size", 0)).
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
func ResolveSSM(name String, version int) String { return resolve("ssm", name, version) }

// ResolveSSMSecure is {{resolve:ssm-secure:name:version}}: the value of a SecureString parameter.
// CloudFormation keeps it out of all it shows, and takes it for a few properties only. Version 0 is
// the newest.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
func ResolveSSMSecure(name String, version int) String { return resolve("ssm-secure", name, version) }

func resolve(service, name String, version int) String {
	switch {
	case name == "":
		return String(fail(errors.New("a dynamic reference without a name; give the name of the parameter")))
	case version < 0:
		return String(fail(errors.New("a dynamic reference with a negative version; 0 is the newest")))
	case version == 0:
		return "{{resolve:" + service + ":" + name + "}}"
	}
	return "{{resolve:" + service + ":" + name + ":" + String(strconv.Itoa(version)) + "}}"
}

// A Secret names a value in Secrets Manager, for [ResolveSecret].
type Secret struct {
	// ID is the secret's name or ARN: an ARN if it is in another account. It is required.
	ID String
	// Key is the key of the value, where the secret is JSON. If it is "", the whole text.
	Key String
	// Stage is the staging label of a version. If it is "", AWSCURRENT.
	Stage String
	// Version is the ID of a version; not both it and Stage are given.
	Version String
}

// ResolveSecret is {{resolve:secretsmanager:id:SecretString:key:stage:version}}: a secret, read when
// the stack is deployed. CloudFormation keeps it out of all it shows.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
func ResolveSecret(s Secret) String {
	switch {
	case s.ID == "":
		return String(fail(errors.New("a dynamic reference without a secret; give its ID")))
	case s.Stage != "" && s.Version != "":
		return String(fail(errors.New("a dynamic reference with both a stage and a version; give one of them")))
	}
	text := "{{resolve:secretsmanager:" + s.ID
	switch {
	case s.Version != "":
		text += ":SecretString:" + s.Key + "::" + s.Version
	case s.Stage != "":
		text += ":SecretString:" + s.Key + ":" + s.Stage
	case s.Key != "":
		text += ":SecretString:" + s.Key
	}
	return text + "}}"
}
