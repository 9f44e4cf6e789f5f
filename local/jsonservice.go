package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

// A jsonOperation answers a request of a JSON protocol with what is to be written as JSON. The cloud's
// lock is held while it runs.
type jsonOperation func(*region, []byte) (any, error)

// typedJSON makes an operation of a function on a struct of parameters.
func typedJSON[In any](f func(*region, *In) (any, error)) jsonOperation {
	return func(r *region, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, &query.Error{Code: "SerializationException", Message: err.Error()}
		}
		return f(r, &in)
	}
}

// jsonOperations are the operations that are answered, by the target that requests name.
var jsonOperations = map[string]jsonOperation{
	"AmazonSSM.PutParameter":        typedJSON(putParameter),
	"AmazonSSM.GetParameter":        typedJSON(getParameter),
	"AmazonSSM.GetParameters":       typedJSON(getParameters),
	"AmazonSSM.GetParametersByPath": typedJSON(getParametersByPath),
	"AmazonSSM.DeleteParameter":     typedJSON(deleteParameter),
	"secretsmanager.GetSecretValue": typedJSON(getSecretValue),
	"secretsmanager.CreateSecret":   typedJSON(createSecret),

	"AmazonSQS.GetQueueUrl":                  typedJSON(getQueueURL),
	"AmazonSQS.GetQueueAttributes":           typedJSON(getQueueAttributes),
	"AmazonSQS.ListQueues":                   typedJSON(listQueues),
	"AmazonSQS.ListQueueTags":                typedJSON(listQueueTags),
	"AmazonSQS.SendMessage":                  typedJSON(sendMessage),
	"AmazonSQS.SendMessageBatch":             typedJSON(sendMessageBatch),
	"AmazonSQS.ReceiveMessage":               typedJSON(receiveMessage),
	"AmazonSQS.DeleteMessage":                typedJSON(deleteMessage),
	"AmazonSQS.DeleteMessageBatch":           typedJSON(deleteMessageBatch),
	"AmazonSQS.ChangeMessageVisibility":      typedJSON(changeVisibility),
	"AmazonSQS.ChangeMessageVisibilityBatch": typedJSON(changeVisibilityBatch),
	"AmazonSQS.PurgeQueue":                   typedJSON(purgeQueue),
}

// answerJSON answers a request of a JSON protocol.
func (c *Cloud) answerJSON(r *http.Request, target string) *reply {
	result, err := c.doJSON(r, target)
	return jsonReply(r, result, err)
}

// jsonReply is a result or an error as the JSON protocols have it.
func jsonReply(r *http.Request, result any, err error) *reply {
	status, header := http.StatusOK, http.Header{}
	if err != nil {
		known, ok := errors.AsType[*query.Error](err)
		if !ok {
			known = &query.Error{Code: "InternalServerError", Message: err.Error(), Status: http.StatusInternalServerError}
		}
		status = known.HTTPStatus()
		if older := olderCode(known.Code); older != known.Code {
			header.Set("X-Amzn-Query-Error", older+";Sender")
		}
		result = struct {
			Type    string `json:"__type"`
			Message string `json:"message,omitempty"`
		}{known.Code, known.Message}
	}
	if result == nil {
		result = struct{}{}
	}
	body, err := json.Marshal(result)
	if err != nil {
		return &reply{status: http.StatusInternalServerError}
	}
	media := r.Header.Get("Content-Type")
	if media == "" {
		media = "application/x-amz-json-1.1"
	}
	header.Set("Content-Type", media)
	return &reply{status: status, header: header, body: body}
}

func (c *Cloud) doJSON(r *http.Request, target string) (any, error) {
	perform := jsonOperations[target]
	if perform == nil {
		service, operation, _ := strings.Cut(target, ".")
		return nil, &query.Error{Code: "UnknownOperationException", Status: http.StatusNotImplemented,
			Message: fmt.Sprintf("the embedded cloud does not answer %s of %s; the documentation of package local lists what it answers", operation, service)}
	}
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, query.MaxBody+1)); err != nil {
			return nil, &query.Error{Code: "SerializationException", Message: err.Error()}
		}
		if len(body) > query.MaxBody {
			return nil, &query.Error{Code: "RequestEntityTooLargeException", Message: query.ErrTooLarge.Error(), Status: http.StatusRequestEntityTooLarge}
		}
	}
	return patiently(r.Context(), func() (any, error) {
		region, err := c.enter(c.placeOf(r))
		if err != nil {
			return nil, err
		}
		defer c.mu.Unlock()
		return perform(region, body)
	})
}
