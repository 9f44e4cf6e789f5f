package local

import (
	"time"
)

// A heldInput names a message that was received; of a batch, one entry of it.
type heldInput struct {
	Id                string
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int
}

func deleteMessage(r *region, in *heldInput) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, a.deleteMessage(in)
}

// deleteMessage deletes a message. One that is gone already is no error.
func (a *asset) deleteMessage(in *heldInput) error {
	if in.ReceiptHandle == "" {
		return sqsError("MissingParameter", "The request must contain the parameter ReceiptHandle.")
	}
	if len(in.ReceiptHandle) < 45 {
		return sqsError("ReceiptHandleIsInvalid", "The input receipt handle \"%s\" is not a valid receipt handle.", in.ReceiptHandle)
	}
	if x := a.held(in.ReceiptHandle); x != nil {
		a.drop(x)
		a.mailbox().ring()
	}
	return nil
}

func changeVisibility(r *region, in *heldInput) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, a.changeVisibility(in)
}

func (a *asset) changeVisibility(in *heldInput) error {
	seconds, err := within("VisibilityTimeout", in.VisibilityTimeout, -1, 0, 43200)
	switch {
	case err != nil:
		return err
	case seconds < 0:
		return sqsError("MissingParameter", "The request must contain the parameter VisibilityTimeout.")
	}
	now := time.Now()
	x := a.held(in.ReceiptHandle)
	if x == nil || !x.visible.After(now) {
		return sqsError("MessageNotInflight", "Value %s for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.", in.ReceiptHandle)
	}
	x.visible = now.Add(time.Duration(seconds) * time.Second)
	a.mailbox().ring()
	return nil
}

func purgeQueue(r *region, in *struct{ QueueUrl string }) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	a.mailbox().messages = nil
	return nil, nil
}
