package broker_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/broker"
	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

func mailboxes(cloud *local.Cloud) *broker.Broker {
	b := brokerOn(cloud)
	b.Sources = []broker.Source{broker.Folder{FS: os.DirFS("testdata/services")}}
	return b
}

// TestCatalogOfTemplates holds the catalog of a template to what the AWS Service Broker makes of it: the IDs
// are those that Python's uuid5 gives for the account and the ID of the broker.
func TestCatalogOfTemplates(t *testing.T) {
	b := mailboxes(localtest.New(t))
	log := logged(b)
	got := platform{t, b}.send("GET", "/v2/catalog", "")
	services := got.body["services"].([]any)
	if len(services) != 1 {
		t.Fatalf("services: %v", services)
	}
	for _, left := range []string{"no-service.yaml: the template's Metadata have no AWS::ServiceBroker::Specification", "broken.json: "} {
		if !strings.Contains(log.String(), left) {
			t.Errorf("the log does not say %q:\n%s", left, log)
		}
	}
	service := services[0].(map[string]any)
	plans := service["plans"].([]any)
	small, large := plans[0].(map[string]any), plans[1].(map[string]any)
	create := small["schemas"].(map[string]any)["service_instance"].(map[string]any)["create"].(map[string]any)["parameters"].(map[string]any)
	properties := create["properties"].(map[string]any)
	for name, pair := range map[string][2]any{
		"service ID":  {service["id"], "1a1f5400-b047-5d11-8356-70a0e49a6bd2"},
		"plan ID":     {small["id"], "53bcf4d2-61af-54f1-9107-2ddd2156b974"},
		"description": {service["description"], "AWS Service Broker - a mailbox"},
		"metadata": {service["metadata"], map[string]any{
			"displayName": "Mailbox", "longDescription": "A queue with a topic before it.", "imageUrl": "https://example.com/mailbox.png",
			"documentationUrl": "https://example.com/mailbox", "providerDisplayName": "Example", "outputsAsIs": false, "cloudFoundry": false,
		}},
		"plan":       {large["description"], "Keeps mail for as long as you like"},
		"costs":      {small["metadata"].(map[string]any)["costs"], []any{map[string]any{"amount": map[string]any{"usd": 1.5}, "unit": "MONTHLY"}}},
		"prescribed": {create["prescribed"], map[string]any{"Kept": "86400"}},
		"required":   {create["required"], []any{"Subject"}},
		"Kept":       {properties["Kept"], nil},
		"Hidden": {properties["Hidden"], map[string]any{
			"type": "integer", "title": "Hidden for", "description": "Seconds that mail that is read stays hidden", "default": 20.0, "minimum": 0.0, "maximum": 43200.0,
		}},
		"Password":    {properties["Password"], map[string]any{"type": "string", "minLength": 8.0}},
		"Subject":     {properties["Subject"], map[string]any{"type": "string", "description": "What it is for", "pattern": "^(?:[a-z]+)$"}},
		"first group": {create["openshift_form_definition"].([]any)[0], map[string]any{"type": "fieldset", "title": "Time", "items": []any{"Hidden"}}},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCatalogIsTaggedAndKept(t *testing.T) {
	files := fstest.MapFS{"a.yaml": {Data: []byte("Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {only: {}}}}\nResources: {T: {Type: AWS::SNS::Topic}}")}}
	b := brokerOn(localtest.New(t))
	b.Sources, b.Refresh = []broker.Source{broker.Folder{FS: files}}, 1
	p := platform{t, b}
	tag := p.want(200, p.send("GET", "/v2/catalog", "")).header.Get("ETag")
	if got := p.send("GET", "/v2/catalog", "", "If-None-Match", tag); got.status != 304 || tag == "" {
		t.Errorf("with the tag %q: %d", tag, got.status)
	}
	files["a.yaml"].Data = []byte("Resources: [")
	if got := p.send("GET", "/v2/catalog", "", "If-None-Match", tag); got.status != 304 {
		t.Errorf("after the last service went bad: %d; what was offered is to be kept", got.status)
	}
	b2 := brokerOn(localtest.New(t))
	b2.Sources = b.Sources
	if got := (platform{t, b2}).send("GET", "/v2/catalog", ""); got.status != 500 {
		t.Errorf("a broker without a service: %d", got.status)
	}
}

func TestBadServices(t *testing.T) {
	const resources = "\nResources: {T: {Type: AWS::SNS::Topic}}"
	for _, tt := range []struct{ name, template, says string }{
		{"no name", "Metadata: {AWS::ServiceBroker::Specification: {ServicePlans: {a: {}}}}", "Name"},
		{"no plan", "Metadata: {AWS::ServiceBroker::Specification: {Name: a}}", "ServicePlans"},
		{"a Lambda function", "Metadata: {AWS::ServiceBroker::Specification: {Name: a, BindViaLambda: true, ServicePlans: {a: {}}}}", "BindViaLambda"},
		{"a list of plans", "Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: [a]}}", "ServicePlans"},
		{"a value that is an object", "Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {a: {ParameterValues: {P: {}}}}}}", "ParameterValues.P"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if s, err := broker.ParseService([]byte(tt.template + resources)); s != nil || err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, %v; want an error with %q", s, err, tt.says)
			}
		})
	}
	for _, tt := range []struct{ name, template, says string }{
		{"a bad name", "Metadata: {AWS::ServiceBroker::Specification: {Name: a b, ServicePlans: {a: {}}}}", "letters, digits"},
		{"an unknown parameter", "Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {a: {ParameterValues: {P: 1}}}}}", "parameter P"},
		{"a value out of bounds", "Parameters: {P: {Type: Number, MaxValue: 1}}\nMetadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {a: {ParameterValues: {P: 2}}}}}", "1 or less"},
		{"a key without a right", "Metadata: {AWS::ServiceBroker::Specification: {Name: a, Bindings: {IAM: {AddKeypair: true}}, ServicePlans: {a: {}}}}", "no policy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := brokerOn(localtest.New(t))
			log := logged(b)
			b.Sources = []broker.Source{broker.Folder{FS: fstest.MapFS{"s.yaml": {Data: []byte(tt.template + resources)}}}}
			got := platform{t, b}.send("GET", "/v2/catalog", "")
			if len(got.body["services"].([]any)) != 0 || !strings.Contains(log.String(), tt.says) {
				t.Errorf("offered: %v; logged: %s", got.body, log)
			}
		})
	}
}

// TestBooleansAsTheTemplateSpellsThem has a parameter that is True or False, and a request with a boolean.
func TestBooleansAsTheTemplateSpellsThem(t *testing.T) {
	b := brokerOn(localtest.New(t))
	b.Sources = []broker.Source{broker.Folder{FS: fstest.MapFS{"s.yaml": {Data: []byte(`
Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {only: {}}}}
Parameters: {P: {Type: String, AllowedValues: ["True", "False"]}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref P}}}`)}}}}
	o := platform{t, b}.order("i-1", "a", "only").provisioned(`{"P": true}`)
	if got := o.parameter("P"); got != "True" {
		t.Errorf("P is %v", got)
	}
	o.want(200, o.provision(`{"P": "True"}`))
}

// templated is a platform before a broker whose only service is a template.
func templated(t *testing.T, template string) platform {
	b := brokerOn(localtest.New(t))
	b.Sources = []broker.Source{broker.Folder{FS: fstest.MapFS{"s.yaml": {Data: []byte(template)}}}}
	return platform{t, b}
}

// createSchema is the schema of what the first plan of the only service takes.
func (p platform) createSchema() map[string]any {
	p.Helper()
	service := p.want(200, p.send("GET", "/v2/catalog", "")).body["services"].([]any)[0].(map[string]any)
	schemas := service["plans"].([]any)[0].(map[string]any)["schemas"].(map[string]any)
	return schemas["service_instance"].(map[string]any)["create"].(map[string]any)["parameters"].(map[string]any)
}

// TestFormsAreInTheOrderOfTheInterface has groups and parameters in another order than the section Parameters.
func TestFormsAreInTheOrderOfTheInterface(t *testing.T) {
	schema := templated(t, `
Metadata:
  AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {only: {ParameterValues: {C: x}}}}
  AWS::CloudFormation::Interface:
    ParameterGroups:
      - {Label: {default: First}, Parameters: [D, C, A]}
      - {Label: {default: Second}, Parameters: [B]}
Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}, D: {Type: String}, E: {Type: String}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub "${A}${B}${C}${D}${E}"}}}`).createSchema()
	want := []any{
		map[string]any{"type": "fieldset", "title": "First", "items": []any{"D", "A"}},
		map[string]any{"type": "fieldset", "title": "Second", "items": []any{"B"}},
	}
	if diff := cmp.Diff(want, schema["openshift_form_definition"].([]any)[:2]); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"D", "A", "B", "E"}, schema["required"]); diff != "" {
		t.Errorf("required (-want +got):\n%s", diff)
	}
}

// TestSecretsThatAPlanSetsAreNotInTheCatalog has a plan that sets a NoEcho parameter.
func TestSecretsThatAPlanSetsAreNotInTheCatalog(t *testing.T) {
	p := templated(t, `
Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {only: {ParameterValues: {Password: battery staple, Name: news}}}}}
Parameters: {Password: {Type: String, NoEcho: true}, Name: {Type: String}}
Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Sub "${Name} ${Password}"}}}`)
	if diff := cmp.Diff(map[string]any{"Name": "news"}, p.createSchema()["prescribed"]); diff != "" {
		t.Errorf("prescribed (-want +got):\n%s", diff)
	}
	o := p.order("i-1", "a", "only")
	if got := o.want(400, o.provision(`{"Password": "x"}`)); got.body["description"] != "parameters: Password: is set by the plan, and cannot be changed" {
		t.Errorf("got %v", got.body)
	}
	o.provisioned("")
}

// TestServiceOfRightsAlone has a template without a resource: its bindings are what it gives.
func TestServiceOfRightsAlone(t *testing.T) {
	p := templated(t, `
Metadata:
  AWS::ServiceBroker::Specification:
    Name: maps
    Bindings:
      IAM:
        AddKeypair: true
        Policies:
          - PolicyDocument:
              Version: "2012-10-17"
              Statement: [{Effect: Allow, Action: "geo:GetMapTile", Resource: !Sub "arn:${AWS::Partition}:geo:*:*:map/${Prefix}"}]
    ServicePlans: {only: {}}
Parameters: {Prefix: {Type: String, Default: ""}}
Resources: {}
Outputs: {Prefix: {Value: !Ref Prefix}}`)
	o := p.order("i-1", "maps", "only").provisioned(`{"Prefix": "ours"}`)
	bound := o.want(201, o.send("PUT", o.path()+"/service_bindings/b", o.body(""))).credentials()
	if bound["PREFIX"] != "ours" || bound["MAPS_AWS_SECRET_ACCESS_KEY"] == nil {
		t.Errorf("credentials: %v", bound)
	}
	o.deprovisioned()
}
