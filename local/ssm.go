package local

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// typeParameter is the resource type of a parameter of Systems Manager. The service also keeps those
// that a stack cannot make: SecureString.
const typeParameter = "AWS::SSM::Parameter"

type ssmParameter struct {
	ARN              string
	DataType         string
	LastModifiedDate float64
	Name             string
	Type             string
	Value            string
	Version          int
	Selector         string `json:",omitempty"`
}

// ssmParameter returns a parameter by its name, its ARN, or name:version.
func (r *region) ssmParameter(name string) (a *asset, version int, err error) {
	if _, after, ok := strings.Cut(name, ":parameter"); ok && strings.HasPrefix(name, "arn:") {
		name = after
		if r.asset(typeParameter, name) == nil {
			name = strings.TrimPrefix(name, "/")
		}
	}
	name, selector, versioned := strings.Cut(name, ":")
	if a = r.asset(typeParameter, name); a == nil {
		return nil, 0, &query.Error{Code: "ParameterNotFound"}
	}
	version = len(a.revisions)
	if versioned {
		if version, err = strconv.Atoi(selector); err != nil || version < 1 || version > len(a.revisions) {
			return nil, 0, &query.Error{Code: "ParameterVersionNotFound", Message: "Systems Manager could not find version " + selector + " of " + name + "."}
		}
	}
	return a, version, nil
}

// parameterArn is the ARN of a parameter.
func (r *region) parameterArn(name string) string {
	return "arn:" + r.partition + ":ssm:" + r.name + ":" + r.account + ":parameter/" + strings.TrimPrefix(name, "/")
}

func (a *asset) ssm(version int, decrypt bool) ssmParameter {
	p := a.revisions[version-1]
	out := ssmParameter{
		ARN: a.state.region.parameterArn(a.physicalID), DataType: p.Get("DataType").Str(), LastModifiedDate: epoch(a.changed),
		Name: a.physicalID, Type: p.Get("Type").Str(), Value: p.Get("Value").Str(), Version: version,
	}
	if out.DataType == "" {
		out.DataType = "text"
	}
	if out.Type == secureString && !decrypt {
		sum := sha256.Sum256([]byte(out.Value))
		out.Value = base64.StdEncoding.EncodeToString(sum[:])
	}
	return out
}

const secureString = "SecureString"

func epoch(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

type putParameterInput struct {
	Name, Value, Type, Description, DataType string
	Overwrite                                bool
}

func putParameter(r *region, in *putParameterInput) (any, error) {
	old := r.asset(typeParameter, in.Name)
	switch {
	case in.Name == "" || in.Value == "":
		return nil, invalidJSON("Name and Value must not be empty")
	case old != nil && !in.Overwrite:
		return nil, &query.Error{Code: "ParameterAlreadyExists", Message: "The parameter already exists. To overwrite this value, set the overwrite option in the request to true."}
	case old == nil && in.Type == "":
		return nil, invalidJSON("A parameter type is required when you create a parameter.")
	case in.Type != "" && !slices.Contains([]string{"String", "StringList", secureString}, in.Type):
		return nil, invalidJSON("1 validation error detected: Value '" + in.Type + "' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, StringList, String]")
	}
	if old != nil && in.Type == "" {
		in.Type = old.text("Type")
	}
	properties := tree.Object(tree.Field("Name", tree.Text(in.Name)), tree.Field("Type", tree.Text(in.Type)), tree.Field("Value", tree.Text(in.Value)))
	for key, value := range map[string]string{"Description": in.Description, "DataType": in.DataType} {
		if value != "" {
			properties.Map = append(properties.Map, tree.Field(key, tree.Text(value)))
		}
	}
	var a *asset
	if old == nil {
		a = r.found(typeParameter, in.Name, properties)
	} else {
		a = old.change(properties)
	}
	return struct {
		Version int
		Tier    string
	}{len(a.revisions), "Standard"}, nil
}

// change gives a resource other properties than its stack knows of.
func (a *asset) change(properties *tree.Node) *asset {
	now := *a.resource
	now.properties = properties
	return a.state.region.own(a.state, &now)
}

func invalidJSON(message string) error {
	return &query.Error{Code: "ValidationException", Message: message}
}

type getParameterInput struct {
	Name           string
	WithDecryption bool
}

func getParameter(r *region, in *getParameterInput) (any, error) {
	a, version, err := r.ssmParameter(in.Name)
	if err != nil {
		return nil, err
	}
	return struct{ Parameter ssmParameter }{a.ssm(version, in.WithDecryption)}, nil
}

type getParametersInput struct {
	Names          []string
	WithDecryption bool
}

func getParameters(r *region, in *getParametersInput) (any, error) {
	result := struct {
		Parameters        []ssmParameter
		InvalidParameters []string
	}{[]ssmParameter{}, []string{}}
	for _, name := range in.Names {
		a, version, err := r.ssmParameter(name)
		if err != nil {
			result.InvalidParameters = append(result.InvalidParameters, name)
			continue
		}
		result.Parameters = append(result.Parameters, a.ssm(version, in.WithDecryption))
	}
	return result, nil
}

type getParametersByPathInput struct {
	Path                      string
	Recursive, WithDecryption bool
}

func getParametersByPath(r *region, in *getParametersByPathInput) (any, error) {
	result := struct{ Parameters []ssmParameter }{[]ssmParameter{}}
	prefix := strings.TrimSuffix(in.Path, "/") + "/"
	for _, a := range r.list(typeParameter) {
		rest, below := strings.CutPrefix(a.physicalID, prefix)
		if below && (in.Recursive || !strings.Contains(rest, "/")) {
			result.Parameters = append(result.Parameters, a.ssm(len(a.revisions), in.WithDecryption))
		}
	}
	return result, nil
}

func deleteParameter(r *region, in *struct{ Name string }) (any, error) {
	a := r.asset(typeParameter, in.Name)
	if a == nil {
		return nil, &query.Error{Code: "ParameterNotFound"}
	}
	r.disown(a.resource)
	return struct{}{}, nil
}
