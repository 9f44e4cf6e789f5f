// Package queue reads from a queue of SQS what CloudFormation tells of stacks, and wakes those who wait
// for them.
//
// CloudFormation tells the topics that a stack was deployed with (executor's Options.NotificationARNs) of
// all that happens to it, and EventBridge whatever rule asks for it; a queue can be subscribed to the
// one and be the target of the other. Then a poller need not ask often:
//
//	poller := &waiter.Poller{API: cloudformation.NewFromConfig(cfg), MinInterval: time.Minute}
//	reader := &queue.Reader{API: sqs.NewFromConfig(cfg), URL: url}
//	go func() { failed <- reader.Run(ctx, poller.Wake) }()
//
// It is a package of its own so that whoever waits without a queue does not compile a client of SQS.
package queue

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/updraft-go/updraft/waiter"
)

// API is what a [Reader] needs of SQS. *sqs.Client is one.
type API interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
}

// A Reader reads a queue of messages about stacks. API and URL must be set. It holds no state, has no
// goroutines of its own, and is safe for concurrent use.
//
// A message is read once, by one reader: each process that waits needs a queue of its own, of which
// any number may be subscribed to a topic. The client needs the permissions sqs:ReceiveMessage and
// sqs:DeleteMessage.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
type Reader struct {
	// API is SQS, in the queue's region. It is required.
	API API
	// URL is that of the queue. It is required.
	URL string
	// Resources wakes for what happens to resources of a stack, too, as those want who stream its
	// events. If false, only for what happens to the stack itself, which is all that a wait needs: each
	// time that it is woken costs it a call.
	Resources bool
	// Pause is the pause after a fault. It is doubled with each fault that follows, up to half a
	// minute, and spread by a fifth to either side. If zero, one second.
	Pause time.Duration
	// Logger gets a record at Warn for each fault that is borne, and for messages that could not be
	// deleted; at Debug, for those that are not about a stack. If nil, nothing is logged.
	Logger *slog.Logger
}

const (
	batch    = 10                       // messages at most that SQS gives and deletes at once
	polling  = 20 * time.Second         // that it waits for one at most
	patience = polling + 10*time.Second // with a call
)

// Run reads the queue until ctx ends, and calls wake with the ARN of each stack that messages are about:
// notifications of CloudFormation by SNS, raw or in SNS's envelope, and events of EventBridge, as
// [waiter.StackOf] reads them. It waits for wake to return, which should be soon, as [waiter.Poller.Wake]
// does. Messages are deleted when wake was called, so none is lost if the process dies in between; the
// stack is woken again then.
//
// Other messages are left alone: they may be somebody else's, and a deletion cannot be undone. They come
// back when the queue's visibility timeout has passed, until they expire or the queue's redrive policy
// puts them elsewhere. While there is nothing else, the queue is read once a Pause at most.
//
// Throttling, faults of the server and broken connections are borne, each with a pause.
//
// # Errors
//
// The cause of ctx when it ends; at once, what SQS answers if trying again does not cure it: the queue
// does not exist, or the client may not read it or delete from it. The error says which, and wraps what
// SQS answered.
func (r *Reader) Run(ctx context.Context, wake func(stackID string)) error {
	if r.API == nil || r.URL == "" {
		return errors.New("queue.Reader: API and URL must be set")
	}
	for faults := 0; ; {
		began := time.Now()
		read, err := r.read(ctx, wake)
		var pause time.Duration
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case transient(err):
			pause = r.backoff(faults)
			faults++
			r.log().LogAttrs(ctx, slog.LevelWarn, "read failed, trying again", slog.String("queue", r.URL), slog.String("error", err.Error()), slog.Duration("pause", pause))
		case err != nil:
			return r.explain(err)
		default:
			faults = 0
			if read == 0 && time.Since(began) < r.backoff(0) { // nothing for us, and SQS did not wait for more
				pause = r.backoff(0)
			}
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// read reads what there is, or what comes within a long poll, and returns of how many messages it has
// disposed.
func (r *Reader) read(ctx context.Context, wake func(string)) (int, error) {
	out, err := call(ctx, r.API.ReceiveMessage, &sqs.ReceiveMessageInput{
		QueueUrl: &r.URL, MaxNumberOfMessages: batch, WaitTimeSeconds: int32(polling / time.Second),
	})
	if err != nil {
		return 0, err
	}
	var woken []string
	var done []types.DeleteMessageBatchRequestEntry
	for i, m := range out.Messages {
		body := []byte(aws.ToString(m.Body))
		id, ok := waiter.StackOf(body)
		if !ok {
			r.log().LogAttrs(ctx, slog.LevelDebug, "not about a stack, left in the queue", slog.String("queue", r.URL), slog.String("message", aws.ToString(m.MessageId)))
			continue
		}
		done = append(done, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
		if _, _, whole := waiter.StatusOf(body); (whole || r.Resources) && !slices.Contains(woken, id) {
			woken = append(woken, id)
			wake(id)
		}
	}
	if len(done) == 0 {
		return 0, nil
	}
	return r.delete(ctx, done)
}

// delete deletes messages that were read, and returns how many. One that stays is read again, which only
// costs calls.
func (r *Reader) delete(ctx context.Context, done []types.DeleteMessageBatchRequestEntry) (int, error) {
	out, err := call(ctx, r.API.DeleteMessageBatch, &sqs.DeleteMessageBatchInput{QueueUrl: &r.URL, Entries: done})
	if err != nil {
		return 0, err
	}
	for _, f := range out.Failed {
		r.log().LogAttrs(ctx, slog.LevelWarn, "a message was not deleted, and will come again", slog.String("queue", r.URL),
			slog.String("code", aws.ToString(f.Code)), slog.String("error", aws.ToString(f.Message)))
	}
	return len(done) - len(out.Failed), nil
}

// call makes one call in one attempt, since the reader itself tries again, and gives it up if it takes
// longer than any should.
func call[In, Out any](ctx context.Context, f func(context.Context, *In, ...func(*sqs.Options)) (*Out, error), in *In) (*Out, error) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := f(bounded, in, func(o *sqs.Options) { o.Retryer = aws.NopRetryer{} })
	if err != nil && ctx.Err() == nil && bounded.Err() != nil {
		err = context.DeadlineExceeded // the call's own end, however the client words it
	}
	return out, err
}

func (r *Reader) log() *slog.Logger {
	if r.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Logger
}
