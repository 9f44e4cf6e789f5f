package local

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/internal/tree"
)

// A Function stands behind an ARN, as a function of AWS Lambda does. It gets the request as JSON and,
// for a custom resource, answers with a PUT to the ResponseURL in it; what it returns is not looked
// at. An error fails the resource at once, while AWS would wait for an answer to the end of the
// ServiceTimeout. It has the form of the method Invoke of Lambda's own handlers for Go.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
type Function func(ctx context.Context, payload []byte) ([]byte, error)

// Handle puts a function behind the ServiceToken of custom resources, an ARN or the name of a Lambda
// function, in all accounts and regions; it is then also what Lambda's operation Invoke calls, and what
// a macro with that FunctionName is. Behind the ARN of a topic of SNS, it gets requests as a function that
// is subscribed to the topic does. A nil
// Function takes it away again. A ServiceToken that is the URL of an HTTP endpoint needs none: the
// request is posted there. A function that is to answer within this process reaches the ResponseURL
// with the HTTPClient of [Cloud.Config]. For a provider of package customresource there is
// [Cloud.HandleCustom], for a custom resource that needs no protocol [Cloud.Provide].
func (c *Cloud) Handle(serviceToken string, f Function) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.functions == nil {
		c.functions = map[string]Function{}
	}
	c.functions[serviceToken] = f
}

// A Responder answers requests of custom resources in this process. A *customresource.Handler is one.
type Responder interface {
	// Respond returns the response to an event. ctx ends with the ServiceTimeout, or when the answer
	// is no longer wanted.
	Respond(ctx context.Context, e *customresource.Event) *customresource.Response
}

// HandleCustom puts a provider behind the ServiceToken of custom resources, as [Cloud.Handle] does a
// function:
//
//	cloud.HandleCustom("greet", &customresource.Handler[Greeting]{Provider: greeter{}})
//
// Its answers are taken without a network, and held to the same rules. A nil Responder takes it away
// again.
func (c *Cloud) HandleCustom(serviceToken string, r Responder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.responders == nil {
		c.responders = map[string]Responder{}
	}
	c.responders[serviceToken] = r
}

// isCustom reports whether a type is one of custom resources.
func isCustom(typ string) bool {
	return customType.MatchString(typ) && len(typ) <= 60 || typ == typeCustom
}

const typeCustom = "AWS::CloudFormation::CustomResource"

var customType = regexp.MustCompile(`^Custom::[A-Za-z0-9_@-]+$`)

// custom does a job for a custom resource: it sends a request, and waits for the answer.
func custom(d *deployment, j *job, o *ongoing) {
	r := j.resource
	token := r.properties.Get("ServiceToken").Str()
	limit, err := serviceTimeout(r)
	switch {
	case err != nil:
	case token == "":
		err = invalid("Properties validation failed for resource %s with message:\n#: required key [ServiceToken] not found", r.id)
	case j.previous != nil && j.previous.Get("ServiceToken").Str() != token:
		err = invalid("Modifying service token is not allowed.")
	}
	ask := d.cloud.behind(token, limit)
	if err == nil && ask == nil {
		err = fmt.Errorf("the embedded cloud has nothing behind the ServiceToken %s, and runs no code of functions; in a Go program, give it a provider with Cloud.HandleCustom or a function with Cloud.Handle or, where a stack makes its name up, give the type a provider with Cloud.Provide; without one, give an http URL as ServiceToken", token)
	}
	if err != nil {
		o.finish(err)
		return
	}
	x := &exchange{d: d, j: j, o: o, id: d.cloud.uuid()}
	if err := x.begin(ask, limit); err != nil {
		o.finish(err)
	}
}

func serviceTimeout(r *resource) (time.Duration, error) {
	const most = 3600
	text := r.properties.Get("ServiceTimeout").Str()
	if text == "" {
		return most * time.Second, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, invalid("ServiceTimeout must be a number of seconds from 1 to %d", most)
	}
	return time.Duration(n) * time.Second, nil
}

// An asker hands a request to what stands behind a service token. If it returns no response, that
// comes by the ResponseURL.
type asker func(ctx context.Context, e *customresource.Event) (*customresource.Response, error)

// behind returns how a request comes to what stands behind a service token, nil if nothing does.
func (c *Cloud) behind(token string, limit time.Duration) asker {
	if r := lookUp(c.responders, token); r != nil {
		return func(ctx context.Context, e *customresource.Event) (*customresource.Response, error) {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			return r.Respond(ctx, e), nil
		}
	}
	f := lookUp(c.functions, token)
	if f == nil && (strings.HasPrefix(token, "http://") || strings.HasPrefix(token, "https://")) {
		f = func(ctx context.Context, payload []byte) ([]byte, error) { return nil, post(ctx, token, payload) }
	}
	if f == nil {
		return nil
	}
	return func(ctx context.Context, e *customresource.Event) (*customresource.Response, error) {
		payload, err := json.Marshal(e)
		if err == nil && strings.Contains(token, ":sns:") {
			payload, err = notification(token, e.RequestID, payload)
		}
		if err != nil {
			return nil, err
		}
		_, err = f(ctx, payload)
		return nil, err
	}
}

// notification is what a topic tells a function that is subscribed to it, as Lambda hands it over.
//
// https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
func notification(topic, id string, message []byte) ([]byte, error) {
	type notice struct{ Type, MessageId, TopicArn, Subject, Message, Timestamp string }
	type record struct {
		EventSource, EventVersion, EventSubscriptionArn string
		Sns                                             notice
	}
	return json.Marshal(struct{ Records []record }{[]record{{
		EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: topic + ":" + id,
		Sns: notice{"Notification", id, topic, "AWS CloudFormation custom resource request", string(message), time.Now().UTC().Format("2006-01-02T15:04:05.000Z")},
	}}})
}

// lookUp finds what stands behind a service token, or behind the name of the function whose ARN it is.
func lookUp[T any](all map[string]T, token string) T {
	if f, ok := all[token]; ok {
		return f
	}
	return all[functionName(token)]
}

func post(ctx context.Context, url string, payload []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(payload))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxObject)) // so that the connection can be used again
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the endpoint of the custom resource answered %s", response.Status)
	}
	return nil
}

// texts returns n with each number and boolean as text, as CloudFormation sends them.
func texts(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	if s, ok := n.Scalar(); ok {
		return tree.Text(s)
	}
	made, _ := eachChild(n, func(child *tree.Node) (*tree.Node, error) { return texts(child), nil })
	return made
}

// event is the request.
func (x *exchange) event(url string) *customresource.Event {
	r := x.j.resource
	types := map[Action]customresource.RequestType{Create: customresource.Create, Update: customresource.Update, Delete: customresource.Delete}
	e := &customresource.Event{
		RequestType: types[x.j.action], RequestID: x.id, ResponseURL: customresource.Secret(url), ServiceToken: r.properties.Get("ServiceToken").Str(),
		StackID: x.d.state.id, StackName: x.d.state.name, RegionID: x.d.state.region.name,
		ResourceType: r.typ, LogicalResourceID: r.id, PhysicalResourceID: r.physicalID, ResourceProperties: texts(r.live()).AppendJSON(nil),
	}
	if x.j.previous != nil {
		e.OldResourceProperties = texts(x.j.previous).AppendJSON(nil)
	}
	return e
}
