package broker

import (
	"context"
	"net/http"

	"github.com/updraft-go/updraft/stack"
)

// The states of an operation.
const (
	inProgress = "in progress"
	succeeded  = "succeeded"
	failedOp   = "failed"
)

// A progress is how an operation goes.
type progress struct {
	State       string `json:"state"`
	Description string `json:"description,omitempty"`
	Usable      *bool  `json:"instance_usable,omitempty"`
	Repeatable  *bool  `json:"update_repeatable,omitempty"`
}

// retryAfter is how many seconds a platform is asked to wait between two polls.
const retryAfter = "5"

func (p *progress) answer() *answer {
	a := &answer{status: http.StatusOK, body: p}
	if p.State == inProgress {
		a.header = http.Header{"Retry-After": {retryAfter}}
	}
	return a
}

// instanceOperation answers GET /v2/service_instances/:instance_id/last_operation.
func (b *Broker) instanceOperation(x *exchange) (*answer, error) {
	op, r, err := b.polled(x, b.instanceName(x.instance))
	if err != nil {
		return nil, err
	}
	p, err := b.progressOf(x.ctx, op, r)
	if err != nil {
		return nil, err
	}
	return p.answer(), nil
}

// polled finds what a platform polls for. r is nil if it is deleted, and op says that it was to be.
func (b *Broker) polled(x *exchange, name string) (op operationID, r *record, err error) {
	text := x.query.Get("operation")
	if text == "" && x.query.Has("operation") {
		return op, nil, malformed("operation must not be empty")
	}
	if text != "" {
		if op, err = parseOperation(text); err != nil {
			return op, nil, err
		}
		r, err = b.operated(x.ctx, op, name)
	} else {
		r, err = b.find(x.ctx, name)
	}
	switch {
	case err != nil:
		return op, nil, err
	case r == nil && op.kind == opDelete:
		return op, nil, nil
	case r == nil && op.kind == "":
		return op, nil, gone("there is nothing of this ID")
	case r == nil:
		return op, nil, absent("there is nothing of this ID")
	}
	if op.kind == "" {
		op = r.operation(r.lastKind())
	}
	return op, r, nil
}

// lastKind is what was last done to a stack.
func (r *record) lastKind() string {
	switch {
	case r.status == stack.DeleteInProgress || r.status == stack.DeleteFailed || r.status == stack.DeleteComplete:
		return opDelete
	case r.updating() || r.stuck() || r.status == stack.UpdateComplete || r.status == stack.UpdateRollbackComplete:
		return opUpdate
	}
	return opCreate
}

// progressOf says how an operation on a stack goes. r is nil if it was deleted.
func (b *Broker) progressOf(ctx context.Context, op operationID, r *record) (*progress, error) {
	switch op.kind {
	case opDelete:
		return b.deletion(ctx, r)
	case opUpdate:
		return r.updated(ctx, op), nil
	}
	return r.created(ctx), nil
}

// created says how a creation goes.
func (r *record) created(ctx context.Context) *progress {
	switch {
	case r.creating():
		return &progress{State: inProgress, Description: string(r.status)}
	case r.provisioned():
		return &progress{State: succeeded}
	case r.status == stack.DeleteInProgress || r.status == stack.DeleteComplete:
		return &progress{State: failedOp, Description: "it was deleted before it was made: " + r.why(ctx, "")}
	}
	return &progress{State: failedOp, Description: r.why(ctx, "")}
}

// updated says how an update goes. One that was rolled back leaves the instance as it was.
func (r *record) updated(ctx context.Context, op operationID) *progress {
	yes, no := true, false
	switch {
	case r.updating():
		return &progress{State: inProgress, Description: string(r.status)}
	case r.stuck():
		return &progress{State: failedOp, Description: r.why(ctx, op.token), Usable: &no, Repeatable: &no}
	case !r.provisioned():
		return &progress{State: failedOp, Description: string(r.status), Usable: &no, Repeatable: &no}
	case op.token == r.tags[TagOperation]:
		return &progress{State: succeeded}
	}
	// The tags are those of another update: this one was rolled back, or another came after it.
	if _, err := r.wait(ctx, op.token); err != nil {
		return &progress{State: failedOp, Description: r.why(ctx, op.token), Usable: &yes, Repeatable: &yes}
	}
	return &progress{State: succeeded}
}

// deletion says how a deletion goes, and sets it going again where it waits for bindings.
func (b *Broker) deletion(ctx context.Context, r *record) (*progress, error) {
	switch {
	case r == nil || r.status == stack.DeleteComplete:
		return &progress{State: succeeded}, nil
	case r.status == stack.DeleteInProgress:
		return &progress{State: inProgress, Description: string(r.status)}, nil
	case r.status == stack.DeleteFailed:
		bindings, err := r.bindings(ctx)
		if err != nil {
			return nil, err
		}
		if len(bindings) == 0 {
			no := false
			return &progress{State: failedOp, Description: r.why(ctx, ""), Usable: &no}, nil
		}
	}
	if err := b.remove(ctx, r); err != nil {
		return nil, err
	}
	return &progress{State: inProgress, Description: "its bindings are being deleted"}, nil
}
