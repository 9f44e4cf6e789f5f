package local

import (
	"context"
	"encoding/json"
	"maps"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// An exchange is one request of a custom resource and its answer.
type exchange struct {
	d  *deployment
	j  *job
	o  *ongoing
	id string
}

func (x *exchange) key() string { return x.d.state.id + "|" + x.j.resource.id + "|" + x.id }

// begin sends the request. The first answer counts.
func (x *exchange) begin(send Function, limit time.Duration) error {
	url, err := x.d.open(slotCustom, x.key(), func(body []byte) {
		x.d.loop.after(0, func() { x.answered(body) })
		x.d.loop.interrupt()
	})
	if err != nil {
		return err
	}
	payload, err := x.payload(url)
	if err != nil {
		return err
	}
	x.d.isSlow()
	ctx, cancel := context.WithCancel(x.d.loop.ctx)
	x.o.cancel = func() {
		cancel()
		x.d.loop.after(0, func() { x.end("", errCancelled) })
	}
	x.d.loop.after(limit, func() {
		x.end("", invalid("CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [%s]. If you are using the Python cfn-response module, you may need to update your Lambda function code so that CloudFormation can attach the updated version.", x.id))
	})
	x.d.loop.call(func() func() {
		err := invoke(ctx, send, payload)
		return func() {
			if err != nil {
				x.end("", err)
			}
		}
	})
	return nil
}

// invoke calls a function, and makes an error of its panic.
func invoke(ctx context.Context, f Function, payload []byte) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = invalid("the function behind the custom resource panicked: %v", panicked)
		}
	}()
	_, err = f(ctx, payload)
	return err
}

// end finishes the exchange. A resource whose creation failed has an ID too, for which its deletion is
// asked: the one that it told, or one that is made up.
func (x *exchange) end(id string, err error) {
	if !x.d.ongoing[x.o] {
		return
	}
	x.d.close(slotCustom, x.key())
	r := x.j.resource
	if x.j.action == Create {
		if id == "" {
			id = x.d.state.name + "-" + r.id + "-" + x.d.cloud.pick(letters[:26]+digits, 12)
		}
		if err == nil {
			x.d.begun(x.j, id)
		}
		r.physicalID = id
	}
	x.o.finish(err)
}

// answered takes the answer.
func (x *exchange) answered(body []byte) {
	var a customAnswer
	r := x.j.resource
	err := json.Unmarshal(body, &a)
	switch {
	case len(body) > maxAnswer:
		err = invalid("Response object is too long.")
	case err != nil:
		err = invalid("Invalid response object: %v", err)
	case a.RequestId != x.id || a.StackId != x.d.state.id || a.LogicalResourceId != r.id:
		err = invalid("Invalid response object: StackId, RequestId and LogicalResourceId must be those of the request")
	case a.Status == "FAILED":
		err = invalid("Received response status [FAILED] from custom resource. Message returned: %s (RequestId: %s)", a.Reason, x.id)
	case a.Status != "SUCCESS":
		err = invalid("Invalid response object: Value of property Status must be SUCCESS or FAILED")
	case a.PhysicalResourceId == "" || len(a.PhysicalResourceId) > 1024:
		err = invalid("Invalid PhysicalResourceId")
	}
	if err == nil && x.d.ongoing[x.o] && x.j.action != Delete {
		x.take(&a)
	}
	x.end(a.PhysicalResourceId, err)
}

// take takes over what an answer says. Another physical ID after an update is a replacement: what was
// there before is deleted when the stack is cleaned up.
func (x *exchange) take(a *customAnswer) {
	r := x.j.resource
	r.provided = true
	r.attributes = map[string]*tree.Node{}
	for _, m := range a.Data.Members() {
		v := *m.Value
		v.Secret = a.NoEcho
		r.attributes[m.Key] = &v
	}
	if x.j.action != Update || r.physicalID == a.PhysicalResourceId {
		return
	}
	old := *r
	old.properties, old.attributes = x.j.previous, maps.Clone(r.attributes)
	x.d.retired = append(x.d.retired, &old)
	r.physicalID = a.PhysicalResourceId
}
