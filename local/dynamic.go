package local

import (
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// live is the properties of a resource as its service has them: with dynamic references resolved.
// Events and change sets tell the references themselves.
func (r *resource) live() *tree.Node {
	if r.actual != nil {
		return r.actual
	}
	return r.properties
}

// dynamicReference is a reference to a value of another service.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
var dynamicReference = regexp.MustCompile(`\{\{resolve:([a-z-]+):([^{}]*)\}\}`)

// resolve returns properties with every dynamic reference in them resolved; nil if there is none.
func (r *region) resolve(n *tree.Node) (*tree.Node, error) {
	var walk func(*tree.Node) (*tree.Node, error)
	walk = func(n *tree.Node) (*tree.Node, error) {
		if n.Is(tree.String) && strings.Contains(n.Text, "{{resolve:") {
			return r.resolveText(n)
		}
		return eachChild(n, walk)
	}
	out, err := walk(n)
	if out == n {
		out = nil
	}
	return out, err
}

func (r *region) resolveText(n *tree.Node) (*tree.Node, error) {
	var failed error
	secret := n.Secret
	text := dynamicReference.ReplaceAllStringFunc(n.Text, func(reference string) string {
		parts := dynamicReference.FindStringSubmatch(reference)
		value, hidden, err := r.dynamic(parts[1], parts[2])
		if err != nil && failed == nil {
			failed = err
		}
		secret = secret || hidden
		return value
	})
	if failed != nil {
		return nil, failed
	}
	return &tree.Node{Kind: tree.String, Text: text, Secret: secret}, nil
}

// dynamic returns the value of a reference, and whether it is secret.
func (r *region) dynamic(service, key string) (value string, secret bool, err error) {
	switch service {
	case "ssm", "ssm-secure":
		a, version, err := r.ssmParameter(strings.TrimSuffix(key, ":"))
		if err != nil {
			return "", false, invalid("Parameters: [%s:%s] cannot be found.", service, key)
		}
		held := a.ssm(version, true)
		if (held.Type == secureString) != (service == "ssm-secure") {
			return "", false, invalid("The parameter %s is of type %s; {{resolve:%s:…}} does not take it", key, held.Type, service)
		}
		return held.Value, service == "ssm-secure", nil
	case "secretsmanager":
		value, err := r.secret(key)
		return value, true, err
	}
	return "", false, invalid("Dynamic references to %s are not known; the services are ssm, ssm-secure and secretsmanager", service)
}

// secret returns a value of Secrets Manager. The reference is the secret's name or ARN and then, each
// after a colon, SecretString, the key of a JSON object, a version stage, and a version. A secret has
// one version here.
func (r *region) secret(reference string) (string, error) {
	parts := strings.Split(reference, ":")
	id, rest := parts[0], parts[1:]
	const arnParts = 7
	if id == "arn" && len(parts) >= arnParts {
		id, rest = strings.Join(parts[:arnParts], ":"), parts[arnParts:]
	}
	for len(rest) < 4 {
		rest = append(rest, "")
	}
	a := r.secretAsset(id)
	switch {
	case a == nil:
		return "", invalid("Secrets Manager can't find the specified secret.")
	case rest[0] != "" && rest[0] != "SecretString":
		return "", invalid("A reference to Secrets Manager takes SecretString, not %s", rest[0])
	case rest[2] != "" && rest[2] != "AWSCURRENT" || rest[3] != "":
		return "", notEmulated("other versions of a secret than the current one")
	case rest[1] == "":
		return a.secretString(), nil
	}
	document, err := tree.Parse([]byte(a.secretString()))
	if err != nil || document.Get(rest[1]) == nil {
		return "", invalid("Could not find a value associated with JSONKey in SecretString")
	}
	return document.Get(rest[1]).Str(), nil
}
