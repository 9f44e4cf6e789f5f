package local_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/updraft-go/updraft/local"
)

// fake is a provider that writes down what it is asked.
type fake struct {
	mu     sync.Mutex
	asked  []string
	create func(ctx context.Context, r *local.Request) (*local.Resource, error)
}

func (f *fake) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, what)
}

func (f *fake) notes() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

func (f *fake) Create(ctx context.Context, r *local.Request) (*local.Resource, error) {
	f.note("create " + r.LogicalID)
	if f.create != nil {
		return f.create(ctx, r)
	}
	return &local.Resource{PhysicalID: "my-" + r.LogicalID, Attributes: map[string]any{"TopicName": r.Properties["DisplayName"]}}, nil
}

func (f *fake) Update(_ context.Context, r *local.Request) (*local.Resource, error) {
	f.note("update " + r.PhysicalID + " from " + r.Previous["DisplayName"].(string))
	return nil, nil
}

func (f *fake) Delete(_ context.Context, r *local.Request) error {
	f.note("delete " + r.PhysicalID)
	return nil
}

const provided = `{"Parameters": {"Value": {"Type": "String"}}, "Resources": {
	"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Ref": "Value"}}},
	"B": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::GetAtt": "A.TopicName"}}}},
	"Outputs": {"A": {"Value": {"Ref": "A"}}, "B": {"Value": {"Fn::GetAtt": "B.QueueName"}}}}`

// settle waits in a bubble for all that is under way.
func settle() { time.Sleep(24 * time.Hour) }

func TestAProviderStandsBehindAType(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		defer cloud.Close()
		f := &fake{}
		cloud.Provide("AWS::SNS::Topic", f)
		api := client(cloud)
		create(t, api, "work", provided, "Value", "one")
		settle()
		s := describe(t, api, "work")
		equal(t, types.StackStatusCreateComplete, s.StackStatus)
		equal(t, "my-A", *s.Outputs[0].OutputValue)
		equal(t, "one", *s.Outputs[1].OutputValue)
		update(t, api, "work", provided, "Value", "two")
		settle()
		if _, err := api.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("work")}); err != nil {
			t.Fatal(err)
		}
		settle()
		equal(t, []string{"create A", "update my-A from one", "delete my-A"}, f.notes())
	})
}

func TestAProvidersErrorIsTheReason(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		create     func(context.Context, *local.Request) (*local.Resource, error)
		asked      []string
	}{
		{"error", "Jobs CREATE_FAILED: quota", func(context.Context, *local.Request) (*local.Resource, error) {
			return nil, errors.New("quota")
		}, []string{"create Jobs"}},
		{"half made", "Jobs CREATE_FAILED: quota", func(context.Context, *local.Request) (*local.Resource, error) {
			return &local.Resource{PhysicalID: "half"}, errors.New("quota")
		}, []string{"create Jobs", "delete half"}},
		{"panic", "Jobs CREATE_FAILED: the provider of AWS::SNS::Topic panicked: oops", func(context.Context, *local.Request) (*local.Resource, error) {
			panic("oops")
		}, []string{"create Jobs"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cloud := &local.Cloud{}
				defer cloud.Close()
				f := &fake{create: tt.create}
				cloud.Provide("AWS::SNS::Topic", f)
				api := client(cloud)
				create(t, api, "work", topic)
				settle()
				equal(t, types.StackStatusRollbackComplete, describe(t, api, "work").StackStatus)
				found := false
				for _, line := range lines(t, api, "work") {
					found = found || line == tt.want
				}
				if !found {
					t.Errorf("no %q in %q", tt.want, lines(t, api, "work"))
				}
				equal(t, tt.asked, f.notes())
			})
		})
	}
}

// A provider is told when its work is not wanted any more, and closing the cloud does not wait for
// one for ever.
func TestAProvidersContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud := &local.Cloud{}
		f := &fake{create: func(ctx context.Context, _ *local.Request) (*local.Resource, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		cloud.Provide("AWS::SNS::Topic", f)
		cloud.Fail(local.Fault{Stack: "one", LogicalID: "Q", Delay: time.Minute, Reason: "no"})
		api := client(cloud)
		create(t, api, "one", resources(queue+`, "T": {"Type": "AWS::SNS::Topic"}`))
		settle()
		equal(t, types.StackStatusRollbackComplete, describe(t, api, "one").StackStatus)
		create(t, api, "two", topic)
		settle()
		equal(t, types.StackStatusCreateInProgress, describe(t, api, "two").StackStatus)
		if err := cloud.Close(); err != nil {
			t.Error(err)
		}
	})
}
