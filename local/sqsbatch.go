package local

import (
	"errors"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

// maxBatch is how many entries a batch may have.
const maxBatch = 10

type batchFailure struct {
	Id          string
	Code        string
	Message     string
	SenderFault bool
}

// A batchOutput is what became of the entries of a batch.
type batchOutput[Out any] struct {
	Successful []Out
	Failed     []batchFailure
}

// batch does something for each entry. That one fails does not matter to the others.
func batch[In, Out any](entries []In, id func(*In) string, do func(*In) (Out, error)) (*batchOutput[Out], error) {
	out := &batchOutput[Out]{Successful: []Out{}, Failed: []batchFailure{}}
	seen := map[string]bool{}
	switch {
	case len(entries) == 0:
		return nil, sqsError("EmptyBatchRequest", "There should be at least one entry in the request.")
	case len(entries) > maxBatch:
		return nil, sqsError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, len(entries))
	}
	for i := range entries {
		if name := id(&entries[i]); seen[name] {
			return nil, sqsError("BatchEntryIdsNotDistinct", "Id %s repeated.", name)
		}
		seen[id(&entries[i])] = true
	}
	for i := range entries {
		done, err := do(&entries[i])
		if known, ok := errors.AsType[*query.Error](err); ok {
			code := known.Code[strings.LastIndex(known.Code, "#")+1:]
			out.Failed = append(out.Failed, batchFailure{id(&entries[i]), code, known.Message, true})
			continue
		}
		out.Successful = append(out.Successful, done)
	}
	return out, nil
}

type entryDone struct{ Id string }

type sendBatchInput struct {
	QueueUrl string
	Entries  []sendInput `query:"SendMessageBatchRequestEntry"`
}

func sendMessageBatch(r *region, in *sendBatchInput) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out, err := batch(in.Entries, func(e *sendInput) string { return e.Id }, func(e *sendInput) (*sendOutput, error) { return r.send(a, e) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

type deleteBatchInput struct {
	QueueUrl string
	Entries  []heldInput `query:"DeleteMessageBatchRequestEntry"`
}

func deleteMessageBatch(r *region, in *deleteBatchInput) (any, error) {
	return r.heldBatch(in.QueueUrl, in.Entries, (*asset).deleteMessage)
}

type visibilityBatchInput struct {
	QueueUrl string
	Entries  []heldInput `query:"ChangeMessageVisibilityBatchRequestEntry"`
}

func changeVisibilityBatch(r *region, in *visibilityBatchInput) (any, error) {
	return r.heldBatch(in.QueueUrl, in.Entries, (*asset).changeVisibility)
}

func (r *region) heldBatch(url string, entries []heldInput, do func(*asset, *heldInput) error) (any, error) {
	a, err := r.queue(url)
	if err != nil {
		return nil, err
	}
	out, err := batch(entries, func(e *heldInput) string { return e.Id }, func(e *heldInput) (entryDone, error) {
		return entryDone{e.Id}, do(a, e)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
