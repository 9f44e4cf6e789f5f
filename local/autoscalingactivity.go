package local

import (
	"fmt"
	"slices"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// An activity is something that a group did.
type activity struct {
	id, description, cause string
	started, ended         time.Time
	status, message        string
	zone, subnet           string
	progress               int
}

// The states of an activity.
const (
	activityInProgress = "InProgress"
	activitySuccessful = "Successful"
	activityFailed     = "Failed"
)

// maxActivities is how many activities of a group are remembered.
const maxActivities = 1000

// begin records the beginning of an activity.
func (g *group) begin(description, cause string) *activity {
	a := &activity{id: g.region.cloud.uuid(), description: description, cause: cause, started: g.region.now(), status: activityInProgress, progress: 50}
	g.activities = append(g.activities, a)
	if len(g.activities) > maxActivities {
		g.activities = slices.Delete(g.activities, 0, 1)
	}
	return a
}

// end records the end of an activity.
func (a *activity) end(now time.Time, status, message string) {
	if a == nil || !a.ended.IsZero() {
		return
	}
	a.ended, a.status, a.message, a.progress = now, status, message, 100
}

type activityDescription struct {
	ActivityId           string
	AutoScalingGroupName string
	AutoScalingGroupARN  string
	Description          string
	Cause                string
	StartTime            time.Time
	EndTime              time.Time
	StatusCode           string
	StatusMessage        string
	Progress             int
	Details              string
}

func (a *activity) describe(g *group) activityDescription {
	details := tree.Object(tree.Field("Subnet ID", tree.Text(a.subnet)), tree.Field("Availability Zone", tree.Text(a.zone)))
	return activityDescription{
		a.id, g.name, g.asset.text("AutoScalingGroupARN"), a.description, a.cause, a.started, a.ended, a.status, a.message, a.progress, details.JSON(),
	}
}

// scalingPage is how much of a list is wanted of Auto Scaling.
type scalingPage struct {
	MaxRecords *int
	NextToken  string
}

// part returns a page of a list; without a number it has as much as AWS gives at most.
func scalingPart[T any](list []T, p scalingPage, key func(T) string) ([]T, string, error) {
	size := pageSize
	if p.MaxRecords != nil && *p.MaxRecords < size {
		size = *p.MaxRecords
	}
	part, next, err := pageOf(list, paging{&size, p.NextToken}, key)
	if err != nil && p.NextToken != "" {
		err = &query.Error{Code: "InvalidNextToken", Message: "The token '" + p.NextToken + "' is invalid."}
	}
	return part, next, err
}

func describeActivities(c *call, in *struct {
	AutoScalingGroupName string
	ActivityIds          []string
	scalingPage
}) (any, error) {
	r := c.region
	all := []activityDescription{}
	for _, g := range ordered(r.fleet.groups) {
		if in.AutoScalingGroupName != "" && in.AutoScalingGroupName != g.name {
			continue
		}
		for _, a := range slices.Backward(g.activities) {
			if len(in.ActivityIds) == 0 || slices.Contains(in.ActivityIds, a.id) {
				all = append(all, a.describe(g))
			}
		}
	}
	if in.AutoScalingGroupName != "" && r.fleet.groups[in.AutoScalingGroupName] == nil {
		return nil, invalid("AutoScalingGroup name not found - AutoScalingGroup '%s' not found", in.AutoScalingGroupName)
	}
	part, next, err := scalingPart(all, in.scalingPage, func(a activityDescription) string { return a.ActivityId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Activities []activityDescription
		NextToken  string
	}{part, next}, nil
}

// launching is the description of a launch.
func launching(id string) string { return "Launching a new EC2 instance: " + id }

// failedLaunch records that a launch failed.
func (g *group) failedLaunch(cause, why string) {
	message := why + " Launching EC2 instance failed."
	a := g.begin(fmt.Sprintf("Launching a new EC2 instance.  Status Reason: %s", message), cause)
	a.end(g.region.now(), activityFailed, message)
}
