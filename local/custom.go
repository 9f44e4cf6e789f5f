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

	"github.com/updraft-go/updraft/internal/tree"
)

// A Function stands behind an ARN, as a function of AWS Lambda does. It gets the request as JSON and,
// for a custom resource, answers with a PUT to the ResponseURL in it; what it returns is not looked
// at. An error fails the resource at once, while AWS would wait for an answer to the end of the
// ServiceTimeout. It has the form of the method Invoke of Lambda's own handlers for Go.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
type Function func(ctx context.Context, payload []byte) ([]byte, error)

// Handle puts a function behind the ServiceToken of custom resources, most often an ARN, in all accounts
// and regions. A nil Function takes it away again. A ServiceToken that is the URL of an HTTP endpoint
// needs none: the request is posted there. For a custom resource that needs no protocol, there is
// [Cloud.Provide].
func (c *Cloud) Handle(serviceToken string, f Function) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.functions == nil {
		c.functions = map[string]Function{}
	}
	c.functions[serviceToken] = f
}

// isCustom reports whether a type is one of custom resources.
func isCustom(typ string) bool {
	return customType.MatchString(typ) && len(typ) <= 60 || typ == typeCustom
}

const typeCustom = "AWS::CloudFormation::CustomResource"

var customType = regexp.MustCompile(`^Custom::[A-Za-z0-9_@-]+$`)

// A customRequest is what a custom resource is asked to do.
type customRequest struct {
	RequestType           string
	RequestId             string
	ResponseURL           string
	ServiceToken          string
	StackId               string
	ResourceType          string
	LogicalResourceId     string
	PhysicalResourceId    string     `json:",omitempty"`
	ResourceProperties    *tree.Node `json:",omitempty"`
	OldResourceProperties *tree.Node `json:",omitempty"`
}

// A customAnswer is what it answers.
type customAnswer struct {
	Status, Reason, PhysicalResourceId string
	StackId, RequestId                 string
	LogicalResourceId                  string
	NoEcho                             bool
	Data                               *tree.Node
}

// maxAnswer is how many bytes an answer may have.
const maxAnswer = 4096

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
	send := d.cloud.sender(token)
	if err == nil && send == nil {
		err = fmt.Errorf("the embedded cloud has nothing behind the ServiceToken %s; give it a function with Cloud.Handle, or an http URL as ServiceToken", token)
	}
	if err != nil {
		o.finish(err)
		return
	}
	x := &exchange{d: d, j: j, o: o, id: d.cloud.uuid()}
	if err := x.begin(send, limit); err != nil {
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

// sender returns how a request comes to what stands behind a service token, nil if nothing does.
func (c *Cloud) sender(token string) Function {
	if f := c.functions[token]; f != nil {
		return f
	}
	if strings.HasPrefix(token, "http://") || strings.HasPrefix(token, "https://") {
		return func(ctx context.Context, payload []byte) ([]byte, error) { return nil, post(ctx, token, payload) }
	}
	return nil
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

// UnmarshalJSON reads an answer, whose Data may hold anything.
func (a *customAnswer) UnmarshalJSON(text []byte) error {
	root, err := tree.Parse(text)
	if err != nil || !root.Is(tree.Map) {
		return fmt.Errorf("the answer is no JSON object")
	}
	get := func(name string) string { return root.Get(name).Str() }
	*a = customAnswer{
		get("Status"), get("Reason"), get("PhysicalResourceId"), get("StackId"), get("RequestId"), get("LogicalResourceId"),
		get("NoEcho") == "true", root.Get("Data"),
	}
	return nil
}

// payload is the request as JSON.
func (x *exchange) payload(url string) ([]byte, error) {
	r := x.j.resource
	words := map[Action]string{Create: "Create", Update: "Update", Delete: "Delete"}
	return json.Marshal(customRequest{
		RequestType: words[x.j.action], RequestId: x.id, ResponseURL: url, ServiceToken: r.properties.Get("ServiceToken").Str(),
		StackId: x.d.state.id, ResourceType: r.typ, LogicalResourceId: r.id, PhysicalResourceId: r.physicalID,
		ResourceProperties: texts(r.live()), OldResourceProperties: texts(x.j.previous),
	})
}
