package queue

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/updraft-go/updraft/waiter"
)

// This file is the only one of the package that reads SQS's errors.

// transient reports whether err may go away by itself.
func transient(err error) bool {
	return waiter.Transient(err) || is[*types.KmsThrottled](err) || is[*types.OverLimit](err)
}

// explain says what is wrong with the queue, and what to do next.
func (r *Reader) explain(err error) error {
	switch {
	case is[*types.QueueDoesNotExist](err):
		return fmt.Errorf("queue %s: it does not exist where the client looks for it; create it, or mend Reader.URL or the client's region: %w", r.URL, err)
	case waiter.Denied(err) || is[*types.KmsAccessDenied](err):
		return fmt.Errorf("queue %s: the client may not use it; allow it sqs:ReceiveMessage and sqs:DeleteMessage on it, and kms:Decrypt with its key if it has one: %w", r.URL, err)
	}
	return fmt.Errorf("queue %s: %w", r.URL, err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
