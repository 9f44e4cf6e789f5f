package ros

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

var stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

func (c *Cloud) createStack(q *request) (*tree.Node, error) {
	name, region := q.get("StackName"), q.get("RegionId")
	switch {
	case name == "":
		return nil, missing("StackName")
	case len(name) > maxName || !stackName.MatchString(name):
		return nil, refuse(http.StatusBadRequest, "InvalidStackName", "The stack name %q is invalid: it begins with a letter, and has at most %d letters, digits, hyphens and underscores.", name, maxName)
	case q.get("StackPolicyBody") != "" || q.get("StackPolicyURL") != "":
		return nil, refuse(http.StatusNotImplemented, "NotSupported", "the embedded cloud knows no stack policies")
	}
	t, err := parseTemplate(q)
	if err != nil {
		return nil, err
	}
	values, texts, err := t.values(q.pairs("Parameters", "ParameterKey", "ParameterValue"), nil)
	if err != nil {
		return nil, err
	}
	timeout := minutes(q)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reached = q.endpoint
	token := q.get("ClientToken")
	if id := c.tokens[token]; token != "" && id != "" {
		return stackID(id), nil
	}
	if c.named(region, name) != nil {
		return nil, refuse(http.StatusConflict, "StackExists", "The Stack (%s) already exists.", name)
	}
	s := &stack{
		id: newID(), name: name, region: region, template: t, body: q.get("TemplateBody"), parameters: values, texts: texts,
		rollback: !q.flag("DisableRollback"), timeout: timeout, tags: q.pairs("Tags", "Key", "Value"), created: time.Now(),
	}
	c.stacks = append(c.stacks, s)
	if token != "" {
		c.tokens[token] = s.id
	}
	s.state("CREATE_IN_PROGRESS", "Stack CREATE started")
	d := &deployment{cloud: c, stack: s, template: t, values: values, verb: "CREATE"}
	c.run(d, d.create)
	return stackID(s.id), nil
}

func stackID(id string) *tree.Node { return tree.Object(tree.Field("StackId", tree.Text(id))) }

// minutes is how long a deployment may take; the embedded cloud tells it and holds nobody to it.
func minutes(q *request) int {
	const otherwise = 60
	n, err := strconv.Atoi(q.get("TimeoutInMinutes"))
	if err != nil || n <= 0 {
		return otherwise
	}
	return n
}

// idle returns a stack that no operation is under way on. The lock is held.
func (c *Cloud) idle(q *request) (*stack, error) {
	s, err := c.asked(q)
	if err != nil {
		return nil, err
	}
	if s.deployment != nil {
		return nil, refuse(http.StatusConflict, "ActionInProgress", "Stack %s already has an action (%s) in progress.", s.name, s.deployment.verb)
	}
	return s, nil
}

func notFound(id string) error {
	return refuse(http.StatusNotFound, "StackNotFound", "The Stack (%s) could not be found.", id)
}

func (c *Cloud) updateStack(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.idle(q)
	if err != nil {
		return nil, err
	}
	if s.status == "DELETE_COMPLETE" || s.status == "CREATE_ROLLBACK_COMPLETE" {
		return nil, refuse(http.StatusConflict, "ActionInProgress", "Updating a stack in the state %s is not supported; delete it first.", s.status)
	}
	if q.get("TemplateBody") == "" && q.get("TemplateURL") == "" && q.get("TemplateId") == "" {
		q.values.Set("TemplateBody", s.body)
	}
	t, err := parseTemplate(q)
	if err != nil {
		return nil, err
	}
	var before map[string]string
	if q.flag("UsePreviousParameters") {
		before = s.texts
	}
	values, texts, err := t.values(q.pairs("Parameters", "ParameterKey", "ParameterValue"), before)
	if err != nil {
		return nil, err
	}
	if tree.Equal(t.doc, s.template.doc) && equalTexts(texts, s.texts) && s.status != "UPDATE_FAILED" && s.status != "CREATE_FAILED" && s.status != "ROLLBACK_FAILED" {
		return nil, refuse(http.StatusBadRequest, "NotSupported", "Update the completely same stack is not supported.")
	}
	old := &deployment{cloud: c, stack: s, template: s.template, values: s.parameters}
	d := &deployment{cloud: c, stack: s, template: t, values: values, verb: "UPDATE"}
	oldBody, oldTexts := s.body, s.texts
	c.reached = q.endpoint
	s.body, s.texts, s.rollback, s.timeout, s.updated = q.get("TemplateBody"), texts, !q.flag("DisableRollback"), minutes(q), time.Now()
	s.state("UPDATE_IN_PROGRESS", "Stack UPDATE started")
	c.run(d, func() {
		d.update(old)
		c.mu.Lock()
		defer c.mu.Unlock()
		if s.status == "ROLLBACK_COMPLETE" {
			s.body, s.texts = oldBody, oldTexts
		}
	})
	return stackID(s.id), nil
}

func equalTexts(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if other, ok := b[k]; !ok || other != v {
			return false
		}
	}
	return true
}

func (c *Cloud) deleteStack(q *request) (*tree.Node, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, err := c.idle(q)
	if err != nil {
		return nil, err
	}
	if s.status == "DELETE_COMPLETE" {
		return tree.Object(), nil
	}
	retain := q.list("RetainResources")
	if q.flag("RetainAllResources") {
		for _, r := range s.resources {
			retain = append(retain, r.id)
		}
	}
	c.reached = q.endpoint
	s.state("DELETE_IN_PROGRESS", "Stack DELETE started")
	d := &deployment{cloud: c, stack: s, template: s.template, values: s.parameters, verb: "DELETE"}
	c.run(d, func() { d.remove(slices.Clone(retain)) })
	return tree.Object(), nil
}
