package ros

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	openapiutil "github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

// version is that of the API.
const version = "2019-09-10"

// An API calls operations of ROS. [NewAPI] makes one.
type API interface {
	// Call calls an operation with parameters, and returns its answer. An error of ROS's own is an
	// [*APIError].
	Call(ctx context.Context, action string, parameters map[string]string) (map[string]any, error)
}

// An APIError is an answer of ROS that is an error.
type APIError struct {
	// StatusCode is that of HTTP, Code and Message are ROS's.
	StatusCode    int
	Code, Message string
}

func (e *APIError) Error() string { return e.Code + ": " + e.Message }

// NewAPI returns an API that signs its requests with the credentials of a configuration, and sends them to
// its Endpoint; that of ROS if it names none. transport, if it is not nil, carries them: an embedded cloud,
// say.
func NewAPI(config *openapiutil.Config, transport http.RoundTripper) (API, error) {
	c := *config
	if c.Endpoint == nil {
		c.Endpoint = tea.String("ros.aliyuncs.com")
	}
	if transport != nil {
		c.HttpClient = carrier{transport}
	}
	client, err := openapi.NewClient(&c)
	if err != nil {
		return nil, err
	}
	return &signed{client}, nil
}

// carrier makes a RoundTripper what the SDK wants.
type carrier struct{ transport http.RoundTripper }

// Call carries a request, with the names of its headers as a server would see them: the SDK's are in
// lower case.
func (c carrier) Call(r *http.Request, _ *http.Transport) (*http.Response, error) {
	header := http.Header{}
	for name, values := range r.Header {
		for _, v := range values {
			header.Add(name, v)
		}
	}
	r.Header = header
	return c.transport.RoundTrip(r)
}

// signed calls by the SDK.
type signed struct{ client *openapi.Client }

func (s *signed) Call(ctx context.Context, action string, parameters map[string]string) (map[string]any, error) {
	body := map[string]any{}
	for name, value := range parameters {
		body[name] = value
	}
	protocol := tea.StringValue(s.client.Protocol)
	if protocol == "" {
		protocol = "HTTPS"
	}
	out, err := s.client.CallApiWithCtx(ctx, &openapiutil.Params{
		Action: &action, Version: tea.String(version), Protocol: &protocol, Method: tea.String("POST"), Pathname: tea.String("/"),
		AuthType: tea.String("AK"), Style: tea.String("RPC"), ReqBodyType: tea.String("formData"), BodyType: tea.String("json"),
	}, &openapiutil.OpenApiRequest{Body: body}, &dara.RuntimeOptions{})
	if err != nil {
		return nil, asAPIError(err)
	}
	answer, ok := out["body"].(map[string]any)
	if !ok {
		return nil, errors.New("the answer of " + action + " is not an object; is the endpoint one of ROS?")
	}
	return answer, nil
}

// asAPIError takes ROS's own error out of the SDK's.
func asAPIError(err error) error {
	var e *tea.SDKError
	if !errors.As(err, &e) || tea.StringValue(e.Code) == "" {
		return err
	}
	return &APIError{StatusCode: tea.IntValue(e.StatusCode), Code: tea.StringValue(e.Code), Message: messageOf(e)}
}

// messageOf is the message as ROS has it: the SDK's has the status and the ID of the request around it.
func messageOf(e *tea.SDKError) string {
	text := tea.StringValue(e.Message)
	if before, rest, ok := strings.Cut(text, "code: "+strconv.Itoa(tea.IntValue(e.StatusCode))+", "); ok && before == "" {
		text = rest
	}
	if before, _, ok := strings.Cut(text, " request id: "); ok {
		text = before
	}
	return text
}
