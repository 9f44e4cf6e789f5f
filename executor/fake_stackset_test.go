package executor_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"github.com/updraft-go/updraft/executor"
)

// fakeSets is a CloudFormation with stack sets, whose operations take a minute of the clock, and fail in
// the regions that the test names.
type fakeSets struct {
	executor.StackSetAPI // nil: a call that is not here is a bug of the test

	mu     sync.Mutex
	sets   map[string]*fakeSet
	calls  map[string]int
	bad    map[string]string              // region to the reason why operations fail there
	fault  func(call string, n int) error // instead of the n-th call
	lost   func(call string, n int) bool  // the n-th call works, and its answer is lost
	starts []string                       // operations that were begun
}

type fakeSet struct {
	types.StackSet
	instances map[[2]string]*types.StackInstance
	ops       map[string]*fakeOp
}

type fakeOp struct {
	types.StackSetOperation
	end    time.Time
	places [][2]string
	done   func(*types.StackInstance)
	closed bool
}

func newFakeSets() *fakeSets {
	return &fakeSets{sets: map[string]*fakeSet{}, calls: map[string]int{}, bad: map[string]string{}}
}

func (f *fakeSets) client() *executor.StackSets { return &executor.StackSets{API: f} }

func (f *fakeSets) begin(ctx context.Context, call string) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.calls[call]++
	for _, s := range f.sets {
		s.move(f)
	}
	if f.fault != nil {
		if err := f.fault(call, f.calls[call]); err != nil {
			f.mu.Unlock()
			return nil, err
		}
	}
	return f.mu.Unlock, nil
}

func (f *fakeSets) answer(call string) error {
	if f.lost != nil && f.lost(call, f.calls[call]) {
		return &smithy.GenericAPIError{Code: "ServiceUnavailable", Message: "the connection broke", Fault: smithy.FaultServer}
	}
	return nil
}

// move ends the operations whose time has come.
func (s *fakeSet) move(f *fakeSets) {
	for _, op := range s.ops {
		if op.closed || time.Now().Before(op.end) {
			continue
		}
		op.closed, op.Status = true, types.StackSetOperationStatusSucceeded
		for _, p := range op.places {
			i := s.instances[p]
			switch reason := f.bad[p[1]]; {
			case i == nil:
			case reason != "":
				i.Status, i.StatusReason, op.Status = types.StackInstanceStatusOutdated, &reason, types.StackSetOperationStatusFailed
			case op.Action == types.StackSetOperationActionDelete:
				delete(s.instances, p)
			default:
				i.Status, i.StatusReason = types.StackInstanceStatusCurrent, nil
				i.StackId = aws.String("arn:aws:cloudformation:" + p[1] + ":" + p[0] + ":stack/x/1")
				if op.done != nil {
					op.done(i)
				}
			}
		}
	}
}

func (f *fakeSets) find(name *string) (*fakeSet, error) {
	if s := f.sets[*name]; s != nil {
		return s, nil
	}
	return nil, &types.StackSetNotFoundException{Message: aws.String("StackSet " + *name + " not found")}
}

func (f *fakeSets) start(s *fakeSet, id *string, action types.StackSetOperationAction, places [][2]string, done func(*types.StackInstance)) error {
	if s.ops[*id] != nil {
		return &types.OperationIdAlreadyExistsException{Message: aws.String("the operation exists")}
	}
	for _, op := range s.ops {
		if !op.closed {
			return &types.OperationInProgressException{Message: aws.String("another operation is in progress")}
		}
	}
	f.starts = append(f.starts, string(action))
	op := &fakeOp{end: time.Now().Add(time.Minute), places: places, done: done}
	op.OperationId, op.Action, op.Status, op.CreationTimestamp = id, action, types.StackSetOperationStatusRunning, aws.Time(time.Now())
	s.ops[*id] = op
	return nil
}

func (f *fakeSets) DescribeStackSet(ctx context.Context, in *cloudformation.DescribeStackSetInput, _ ...opt) (*cloudformation.DescribeStackSetOutput, error) {
	done, err := f.begin(ctx, "DescribeStackSet")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	return &cloudformation.DescribeStackSetOutput{StackSet: &s.StackSet}, nil
}

func (f *fakeSets) CreateStackSet(ctx context.Context, in *cloudformation.CreateStackSetInput, _ ...opt) (*cloudformation.CreateStackSetOutput, error) {
	done, err := f.begin(ctx, "CreateStackSet")
	if err != nil {
		return nil, err
	}
	defer done()
	s := f.sets[*in.StackSetName]
	if s == nil {
		s = &fakeSet{instances: map[[2]string]*types.StackInstance{}, ops: map[string]*fakeOp{}}
		s.StackSetName, s.StackSetId, s.TemplateBody, s.Parameters, s.Tags = in.StackSetName, aws.String(*in.StackSetName+":1"), in.TemplateBody, in.Parameters, in.Tags
		s.Description = in.Description
		f.sets[*in.StackSetName] = s
	}
	return &cloudformation.CreateStackSetOutput{StackSetId: s.StackSetId}, f.answer("CreateStackSet")
}

func (f *fakeSets) UpdateStackSet(ctx context.Context, in *cloudformation.UpdateStackSetInput, _ ...opt) (*cloudformation.UpdateStackSetOutput, error) {
	done, err := f.begin(ctx, "UpdateStackSet")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	if err := f.start(s, in.OperationId, types.StackSetOperationActionUpdate, slices.Collect(maps.Keys(s.instances)), nil); err != nil {
		return nil, err
	}
	s.TemplateBody, s.Parameters, s.Tags, s.Description = in.TemplateBody, in.Parameters, in.Tags, in.Description
	return &cloudformation.UpdateStackSetOutput{OperationId: in.OperationId}, f.answer("UpdateStackSet")
}

func cross(accounts, regions []string) (places [][2]string) {
	for _, a := range accounts {
		for _, r := range regions {
			places = append(places, [2]string{a, r})
		}
	}
	return places
}

func (f *fakeSets) CreateStackInstances(ctx context.Context, in *cloudformation.CreateStackInstancesInput, _ ...opt) (*cloudformation.CreateStackInstancesOutput, error) {
	done, err := f.begin(ctx, "CreateStackInstances")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	places := cross(in.Accounts, in.Regions)
	var unit *string
	if in.DeploymentTargets != nil { // each unit has two accounts
		places, unit = cross([]string{"100000000001", "100000000002"}, in.Regions), &in.DeploymentTargets.OrganizationalUnitIds[0]
	}
	if err := f.start(s, in.OperationId, types.StackSetOperationActionCreate, places, nil); err != nil {
		return nil, err
	}
	for _, p := range places {
		s.instances[p] = &types.StackInstance{
			Account: &p[0], Region: &p[1], Status: types.StackInstanceStatusOutdated, ParameterOverrides: in.ParameterOverrides, OrganizationalUnitId: unit,
		}
	}
	return &cloudformation.CreateStackInstancesOutput{OperationId: in.OperationId}, f.answer("CreateStackInstances")
}

func (f *fakeSets) UpdateStackInstances(ctx context.Context, in *cloudformation.UpdateStackInstancesInput, _ ...opt) (*cloudformation.UpdateStackInstancesOutput, error) {
	done, err := f.begin(ctx, "UpdateStackInstances")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	err = f.start(s, in.OperationId, types.StackSetOperationActionUpdate, cross(in.Accounts, in.Regions), func(i *types.StackInstance) { i.ParameterOverrides = in.ParameterOverrides })
	return &cloudformation.UpdateStackInstancesOutput{OperationId: in.OperationId}, cmp.Or(err, f.answer("UpdateStackInstances"))
}

func (f *fakeSets) DeleteStackInstances(ctx context.Context, in *cloudformation.DeleteStackInstancesInput, _ ...opt) (*cloudformation.DeleteStackInstancesOutput, error) {
	done, err := f.begin(ctx, "DeleteStackInstances")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	places := cross(in.Accounts, in.Regions)
	if in.DeploymentTargets != nil {
		places = slices.Collect(maps.Keys(s.instances))
	}
	err = f.start(s, in.OperationId, types.StackSetOperationActionDelete, places, nil)
	return &cloudformation.DeleteStackInstancesOutput{OperationId: in.OperationId}, cmp.Or(err, f.answer("DeleteStackInstances"))
}

func (f *fakeSets) DeleteStackSet(ctx context.Context, in *cloudformation.DeleteStackSetInput, _ ...opt) (*cloudformation.DeleteStackSetOutput, error) {
	done, err := f.begin(ctx, "DeleteStackSet")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	if len(s.instances) > 0 {
		return nil, &types.StackSetNotEmptyException{Message: aws.String("the set is not empty")}
	}
	delete(f.sets, *in.StackSetName)
	return &cloudformation.DeleteStackSetOutput{}, f.answer("DeleteStackSet")
}

func (f *fakeSets) ListStackInstances(ctx context.Context, in *cloudformation.ListStackInstancesInput, _ ...opt) (*cloudformation.ListStackInstancesOutput, error) {
	done, err := f.begin(ctx, "ListStackInstances")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	out := &cloudformation.ListStackInstancesOutput{}
	for _, i := range s.instances {
		out.Summaries = append(out.Summaries, types.StackInstanceSummary{
			Account: i.Account, Region: i.Region, Status: i.Status, StatusReason: i.StatusReason, StackId: i.StackId, OrganizationalUnitId: i.OrganizationalUnitId,
		})
	}
	slices.SortFunc(out.Summaries, func(a, b types.StackInstanceSummary) int {
		return cmp.Compare(*a.Account+*a.Region, *b.Account+*b.Region)
	})
	return out, nil
}

func (f *fakeSets) DescribeStackInstance(ctx context.Context, in *cloudformation.DescribeStackInstanceInput, _ ...opt) (*cloudformation.DescribeStackInstanceOutput, error) {
	done, err := f.begin(ctx, "DescribeStackInstance")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	return &cloudformation.DescribeStackInstanceOutput{StackInstance: s.instances[[2]string{*in.StackInstanceAccount, *in.StackInstanceRegion}]}, nil
}

func (f *fakeSets) DescribeStackSetOperation(ctx context.Context, in *cloudformation.DescribeStackSetOperationInput, _ ...opt) (*cloudformation.DescribeStackSetOperationOutput, error) {
	done, err := f.begin(ctx, "DescribeStackSetOperation")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	op := s.ops[*in.OperationId]
	if op == nil {
		return nil, &types.OperationNotFoundException{Message: aws.String("no such operation")}
	}
	return &cloudformation.DescribeStackSetOperationOutput{StackSetOperation: &op.StackSetOperation}, nil
}

func (f *fakeSets) ListStackSetOperations(ctx context.Context, in *cloudformation.ListStackSetOperationsInput, _ ...opt) (*cloudformation.ListStackSetOperationsOutput, error) {
	done, err := f.begin(ctx, "ListStackSetOperations")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	out := &cloudformation.ListStackSetOperationsOutput{}
	for _, op := range s.ops {
		out.Summaries = append(out.Summaries, types.StackSetOperationSummary{OperationId: op.OperationId, Action: op.Action, Status: op.Status, CreationTimestamp: op.CreationTimestamp})
	}
	return out, nil
}

func (f *fakeSets) ListStackSetOperationResults(ctx context.Context, in *cloudformation.ListStackSetOperationResultsInput, _ ...opt) (*cloudformation.ListStackSetOperationResultsOutput, error) {
	done, err := f.begin(ctx, "ListStackSetOperationResults")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	out := &cloudformation.ListStackSetOperationResultsOutput{}
	op := s.ops[*in.OperationId]
	for _, p := range op.places {
		status, reason := types.StackSetOperationResultStatusRunning, ""
		if op.closed {
			if status, reason = types.StackSetOperationResultStatusSucceeded, f.bad[p[1]]; reason != "" {
				status = types.StackSetOperationResultStatusFailed
			}
		}
		out.Summaries = append(out.Summaries, types.StackSetOperationResultSummary{Account: &p[0], Region: &p[1], Status: status, StatusReason: &reason})
	}
	return out, nil
}

func (f *fakeSets) StopStackSetOperation(ctx context.Context, in *cloudformation.StopStackSetOperationInput, _ ...opt) (*cloudformation.StopStackSetOperationOutput, error) {
	done, err := f.begin(ctx, "StopStackSetOperation")
	if err != nil {
		return nil, err
	}
	defer done()
	s, err := f.find(in.StackSetName)
	if err != nil {
		return nil, err
	}
	op := s.ops[*in.OperationId]
	if op == nil || op.closed {
		return nil, &types.InvalidOperationException{Message: aws.String("the operation cannot be stopped")}
	}
	op.closed, op.Status = true, types.StackSetOperationStatusStopped
	return &cloudformation.StopStackSetOperationOutput{}, nil
}
