package local

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// A stackPolicy says which resources of a stack an update may touch.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
type stackPolicy struct {
	body       string
	statements []policyStatement
}

// A policyStatement allows or denies actions such as Update:Replace on resources such as
// LogicalResourceId/Database.
type policyStatement struct {
	deny      bool
	actions   matcher
	resources matcher
	types     []string // patterns of its condition; nil if it has none
}

// A matcher is a list of patterns, or of patterns that must not match.
type matcher struct {
	patterns []string
	not      bool
}

func (m matcher) matches(name string) bool {
	return slices.ContainsFunc(m.patterns, func(p string) bool { return wildcard(p, name) }) != m.not
}

// wildcard matches * and ? as policies do, where a slash is a character like any other.
func wildcard(pattern, name string) bool {
	plain := strings.NewReplacer("/", "\x00", "[", `\[`, `\`, `\\`)
	ok, err := path.Match(plain.Replace(pattern), strings.ReplaceAll(name, "/", "\x00"))
	return err == nil && ok
}

// The actions that a stack policy speaks of.
const (
	updateModify  = "Update:Modify"
	updateReplace = "Update:Replace"
	updateDelete  = "Update:Delete"
)

// maxPolicy is how many bytes a stack policy may have.
const maxPolicy = 16_384

var errStackPolicy = invalid("Error validating stack policy: Invalid stack policy")

// readPolicy takes the stack policy of a request, nil if it gives none.
func (r *region) readPolicy(body, url string) (*stackPolicy, error) {
	switch {
	case body != "" && url != "":
		return nil, invalid("You cannot specify both StackPolicyURL and StackPolicyBody")
	case url != "":
		var err error
		if body, err = r.readURL("StackPolicyURL", url); err != nil {
			return nil, err
		}
	case body == "":
		return nil, nil
	}
	return parsePolicy(body)
}

func parsePolicy(body string) (*stackPolicy, error) {
	if len(body) > maxPolicy {
		return nil, invalid("1 validation error detected: Value at 'stackPolicyBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxPolicy)
	}
	root, err := tree.Parse([]byte(body))
	if err != nil || !root.Is(tree.Map) || len(unknownKeys(root, []string{"Statement", "Version", "Id"})) > 0 {
		return nil, errStackPolicy
	}
	p := &stackPolicy{body: body}
	list := root.Get("Statement").Items()
	if root.Get("Statement").Is(tree.Map) {
		list = []*tree.Node{root.Get("Statement")}
	}
	for _, n := range list {
		s, ok := parseStatement(n)
		if !ok {
			return nil, errStackPolicy
		}
		p.statements = append(p.statements, s)
	}
	return p, nil
}

func parseStatement(n *tree.Node) (s policyStatement, ok bool) {
	effect := n.Get("Effect").Str()
	s.deny = effect == "Deny"
	principal := n.Get("Principal")
	if principal.Is(tree.Map) {
		principal = principal.Get("AWS")
	}
	if effect != "Allow" && effect != "Deny" || !slices.Equal(names(principal), []string{"*"}) {
		return s, false
	}
	if s.actions, ok = parseMatcher(n, "Action"); !ok {
		return s, false
	}
	for _, a := range s.actions.patterns {
		if !slices.Contains([]string{"Update:*", updateModify, updateReplace, updateDelete, "*"}, a) {
			return s, false
		}
	}
	if s.resources, ok = parseMatcher(n, "Resource"); !ok {
		return s, n.Get("Resource") == nil && n.Get("NotResource") == nil // it touches nothing
	}
	return s, s.parseCondition(n.Get("Condition"))
}

// parseMatcher reads a key, or the key that begins with Not: exactly one of the two is there.
func parseMatcher(n *tree.Node, key string) (matcher, bool) {
	is, not := n.Get(key), n.Get("Not"+key)
	if (is == nil) == (not == nil) {
		return matcher{}, false
	}
	if is != nil {
		return matcher{patterns: names(is)}, true
	}
	return matcher{patterns: names(not), not: true}, true
}

// parseCondition reads what types of resources a statement is about.
func (s *policyStatement) parseCondition(n *tree.Node) bool {
	for _, m := range n.Members() {
		if m.Key != "StringEquals" && m.Key != "StringLike" || len(m.Value.Members()) != 1 || m.Value.Get("ResourceType") == nil {
			return false
		}
		s.types = append(s.types, names(m.Value.Get("ResourceType"))...)
	}
	return true
}

// denies says why the policy keeps an update from doing something to a resource, "" if it does not.
// A denial beats what allows it, and what nothing allows is denied. A nil policy, and one without
// statements, allows all.
func (p *stackPolicy) denies(action, id, typ string) string {
	if p == nil || len(p.statements) == 0 {
		return ""
	}
	resource := "LogicalResourceId/" + id
	allowed := false
	for i, s := range p.statements {
		about := s.actions.matches(action) && s.resources.matches(resource) &&
			(s.types == nil || slices.ContainsFunc(s.types, func(t string) bool { return wildcard(t, typ) }))
		if about && s.deny {
			return fmt.Sprintf("Action denied by stack policy: Statement [#%d] does not allow [%s] for resource [%s]", i+1, action, resource)
		}
		allowed = allowed || about
	}
	if allowed {
		return ""
	}
	return fmt.Sprintf("Action denied by stack policy: no statement allows [%s] for resource [%s]", action, resource)
}

// guard refuses an update of a resource that the stack policy denies.
func (d *deployment) guard(action, id, typ string) error {
	p := d.policy
	if p == nil {
		p = d.state.policy
	}
	if why := p.denies(action, id, typ); why != "" {
		return invalid("%s", why)
	}
	return nil
}

// guardUpdate is guard for a resource whose properties change.
func (d *deployment) guardUpdate(old, next *resource) error {
	if replacement(old.typ, old.properties, next.properties) == schema.Yes {
		return d.guard(updateReplace, old.id, old.typ)
	}
	return d.guard(updateModify, old.id, old.typ)
}

// guardRemovals is guard for the resources that the template does not have any more.
func (d *deployment) guardRemovals() bool {
	for _, r := range d.surplus() {
		if err := d.guard(updateDelete, r.id, r.typ); err != nil {
			d.touch(r.id, r)
			now := *r
			d.state.resources[r.id] = &now
			d.fail(&now, Update, err)
			return false
		}
	}
	return true
}

type setStackPolicyInput struct{ StackName, StackPolicyBody, StackPolicyURL string }

func setStackPolicy(c *call, in *setStackPolicyInput) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	p, err := c.region.readPolicy(in.StackPolicyBody, in.StackPolicyURL)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, invalid("You must specify either StackPolicyURL or StackPolicyBody")
	}
	s.policy = p
	return nil, nil
}

func getStackPolicy(c *call, in *struct{ StackName string }) (any, error) {
	s, err := c.region.named(in.StackName)
	if err != nil {
		return nil, err
	}
	result := &struct{ StackPolicyBody string }{}
	if s.policy != nil {
		result.StackPolicyBody = s.policy.body
	}
	return result, nil
}

// named returns the stack that a request must name, unless it is deleted.
func (r *region) named(name string) (*stackState, error) {
	if err := required("stackName", name); err != nil {
		return nil, err
	}
	s := r.live(name)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", name)
	}
	return s, nil
}
