package local

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

const typeSecret = "AWS::SecretsManager::Secret"

// secretAsset returns a secret by its name or ARN, nil if there is none.
func (r *region) secretAsset(id string) *asset {
	if a := r.asset(typeSecret, id); a != nil {
		return a
	}
	for _, a := range r.list(typeSecret) {
		// An ARN is the name with six more characters, which may be left out.
		if a.text("Name") == id || a.text("Name") == "" && strings.Contains(a.physicalID, ":secret:"+id+"-") || strings.HasPrefix(a.physicalID, id+"-") {
			return a
		}
	}
	return nil
}

// secretString is the value of a secret: the one that it was given, or one that is made once.
func (a *asset) secretString() string {
	rule := a.properties.Get("GenerateSecretString")
	if rule == nil {
		return a.text("SecretString")
	}
	if a.generated == "" {
		a.generated = a.state.region.cloud.generate(rule)
	}
	return a.generated
}

// generate makes a secret.
func (c *Cloud) generate(rule *tree.Node) string {
	length := 32
	if n, err := strconv.Atoi(rule.Get("PasswordLength").Str()); err == nil && n > 0 && n <= 4096 {
		length = n
	}
	alphabet := letters
	if rule.Get("ExcludePunctuation").Str() != "true" {
		alphabet += "!#$%&()*+,-./:;<=>?@[]^_{|}~"
	}
	excluded := rule.Get("ExcludeCharacters").Str()
	for name, characters := range map[string]string{"ExcludeNumbers": digits, "ExcludeUppercase": letters[:26], "ExcludeLowercase": letters[26:52]} {
		if rule.Get(name).Str() == "true" {
			excluded += characters
		}
	}
	alphabet = strings.Map(func(r rune) rune {
		if strings.ContainsRune(excluded, r) {
			return -1
		}
		return r
	}, alphabet)
	if alphabet == "" {
		return ""
	}
	password := c.pick(alphabet, length)
	document, key := map[string]any{}, rule.Get("GenerateStringKey").Str()
	if key == "" || json.Unmarshal([]byte(rule.Get("SecretStringTemplate").Str()), &document) != nil {
		return password
	}
	document[key] = password
	text, err := json.Marshal(document)
	if err != nil {
		return password // what was read as JSON is written as JSON
	}
	return string(text)
}

type secretInput struct{ SecretId, Name, SecretString string }

func getSecretValue(r *region, in *secretInput) (any, error) {
	a := r.secretAsset(in.SecretId)
	if a == nil {
		return nil, &query.Error{Code: "ResourceNotFoundException", Message: "Secrets Manager can't find the specified secret."}
	}
	return struct {
		ARN, Name, SecretString string
		VersionStages           []string
		CreatedDate             float64
	}{a.physicalID, a.text("Name"), a.secretString(), []string{"AWSCURRENT"}, epoch(a.created)}, nil
}

func createSecret(r *region, in *secretInput) (any, error) {
	if in.Name == "" {
		return nil, invalidJSON("Name must not be empty")
	}
	if r.secretAsset(in.Name) != nil {
		return nil, &query.Error{Code: "ResourceExistsException", Message: "The operation failed because the secret " + in.Name + " already exists."}
	}
	arn := "arn:" + r.partition + ":secretsmanager:" + r.name + ":" + r.account + ":secret:" + in.Name + "-" + r.cloud.pick(letters, 6)
	r.found(typeSecret, arn, tree.Object(tree.Field("Name", tree.Text(in.Name)), tree.Field("SecretString", tree.Text(in.SecretString))))
	return struct{ ARN, Name string }{arn, in.Name}, nil
}
