package broker

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// Outputs whose values begin with one of these are no values but say where they are: in Systems
// Manager, by name, or in Secrets Manager, by ARN and, behind a #, the key of a value in the secret.
const (
	parameterPrefix = "ssm:"
	secretPrefix    = "secretsmanager:"
)

// The outputs of a binding's stack.
const (
	outputKeyID  = "AccessKeyId"
	outputSecret = "SecretAccessKey"
)

// Credentials are what an application needs to use an instance, by name.
type Credentials map[string]any

// describe is what a platform gets to know of a binding: the credentials and, where an instance has one,
// the endpoint on the network.
func (b *Broker) describe(ctx context.Context, p *offer, instance, binding *record) (object, error) {
	credentials, err := b.credentials(ctx, p, instance, binding)
	if err != nil {
		return nil, err
	}
	out := object{"credentials": credentials}
	if host, port := instance.outputs["EndpointAddress"], instance.outputs["Port"]; host != "" && port != "" {
		out["endpoints"] = []object{{"host": host, "ports": []string{port}, "protocol": "tcp"}}
	}
	return out, nil
}

// credentials puts together what a binding gives: the outputs of its instance, and its own key.
func (b *Broker) credentials(ctx context.Context, p *offer, instance, binding *record) (Credentials, error) {
	given := Credentials{}
	for name, value := range instance.outputs {
		if p.service.gives(name) {
			text, err := instance.place.reveal(ctx, value)
			if err != nil {
				return nil, fmt.Errorf("the output %s of the instance: %w", name, err)
			}
			given[p.service.key(name)] = text
		}
	}
	if id := binding.outputs[outputKeyID]; id != "" {
		secret, err := binding.place.reveal(ctx, binding.outputs[outputSecret])
		if err != nil {
			return nil, fmt.Errorf("the access key of the binding: %w", err)
		}
		prefix := screaming(strings.NewReplacer("-", "_", ".", "_").Replace(p.service.Name)) + "_AWS_"
		given[prefix+"ACCESS_KEY_ID"], given[prefix+"SECRET_ACCESS_KEY"] = id, secret
		given["AWS_REGION"] = binding.place.Region
	}
	if p.service.CloudFoundry {
		p.service.forCloudFoundry(given)
	}
	return given, nil
}

// gives reports whether an output is a credential.
func (s *Service) gives(output string) bool {
	switch {
	case output == markerOutput || strings.HasPrefix(output, handedOver) || strings.HasPrefix(output, policyOutput):
		return false
	}
	return s.Bindings.Outputs == nil || slices.Contains(s.Bindings.Outputs, output)
}

// key is the name of an output as a credential.
func (s *Service) key(output string) string {
	switch {
	case s.OutputsAsIs || s.CloudFoundry:
		return output
	case output == "UserKeyId" || output == "UserSecretKey": // with the AWS Service Broker, these have the service before them
		return screaming(s.Name) + "_" + screaming(output)
	}
	return screaming(output)
}

// screaming writes QueueURL as QUEUE_URL.
func screaming(name string) string {
	runes := []rune(name)
	var out []rune
	for i, r := range runes {
		if i > 0 && i < len(runes)-1 && unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || unicode.IsLower(runes[i+1])) && runes[i-1] != '_' {
			out = append(out, '_')
		}
		out = append(out, unicode.ToUpper(r))
	}
	return string(out)
}

// reveal returns the value of an output, from where it says that it is.
func (p *Place) reveal(ctx context.Context, value string) (string, error) {
	if name, ok := strings.CutPrefix(value, parameterPrefix); ok {
		return p.parameter(ctx, name)
	}
	if at, ok := strings.CutPrefix(value, secretPrefix); ok {
		id, key, _ := strings.Cut(at, "#")
		return p.secret(ctx, id, key)
	}
	return value, nil
}

func (p *Place) parameter(ctx context.Context, name string) (string, error) {
	if p.Parameters == nil {
		return "", failed(nil, "the value is in Systems Manager, which the broker has no access to; its operator has to set Place.Parameters")
	}
	out, err := p.Parameters.GetParameters(ctx, &ssm.GetParametersInput{Names: []string{name}, WithDecryption: aws.Bool(true)})
	if err != nil {
		return "", err
	}
	if len(out.Parameters) == 0 {
		return "", failed(nil, "there is no parameter %s in Systems Manager", name)
	}
	return aws.ToString(out.Parameters[0].Value), nil
}

func (p *Place) secret(ctx context.Context, id, key string) (string, error) {
	if p.Secrets == nil {
		return "", failed(nil, "the value is in Secrets Manager, which the broker has no access to; its operator has to set Place.Secrets")
	}
	out, err := p.Secrets.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &id})
	if err != nil {
		return "", err
	}
	text := aws.ToString(out.SecretString)
	if key == "" {
		return text, nil
	}
	var values map[string]any
	if json.Unmarshal([]byte(text), &values) != nil || values[key] == nil {
		return "", failed(nil, "the secret has no value %s", key)
	}
	return fmt.Sprint(values[key]), nil
}
