package validate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/resources/sqs"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

func template(fill func(t *stack.Template)) *stack.Template {
	t := &stack.Template{}
	fill(t)
	return t
}

func queue(name fn.String) *sqs.Queue { return &sqs.Queue{QueueName: name} }

func TestTemplate(t *testing.T) {
	for _, tt := range []struct {
		name string
		fill func(t *stack.Template)
		want string // "" is no finding
	}{
		{"good", func(t *stack.Template) {
			p := t.Parameter("P", stack.Parameter{Default: "x", AllowedValues: []string{"x"}})
			m := t.Mapping("M", stack.Mapping{"a": {"b": "c"}})
			c := t.Condition("C", fn.Equals(p.Ref(), "x"))
			q := stack.Add(t, "Q", queue(p.Ref()+fn.If(c, m.Find("a", "b"), "")))
			stack.Add(t, "R", queue(fn.Sub("${Q.Arn}-${P}-${AWS::Region}-${v}-${!x}", fn.Vars{"v": q.AttrArn()})), stack.Attributes{DependsOn: stack.After(q), Condition: c})
			t.Output("O", stack.Output{Value: q.Ref(), Condition: c})
		}, ""},
		{"nothing", func(t *stack.Template) {}, "Resources: the template has no resources; add one"},
		{"bad logical ID", func(t *stack.Template) { stack.Add(t, "my-queue", queue("")) }, `Resources.my-queue: "my-queue" is no logical name; use letters and digits only`},
		{"long logical ID", func(t *stack.Template) { stack.Add(t, strings.Repeat("a", 256), queue("")) }, "the name has 256 characters"},
		{"never added", func(t *stack.Template) {
			other := &stack.Template{}
			stack.Add(t, "Q", queue(stack.Add(other, "Jobs", queue("")).Ref()))
		}, `Resources.Q.Properties.QueueName.Ref: "Jobs" is no parameter or resource of this template; add it to this template, or export it`},
		{"near miss", func(t *stack.Template) { stack.Add(t, "Queue", queue(fn.Ref("Qeue"))) }, `did you mean "Queue"?`},
		{"pseudo near miss", func(t *stack.Template) { stack.Add(t, "Queue", queue(fn.Ref("AWS::AccountID"))) }, `did you mean "AWS::AccountId"?`},
		{"attribute of nothing", func(t *stack.Template) { stack.Add(t, "Q", queue(fn.GetAtt("X9", "Arn"))) }, `"X9" is no resource of this template`},
		{"no such attribute", func(t *stack.Template) {
			q := stack.Add(t, "A", queue(""))
			stack.Add(t, "Q", queue(q.GetAtt("ARN")))
		}, `AWS::SQS::Queue has no attribute "ARN"; did you mean "Arn"?`},
		{"sub of nothing", func(t *stack.Template) { stack.Add(t, "Q", queue(fn.Sub("${Nope}-${!ok}", nil))) }, `"Nope" is no parameter or resource`},
		{"sub attribute", func(t *stack.Template) {
			stack.Add(t, "A", queue(""))
			stack.Add(t, "Q", queue(fn.Sub("${A.Nope}", nil)))
		}, `AWS::SQS::Queue has no attribute "Nope"`},
		{"depends on nothing", func(t *stack.Template) {
			stack.Add(t, "Q", queue(""), stack.Attributes{DependsOn: []string{"Nope"}})
		}, `Resources.Q.DependsOn: "Nope" is no resource of this template`},
		{"no such condition", func(t *stack.Template) { stack.Add(t, "Q", queue(fn.If("Nope", "a", "b"))) }, `"Nope" is no condition of this template; declare it`},
		{"no such condition on a resource", func(t *stack.Template) { stack.Add(t, "Q", queue(""), stack.Attributes{Condition: "Nope"}) }, `Resources.Q.Condition: "Nope" is no condition`},
		{"no such mapping", func(t *stack.Template) { stack.Add(t, "Q", queue(fn.FindInMap("Nope", "a", "b"))) }, `"Nope" is no mapping`},
		{"no such key", func(t *stack.Template) {
			m := t.Mapping("M", stack.Mapping{"a": {"b": "c"}})
			stack.Add(t, "Q", queue(m.Find("a", "x")))
		}, `the mapping M has no value under "a", "x"`},
		{"condition on a resource in a condition", func(t *stack.Template) {
			q := stack.Add(t, "Q", queue(""))
			t.Condition("C", fn.Equals(q.Ref(), "x"))
		}, `Conditions.C.Fn::Equals[0].Ref: "Q" is no parameter`},
		{"a cycle", func(t *stack.Template) {
			stack.Add(t, "A", queue(fn.Ref("B")))
			stack.Add(t, "B", queue(fn.Sub("${C.Arn}", nil)))
			stack.Add(t, "C", queue(""), stack.Attributes{DependsOn: []string{"A"}})
		}, "the resources depend on each other in a circle: A → B → C → A; make one"},
		{"itself", func(t *stack.Template) { stack.Add(t, "A", queue(fn.Ref("A"))) }, "the resource A depends on itself"},
		{"security groups", func(t *stack.Template) {
			group := func(id, other string) {
				stack.Add(t, id, &ec2.SecurityGroup{GroupDescription: "x", SecurityGroupIngress: []ec2.SecurityGroup_Ingress{{IpProtocol: "tcp", SourceSecurityGroupId: fn.GetAtt(other, "GroupId")}}})
			}
			group("A", "B")
			group("B", "A")
		}, "AWS::EC2::SecurityGroupIngress"},
		{"required", func(t *stack.Template) { stack.Add(t, "G", &ec2.SecurityGroup{}) }, "Resources.G.Properties: the property GroupDescription is missing; AWS::EC2::SecurityGroup requires it"},
		{"required in a nested object", func(t *stack.Template) {
			stack.Add(t, "G", &ec2.SecurityGroup{GroupDescription: "x", SecurityGroupIngress: []ec2.SecurityGroup_Ingress{{}}})
		}, "Resources.G.Properties.SecurityGroupIngress[0]: the property IpProtocol is missing"},
		{"required seen through If", func(t *stack.Template) {
			c := t.Condition("C", fn.Equals(fn.Region, "x"))
			stack.Add(t, "G", &ec2.SecurityGroup{GroupDescription: "x", SecurityGroupIngress: []ec2.SecurityGroup_Ingress{fn.IfOf(c, ec2.SecurityGroup_Ingress{FromPort: fn.Int(1)}, ec2.SecurityGroup_Ingress{})}})
		}, "SecurityGroupIngress[0].Fn::If[1]: the property IpProtocol is missing"},
		{"unknown property", func(t *stack.Template) {
			stack.Add(t, "Q", &sqs.Queue{Extra: fn.Extra{"VisibilityTimout": 5}})
		}, `is not known to have the property "VisibilityTimout" here; did you mean "VisibilityTimeout"?`},
		{"bad type", func(t *stack.Template) { stack.Add(t, "X", &stack.Untyped{Type: "Queue"}) }, `"Queue" is no type of a resource`},
		{"third-party type", func(t *stack.Template) {
			stack.Add(t, "X", &stack.Untyped{Type: "MyOrg::Things::Thing", Properties: map[string]any{"A": 1}})
		}, ""},
		{"parameter type", func(t *stack.Template) {
			stack.Add(t, "Q", queue(""))
			t.Parameter("P", stack.Parameter{Type: "Str"})
		}, `Parameters.P.Type: "Str" is no type of a parameter`},
		{"default", func(t *stack.Template) {
			stack.Add(t, "Q", queue(""))
			t.NumberParameter("P", stack.Parameter{Default: "12", MaxValue: fn.Num(10)})
		}, `Parameters.P.Default: the default "12" is more than MaxValue, 10`},
		{"secret default", func(t *stack.Template) {
			stack.Add(t, "Q", queue(""))
			t.Parameter("P", stack.Parameter{Default: "hunter2", MinLength: fn.Int(12), NoEcho: true})
		}, `the default (not shown) is shorter than MinLength, 12`},
		{"description", func(t *stack.Template) {
			t.Description = strings.Repeat("é", 600)
			stack.Add(t, "Q", queue(""))
		}, "the description has 1200 bytes; at most 1024"},
		{"too many", func(t *stack.Template) {
			for i := range 501 {
				stack.Add(t, fmt.Sprintf("Q%d", i), queue(""))
			}
		}, "the template has 501 Resources; at most 500"},
		{"over 1 MB", func(t *stack.Template) {
			stack.Add(t, "Q", queue(fn.String(strings.Repeat("x", 1<<20))))
		}, "CloudFormation takes at most 1048576; split it"},
		{"torn", func(t *stack.Template) { stack.Add(t, "Q", queue(fn.Region[2:])) }, "Resources.Q.Properties.QueueName: a torn expression"},
	} {
		ds := validate.Template(template(tt.fill))
		var all []string
		for _, d := range ds {
			all = append(all, d.String())
		}
		got := strings.Join(all, "\n")
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestStackChecksTheGivenParameters(t *testing.T) {
	tpl := template(func(t *stack.Template) {
		stack.Add(t, "Q", queue(""))
		t.Parameter("Name", stack.Parameter{AllowedPattern: "[a-z]+", ConstraintDescription: "lower-case letters"})
		t.ListParameter("Ports", stack.Parameter{Type: "List<Number>"})
	})
	ds := validate.Stack(&stack.Stack{Name: "s", Template: tpl, Parameters: map[string]string{"Nam": "x", "Name": "A1", "Ports": "80,x"}})
	for _, want := range []string{
		`stack s: Parameters.Nam: a value is given for the parameter "Nam", which the template does not have; did you mean "Name"?`,
		`stack s: Parameters.Name: the value "A1" does not match AllowedPattern, [a-z]+; lower-case letters`,
		`stack s: Parameters.Ports: the value "80,x" is no number`,
	} {
		if !strings.Contains(ds.Error(), want) {
			t.Errorf("missing %q in\n%v", want, ds)
		}
	}
	if ds := validate.Stack(nil); ds.Err() == nil {
		t.Error("nil is no stack")
	}
}

func TestStacksChecksWhatIsBetweenThem(t *testing.T) {
	exporter := func() *stack.Template {
		return template(func(t *stack.Template) {
			q := stack.Add(t, "Q", queue(""))
			t.Export("O", "one", stack.Output{Value: q.Ref()})
		})
	}
	ds := validate.Stacks([]*stack.Stack{{Name: "a", Template: exporter()}, {Name: "b", Template: exporter()}}, nil)
	if want := `stack b: Outputs.O.Export.Name: the export "one" is also exported by stack a`; !strings.Contains(ds.Error(), want) {
		t.Errorf("got %v, want %q", ds, want)
	}
	if ds := validate.Stacks([]*stack.Stack{{Name: "a", Template: exporter()}}, nil); ds.Err() != nil {
		t.Errorf("got %v", ds)
	}
}

// An attribute that does not exist was told twice: as unknown, and as not the one that is wanted.
func TestAnAttributeThatIsNotThereIsToldOnce(t *testing.T) {
	ds := validate.Document([]byte(`{"Resources": {
		"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
		"L": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "x"}, "Runtime": "python3.13", "Handler": "a.b", "Role": {"Fn::GetAtt": ["R", "Arm"]}}}}}`), nil)
	var codes []string
	for _, d := range ds {
		if strings.Contains(d.Path, ".Role") {
			codes = append(codes, d.Code)
		}
	}
	if want := []string{"getatt-attribute"}; !slices.Equal(codes, want) {
		t.Errorf("got %v, want %v", codes, want)
	}
}
