package local_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local/localtest"
)

func TestDynamicReferences(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "label", "Value": "one", "Type": "String"}`)
	ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "label", "Value": "two", "Overwrite": true}`)
	ask(t, cloud, "AmazonSSM.PutParameter", `{"Name": "hidden", "Value": "s3cret", "Type": "SecureString"}`)
	ask(t, cloud, "secretsmanager.CreateSecret", `{"Name": "db", "SecretString": "{\"user\":\"root\"}"}`)
	n := 0
	for reference, want := range map[string]string{
		"{{resolve:ssm:label}}":                                      "two",
		"<{{resolve:ssm:label:1}}-{{resolve:ssm:label:2}}>":          "<one-two>",
		"{{resolve:ssm-secure:hidden}}":                              "s3cret",
		"{{resolve:secretsmanager:db:SecretString:user}}":            "root",
		"{{resolve:secretsmanager:db}}":                              `{"user":"root"}`,
		"{{resolve:secretsmanager:db:SecretString:user:AWSCURRENT}}": "root",
	} {
		n++
		name := fmt.Sprint("p", n)
		template := resources(`"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "` + name + `", "Type": "String", "Value": "` + reference + `"}}`)
		equal(t, types.StackStatusCreateComplete, create(t, api, name, template).StackStatus)
		var out struct{ Parameter struct{ Value string } }
		if err := json.Unmarshal([]byte(ask(t, cloud, "AmazonSSM.GetParameter", `{"Name": "`+name+`"}`)), &out); err != nil {
			t.Fatal(err)
		}
		equal(t, want, out.Parameter.Value)
		for _, e := range events(t, api, name) {
			if strings.Contains(aws.ToString(e.ResourceProperties), "s3cret") {
				t.Errorf("an event tells the secret: %s", *e.ResourceProperties)
			}
		}
	}
	for reference, want := range map[string]string{
		"{{resolve:ssm:none}}":                            "Parameters: [ssm:none] cannot be found.",
		"{{resolve:ssm:hidden}}":                          "The parameter hidden is of type SecureString",
		"{{resolve:secretsmanager:none}}":                 "Secrets Manager can't find the specified secret.",
		"{{resolve:secretsmanager:db:SecretString:none}}": "Could not find a value associated with JSONKey in SecretString",
		"{{resolve:dns:x}}":                               "Dynamic references to dns are not known",
	} {
		s := create(t, api, "failing", resources(`"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "`+reference+`"}}`))
		equal(t, types.StackStatusRollbackComplete, s.StackStatus)
		wantIn(t, strings.Join(lines(t, api, "failing"), "\n"), want)
		remove(t, api, "failing")
	}
}

func TestSecretsAreMadeOnce(t *testing.T) {
	cloud := localtest.New(t)
	api := client(cloud)
	template := func(label string) string {
		return resources(`"S": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "db", "GenerateSecretString": {"SecretStringTemplate": "{\"user\": \"root\"}", "GenerateStringKey": "password", "PasswordLength": 20, "ExcludePunctuation": true}}},
			"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "p", "Description": "` + label + `", "Type": "String", "Value": {"Fn::Sub": "{{resolve:secretsmanager:${S}:SecretString:password}}"}}}`)
	}
	value := func() string {
		var out struct{ Parameter struct{ Value string } }
		if err := json.Unmarshal([]byte(ask(t, cloud, "AmazonSSM.GetParameter", `{"Name": "p"}`)), &out); err != nil {
			t.Fatal(err)
		}
		return out.Parameter.Value
	}
	equal(t, types.StackStatusCreateComplete, create(t, api, "work", template("a")).StackStatus)
	made := value()
	equal(t, 20, len(made))
	equal(t, types.StackStatusUpdateComplete, update(t, api, "work", template("b")).StackStatus)
	equal(t, made, value())
	wantIn(t, ask(t, cloud, "secretsmanager.GetSecretValue", `{"SecretId": "db"}`), made, `"Name":"db"`)
}
