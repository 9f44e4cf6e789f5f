package local

import (
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

type stackEvent struct {
	StackId              string
	EventId              string
	StackName            string
	LogicalResourceId    string
	PhysicalResourceId   *string
	ResourceType         string
	Timestamp            time.Time
	ResourceStatus       stack.Status
	ResourceStatusReason string
	ResourceProperties   *string
	ClientRequestToken   string
}

type describeStackEventsResult struct {
	StackEvents []stackEvent
	NextToken   string
}

func describeStackEvents(c *call, in *struct{ StackName, NextToken string }) (any, error) {
	if err := required("stackName", in.StackName); err != nil {
		return nil, err
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack [%s] does not exist", in.StackName)
	}
	newest := slices.DeleteFunc(slices.Clone(s.events), func(e event) bool { return e.finding != nil })
	slices.Reverse(newest)
	part, next, err := page(newest, in.NextToken, func(e event) string { return e.id })
	if err != nil {
		return nil, err
	}
	result := &describeStackEventsResult{StackEvents: []stackEvent{}, NextToken: next}
	for _, e := range part {
		result.StackEvents = append(result.StackEvents, stackEvent{
			StackId: s.id, EventId: e.id, StackName: s.name, LogicalResourceId: e.logicalID, PhysicalResourceId: &e.physicalID,
			ResourceType: e.typ, Timestamp: e.at, ResourceStatus: e.status, ResourceStatusReason: e.reason,
			ResourceProperties: e.properties, ClientRequestToken: e.token,
		})
	}
	return result, nil
}
