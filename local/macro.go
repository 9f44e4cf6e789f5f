package local

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

const typeMacro = "AWS::CloudFormation::Macro"

// macroTimeout is how long a macro may take: as long as a function of Lambda.
const macroTimeout = 15 * time.Minute

// A macroRequest is what a macro is asked to do.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
type macroRequest struct {
	AccountID  string     `json:"accountId"`
	Fragment   *tree.Node `json:"fragment"`
	Transform  string     `json:"transformId"`
	RequestID  string     `json:"requestId"`
	Region     string     `json:"region"`
	Params     *tree.Node `json:"params"`
	Parameters *tree.Node `json:"templateParameterValues"`
}

// errMeanwhile refuses a request whose stack was changed by another while its macros ran.
var errMeanwhile = invalid("The stack was changed by another request while the macros of its template ran; send the request again")

// macro applies a macro that a stack of the account has made: the Go function behind its FunctionName
// gets the fragment, and answers with what takes its place.
func (x *expansion) macro(t transform, fragment *tree.Node) (*tree.Node, error) {
	var function string
	for _, a := range x.region.list(typeMacro) {
		if a.text("Name") == t.name {
			function = a.text("FunctionName")
		}
	}
	if function == "" {
		return nil, x.unknown(t.name)
	}
	id := x.region.account + "::" + t.name
	f := x.region.bound(function)
	if f == nil {
		return nil, failedTransform(id, "the embedded cloud has nothing behind the function %s of the macro; give it a Go function with Cloud.Handle", function)
	}
	params := t.parameters
	if params == nil {
		params = tree.Object()
	}
	request := macroRequest{x.region.account, fragment, id, x.region.cloud.uuid(), x.region.name, params, x.parameterValues()}
	payload, err := json.Marshal(request)
	if err != nil {
		return nil, failedTransform(id, "%v", err)
	}
	answer, err := x.ask(f, payload)
	if err != nil {
		if errors.Is(err, errMeanwhile) {
			return nil, err
		}
		return nil, failedTransform(id, "%v", err)
	}
	return readMacroAnswer(id, request.RequestID, answer)
}

// bound returns the Go function behind a function's name or ARN, nil if there is none.
func (r *region) bound(id string) Function {
	name := functionName(id)
	for _, key := range []string{id, "arn:" + r.partition + ":lambda:" + r.name + ":" + r.account + ":function:" + name, name} {
		if f := r.cloud.functions[key]; f != nil {
			return f
		}
	}
	return nil
}

// ask calls a function without the cloud's lock, so that it may call the cloud. What happens to the stack
// meanwhile makes the request pointless.
func (x *expansion) ask(f Function, payload []byte) ([]byte, error) {
	cloud, s := x.region.cloud, x.scope.state
	before, status, ran := x.region.byName[s.name], s.status, s.running
	cloud.mu.Unlock()
	ctx, cancel := context.WithTimeout(cloud.life, macroTimeout)
	answer, err := callFunction(ctx, f, payload)
	cancel()
	cloud.mu.Lock()
	switch {
	case cloud.closed:
		return nil, errClosed
	case x.region.byName[s.name] != before || s.status != status || s.running != ran:
		return nil, errMeanwhile
	}
	return answer, err
}

// parameterValues are the template's parameters, as macros get them.
func (x *expansion) parameterValues() *tree.Node {
	values := tree.Object()
	if x.scope.parameters == nil {
		return values
	}
	for _, p := range x.scope.parameters.list {
		values.Map = append(values.Map, tree.Field(p.key, p.value))
	}
	return values
}

// readMacroAnswer takes the fragment out of a macro's answer.
func readMacroAnswer(id, requestID string, answer []byte) (*tree.Node, error) {
	root, err := tree.Parse(answer)
	if err != nil || !root.Is(tree.Map) || root.Get("requestId").Str() != requestID {
		return nil, invalid("Received malformed response from transform %s", id)
	}
	switch message := root.Get("errorMessage").Str(); {
	case root.Get("status").Str() == "success" && root.Get("fragment") != nil:
		return root.Get("fragment"), nil
	case root.Get("status").Str() == "success":
		return nil, invalid("Received malformed response from transform %s", id)
	case message != "":
		return nil, failedTransform(id, "%s", message)
	}
	return nil, invalid("Transform %s failed without an error message.", id)
}
