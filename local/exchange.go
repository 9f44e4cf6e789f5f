package local

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"github.com/updraft-go/updraft/customresource"
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
func (x *exchange) begin(ask asker, limit time.Duration) error {
	e := x.event("")
	url, err := x.d.open(slotCustom, x.key(), &slot{receive: func(body []byte) {
		x.d.loop.after(0, func() { x.answered(e, body) })
		x.d.loop.interrupt()
	}})
	if err != nil {
		return err
	}
	e.ResponseURL = customresource.Secret(url)
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
		response, err := invoke(ctx, ask, e)
		return func() {
			switch {
			case err != nil:
				x.end("", err)
			case response != nil:
				x.answered(e, response)
			}
		}
	})
	return nil
}

// invoke asks, and makes an error of a panic. It returns the response as it would be sent, nil if that
// is still to come.
func invoke(ctx context.Context, ask asker, e *customresource.Event) (body []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = invalid("the function behind the custom resource panicked: %v", panicked)
		}
	}()
	response, err := ask(ctx, e)
	if err != nil || response == nil {
		return nil, err
	}
	return json.Marshal(response)
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
func (x *exchange) answered(e *customresource.Event, body []byte) {
	a, err := customresource.ParseResponse(e, body)
	id := ""
	if a != nil && a.RequestID == x.id {
		id = a.PhysicalResourceID
	}
	switch {
	case errors.Is(err, customresource.ErrTooLarge):
		err = invalid("Response object is too long.")
	case a != nil && a.Status == customresource.Failed && (err == nil || errors.Is(err, customresource.ErrPhysicalID)):
		err = invalid("Received response status [FAILED] from custom resource. Message returned: %s (RequestId: %s)", a.Reason, x.id)
	case errors.Is(err, customresource.ErrPhysicalID):
		err = invalid("Invalid PhysicalResourceId")
	case err != nil:
		err = invalid("Invalid response object: %v", err)
	case x.d.ongoing[x.o] && x.j.action != Delete:
		err = x.take(a)
	}
	x.end(id, err)
}

// take takes over what an answer says. Another physical ID after an update is a replacement: what was
// there before is deleted when the stack is cleaned up.
func (x *exchange) take(a *customresource.Response) error {
	data := &tree.Node{}
	if len(a.Data) > 0 {
		var err error
		if data, err = tree.Parse(a.Data); err != nil {
			return invalid("Invalid response object: %v", err)
		}
	}
	r := x.j.resource
	r.provided = true
	r.attributes = map[string]*tree.Node{}
	for _, m := range data.Members() {
		v := *m.Value
		v.Secret = a.NoEcho
		r.attributes[m.Key] = &v
	}
	if x.j.action != Update || r.physicalID == a.PhysicalResourceID {
		return nil
	}
	old := *r
	old.properties, old.attributes = x.j.previous, maps.Clone(r.attributes)
	x.d.retired = append(x.d.retired, &old)
	r.physicalID = a.PhysicalResourceID
	return nil
}
