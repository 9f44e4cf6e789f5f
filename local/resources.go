package local

import (
	"maps"
	"slices"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// held returns the resources that a stack has or had, by logical ID.
func (s *stackState) held() []*resource {
	all := maps.Clone(s.history)
	maps.Copy(all, s.resources)
	return slices.SortedFunc(maps.Values(all), func(a, b *resource) int { return compareText(a.id, b.id) })
}

type resourceDrift struct {
	StackResourceDriftStatus string
	LastCheckTimestamp       time.Time
}

type resourceDetail struct {
	StackName            string
	StackId              string
	LogicalResourceId    string
	PhysicalResourceId   string
	ResourceType         string
	LastUpdatedTimestamp time.Time
	ResourceStatus       stack.Status
	ResourceStatusReason string
	Metadata             string
	DriftInformation     resourceDrift
}

type resourceInput struct{ StackName, LogicalResourceId string }

func describeStackResource(c *call, in *resourceInput) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	if err := required("logicalResourceId", in.LogicalResourceId); err != nil {
		return nil, err
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack '%s' does not exist", in.StackName)
	}
	r := s.resources[in.LogicalResourceId]
	if r == nil {
		r = s.history[in.LogicalResourceId]
	}
	if r == nil {
		return nil, invalid("Resource %s does not exist for stack %s", in.LogicalResourceId, s.name)
	}
	return &struct{ StackResourceDetail resourceDetail }{resourceDetail{
		s.name, s.id, r.id, r.physicalID, r.typ, r.updated, r.status, r.reason, s.metadata(r), driftOf(r),
	}}, nil
}

// metadata is the Metadata attribute of a resource, evaluated as far as that is possible.
func (s *stackState) metadata(r *resource) string {
	m := r.node.Get("Metadata")
	if !m.Is(tree.Map) {
		return "{}"
	}
	v, err := newScope(s, s.settings, func(id string) *resource { return s.resources[id] }).evaluator().Value(m)
	if err != nil {
		return m.JSON()
	}
	return v.JSON()
}

type resourceDescription struct {
	StackName            string
	StackId              string
	LogicalResourceId    string
	PhysicalResourceId   string
	ResourceType         string
	Timestamp            time.Time
	ResourceStatus       stack.Status
	ResourceStatusReason string
	DriftInformation     resourceDrift
}

func describeStackResources(c *call, in *struct{ StackName, LogicalResourceId, PhysicalResourceId string }) (any, error) {
	s, err := c.region.withResources(in.StackName, in.PhysicalResourceId)
	if err != nil {
		return nil, err
	}
	result := &struct{ StackResources []resourceDescription }{[]resourceDescription{}}
	for _, r := range s.held() {
		if in.LogicalResourceId != "" && r.id != in.LogicalResourceId {
			continue
		}
		result.StackResources = append(result.StackResources, resourceDescription{
			s.name, s.id, r.id, r.physicalID, r.typ, r.updated, r.status, r.reason, driftOf(r),
		})
	}
	if in.LogicalResourceId != "" && len(result.StackResources) == 0 {
		return nil, invalid("Resource %s does not exist for stack %s", in.LogicalResourceId, s.name)
	}
	return result, nil
}

// withResources finds a stack by its name or by the physical ID of a resource.
func (r *region) withResources(name, physicalID string) (*stackState, error) {
	switch {
	case name != "" && physicalID != "":
		return nil, invalid("Specify either StackName or PhysicalResourceId, but not both")
	case name == "" && physicalID == "":
		return nil, invalid("Either StackName or PhysicalResourceId must be specified")
	}
	if name != "" {
		if s := r.find(name); s != nil {
			return s, nil
		}
		return nil, invalid("Stack with id %s does not exist", name)
	}
	for _, s := range r.stacks {
		for _, held := range s.resources {
			if held.physicalID == physicalID {
				return s, nil
			}
		}
	}
	return nil, invalid("Stack for %s does not exist", physicalID)
}

type resourceSummary struct {
	LogicalResourceId    string
	PhysicalResourceId   string
	ResourceType         string
	LastUpdatedTimestamp time.Time
	ResourceStatus       stack.Status
	ResourceStatusReason string
	DriftInformation     resourceDrift
}

func listStackResources(c *call, in *struct{ StackName, NextToken string }) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", in.StackName)
	}
	part, next, err := page(s.held(), in.NextToken, func(r *resource) string { return r.id })
	if err != nil {
		return nil, err
	}
	result := &struct {
		StackResourceSummaries []resourceSummary
		NextToken              string
	}{[]resourceSummary{}, next}
	for _, r := range part {
		result.StackResourceSummaries = append(result.StackResourceSummaries, resourceSummary{
			r.id, r.physicalID, r.typ, r.updated, r.status, r.reason, driftOf(r),
		})
	}
	return result, nil
}
