package goimport_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// Templates made by chance, of every kind of value and function in every position, come back from
// their programs. UPDRAFT_SEED makes others.
func TestRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles many packages")
	}
	seed, err := strconv.ParseUint(os.Getenv("UPDRAFT_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	docs, sources := map[string]*tree.Node{}, map[string][]byte{}
	for i, types := range [][]string{
		{"AWS::EC2::Instance", "AWS::EC2::SecurityGroup", "AWS::EC2::LaunchTemplate", "AWS::EC2::VPC", "AWS::EC2::Subnet"},
		{"AWS::IAM::Role", "AWS::IAM::ManagedPolicy", "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::SNS::Topic"},
		{"AWS::ECS::Service", "AWS::ECS::TaskDefinition", "AWS::ECS::Cluster", "AWS::AutoScaling::AutoScalingGroup"},
		{"AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::CloudWatch::Alarm", "AWS::ElasticLoadBalancingV2::Listener"},
		{"AWS::Serverless::Function", "AWS::CodePipeline::Pipeline", "AWS::CodeBuild::Project", "AWS::ECR::Repository"},
	} {
		name := fmt.Sprintf("random%d", i)
		m := &maker{r: rand.New(rand.NewPCG(seed, uint64(i)))}
		docs[name] = m.template(types)
		sources[name] = program(t, name, docs[name])
		if os.Getenv("UPDRAFT_SHOW") != "" {
			t.Logf("%s", sources[name])
		}
	}
	compare(t, docs, runAll(t, sources))
}

// maker makes values by chance.
type maker struct {
	r  *rand.Rand
	id int
}

func (m *maker) one(values ...string) *tree.Node {
	return tree.FromJSON(values[m.r.IntN(len(values))])
}

func (m *maker) template(types []string) *tree.Node {
	resources := tree.Object()
	for range 3 {
		for _, name := range types {
			m.id++
			resources.Map = append(resources.Map, tree.Field(fmt.Sprintf("R%d", m.id), m.resource(name)))
		}
	}
	doc := tree.FromJSON(`{"Parameters":{"P":{"Type":"String"},"N":{"Type":"Number"},"L":{"Type":"CommaDelimitedList"}},
		"Mappings":{"M":{"a":{"b":"c"}}},"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"x"]}}}`)
	return tree.Object(append(doc.Map, tree.Field("Resources", resources),
		tree.Field("Outputs", tree.Object(tree.Field("O", tree.Object(tree.Field("Value", m.text(3)))))))...)
}

func (m *maker) resource(name string) *tree.Node {
	t, ok := schema.Lookup(name)
	if !ok {
		return tree.Object(tree.Field("Type", tree.Text("Custom::None")))
	}
	return tree.Object(tree.Field("Type", tree.Text(name)), tree.Field("Properties", m.object(t, t.Properties, 5)))
}

func (m *maker) object(t *schema.Type, properties []schema.Property, depth int) *tree.Node {
	o := tree.Object()
	for _, p := range properties {
		if m.r.IntN(3) > 0 {
			continue
		}
		v := m.value(t, p.Type, depth)
		if len(p.Enum) > 0 && v.Is(tree.String) && m.r.IntN(2) == 0 {
			v = tree.Text(p.Enum[m.r.IntN(len(p.Enum))])
		}
		o.Map = append(o.Map, tree.Field(p.Name, v))
	}
	if m.r.IntN(15) == 0 {
		o.Map = append(o.Map, tree.Field("Unheard", m.free(2)))
	}
	return o
}

// value is one of the type t, most often.
func (m *maker) value(t *schema.Type, ref schema.TypeRef, depth int) *tree.Node {
	if depth <= 0 {
		return m.text(0)
	}
	switch m.r.IntN(24) {
	case 0:
		return m.free(2)
	case 1, 2, 3:
		return m.function(depth-1, func() *tree.Node { return m.value(t, ref, depth-2) })
	}
	switch ref.Kind {
	case schema.String, schema.Timestamp:
		return m.text(depth)
	case schema.Integer:
		return m.one("0", "1", "-7", `"22"`, "1.0", "3000000000", `""`, `"007"`, `"x"`)
	case schema.Number:
		return m.one("0", "1.5", "2.50", "1e3", `"22"`, "-0.1", `"NaN"`, "-0")
	case schema.Boolean:
		return m.one("true", "false", `"true"`, `"false"`, `"True"`, "1")
	case schema.Tag:
		return tree.Object(tree.Field("Key", m.text(1)), tree.Field("Value", m.text(depth)))
	case schema.Object:
		d, ok := t.Definition(ref.Ref)
		if !ok {
			return m.free(2)
		}
		return m.object(t, d.Properties, depth-1)
	case schema.List:
		l := tree.ListOf()
		l.List = []*tree.Node{}
		for range m.r.IntN(3) {
			l.List = append(l.List, m.value(t, *ref.Elem, depth-1))
		}
		return l
	case schema.Map:
		o := tree.Object()
		for i := range m.r.IntN(3) {
			o.Map = append(o.Map, tree.Field(fmt.Sprintf("key %d", i), m.value(t, *ref.Elem, depth-1)))
		}
		return o
	}
	return m.free(depth)
}

func (m *maker) text(depth int) *tree.Node {
	if depth > 0 && m.r.IntN(4) == 0 {
		return m.function(depth-1, func() *tree.Node { return m.text(depth - 1) })
	}
	return m.one(`"a"`, `"b c"`, `""`, `"5"`, `"true"`, "\"`quoted` \\\"text\\\" \\\\\"", `"many\nlines\nof text, which is rather long to be seen\n"`, `"é\u2028\u0007"`, "7", "true",
		`"one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"`, `"{{resolve:ssm:x:1}}"`, `"AWS::Region"`)
}

// function is one around a value that arm makes.
func (m *maker) function(depth int, arm func() *tree.Node) *tree.Node {
	wrap := func(name string, args ...*tree.Node) *tree.Node {
		return tree.Object(tree.Field("Fn::"+name, tree.ListOf(args...)))
	}
	resource := fmt.Sprintf(`"R%d"`, 1+m.r.IntN(15))
	switch m.r.IntN(16) {
	case 0, 1:
		return tree.Object(tree.Field("Ref", m.one(`"P"`, `"N"`, `"L"`, `"AWS::Region"`, `"AWS::NoValue"`, `"AWS::NotificationARNs"`, `"AWS::New"`, `"Nobody"`, resource)))
	case 2:
		return wrap("GetAtt", m.one(resource, `"Nobody"`), m.one(`"Arn"`, `"Name"`, `"Id"`, `"CidrBlockAssociations"`, `"Endpoint.Port"`, `"PolicyId"`))
	case 3, 4:
		return wrap("If", m.one(`"C"`, `"C"`, `"Undeclared"`), arm(), arm())
	case 5:
		return wrap("If", tree.Text("C"), arm(), tree.FromJSON(`{"Ref":"AWS::NoValue"}`))
	case 6:
		return wrap("Join", m.one(`""`, `","`), tree.ListOf(m.text(depth), m.text(depth), m.text(depth)))
	case 7:
		return wrap("Join", m.one(`""`, `","`), m.one(`{"Ref":"L"}`, `{"Fn::Split":[",","a,b"]}`, `{"Fn::GetAZs":""}`))
	case 8:
		return wrap("Select", m.one("0", `"1"`, `{"Ref":"N"}`, "-1", `"x"`), m.one(`{"Ref":"L"}`, `["a","b"]`, `{"Fn::GetAZs":{"Ref":"AWS::Region"}}`, `[{"Ref":"P"},""]`, `{"Fn::Cidr":["10.0.0.0/8",{"Ref":"N"},8]}`))
	case 9:
		return tree.Object(tree.Field("Fn::Sub", m.one(`"${P}-x"`, `["${A}",{"A":{"Ref":"P"}}]`, `["${A}",{"A":""}]`, `["x"]`, `["x",{}]`)))
	case 10:
		return wrap("FindInMap", tree.Text("M"), m.text(depth), m.text(0))
	case 11:
		return tree.Object(tree.Field("Fn::"+[]string{"Base64", "ImportValue", "GetAZs", "Unheard"}[m.r.IntN(4)], m.text(depth)))
	case 12:
		return m.one(`{"Fn::Split":[",",{"Ref":"P"}]}`, `{"Fn::Transform":{"Name":"X","Parameters":{"a":1}}}`, `{"Fn::Transform":{"Name":"X"}}`, `{"Fn::Length":{"Ref":"L"}}`,
			`{"Fn::ToJsonString":{"a":[1,{"Ref":"P"}]}}`, `{"Fn::FindInMap":["M","a","b",{"DefaultValue":"5"}]}`, `{"Fn::GetStackOutput":{"StackName":"s","OutputName":"o"}}`)
	}
	return arm()
}

func (m *maker) free(depth int) *tree.Node {
	if depth > 0 {
		switch m.r.IntN(6) {
		case 0:
			return tree.ListOf(m.free(depth-1), m.free(depth-1))
		case 1:
			return tree.Object(tree.Field("a", m.free(depth-1)), tree.Field("Condition", m.free(depth-1)))
		case 2:
			return m.policy()
		case 3:
			return m.function(depth-1, func() *tree.Node { return m.free(depth - 1) })
		}
	}
	return m.one("null", "1", "2.50", "1e400", "99999999999999999999", `""`, `"x"`, "true", "{}", "[]", `{"Condition":"C"}`, `{"Ref":5}`, `"12"`)
}

func (m *maker) policy() *tree.Node {
	s := tree.Object(tree.Field("Effect", m.one(`"Allow"`, `"Deny"`, `{"Ref":"P"}`)))
	values := func() *tree.Node {
		return m.one(`"*"`, `["*"]`, `["a","b"]`, `[]`, `{"Ref":"L"}`, `{"Fn::Split":[",","a"]}`, `{"Fn::Sub":"${P}"}`, `[{"Ref":"P"},{"Ref":"AWS::NoValue"}]`, `5`,
			`{"Fn::If":["C",["a"],"b"]}`, `{"Fn::If":["C",["a"],["b"]]}`, `""`)
	}
	add := func(names ...string) {
		if m.r.IntN(2) == 0 {
			s.Map = append(s.Map, tree.Field(names[m.r.IntN(len(names))], values()))
		}
	}
	s.Map = append(s.Map, tree.Field("Action", values()))
	add("Resource", "NotResource")
	add("Sid")
	if m.r.IntN(2) == 0 {
		s.Map = append(s.Map, tree.Field("Principal", tree.Object(tree.Field([]string{"AWS", "Service", "Other"}[m.r.IntN(3)], values()))))
	}
	if m.r.IntN(2) == 0 {
		s.Map = append(s.Map, tree.Field("Condition", tree.Object(tree.Field("StringEquals", tree.Object(tree.Field("k", values()))))))
	}
	return tree.Object(tree.Field("Version", m.one(`"2012-10-17"`, `""`, `"2008-10-17"`)), tree.Field("Statement", tree.ListOf(s)))
}
