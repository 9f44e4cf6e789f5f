package validate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// has reports whether a finding of that code is among them.
func has(ds stack.Diagnostics, code string) bool {
	for _, d := range ds {
		if d.Code == code {
			return true
		}
	}
	return false
}

// many is a section with so many members.
func many(section string, n int, member string) string {
	var b strings.Builder
	b.WriteString(section + ":\n")
	for i := range n {
		fmt.Fprintf(&b, "  N%d: %s\n", i, member)
	}
	return b.String()
}

const oneTopic = "\nResources: {Q: {Type: AWS::SNS::Topic}}\n"

func TestLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, tt := range []struct{ code, bad, good string }{
		{"syntax", "a: [", oneTopic},
		{"template", "[a]", oneTopic},
		{"template-size", "Metadata: {a: " + long(1<<20) + "}" + oneTopic, oneTopic},
		{"template-inline-size", "Metadata: {a: " + long(51_200) + "}" + oneTopic, oneTopic},
		{"too-many-resources", many("Resources", 501, "{Type: AWS::SNS::Topic}"), many("Resources", 500, "{Type: AWS::SNS::Topic}")},
		{"too-many-parameters", many("Parameters", 201, "{Type: String}") + oneTopic, many("Parameters", 200, "{Type: String}") + oneTopic},
		{"too-many-mappings", many("Mappings", 201, "{a: {b: c}}") + oneTopic, many("Mappings", 200, "{a: {b: c}}") + oneTopic},
		{"too-many-outputs", many("Outputs", 201, "{Value: x}") + oneTopic, many("Outputs", 200, "{Value: x}") + oneTopic},
		{"mapping-size", "Mappings:\n" + strings.ReplaceAll(many("  M", 201, "{a: b}"), "  N", "    N") + oneTopic, oneTopic},
		{"name-length", "Outputs: {" + long(256) + ": {Value: x}}" + oneTopic, "Outputs: {" + long(255) + ": {Value: x}}" + oneTopic},
		{"description-size", "Description: " + long(1025) + oneTopic, "Description: " + long(1024) + oneTopic},
		{"parameter-description-size", "Parameters: {P: {Type: String, Description: " + long(4001) + "}}" + oneTopic, "Parameters: {P: {Type: String, Description: " + long(4000) + "}}" + oneTopic},
		{"parameter-size", "Parameters: {P: {Type: String, Default: " + long(4097) + "}}" + oneTopic, "Parameters: {P: {Type: String, Default: " + long(4096) + "}}" + oneTopic},
		{"output-description-size", "Outputs: {O: {Value: x, Description: " + long(1025) + "}}" + oneTopic, "Outputs: {O: {Value: x, Description: " + long(1024) + "}}" + oneTopic},
		{"policy-size", "Resources: {A: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: 'arn:" + long(13000) + "'}]}}}}", oneTopic},
		{"lambda-code-size", "Resources: {A: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: " + long(5<<20) + "}}}}", "Resources: {A: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}}}}"},
		{"lambda-variable-size", "Resources: {A: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {a: " + long(4096) + "}}}}}", oneTopic},
		{"ssm-parameter-size", "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: " + long(4097) + "}}}", "Resources: {A: {Type: AWS::SSM::Parameter, Properties: {Tier: Advanced, Type: String, Value: " + long(4097) + "}}}"},
		{"tag-count", "Resources: {Q: {Type: AWS::SNS::Topic, Properties: {Tags: [" + strings.Repeat("{Key: a, Value: b},", 51) + "]}}}", oneTopic},
		{"tag-length", "Resources: {Q: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: " + long(129) + ", Value: b}]}}}", "Resources: {Q: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: " + long(128) + ", Value: b}]}}}"},
	} {
		if !has(validate.Document([]byte(tt.bad), nil), tt.code) {
			t.Errorf("%s is silent in a bad template", tt.code)
		}
		if ds := validate.Document([]byte(tt.good), nil); has(ds, tt.code) {
			t.Errorf("%s fires in a good template: %v", tt.code, ds)
		}
	}
}

func TestDocumentSaysPlaces(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want string
	}{
		{"Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      DelaySeconds: soon\n", "5:21 property-integer Resources.Q.Properties.DelaySeconds"},
		{"{\"Resources\": {\"Q\": {\n \"Type\": \"AWS::SQS::Queue\", \"Properties\": {\"DelaySeconds\": \"soon\"}}}}", "2:60 property-integer Resources.Q.Properties.DelaySeconds"},
		{"{\"Resources\": {,", "1:16 syntax "},
		{"Resources:\n\t- x", "2:1 syntax "},
	} {
		ds := validate.Document([]byte(tt.in), nil)
		if len(ds) != 1 {
			t.Errorf("%q: %d findings: %v", tt.in, len(ds), ds)
			continue
		}
		if got := fmt.Sprintf("%d:%d %s %s", ds[0].Line, ds[0].Column, ds[0].Code, ds[0].Path); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestConditionsAreThoughtThrough(t *testing.T) {
	const head = "Parameters: {Env: {Type: String, AllowedValues: [prod, dev]}, Other: {Type: String}}\n" +
		"Conditions: {Prod: !Equals [!Ref Env, prod], Dev: !Equals [!Ref Env, dev], Not: !Not [!Condition Prod], Set: !Equals [!Ref Other, x], Both: !And [!Condition Prod, !Condition Set]}\n"
	group := func(description, condition string) string {
		return head + "Resources: {G: {Type: AWS::EC2::SecurityGroup, " + condition + " Properties: {GroupDescription: " + description + "}}}"
	}
	for _, tt := range []struct {
		name, in string
		missing  bool
	}{
		{"an arm leaves it out", group("!If [Prod, x, !Ref AWS::NoValue]", ""), true},
		{"the resource is there in the other case only", group("!If [Prod, x, !Ref AWS::NoValue]", "Condition: Prod,"), false},
		{"not Dev is Prod, by the allowed values", group("!If [Dev, !Ref AWS::NoValue, x]", "Condition: Prod,"), false},
		{"a condition by another name", group("!If [Not, !Ref AWS::NoValue, x]", "Condition: Prod,"), false},
		{"Both implies Prod", group("!If [Prod, x, !Ref AWS::NoValue]", "Condition: Both,"), false},
		{"Prod does not imply Both", group("!If [Both, x, !Ref AWS::NoValue]", "Condition: Prod,"), true},
		{"nested", group("!If [Prod, x, !If [Dev, y, !Ref AWS::NoValue]]", ""), false},
		{"nested and open", group("!If [Prod, x, !If [Set, y, !Ref AWS::NoValue]]", ""), true},
	} {
		if got := has(validate.Document([]byte(tt.in), nil), "required"); got != tt.missing {
			t.Errorf("%s: missing is %v", tt.name, got)
		}
	}
}

func TestSuppression(t *testing.T) {
	const bad = "Resources: {Q: {Type: AWS::SQS::Queue, %s Properties: {DelaySeconds: soon, Qeue: x}}}%s"
	codes := func(ds stack.Diagnostics) string {
		var out []string
		for _, d := range ds {
			out = append(out, d.Code+" "+d.Path)
		}
		return strings.Join(out, "\n")
	}
	for _, tt := range []struct {
		name, resource, rest string
		ignore               []string
		want                 string
	}{
		{"none", "", "", nil, "property-integer Resources.Q.Properties.DelaySeconds\nproperty-unknown Resources.Q.Properties.Qeue"},
		{"options", "", "", []string{"property-integer", "ref", "nonsense"}, "property-unknown Resources.Q.Properties.Qeue\nsuppression-unknown \nsuppression-unused "},
		{"resource", "Metadata: {Updraft: {Ignore: [property-unknown, ref]}},", "", nil, "suppression-unused Resources.Q.Metadata.Updraft.Ignore[1]\nproperty-integer Resources.Q.Properties.DelaySeconds"},
		{"template", "", "\nMetadata: {Updraft: {Ignore: [property-unknown, property-integer]}}", nil, ""},
	} {
		ds := validate.Document(fmt.Appendf(nil, bad, tt.resource, tt.rest), &validate.Options{Ignore: tt.ignore})
		if diff := cmp.Diff(tt.want, codes(ds)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	ds := validate.Document([]byte(`Parameters: {P: {Type: String, NoEcho: true, Default: hunter2, MinLength: 20, AllowedValues: [hunter3]}}
Resources: {D: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora, MasterUserPassword: hunter2}}}`), nil)
	for _, d := range ds {
		if strings.Contains(d.String(), "hunter") {
			t.Errorf("shown: %v", d)
		}
	}
	if !has(ds, "parameter-default") || !has(ds, "secret-plain") {
		t.Errorf("got %v", ds)
	}
}

// hostile are documents that could take long, or deep.
func hostile() map[string]string {
	ring := many("Resources", 500, "{Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref X}}")
	for i := range 500 {
		ring = strings.Replace(ring, "!Ref X", fmt.Sprintf("!Ref N%d", (i+1)%500), 1)
	}
	var clique strings.Builder
	clique.WriteString("Resources:\n")
	for i := range 200 {
		fmt.Fprintf(&clique, "  N%d: {Type: AWS::SNS::Topic, DependsOn: [N0", i)
		for j := range 199 {
			fmt.Fprintf(&clique, ", N%d", j+1)
		}
		clique.WriteString("]}\n")
	}
	conditions := "Conditions:\n  C0: !Equals [!Ref AWS::Region, x]\n"
	for i := range 300 {
		conditions += fmt.Sprintf("  C%d: !And [!Condition C%d, !Condition C%d]\n", i+1, i, i)
	}
	return map[string]string{
		"ring": ring, "clique": clique.String(), "conditions": conditions + oneTopic,
		"deep":   strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
		"deeper": "Resources: " + strings.Repeat("[", 10_000),
		"long":   `{"Resources": {"Q": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "` + strings.Repeat("${", 1<<19) + `"}}}}`,
		"sub":    `{"Resources": {"Q": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Sub": "` + strings.Repeat("${Q", 1<<18) + `"}}}}}`,
		"braces": `{"Resources": {"Q": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "` + strings.Repeat("{{resolve:", 100_000) + `"}}}}`,
		"names":  "Outputs: {O: {Value: !Ref " + strings.Repeat("y", 1<<20) + "}}" + many("\nResources", 500, "{Type: AWS::SNS::Topic}"),
		"typos":  many("Resources", 500, "{Type: AWS::EC2::"+strings.Repeat("V", 50)+", Properties: {A: !Ref Nowhere}}"),
	}
}

func TestHostileDocuments(t *testing.T) {
	for name, in := range hostile() {
		start := time.Now()
		ds := validate.Document([]byte(in), nil)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if len(ds) == 0 {
			t.Errorf("%s: no finding", name)
		}
		total := 0
		for _, d := range ds {
			total += len(d.Summary)
		}
		if total > 2<<20 {
			t.Errorf("%s: %d bytes of findings", name, total)
		}
	}
}

func FuzzDocument(f *testing.F) {
	for _, r := range rows() {
		f.Add([]byte(r.template(r.bad)))
		f.Add([]byte(r.template(r.good)))
	}
	for _, s := range []string{"", "{}", "a", "Resources: {Q: }", "Resources: {Q: {Type: [a], DependsOn: {}}}", "Outputs: {O: {Value: {Fn::If: [a]}}}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, d := range validate.Document(data, nil) {
			if d.Summary == "" || d.Code == "" || d.Cure == "" && d.Code != "syntax" {
				t.Fatalf("%q gives an empty finding: %+v", data, d)
			}
		}
	})
}

func FuzzProperties(f *testing.F) {
	for _, r := range rows() {
		if r.kind != "" {
			f.Add(r.kind, r.bad)
		}
	}
	f.Fuzz(func(t *testing.T, kind, properties string) {
		n := tree.Object(tree.Field("Resources", tree.Object(tree.Field("A", tree.Object(
			tree.Field("Type", tree.Text("AWS::"+kind)), tree.Field("Properties", tree.Text(properties)))))))
		validate.Document([]byte(n.JSON()), nil)
		validate.Document([]byte(row{kind: kind}.template(properties)), nil)
	})
}
