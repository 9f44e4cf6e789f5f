package local

import (
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

type describeChangeSetInput struct {
	setInput
	NextToken             string
	IncludePropertyValues bool
}

type changeSetDescription struct {
	ChangeSetName           string
	ChangeSetId             string
	StackId                 string
	StackName               string
	Description             string
	Parameters              []parameterDescription
	CreationTime            time.Time
	ExecutionStatus         string
	Status                  string
	StatusReason            string
	NotificationARNs        []string
	RollbackConfiguration   rollbackConfiguration
	Capabilities            []string
	Tags                    []tag
	Changes                 []changeDescription
	NextToken               string
	IncludeNestedStacks     bool
	ParentChangeSetId       string
	RootChangeSetId         string
	DeploymentMode          string
	StackDriftStatus        string
	OnStackFailure          string
	ImportExistingResources *bool
	DeploymentConfig        *deploymentConfig
}

type changeDescription struct {
	Type           string
	ResourceChange resourceChange
}

type resourceChange struct {
	PolicyAction        string
	ResourceDriftStatus string
	Action              string
	LogicalResourceId   string
	PhysicalResourceId  string
	ResourceType        string
	Replacement         string
	Scope               []string
	Details             []changeDetail
	ChangeSetId         string
	BeforeContext       string
	AfterContext        string
}

type changeDetail struct {
	Target        changeTarget
	Evaluation    string
	ChangeSource  string
	CausingEntity string
}

type changeTarget struct {
	Attribute           string
	Name                string
	RequiresRecreation  string
	Path                string
	BeforeValue         *string
	AfterValue          *string
	AttributeChangeType string
}

func describeChangeSet(c *call, in *describeChangeSetInput) (any, error) {
	set, err := in.find(c)
	if err != nil {
		return nil, err
	}
	d := &changeSetDescription{
		ChangeSetName: set.name, ChangeSetId: set.id, StackId: set.state.id, StackName: set.state.name, Description: set.description,
		Parameters: set.next.parameters.describe(), CreationTime: set.created, ExecutionStatus: set.execution, Status: set.status,
		StatusReason: set.reason, NotificationARNs: orEmpty(set.next.notifications), Capabilities: orEmpty(set.next.capabilities),
		Tags: set.next.tags, Changes: []changeDescription{}, OnStackFailure: set.onFailure, IncludeNestedStacks: set.includes,
		RollbackConfiguration: set.next.rollback.describe(), DeploymentConfig: set.next.config,
	}
	d.ParentChangeSetId, d.RootChangeSetId = set.parents()
	if len(d.Tags) == 0 {
		d.Tags = nil
	}
	if set.next.takesExisting {
		d.ImportExistingResources = new(true)
	}
	if set.next.revertsDrift {
		d.DeploymentMode, d.StackDriftStatus = modeRevertDrift, set.next.found.status()
	}
	if set.plan == nil {
		return d, nil
	}
	changes := set.plan.byText
	if in.IncludePropertyValues {
		changes = set.plan.byValue
		if set.status != statusFailed {
			d.StatusReason = set.plan.warning
		}
	}
	changes, d.NextToken, err = page(changes, in.NextToken, func(ch *change) string { return ch.action + ch.id })
	if err != nil {
		return nil, err
	}
	for _, ch := range changes {
		told := ch.describe(in.IncludePropertyValues)
		told.ResourceDriftStatus = set.driftTold(ch.id)
		d.Changes = append(d.Changes, changeDescription{"Resource", told})
	}
	return d, nil
}

func (ch *change) describe(values bool) resourceChange {
	r := resourceChange{
		PolicyAction: ch.policyAction, Action: ch.action, LogicalResourceId: ch.id, PhysicalResourceId: ch.physicalID,
		ResourceType: ch.typ, Replacement: ch.replacement, Scope: orEmpty(ch.scope), Details: []changeDetail{}, ChangeSetId: ch.set,
	}
	if values {
		r.BeforeContext, r.AfterContext = contextOf(ch.before), contextOf(ch.after)
	}
	for _, d := range ch.details {
		r.Details = append(r.Details, d.describe(values))
	}
	return r
}

// contextOf is the properties of a resource as JSON text, "" if there are none to tell.
func contextOf(n *tree.Node) string {
	if n == nil {
		return ""
	}
	return tree.Object(tree.Field(properties, settledOrNot(masked(n)))).JSON()
}

// settledOrNot returns n with CloudFormation's word for each value that is not known.
func settledOrNot(n *tree.Node) *tree.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == tree.Unknown:
		return tree.Text(knownAfterApply)
	case n.Kind == tree.List:
		list := tree.ListOf()
		for _, e := range n.List {
			list.List = append(list.List, settledOrNot(e))
		}
		return list
	case n.Kind == tree.Map:
		object := tree.Object()
		for _, m := range n.Map {
			object.Map = append(object.Map, tree.Field(m.Key, settledOrNot(m.Value)))
		}
		return object
	}
	return n
}

func (d *detail) describe(values bool) changeDetail {
	out := changeDetail{
		Target:     changeTarget{Attribute: d.attribute, Name: d.name, RequiresRecreation: d.recreation},
		Evaluation: d.evaluation, ChangeSource: d.source, CausingEntity: d.cause,
	}
	if out.Target.RequiresRecreation == "" {
		out.Target.RequiresRecreation = never
	}
	if !values {
		return out
	}
	t := &out.Target
	t.Path = "/" + d.attribute
	if d.name != "" {
		t.Path += "/" + d.name
	}
	t.BeforeValue, t.AfterValue = shown(d.before), shown(d.after)
	switch {
	case d.before == nil:
		t.AttributeChangeType = "Add"
	case d.after == nil:
		t.AttributeChangeType = "Remove"
	default:
		t.AttributeChangeType = "Modify"
	}
	return out
}

// shown is a value as a change set tells it, nil if there is none.
func shown(n *tree.Node) *string {
	if n == nil {
		return nil
	}
	n = settledOrNot(masked(n))
	text, ok := n.Scalar()
	if !ok {
		text = n.JSON()
	}
	return &text
}
