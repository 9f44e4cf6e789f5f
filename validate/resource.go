package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

var resourceRules = []Rule{
	{"resource", fails, "a resource is a map"},
	{"resource-attribute", fails, "a resource has only the attributes that CloudFormation knows"},
	{"resource-type-missing", fails, "a resource has a type"},
	{"resource-type", fails, "the type of a resource is the name of one"},
	{"resource-type-misspelled", fails, "the type of a resource is spelled as CloudFormation spells it"},
	{"resource-type-unknown", warns, "the schema knows the type of a resource"},
	{"transform-missing", fails, "a type that a transform makes needs that transform"},
	{"properties", fails, "Properties is a map"},
	{"condition-name", fails, "the condition of a resource or output is a name"},
	{"deletion-policy", fails, "DeletionPolicy is Delete, Retain, RetainExceptOnCreate or Snapshot"},
	{"update-replace-policy", fails, "UpdateReplacePolicy is Delete, Retain or Snapshot"},
	{"snapshot-policy", fails, "a policy Snapshot needs a type of which snapshots can be taken"},
	{"creation-policy", fails, "CreationPolicy has the members that CloudFormation knows"},
	{"creation-policy-type", warns, "CreationPolicy is for types that send signals"},
	{"update-policy", fails, "UpdatePolicy has the members that CloudFormation knows"},
	{"update-policy-type", warns, "UpdatePolicy is for types that are updated in steps"},
	{"duration", fails, "a timeout or pause is an ISO 8601 duration such as PT15M"},
}

var typeName = regexp.MustCompile(`^(Custom::[A-Za-z0-9_@-]{1,60}|[A-Za-z0-9]{2,64}(::[A-Za-z0-9]{2,64}){2,3})$`)

var resourceAttributes = []string{
	"Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy",
	"UpdateReplacePolicy",
}

// resourceSection checks each resource: its attributes, its properties, and what it refers to.
func (c *checker) resourceSection() {
	for _, m := range c.doc.Get("Resources").Members() {
		p := at("Resources", m.Key)
		if strings.HasPrefix(m.Key, "Fn::") {
			w := walker{checker: c, section: "Resources", free: true}
			w.walk(p, m.Value, nil)
			continue
		}
		if m.Value.Kind != tree.Map {
			c.report("resource", p, m.Value, fmt.Sprintf("the resource %s is %s, not a map", m.Key, kindOf(m.Value)), "give it a Type and Properties")
			continue
		}
		c.attributes(p, m.Key, m.Value)
		kind := m.Value.Get("Type").Str()
		if t := c.resourceType(p, m.Value, kind); t != nil {
			c.properties(p, m.Value, t)
		} else if props := m.Value.Get("Properties"); checkedAs(kind) == customTypes && (props == nil || props.Is(tree.Map)) {
			c.services(p, m.Value, kind)
		}
	}
}

// attributes checks what stands beside the properties, and everything for references.
func (c *checker) attributes(p *place, id string, n *tree.Node) {
	w := walker{checker: c, section: "Resources", resource: id}
	var given *facts
	if condition := n.Get("Condition"); condition != nil {
		if !condition.Is(tree.String) {
			c.report("condition-name", p.in("Condition"), condition, "the condition is "+kindOf(condition), "give the name of a condition")
		} else {
			w.condition(p.in("Condition"), condition)
			given = given.with(condition.Text, true)
		}
	}
	for _, a := range n.Map {
		q := p.in(a.Key)
		switch a.Key {
		case "Type", "Condition", "DependsOn":
		case "Properties", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy":
			w.walk(q, a.Value, given)
		case "Metadata":
			free := w
			free.free = true
			free.walk(q, a.Value, given)
		default:
			if strings.HasPrefix(a.Key, "Fn::") || c.macro || c.serverless && (a.Key == "Connectors" || a.Key == "IgnoreGlobals") {
				continue
			}
			c.report("resource-attribute", q, a.Value, fmt.Sprintf("a resource has no attribute %q", a.Key), nearest(a.Key, resourceAttributes, "its properties stand under Properties"))
		}
	}
	if d := n.Get("DependsOn"); d != nil {
		w.dependsOn(p.in("DependsOn"), d, given)
	}
	kind := n.Get("Type").Str()
	c.keepPolicy("deletion-policy", p.in("DeletionPolicy"), n.Get("DeletionPolicy"), kind, "Delete", "Retain", "RetainExceptOnCreate", "Snapshot")
	c.keepPolicy("update-replace-policy", p.in("UpdateReplacePolicy"), n.Get("UpdateReplacePolicy"), kind, "Delete", "Retain", "Snapshot")
	c.creationPolicy(p.in("CreationPolicy"), n.Get("CreationPolicy"), kind)
	c.updatePolicy(p.in("UpdatePolicy"), n.Get("UpdatePolicy"), kind)
}

// resourceType checks a type's name, and returns what is known of the type, if anything.
func (c *checker) resourceType(p *place, n *tree.Node, name string) *schema.Type {
	node := n.Get("Type")
	if props := n.Get("Properties"); props != nil && props.Kind != tree.Map {
		c.report("properties", p.in("Properties"), props, "Properties is "+kindOf(props), "give a map of properties")
		return nil
	}
	switch {
	case node == nil:
		if n.Get("Fn::Transform") == nil && !c.macro {
			c.report("resource-type-missing", p, n, "the resource has no Type", "set it to a name such as AWS::SQS::Queue")
		}
		return nil
	case !typeName.MatchString(name):
		if !c.macro {
			c.report("resource-type", p.in("Type"), node, fmt.Sprintf("%q is no type of a resource", name), nearest(name, sameService(name), "use a name such as AWS::SQS::Queue"))
		}
		return nil
	}
	t, ok := schema.Lookup(name)
	if !ok {
		if !c.macro {
			c.unknownType(p.in("Type"), node, name)
		}
		return nil
	}
	if strings.HasPrefix(name, "AWS::Serverless::") {
		if !c.serverless && !c.macro {
			c.report("transform-missing", p.in("Type"), node, fmt.Sprintf("%s needs the transform AWS::Serverless-2016-10-31", name), "declare it in Transform")
		}
		return nil // its properties are those of the transform, and of Globals
	}
	return t
}

// unknownType tells a slip from a type that is newer than the schema.
func (c *checker) unknownType(p *place, n *tree.Node, name string) {
	if !strings.HasPrefix(name, "AWS::") || name == "AWS::CDK::Metadata" || strings.HasSuffix(name, "::MODULE") {
		return
	}
	candidates := sameService(name)
	for _, t := range candidates {
		if misspelled(name, t) {
			c.report("resource-type-misspelled", p, n, fmt.Sprintf("there is no type %q", name), fmt.Sprintf("did you mean %q?", t))
			return
		}
	}
	c.report("resource-type-unknown", p, n, fmt.Sprintf("the schema has no type %q", name), nearest(name, candidates, "check its name in the manual; it may be newer than the schema"))
}

// sameService returns the types whose names could be meant: those of the service, or all types that
// are called the same.
func sameService(name string) []string {
	service, last := "", name
	if i := strings.LastIndex(name, "::"); i >= 0 {
		service, last = strings.ToLower(name[:i+2]), name[i:]
	}
	var out []string
	for t := range schema.Types() {
		if service != "" && strings.HasPrefix(strings.ToLower(t), service) || strings.HasSuffix(t, last) || strings.EqualFold(t, name) {
			out = append(out, t)
		}
	}
	return out
}

// misspelled reports whether a name is another one by a slip: of case, or of one letter in a longer
// name. A digit that differs makes another name, as for V2.
func misspelled(name, known string) bool {
	if strings.EqualFold(name, known) {
		return true
	}
	limit := 2
	if len(known) > 12 {
		limit = 3
	}
	return len(known) >= 5 && digits(name) == digits(known) && distance(name, known, limit) < limit
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

var snapshotTypes = []string{
	"AWS::DocDB::DBCluster", "AWS::EC2::Volume", "AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup",
	"AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::Redshift::Cluster",
}

func (c *checker) keepPolicy(code string, p *place, n *tree.Node, kind string, allowed ...string) {
	switch {
	case n == nil || n.Is(tree.Map) || c.macro: // a function is evaluated
	case !n.Is(tree.String) || !slices.Contains(allowed, n.Text):
		what := kindOf(n)
		if n.Is(tree.String) {
			what = shown(n.Text)
		}
		c.report(code, p, n, p.key+" is "+what, nearest(n.Str(), allowed, "use "+strings.Join(allowed, ", ")))
	case n.Text == "Snapshot" && strings.HasPrefix(kind, "AWS::") && !slices.Contains(snapshotTypes, kind):
		c.report("snapshot-policy", p, n, fmt.Sprintf("no snapshot can be taken of %s", kind), "use Retain")
	}
}

var signalTypes = []string{
	"AWS::AppStream::Fleet", "AWS::AutoScaling::AutoScalingGroup", "AWS::CloudFormation::WaitCondition", "AWS::EC2::Instance",
}

func (c *checker) creationPolicy(p *place, n *tree.Node, kind string) {
	if n == nil || !n.Is(tree.Map) || len(n.Map) == 1 && strings.HasPrefix(n.Map[0].Key, "Fn::") {
		return
	}
	if strings.HasPrefix(kind, "AWS::") && !slices.Contains(signalTypes, kind) && kind != "AWS::Lambda::Alias" {
		c.report("creation-policy-type", p, n, fmt.Sprintf("%s sends no signals", kind), "leave CreationPolicy out")
		return
	}
	c.members("creation-policy", p, n, "AutoScalingCreationPolicy", "ResourceSignal", "StartFleet")
	c.members("creation-policy", p.in("ResourceSignal"), n.Get("ResourceSignal"), "Count", "Timeout")
	c.members("creation-policy", p.in("AutoScalingCreationPolicy"), n.Get("AutoScalingCreationPolicy"), "MinSuccessfulInstancesPercent")
	c.duration(p.in("ResourceSignal").in("Timeout"), n.At("ResourceSignal", "Timeout"))
}

var stepTypes = map[string][]string{
	"AutoScalingReplacingUpdate":   {"AWS::AutoScaling::AutoScalingGroup"},
	"AutoScalingRollingUpdate":     {"AWS::AutoScaling::AutoScalingGroup"},
	"AutoScalingScheduledAction":   {"AWS::AutoScaling::AutoScalingGroup"},
	"CodeDeployLambdaAliasUpdate":  {"AWS::Lambda::Alias"},
	"EnableVersionUpgrade":         {"AWS::Elasticsearch::Domain", "AWS::OpenSearchService::Domain"},
	"UseOnlineResharding":          {"AWS::ElastiCache::ReplicationGroup"},
	"AutoScalingInstanceRefresh":   {"AWS::AutoScaling::AutoScalingGroup"},
	"AutoScalingLifecycleRollback": {"AWS::AutoScaling::AutoScalingGroup"},
}

func (c *checker) updatePolicy(p *place, n *tree.Node, kind string) {
	if n == nil {
		return
	}
	if n.Kind != tree.Map {
		c.report("update-policy", p, n, "UpdatePolicy is "+kindOf(n), "give a map")
	}
	for _, m := range n.Map {
		types, known := stepTypes[m.Key]
		switch {
		case strings.HasPrefix(m.Key, "Fn::"):
		case !known:
			c.report("update-policy", p.in(m.Key), m.Value, fmt.Sprintf("UpdatePolicy has no member %q", m.Key), nearest(m.Key, sortedNames(stepTypes), "see the manual for its members"))
		case strings.HasPrefix(kind, "AWS::") && !slices.Contains(types, kind):
			c.report("update-policy-type", p.in(m.Key), m.Value, fmt.Sprintf("%s does nothing for %s", m.Key, kind), "leave it out")
		}
	}
	rolling := n.Get("AutoScalingRollingUpdate")
	q := p.in("AutoScalingRollingUpdate")
	c.members("update-policy", q, rolling, "MaxBatchSize", "MinActiveInstancesPercent", "MinInstancesInService", "MinSuccessfulInstancesPercent", "PauseTime", "SuspendProcesses", "WaitOnResourceSignals")
	c.members("update-policy", p.in("AutoScalingReplacingUpdate"), n.Get("AutoScalingReplacingUpdate"), "WillReplace")
	c.members("update-policy", p.in("AutoScalingScheduledAction"), n.Get("AutoScalingScheduledAction"), "IgnoreUnmodifiedGroupSizeProperties")
	c.duration(q.in("PauseTime"), rolling.Get("PauseTime"))
}

// members reports the members of a map that are not known.
func (c *checker) members(code string, p *place, n *tree.Node, known ...string) {
	if _, _, function := n.Function(); function {
		return
	}
	for _, m := range n.Members() {
		if !slices.Contains(known, m.Key) && !strings.HasPrefix(m.Key, "Fn::") {
			c.report(code, p.in(m.Key), m.Value, fmt.Sprintf("%s has no member %q", orElse(p.key, "a tag"), m.Key), nearest(m.Key, known, "its members are "+strings.Join(known, ", ")))
		}
	}
}

var iso8601 = regexp.MustCompile(`^P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$`)

func (c *checker) duration(p *place, n *tree.Node) {
	if n.Is(tree.String) && !iso8601.MatchString(n.Text) {
		c.report("duration", p, n, fmt.Sprintf("%s is no duration", shown(n.Text)), "write it as in PT15M")
	}
}
