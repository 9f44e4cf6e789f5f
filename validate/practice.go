package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var practiceRules = []Rule{
	{"secret-plain", warns, "a secret does not stand in the template"},
	{"secret-parameter", warns, "a secret comes from a NoEcho parameter or a dynamic reference"},
	{"secret-shown", warns, "a NoEcho parameter is not shown by an output"},
	{"secret-metadata", warns, "a NoEcho parameter is not shown by Metadata"},
	{"stateful-policy", tells, "a resource that keeps data says what becomes of it"},
	{"type-deprecated", warns, "a type is not retired"},
	{"property-deprecated", warns, "a property is not retired"},
	{"partition", tells, "an ARN gets its partition from AWS::Partition"},
	{"region", warns, "a template works in any region"},
	{"zone", warns, "an availability zone is not fixed"},
}

// unused warns of what is declared and not used.
func (c *checker) unused() {
	if c.open || c.macro || c.serverless {
		return
	}
	for _, s := range []struct{ section, code, what string }{
		{"Parameters", "parameter-unused", "parameter"}, {"Conditions", "condition-unused", "condition"}, {"Mappings", "mapping-unused", "mapping"},
	} {
		for _, m := range c.doc.Get(s.section).Members() {
			if !c.used[s.section+"."+m.Key] {
				c.report(s.code, at(s.section, m.Key), m.Value, fmt.Sprintf("the %s %s is not used", s.what, m.Key), "leave it out, or use it")
			}
		}
	}
}

// secrets are the properties that hold secrets.
var secrets = []string{
	"AuthToken", "DBPassword", "MasterPassword", "MasterUserPassword", "OAuthToken", "OracleWalletPassword", "Password", "SecretAccessKey", "SecretString",
}

// practiceResource warns of what may be regretted.
func (c *checker) practiceResource(p *place, n *tree.Node, t *schema.Type) {
	if t.Deprecated != "" {
		c.report("type-deprecated", p.in("Type"), n.Get("Type"), fmt.Sprintf("%s is deprecated", t.Name), t.Deprecated)
	}
	if t.Stateful && n.Get("DeletionPolicy") == nil && slices.Contains(snapshotOrKeep, t.Name) {
		c.report("stateful-policy", p, n, fmt.Sprintf("%s keeps data, which is lost when the stack is deleted", t.Name), "set DeletionPolicy and UpdateReplacePolicy to Retain or Snapshot")
	}
	props := n.Get("Properties")
	for _, m := range props.Members() {
		q := p.in("Properties").in(m.Key)
		if prop := find(t.Properties, m.Key); prop != nil && prop.Deprecated {
			c.report("property-deprecated", q, m.Value, fmt.Sprintf("%s of %s is deprecated", m.Key, t.Name), "see the manual, "+t.ManualURL())
		}
		if m.Key == "AvailabilityZone" {
			c.zone(q, m.Value)
		}
		if m.Key == "AvailabilityZones" {
			each(q, m.Value, c.zone)
		}
	}
	c.secrets(p.in("Properties"), props)
}

// snapshotOrKeep are the types whose loss is a loss of data that nobody else has.
var snapshotOrKeep = []string{
	"AWS::DocDB::DBCluster", "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::EFS::FileSystem", "AWS::FSx::FileSystem",
	"AWS::Neptune::DBCluster", "AWS::OpenSearchService::Domain", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::Redshift::Cluster",
}

// secrets looks for secrets in the properties.
func (c *checker) secrets(p *place, n *tree.Node) {
	for i, item := range n.Items() {
		if item.Kind >= tree.List {
			c.secrets(p.item(i), item)
		}
	}
	for _, m := range n.Members() {
		if slices.Contains(secrets, m.Key) {
			c.secret(p.in(m.Key), m.Value)
		} else if m.Value.Kind >= tree.List {
			c.secrets(p.in(m.Key), m.Value)
		}
	}
}

func (c *checker) secret(p *place, n *tree.Node) {
	name, arg, _ := n.Function()
	parameter := c.parameters[arg.Str()]
	switch {
	case n.Is(tree.String) && n.Text != "" && !strings.Contains(n.Text, "{{resolve:"):
		c.report("secret-plain", p, n, p.key+" is a secret that stands in the template", "use a dynamic reference, {{resolve:secretsmanager:…}}")
	case name == "Ref" && parameter != nil && !strings.EqualFold(parameter.Get("NoEcho").Str(), "true") && !strings.HasPrefix(parameter.Get("Type").Str(), "AWS::"):
		c.report("secret-parameter", p, n, fmt.Sprintf("%s is a secret, and the parameter %s is shown to everybody", p.key, arg.Str()), "set NoEcho on the parameter, or use a dynamic reference")
	}
}

// leak warns of a NoEcho parameter in an output.
func (c *checker) leak(p *place, n *tree.Node) {
	name, arg, ok := n.Function()
	switch {
	case name == "Ref" && c.hidden(arg.Str()):
		c.report("secret-shown", p, n, fmt.Sprintf("the output shows the NoEcho parameter %s", arg.Str()), "leave it out")
	case name == "Fn::Sub":
		text := arg.Str()
		if items := arg.Items(); len(items) > 0 {
			text = items[0].Str()
		}
		for name := range c.parameters {
			if c.hidden(name) && strings.Contains(text, "${"+name+"}") {
				c.report("secret-shown", p, n, fmt.Sprintf("the output shows the NoEcho parameter %s", name), "leave it out")
			}
		}
	case ok:
		c.leak(p.in(name), arg)
	default:
		for i, item := range n.Items() {
			c.leak(p.item(i), item)
		}
	}
}

func (c *checker) hidden(parameter string) bool {
	return strings.EqualFold(c.parameters[parameter].Get("NoEcho").Str(), "true")
}

var regionName = regexp.MustCompile(`^arn:(?:aws[a-z-]*|\$\{AWS::Partition\}):[a-z0-9-]+:((?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov)?-[a-z]+-\d):`)

// practiceText looks at a text wherever it stands.
func (w *walker) practiceText(p *place, n *tree.Node) {
	if w.free || !strings.HasPrefix(n.Text, "arn:") || len(n.Text) > 2048 {
		return
	}
	if strings.HasPrefix(n.Text, "arn:aws:") && w.section == "Resources" {
		w.report("partition", p, n, fmt.Sprintf("%s fixes the partition", shown(n.Text)), "write arn:${AWS::Partition}: in Fn::Sub, so that the template works in every partition")
	}
	if m := regionName.FindStringSubmatch(n.Text); m != nil {
		w.report("region", p, n, fmt.Sprintf("%s fixes the region %s", shown(n.Text), m[1]), "write ${AWS::Region} in Fn::Sub")
	}
}

var zoneName = regexp.MustCompile(`^(us|eu|ap|sa|ca|me|af|il|mx|cn)(-gov)?-[a-z]+-\d[a-z]$`)

func (c *checker) zone(p *place, n *tree.Node) {
	if n.Is(tree.String) && zoneName.MatchString(n.Text) {
		c.report("zone", p, n, fmt.Sprintf("%s fixes the availability zone", shown(n.Text)), `select one with Fn::Select from Fn::GetAZs`)
	}
}
