package ros

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/internal/tree"
)

const (
	responsePath  = "/response/"
	syncLimit     = 10 * time.Second
	maxTimeout    = 43200
	defaultLimit  = 60
	maxAnswerBody = 1 << 20
)

// An exchange is an event that waits for its response.
type exchange struct {
	event    *customresource.Event
	response chan *customresource.Response
}

// custom asks what stands behind a custom resource to create, update or delete it.
func (d *deployment) custom(r *resource, verb string, properties *tree.Node) error {
	if verb == "DELETE" && r.physical == "" {
		return nil
	}
	token, before := properties.Get("ServiceToken").Str(), r.properties
	if before != nil && before.Get("ServiceToken").Str() != token {
		return errors.New("the property ServiceToken cannot be changed")
	}
	limit, err := timeoutOf(properties)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(d.cloud.life, limit)
	defer cancel()
	x := d.cloud.open(d.event(r, verb, properties))
	defer d.cloud.close(x)
	response, err := d.cloud.ask(ctx, token, x)
	if err != nil {
		return err
	}
	return d.settle(r, verb, properties, response)
}

// settle takes a response as the resource's new state.
func (d *deployment) settle(r *resource, verb string, properties *tree.Node, response *customresource.Response) error {
	d.cloud.mu.Lock()
	defer d.cloud.mu.Unlock()
	if verb == "CREATE" && response.PhysicalResourceID != "" {
		r.physical = response.PhysicalResourceID // also of what failed: it is deleted by this ID
	}
	if verb != "DELETE" {
		if response.Status == customresource.Success || r.properties == nil {
			r.properties = properties
		}
	}
	if response.Status != customresource.Success {
		return fmt.Errorf("%s", response.Reason)
	}
	if verb != "DELETE" {
		r.attributes = tree.FromJSON(string(response.Data))
	}
	return nil
}

func timeoutOf(properties *tree.Node) (time.Duration, error) {
	text := properties.Get("Timeout").Str()
	if text == "" {
		return defaultLimit * time.Second, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < 1 || f > maxTimeout {
		return 0, fmt.Errorf("the property Timeout must be a number of seconds from 1 to %d", maxTimeout)
	}
	return time.Duration(f * float64(time.Second)), nil
}

// event is what is asked, without a URL to answer to.
func (d *deployment) event(r *resource, verb string, properties *tree.Node) *customresource.Event {
	e := &customresource.Event{
		Dialect: customresource.ROS, RequestID: newID(),
		StackID: d.stack.id, StackName: d.stack.name, RegionID: d.stack.region,
		ResourceOwnerID: d.cloud.account(), CallerID: d.cloud.account(),
		LogicalResourceID: r.id, ResourceType: r.typ,
		RequestType:        map[string]customresource.RequestType{"CREATE": customresource.Create, "UPDATE": customresource.Update, "DELETE": customresource.Delete}[verb],
		ResourceProperties: parametersOf(properties),
	}
	if verb != "CREATE" {
		e.PhysicalResourceID = r.physical
	}
	if verb == "UPDATE" {
		e.OldResourceProperties = parametersOf(r.properties)
	}
	return e
}

// parametersOf is what a provider is told of the properties.
func parametersOf(properties *tree.Node) json.RawMessage {
	if p := properties.Get("Parameters"); p.Is(tree.Map) {
		return p.AppendJSON(nil)
	}
	return json.RawMessage("{}")
}

// open gives an event a URL to answer to.
func (c *Cloud) open(e *customresource.Event) *exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	x := &exchange{event: e, response: make(chan *customresource.Response, 1)}
	token := newID()
	c.waiting[token] = x
	url := c.Endpoint
	if url == "" {
		url = c.reached
	}
	e.ResponseURL = customresource.Secret(strings.TrimSuffix(url, "/") + responsePath + token)
	e.IntranetResponseURL = e.ResponseURL
	return x
}

// close forgets an event: a response that comes later is refused.
func (c *Cloud) close(x *exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for token, other := range c.waiting {
		if other == x {
			delete(c.waiting, token)
		}
	}
}

// ask hands an event to what stands behind a service token, and waits for the response.
func (c *Cloud) ask(ctx context.Context, token string, x *exchange) (*customresource.Response, error) {
	c.mu.Lock()
	responder, function := lookUpToken(c.responders, token), lookUpToken(c.functions, token)
	c.mu.Unlock()
	e := x.event
	if responder != nil {
		response := responder.Respond(ctx, e)
		body, err := response.Encode(customresource.ROS)
		if err != nil {
			return nil, err
		}
		return customresource.ParseResponse(e, body)
	}
	if function == nil {
		url, synchronous, ok := webTarget(token)
		if !ok {
			return nil, fmt.Errorf("the embedded cloud has nothing behind the ServiceToken %s; give it a provider with Cloud.HandleCustom, a function with Cloud.Handle, or web:URL as ServiceToken", token)
		}
		if synchronous {
			return c.askNow(ctx, url, e)
		}
		function = func(ctx context.Context, payload []byte) ([]byte, error) { return c.post(ctx, url, payload) }
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	if _, err := function(ctx, payload); err != nil {
		return nil, fmt.Errorf("the function behind the ServiceToken failed: %w", err)
	}
	select {
	case response := <-x.response:
		return response, nil
	case <-ctx.Done():
		if c.life.Err() != nil {
			return nil, c.life.Err()
		}
		return nil, told("Timed out: no response came within the Timeout of the custom resource")
	}
}

// lookUpToken returns what stands behind a service token, or behind the name of the function that it ends
// in.
func lookUpToken[T any](m map[string]T, token string) T {
	if v, ok := m[token]; ok {
		return v
	}
	_, name, ok := strings.Cut(token, "functions/")
	if !ok {
		name = ""
	}
	return m[name]
}

// webTarget reads a service token of the form web:URL or web[sync]:URL.
func webTarget(token string) (url string, synchronous, ok bool) {
	kind, url, ok := strings.Cut(token, ":")
	kind, options, _ := strings.Cut(strings.TrimSuffix(kind, "]"), "[")
	if !ok || kind != "web" || !strings.HasPrefix(url, "http://") && !strings.HasPrefix(url, "https://") {
		return "", false, false
	}
	return url, strings.Contains(","+options+",", ",sync,"), true
}

// askNow posts an event whose answer is the response.
func (c *Cloud) askNow(ctx context.Context, url string, e *customresource.Event) (*customresource.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, syncLimit)
	defer cancel()
	now := *e
	now.ResponseURL, now.IntranetResponseURL = "", ""
	payload, err := json.Marshal(&now)
	if err != nil {
		return nil, err
	}
	body, err := c.post(ctx, url, payload)
	if err != nil {
		return nil, err
	}
	return customresource.ParseResponse(e, body)
}

// post sends an event to an HTTP endpoint.
func (c *Cloud) post(ctx context.Context, url string, payload []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(payload))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Transport: c.Transport}).Do(r)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswerBody))
	if err != nil {
		return nil, err
	}
	if answer.StatusCode/100 != 2 {
		return nil, fmt.Errorf("the endpoint behind the ServiceToken answered with HTTP status %d", answer.StatusCode)
	}
	return body, nil
}

// receive takes the response of a custom resource.
func (c *Cloud) receive(w http.ResponseWriter, r *http.Request, token string, body []byte) {
	c.mu.Lock()
	x := c.waiting[token]
	c.mu.Unlock()
	switch {
	case x == nil:
		answer(w, nil, refuse(http.StatusForbidden, "Forbidden", "the URL is not, or no longer, one that a response is expected at"))
		return
	case r.Method != http.MethodPost:
		answer(w, nil, refuse(http.StatusMethodNotAllowed, "UnsupportedHTTPMethod", "a response is sent with POST"))
		return
	case !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"):
		answer(w, nil, refuse(http.StatusBadRequest, "InvalidRequest", "the Content-Type of a response is application/json"))
		return
	}
	response, err := customresource.ParseResponse(x.event, body)
	if err != nil {
		answer(w, nil, refuse(http.StatusBadRequest, "InvalidResponse", "%v", err))
		return
	}
	select {
	case x.response <- response:
	default: // the first response counts
	}
	answer(w, tree.Object(), nil)
}

// customAttribute is a member of what a custom resource answered, or all of it.
func customAttribute(r *resource, name string) (*tree.Node, error) {
	if name == "Outputs" {
		if r.attributes == nil {
			return tree.Object(), nil
		}
		return r.attributes, nil
	}
	if v := r.attributes.Get(strings.TrimPrefix(name, "Outputs.")); v != nil {
		return v, nil
	}
	return nil, told("The Referenced Attribute (%s %s) is incorrect.", r.id, name)
}
