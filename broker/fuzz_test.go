package broker

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzDecode holds the decoding of bodies to this: an error comes with no body, is a 400 with a text,
// and what is taken is an object whose fields can be written again.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"service_id":"s","plan_id":"p","organization_guid":"o","space_guid":"s","parameters":{"a":1,"b":"x","c":true,"d":null,"e":[1],"f":{}}}`,
		`{"context":{"platform":"kubernetes","clusterid":5,"namespace":["x"]}}`,
		`{"bind_resource":{"app_guid":"x"},"predecessor_binding_id":"b","maintenance_info":{"version":"1.0.0"}}`,
		`{"service_id":5}`, `[]`, `null`, `{`, `{}{}`, ``, ` {"SERVICE_ID": "s"} `, `{"parameters":{"a":1e400}}`, `{"a":` + strings.Repeat("[", 20000) + `}`,
	} {
		f.Add([]byte(seed))
	}
	plan := &offer{Plan: &Plan{}, service: &offering{Service: &Service{Name: "s"}}}
	low := 0.0
	plan.create.add(&field{name: "a", kind: "integer", min: &low})
	plan.create.add(&field{name: "b", kind: "string", allowed: []string{"x", "y"}})
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := decode(data)
		if err != nil {
			p := problemOf(err)
			if in != nil || p.Status != http.StatusBadRequest || p.Description == "" {
				t.Fatalf("%v with %v", in, p)
			}
			return
		}
		_, _ = in.owner(), in.app()
		values, err := plan.create.read(in.Parameters, nil)
		if err != nil && problemOf(err).Status != http.StatusBadRequest {
			t.Fatalf("parameters: %v", err)
		}
		for name, value := range values {
			if plan.create.fields[name] == nil || plan.create.fields[name].check(value) != "" {
				t.Fatalf("%s=%q was taken", name, value)
			}
		}
		if _, err := json.Marshal(in); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzOperation holds operations to this: what is taken is written as it was.
func FuzzOperation(f *testing.F) {
	for _, seed := range []string{"create:123456789012:us-east-1:60af1b0e", "update:1:us-east-1:x:u1-abc", "delete:", "", ":::::", "create:1:2:3:4:5", "create:a:b:c:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		op, err := parseOperation(text)
		if err != nil {
			if op != (operationID{}) || problemOf(err).Status != http.StatusBadRequest {
				t.Fatalf("%v with %v", op, err)
			}
			return
		}
		again, err := parseOperation(op.String())
		if err != nil || again != op {
			t.Fatalf("%q became %q, then %v, %v", text, op.String(), again, err)
		}
	})
}

// FuzzRoute sends any path and headers: the answer is JSON, and no server error but for what the broker
// lacks.
func FuzzRoute(f *testing.F) {
	for _, seed := range [][3]string{
		{"/v2/catalog", "2.17", ""}, {"/v2/service_instances/a/service_bindings/b/last_operation", "2.13", "x e30="},
		{"/v2/service_instances/%2f/last_operation", "2.", "x"}, {"//", "", " "}, {"/v2/%zz", "99999999999999999999.1", "a b c"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, path, version, identity string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.URL.RawPath = path, ""
		r.Header[headerVersion], r.Header[headerIdentity] = []string{version}, []string{identity}
		w := httptest.NewRecorder()
		(&Broker{}).ServeHTTP(w, r)
		if w.Code >= 500 && !strings.Contains(w.Body.String(), "no place for its stacks") || !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}

// FuzzParseService reads any template: an error comes with no service, and what is a service has a name
// and plans, and can be made into a catalog or refused.
func FuzzParseService(f *testing.F) {
	for _, seed := range []string{
		"Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {only: {ParameterValues: {P: 1}}}}}\nParameters: {P: {Type: Number}}\nResources: {T: {Type: AWS::SNS::Topic}}",
		`{"Metadata": {"AWS::ServiceBroker::Specification": {"Name": "a", "Bindings": {"IAM": {"AddKeypair": true, "Policies": [{"PolicyDocument": {"Statement": [{"Resource": {"Fn::GetAtt": ["T", "Arn"]}}]}}]}}, "ServicePlans": {"a": {}}}}}`,
		"Metadata: {AWS::ServiceBroker::Specification: []}", "Metadata: x", "", "[",
		"Metadata: {AWS::ServiceBroker::Specification: {Name: a, ServicePlans: {a: {}}}}\nParameters: {P: {AllowedPattern: '(', MinValue: x, Default: [1]}}",
	} {
		f.Add([]byte(seed))
	}
	b := &Broker{Home: &Place{Account: "1", Region: "r"}}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := ParseService(data)
		if err != nil {
			if s != nil {
				t.Fatalf("%v with %v", s, err)
			}
			return
		}
		if s.Name == "" || len(s.Plans) == 0 {
			t.Fatalf("%+v", s)
		}
		if c, err := b.newCatalog([]*Service{s}); err != nil || !json.Valid(c.body) {
			t.Fatalf("%v, %v", c, err)
		}
	})
}
