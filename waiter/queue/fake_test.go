package queue_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"
)

const url = "https://sqs.eu-west-1.amazonaws.com/111122223333/waits"

type opt = func(*sqs.Options)

// fake is a queue that hides a message for half a minute when it is received, unless it is open.
type fake struct {
	mu       sync.Mutex
	bodies   []string          // of those that were not deleted; a message's place is its receipt
	hidden   map[int]time.Time // until when
	deleted  []string
	receives []time.Time                    // when each ReceiveMessage came
	fault    func(call string, n int) error // of the nth ReceiveMessage, or what follows it
	stays    func(body string) bool         // its deletion fails
	open     bool
	hang     bool                             // no answer until the call is given up
	options  func(call string, o sqs.Options) // sees those of each call
}

func (f *fake) begin(ctx context.Context, call string, opts []opt) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if call == "ReceiveMessage" {
		f.receives = append(f.receives, time.Now())
	}
	var o sqs.Options
	for _, set := range opts {
		set(&o)
	}
	if f.options != nil {
		f.options(call, o)
	}
	if len(f.receives) > 10_000 {
		return answer("AccessDenied") // ends a reader that spins
	}
	if f.fault != nil {
		return f.fault(call, len(f.receives))
	}
	return ctx.Err()
}

func (f *fake) take() (got []types.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, body := range f.bodies {
		if body != "" && len(got) < 10 && !time.Now().Before(f.hidden[i]) {
			if !f.open {
				f.hidden[i] = time.Now().Add(30 * time.Second)
			}
			got = append(got, types.Message{Body: &body, MessageId: aws.String(fmt.Sprint("m", i)), ReceiptHandle: aws.String(fmt.Sprint(i))})
		}
	}
	return got
}

func (f *fake) send(bodies ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hidden == nil {
		f.hidden = map[int]time.Time{}
	}
	f.bodies = append(f.bodies, bodies...)
}

func (f *fake) left() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.bodies), func(s string) bool { return s == "" })
}

func (f *fake) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, opts ...opt) (*sqs.ReceiveMessageOutput, error) {
	if err := f.begin(ctx, "ReceiveMessage", opts); err != nil {
		return nil, err
	}
	if f.hang {
		<-ctx.Done()
		return nil, fmt.Errorf("the connection is closed")
	}
	for range in.WaitTimeSeconds * 10 {
		if got := f.take(); len(got) > 0 {
			return &sqs.ReceiveMessageOutput{Messages: got}, nil
		}
		select {
		case <-time.After(time.Second / 10):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return &sqs.ReceiveMessageOutput{}, nil
}

func (f *fake) DeleteMessageBatch(ctx context.Context, in *sqs.DeleteMessageBatchInput, opts ...opt) (*sqs.DeleteMessageBatchOutput, error) {
	if err := f.begin(ctx, "DeleteMessageBatch", opts); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	out := &sqs.DeleteMessageBatchOutput{}
	for _, e := range in.Entries {
		var i int
		if _, err := fmt.Sscan(*e.ReceiptHandle, &i); err != nil {
			return nil, err
		}
		if f.stays != nil && f.stays(f.bodies[i]) {
			out.Failed = append(out.Failed, types.BatchResultErrorEntry{Id: e.Id, Code: aws.String("InternalError"), Message: aws.String("try again")})
			continue
		}
		f.deleted = append(f.deleted, f.bodies[i])
		f.bodies[i] = ""
	}
	return out, nil
}

func arn(stack string) string {
	return "arn:aws:cloudformation:eu-west-1:111122223333:stack/" + stack + "/1"
}

// note is a notification of a stack's own status, or of that of a resource of it.
func note(stack, resource string) string {
	if resource == "" {
		resource = arn(stack)
	}
	return fmt.Sprintf("StackId='%s'\nPhysicalResourceId='%s'\nResourceStatus='CREATE_COMPLETE'\n", arn(stack), resource)
}

// envelope is what SNS puts around a message.
func envelope(text string) string { return fmt.Sprintf(`{"Type":"Notification","Message":%q}`, text) }

// change is an event of EventBridge.
func change(stack string) string {
	return strings.ReplaceAll(`{"source":"aws.cloudformation","detail":{"stack-id":"ID","status-details":{"status":"UPDATE_COMPLETE"}}}`, "ID", arn(stack))
}

func answer(code string) error {
	return &smithy.GenericAPIError{Code: code, Message: code, Fault: smithy.FaultClient}
}
