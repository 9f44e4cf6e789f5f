package broker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/executor"
)

// The kinds of operations.
const (
	opCreate = "create"
	opUpdate = "update"
	opDelete = "delete"
)

// An operationID is what a platform polls with: it leads to the stack, even when that is deleted, and
// is the same however often a request is repeated.
type operationID struct{ kind, account, region, uuid, token string }

func (r *record) operation(kind string) operationID {
	op := operationID{kind: kind, account: r.place.Account, region: r.place.Region, uuid: r.uuid()}
	if kind == opUpdate {
		op.token = r.tags[TagOperation]
	}
	return op
}

func (o operationID) String() string {
	return strings.TrimSuffix(strings.Join([]string{o.kind, o.account, o.region, o.uuid, o.token}, ":"), ":")
}

// parseOperation reads an operation that this broker, or another one, gave out.
func parseOperation(text string) (operationID, error) {
	parts := strings.Split(text, ":")
	if len(parts) == 4 {
		parts = append(parts, "")
	}
	if len(parts) != 5 || (parts[0] != opCreate && parts[0] != opUpdate && parts[0] != opDelete) || strings.Trim(text, letters+":-") != "" {
		return operationID{}, malformed("operation %q is none that this broker gave out", text)
	}
	return operationID{parts[0], parts[1], parts[2], parts[3], parts[4]}, nil
}

// operated reads the stack of an operation, nil if it is not there any more.
func (b *Broker) operated(ctx context.Context, o operationID, name string) (*record, error) {
	for _, p := range b.places() {
		if p.Account != o.account || p.Region != o.region {
			continue
		}
		r, err := p.read(ctx, name)
		if err != nil || r != nil && r.uuid() == o.uuid {
			return r, err
		}
		partition := "aws"
		switch {
		case strings.HasPrefix(p.Region, "cn-"):
			partition = "aws-cn"
		case strings.HasPrefix(p.Region, "us-gov-"):
			partition = "aws-us-gov"
		}
		return p.read(ctx, "arn:"+partition+":cloudformation:"+p.Region+":"+p.Account+":stack/"+name+"/"+o.uuid)
	}
	return nil, malformed("operation: the broker does not provision in account %q and region %q", o.account, o.region)
}

// newUpdate is the token of an update: one of its own, since an update that failed may be tried again,
// and what is asked.
func newUpdate(digest string) string { return "u" + rand.Text()[:16] + "-" + digest }

// asked reports whether the last update was asked for with this digest.
func (r *record) asked(digest string) bool {
	_, last, _ := strings.Cut(r.tags[TagOperation], "-")
	return last == digest && digest != ""
}

// why says why the last operation failed: the first failure, as CloudFormation tells it.
func (r *record) why(ctx context.Context, token string) string {
	run, err := r.place.client().Attach(ctx, r.id, token)
	if err == nil {
		_, err = run.Wait(ctx)
	}
	if err == nil || ctx.Err() != nil {
		return string(r.status)
	}
	return r.tell(err)
}

// tell is an error of the executor's as a user reads it, who does not know the stack, and calls none of
// the methods that the executor advises.
func (r *record) tell(err error) string {
	if errors.Is(err, executor.ErrDetached) {
		return "it takes longer than the broker waits"
	}
	if e, ok := errors.AsType[*executor.OperationError](err); ok {
		return string(e.Status) + ": " + e.Why()
	}
	return strings.TrimPrefix(err.Error(), "stack "+r.name+": ")
}

// wait waits for the end of what runs on a stack. It returns executor.ErrDetached if ctx ends first.
func (r *record) wait(ctx context.Context, token string) (*executor.Result, error) {
	run, err := r.place.client().Attach(ctx, r.id, token)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, fmt.Errorf("%w: %w", executor.ErrDetached, err)
	case err != nil:
		return nil, err
	}
	return run.Wait(ctx)
}
