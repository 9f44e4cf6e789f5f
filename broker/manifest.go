package broker

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

var (
	secretKey  = regexp.MustCompile(`^[-._a-zA-Z0-9]{1,253}$`)
	secretName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)
)

// KubernetesSecret returns the credentials as the manifest of a Secret of Kubernetes, in YAML, whose
// keys are theirs. It holds them in clear. If namespace is "", it is left to kubectl.
//
// # Errors
//
// A name or a key that a Secret cannot have.
//
// https://kubernetes.io/docs/concepts/configuration/secret/
func (c Credentials) KubernetesSecret(name, namespace string) ([]byte, error) {
	if !secretName.MatchString(name) {
		return nil, fmt.Errorf("%q is no name of a Secret; use small letters, digits, hyphens and periods", name)
	}
	if namespace != "" && !secretName.MatchString(namespace) {
		return nil, fmt.Errorf("%q is no namespace; use small letters, digits and hyphens", namespace)
	}
	files, err := c.files()
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n", name)
	if namespace != "" {
		fmt.Fprintf(&b, "  namespace: %s\n", namespace)
	}
	b.WriteString("type: Opaque\nstringData:\n")
	for _, key := range sorted(files) {
		text, err := json.Marshal(string(files[key])) // which is also YAML
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "  %s: %s\n", key, text)
	}
	return []byte(b.String()), nil
}

// BindingFiles returns the credentials as the files of a service binding, by name: what an application
// finds in a directory below SERVICE_BINDING_ROOT. kind says what it is bound to, such as sqs, and is
// required; provider says who provides it, "" if that does not matter.
//
// # Errors
//
// A kind that is missing, and a key that cannot be the name of a file.
//
// https://servicebinding.io/spec/core/1.1.0/#workload-projection
func (c Credentials) BindingFiles(kind, provider string) (map[string][]byte, error) {
	if kind == "" {
		return nil, fmt.Errorf("a service binding has a type; give one such as sqs")
	}
	files, err := c.files()
	if err != nil {
		return nil, err
	}
	files["type"] = []byte(kind)
	if provider != "" {
		files["provider"] = []byte(provider)
	}
	return files, nil
}

// files are the credentials as texts; what is no text is JSON.
func (c Credentials) files() (map[string][]byte, error) {
	files := map[string][]byte{}
	for key, value := range c {
		if !secretKey.MatchString(key) || key == "." || key == ".." {
			return nil, fmt.Errorf("the credential %q has a name that no file can have", key)
		}
		text, ok := value.(string)
		if !ok {
			data, err := json.Marshal(value)
			if err != nil {
				return nil, fmt.Errorf("the credential %s: %w", key, err)
			}
			text = string(data)
		}
		files[key] = []byte(text)
	}
	return files, nil
}
