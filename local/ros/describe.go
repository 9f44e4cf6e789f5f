package ros

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// stamp writes a time as ROS does.
func stamp(t time.Time) *tree.Node { return tree.Text(t.UTC().Format("2006-01-02T15:04:05")) }

// asked returns the stack that a request names. The lock is held.
func (c *Cloud) asked(q *request) (*stack, error) {
	id := q.get("StackId")
	if id == "" {
		return nil, missing("StackId")
	}
	s := c.find(q.get("RegionId"), id)
	if s == nil {
		return nil, notFound(id)
	}
	return s, nil
}

func (c *Cloud) getStack(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	out := s.summary()
	out.Map = append(out.Map,
		tree.Field("Description", described(s.template.doc)),
		tree.Field("Parameters", s.shownParameters(c)),
		tree.Field("NotificationURLs", tree.ListOf()),
	)
	if q.get("OutputOption") != "Disabled" {
		out.Map = append(out.Map, tree.Field("Outputs", s.shownOutputs()))
	}
	return out, nil
}

// described is a template's description, which may be in several languages.
func described(doc *tree.Node) *tree.Node {
	if d := doc.Get("Description"); d != nil {
		return d
	}
	return tree.Text("No description")
}

// summary is what listings tell of a stack too.
func (s *stack) summary() *tree.Node {
	out := tree.Object(
		tree.Field("StackId", tree.Text(s.id)),
		tree.Field("StackName", tree.Text(s.name)),
		tree.Field("StackType", tree.Text("ROS")),
		tree.Field("RegionId", tree.Text(s.region)),
		tree.Field("Status", tree.Text(s.status)),
		tree.Field("StatusReason", tree.Text(s.reason)),
		tree.Field("CreateTime", stamp(s.created)),
		tree.Field("DisableRollback", tree.Boolean(!s.rollback)),
		tree.Field("TimeoutInMinutes", tree.Int(s.timeout)),
	)
	if !s.updated.IsZero() {
		out.Map = append(out.Map, tree.Field("UpdateTime", stamp(s.updated)))
	}
	tags := tree.ListOf()
	for _, tag := range s.tags {
		tags.List = append(tags.List, tree.Object(tree.Field("Key", tree.Text(tag[0])), tree.Field("Value", tree.Text(tag[1]))))
	}
	if len(tags.List) > 0 {
		out.Map = append(out.Map, tree.Field("Tags", tags))
	}
	return out
}

// shownParameters are the values that were given, and the pseudo parameters.
func (s *stack) shownParameters(c *Cloud) *tree.Node {
	out := tree.ListOf()
	say := func(key, value string) {
		out.List = append(out.List, tree.Object(tree.Field("ParameterKey", tree.Text(key)), tree.Field("ParameterValue", tree.Text(value))))
	}
	say("ALIYUN::AccountId", c.account())
	say("ALIYUN::NoValue", "None")
	say("ALIYUN::Region", s.region)
	say("ALIYUN::StackId", s.id)
	say("ALIYUN::StackName", s.name)
	say("ALIYUN::TenantId", c.account())
	for _, m := range s.template.parameters {
		say(m.Key, shown(m.Value, s.texts[m.Key]))
	}
	return out
}

func (s *stack) shownOutputs() *tree.Node {
	out := tree.ListOf()
	for _, m := range s.outputs {
		declared := s.template.doc.At("Outputs", m.Key)
		item := tree.Object(tree.Field("OutputKey", tree.Text(m.Key)), tree.Field("OutputValue", m.Value), tree.Field("Description", described(declared)))
		out.List = append(out.List, item)
	}
	return out
}

// paged cuts a page out of a list, and says which.
func paged(q *request, name string, list []*tree.Node) *tree.Node {
	number, size := q.page()
	from := min(min(number-1, len(list))*size, len(list))
	return tree.Object(
		tree.Field("TotalCount", tree.Int(len(list))),
		tree.Field("PageNumber", tree.Int(number)),
		tree.Field("PageSize", tree.Int(size)),
		tree.Field(name, tree.ListOf(list[from:min(from+size, len(list))]...)),
	)
}

func (c *Cloud) listStacks(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	statuses, wanted := q.list("Status"), q.list("StackName")
	var list []*tree.Node
	for _, s := range slices.Backward(c.stacks) { // the newest first
		switch {
		case s.region != q.get("RegionId"):
		case len(statuses) == 0 && s.status == "DELETE_COMPLETE":
		case len(statuses) > 0 && !slices.Contains(statuses, s.status):
		case len(wanted) > 0 && !slices.Contains(wanted, s.name):
		case q.get("StackId") != "" && q.get("StackId") != s.id:
		default:
			list = append(list, s.summary())
		}
	}
	return paged(q, "Stacks", list), nil
}

func (c *Cloud) listStackEvents(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	statuses, logical := q.list("Status"), q.list("LogicalResourceId")
	var list []*tree.Node
	for _, e := range slices.Backward(s.events) {
		if len(statuses) > 0 && !slices.Contains(statuses, e.status) || len(logical) > 0 && !slices.Contains(logical, e.logical) {
			continue
		}
		list = append(list, tree.Object(
			tree.Field("EventId", tree.Text(e.id)),
			tree.Field("StackId", tree.Text(s.id)),
			tree.Field("StackName", tree.Text(s.name)),
			tree.Field("LogicalResourceId", tree.Text(e.logical)),
			tree.Field("PhysicalResourceId", tree.Text(e.physical)),
			tree.Field("ResourceType", tree.Text(e.typ)),
			tree.Field("Status", tree.Text(e.status)),
			tree.Field("StatusReason", tree.Text(e.reason)),
			tree.Field("CreateTime", stamp(e.at)),
		))
	}
	return paged(q, "Events", list), nil
}

func (s *stack) describe(r *resource) *tree.Node {
	return tree.Object(
		tree.Field("StackId", tree.Text(s.id)),
		tree.Field("StackName", tree.Text(s.name)),
		tree.Field("LogicalResourceId", tree.Text(r.id)),
		tree.Field("PhysicalResourceId", tree.Text(r.physical)),
		tree.Field("ResourceType", tree.Text(r.typ)),
		tree.Field("Status", tree.Text(r.status)),
		tree.Field("StatusReason", tree.Text(r.reason)),
		tree.Field("CreateTime", stamp(r.created)),
		tree.Field("UpdateTime", stamp(r.updated)),
	)
}

func (c *Cloud) listStackResources(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	list := tree.ListOf()
	for _, r := range s.resources {
		list.List = append(list.List, s.describe(r))
	}
	return tree.Object(tree.Field("Resources", list)), nil
}

func (c *Cloud) getStackResource(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	id := q.get("LogicalResourceId")
	if id == "" {
		return nil, missing("LogicalResourceId")
	}
	r := s.get(id)
	if r == nil {
		return nil, refuse(http.StatusNotFound, "ResourceNotFound", "The Resource (%s) could not be found in Stack %s.", id, s.id)
	}
	return s.describe(r), nil
}

func (c *Cloud) getTemplate(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	return tree.Object(tree.Field("TemplateBody", tree.Text(s.body))), nil
}

// validateTemplate tells what a template wants.
func (c *Cloud) validateTemplate(q *request) (*tree.Node, error) {
	t, err := parseTemplate(q)
	if err != nil {
		return nil, err
	}
	outputs, kinds := tree.ListOf(), tree.ListOf()
	for _, m := range t.outputs {
		outputs.List = append(outputs.List, tree.Object(tree.Field("OutputKey", tree.Text(m.Key)), tree.Field("Description", described(m.Value))))
	}
	var seen []string
	for _, m := range t.resources {
		if kind := m.Value.Get("Type").Str(); !slices.Contains(seen, kind) {
			seen = append(seen, kind)
		}
	}
	slices.Sort(seen)
	for _, kind := range seen {
		kinds.List = append(kinds.List, tree.Text(kind))
	}
	parameters := tree.ListOf()
	for _, m := range t.parameters {
		declared := append([]tree.Member{tree.Field("ParameterKey", tree.Text(m.Key))}, m.Value.Members()...)
		parameters.List = append(parameters.List, tree.Object(declared...))
	}
	return tree.Object(
		tree.Field("Description", described(t.doc)), tree.Field("Parameters", parameters), tree.Field("Outputs", outputs),
		tree.Field("ResourceTypes", tree.Object(tree.Field("Resources", kinds), tree.Field("DataSources", tree.ListOf()))),
	), nil
}

// previewStack tells what a stack would have, with what is known before it is there.
func (c *Cloud) previewStack(q *request) (*tree.Node, error) {
	t, err := parseTemplate(q)
	if err != nil {
		return nil, err
	}
	values, texts, err := t.values(q.pairs("Parameters", "ParameterKey", "ParameterValue"), nil)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &stack{id: "None", name: q.get("StackName"), region: q.get("RegionId"), template: t, texts: texts, rollback: !q.flag("DisableRollback"), timeout: minutes(q)}
	sc := scope{c, s, t, values, -1, true}
	resources := tree.ListOf()
	for _, m := range t.resources {
		wanted, err := sc.holds(m.Value)
		if err != nil {
			return nil, invalidTemplate("resources.%s: %v", m.Key, err)
		}
		if !wanted {
			continue
		}
		at := sc
		if m.Value.Get("Count") != nil {
			at.index = 0
		}
		properties, err := at.evaluator().Value(m.Value.Get("Properties"))
		if err != nil {
			return nil, invalidTemplate("resources.%s: %v", m.Key, err)
		}
		if properties == nil {
			properties = tree.Object()
		}
		resources.List = append(resources.List, tree.Object(
			tree.Field("LogicalResourceId", tree.Text(m.Key)), tree.Field("ResourceType", m.Value.Get("Type")),
			tree.Field("Description", tree.Text("")), tree.Field("Properties", properties), tree.Field("RequiredBy", t.neededBy(m.Key)),
		))
	}
	out := s.summary()
	out.Map = slices.DeleteFunc(out.Map, func(m tree.Member) bool {
		return !slices.Contains([]string{"StackName", "RegionId", "DisableRollback", "TimeoutInMinutes"}, m.Key)
	})
	out.Map = append(out.Map, tree.Field("Description", described(t.doc)), tree.Field("Parameters", s.shownParameters(c)), tree.Field("Resources", resources))
	return tree.Object(tree.Field("Stack", out)), nil
}

// neededBy lists the resources that refer to one.
func (t *template) neededBy(id string) *tree.Node {
	var list []string
	for other, needs := range t.refers {
		if slices.Contains(needs, id) {
			list = append(list, other)
		}
	}
	slices.SortFunc(list, strings.Compare)
	out := tree.ListOf()
	for _, name := range list {
		out.List = append(out.List, tree.Text(name))
	}
	return out
}
