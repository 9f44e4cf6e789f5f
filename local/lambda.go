package local

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

const (
	typeFunction = "AWS::Lambda::Function"
	// maxInvocation is how many bytes a function may be invoked with.
	maxInvocation = 6 << 20
)

// functionName is the name in the ARN of a function, or in what else Lambda takes for one: a name, a
// part of an ARN, either with a qualifier. It is "" for another ARN.
func functionName(id string) string {
	if strings.HasPrefix(id, "arn:") && !strings.Contains(id, ":lambda:") {
		return ""
	}
	if _, after, ok := strings.Cut(id, "function:"); ok {
		id = after
	}
	name, _, _ := strings.Cut(id, ":")
	return name
}

// isLambda reports whether a request is one of Lambda's.
func isLambda(r *http.Request) bool {
	scope := scopeOf(r)
	return len(scope) == 5 && scope[3] == "lambda"
}

// answerLambda answers the operation Invoke.
//
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (c *Cloud) answerLambda(r *http.Request) *reply {
	name, ok := strings.CutPrefix(r.URL.EscapedPath(), "/2015-03-31/functions/")
	name, invoked := strings.CutSuffix(name, "/invocations")
	id, err := url.PathUnescape(name)
	if !ok || !invoked || err != nil || r.Method != http.MethodPost {
		return lambdaRefusal(http.StatusNotImplemented, "UnknownOperationException",
			"the embedded cloud answers the operation Invoke of Lambda only; the documentation of package local lists what it answers")
	}
	f, refused := c.functionFor(c.placeOf(r), id)
	if refused != nil {
		return refused
	}
	payload, err := readPayload(r)
	if err != nil {
		return lambdaRefusal(http.StatusRequestEntityTooLarge, "RequestTooLargeException", err.Error())
	}
	switch r.Header.Get("X-Amz-Invocation-Type") {
	case "DryRun":
		return &reply{status: http.StatusNoContent}
	case "Event":
		c.invokeLater(f, payload)
		return &reply{status: http.StatusAccepted}
	}
	return invocation(callFunction(r.Context(), f, payload))
}

func readPayload(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxInvocation+1))
	if err == nil && len(payload) > maxInvocation {
		err = fmt.Errorf("Request must be smaller than %d bytes for the InvokeFunction operation", maxInvocation)
	}
	return payload, err
}

// functionFor returns what was put behind a function, or why there is nothing to call.
func (c *Cloud) functionFor(at place, id string) (Function, *reply) {
	region, err := c.enter(at)
	if err != nil {
		return nil, lambdaRefusal(http.StatusServiceUnavailable, errClosed.Code, errClosed.Message)
	}
	defer c.mu.Unlock()
	name := functionName(id)
	arn := "arn:" + region.partition + ":lambda:" + region.name + ":" + region.account + ":function:" + name
	for _, key := range []string{id, arn, name} {
		if f := c.functions[key]; f != nil {
			return f, nil
		}
	}
	if region.asset(typeFunction, name) != nil {
		return nil, lambdaRefusal(http.StatusNotImplemented, "UnknownOperationException",
			"the embedded cloud runs no code of a template: nothing stands behind "+arn+"; give it a Go function with Cloud.Handle")
	}
	return nil, lambdaRefusal(http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+arn)
}

// invokeLater calls a function after its caller was answered.
func (c *Cloud) invokeLater(f Function, payload []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	life := c.life
	c.running.Go(func() { _, _ = callFunction(life, f, payload) }) // nobody is there to be told
}

// callFunction calls a function, and makes an error of its panic.
func callFunction(ctx context.Context, f Function, payload []byte) (result []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("the function panicked: %v", panicked)
		}
	}()
	return f(ctx, payload)
}

// invocation is the answer to a call that has come back.
func invocation(result []byte, err error) *reply {
	header := http.Header{"Content-Type": {"application/json"}, "X-Amz-Executed-Version": {"$LATEST"}}
	if err != nil {
		header.Set("X-Amz-Function-Error", "Unhandled")
		result = lambdaJSON(struct {
			ErrorMessage string `json:"errorMessage"`
			ErrorType    string `json:"errorType"`
		}{err.Error(), strings.TrimLeft(fmt.Sprintf("%T", err), "*")})
	}
	if len(result) == 0 {
		result = []byte("null")
	}
	return &reply{status: http.StatusOK, header: header, body: result}
}

func lambdaRefusal(status int, code, message string) *reply {
	header := http.Header{"Content-Type": {"application/json"}, "X-Amzn-Errortype": {code}}
	return &reply{status: status, header: header, body: lambdaJSON(struct{ Type, Message string }{"User", message})}
}

func lambdaJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return []byte("{}") // texts always encode
	}
	return text
}
