package customresource

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// A RequestType is what a custom resource is asked to do.
type RequestType string

// The request types.
const (
	Create RequestType = "Create"
	Update RequestType = "Update"
	Delete RequestType = "Delete"
)

// An Event is a request as it comes over the wire: a custom resource request object. What it prints
// holds neither its properties nor its URLs; its JSON holds all.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html and
// https://www.alibabacloud.com/help/en/ros/user-guide/custom-resource-request-objects
type Event struct {
	// Dialect is whose protocol it is.
	Dialect Dialect
	// RequestType is what is asked.
	RequestType RequestType
	// RequestID names the request: the same event may be delivered more than once.
	RequestID string
	// StackID, StackName and RegionID name the stack. AWS does not send the latter two: they are read
	// from the ARN.
	StackID, StackName, RegionID string
	// LogicalResourceID and ResourceType are what the template says. PhysicalResourceID is what the
	// creation answered, "" in a Create.
	LogicalResourceID, ResourceType, PhysicalResourceID string
	// ResponseURL is where the response goes; "" if the response is the answer to the HTTP request.
	// IntranetResponseURL, of ROS, is the same within Alibaba Cloud.
	ResponseURL, IntranetResponseURL Secret
	// ServiceToken is what the template names the provider by, and is sent by AWS only.
	ServiceToken string
	// ResourceOwnerID is the account that the stack belongs to, CallerID who asked for the operation.
	// ROS only.
	ResourceOwnerID, CallerID string
	// ResourceProperties are the properties: on AWS all of them, numbers and booleans as text, on ROS
	// the content of Parameters. OldResourceProperties, in an Update, are those before it.
	ResourceProperties, OldResourceProperties json.RawMessage

	continued *continuation // of a request whose work goes on
}

// A wireEvent is an Event with the names that are sent.
type wireEvent struct {
	RequestType           RequestType
	RequestID             string          `json:"RequestId"`
	ResponseURL           string          `json:",omitempty"`
	IntranetResponseURL   string          `json:",omitempty"`
	InnerResponseURL      string          `json:",omitempty"` // another name for it in some manuals
	ServiceToken          string          `json:",omitempty"`
	StackID               string          `json:"StackId"`
	StackName             string          `json:",omitempty"`
	ResourceOwnerID       string          `json:"ResourceOwnerId,omitempty"`
	CallerID              string          `json:"CallerId,omitempty"`
	RegionID              string          `json:"RegionId,omitempty"`
	ResourceType          string          `json:",omitempty"`
	LogicalResourceID     string          `json:"LogicalResourceId"`
	PhysicalResourceID    string          `json:"PhysicalResourceId,omitempty"`
	ResourceProperties    json.RawMessage `json:",omitempty"`
	OldResourceProperties json.RawMessage `json:",omitempty"`
	Continuation          *continuation   `json:"UpdraftContinuation,omitempty"`
}

// ParseEvent reads an event, whatever it comes wrapped in: see the package's comment.
//
// # Errors
//
// One that says what keeps the event from being answered: it is no event, or lacks what names the
// request. All else that is wrong with an event is for a [Handler] to answer.
func ParseEvent(data []byte) (*Event, error) {
	inner, err := unwrap(data)
	if err != nil {
		return nil, err
	}
	e := &Event{}
	if err := json.Unmarshal(inner, e); err != nil {
		return nil, fmt.Errorf("the custom resource event cannot be read: %w", syntaxOnly(err))
	}
	return e, e.answerable()
}

// syntaxOnly is an error of package json without a value that the text holds.
func syntaxOnly(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s has a value of the wrong kind", wrong.Field)
	}
	return err
}

// UnmarshalJSON reads an event that is not wrapped, and finds out its dialect.
func (e *Event) UnmarshalJSON(data []byte) error {
	var w wireEvent
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	*e = Event{
		Dialect: w.dialect(), RequestType: w.RequestType, RequestID: w.RequestID, StackID: w.StackID, StackName: w.StackName, RegionID: w.RegionID,
		LogicalResourceID: w.LogicalResourceID, ResourceType: w.ResourceType, PhysicalResourceID: w.PhysicalResourceID,
		ResponseURL: Secret(w.ResponseURL), IntranetResponseURL: Secret(cmp.Or(w.IntranetResponseURL, w.InnerResponseURL)),
		ServiceToken: w.ServiceToken, ResourceOwnerID: w.ResourceOwnerID, CallerID: w.CallerID,
		ResourceProperties: w.ResourceProperties, OldResourceProperties: w.OldResourceProperties, continued: w.Continuation,
	}
	if part := strings.Split(w.StackID, ":"); e.Dialect == AWS && len(part) == 6 {
		e.RegionID = part[3]
		_, after, _ := strings.Cut(part[5], "/")
		e.StackName, _, _ = strings.Cut(after, "/")
	}
	return nil
}

// dialect tells ROS by what AWS does not send; a stack ID that is an ARN is AWS's whatever else.
func (w *wireEvent) dialect() Dialect {
	ros := w.IntranetResponseURL != "" || w.InnerResponseURL != "" || w.CallerID != "" || w.ResourceOwnerID != "" || w.RegionID != "" ||
		strings.HasPrefix(w.ResourceType, "ALIYUN::")
	if ros && !strings.HasPrefix(w.StackID, "arn:") {
		return ROS
	}
	return AWS
}

// MarshalJSON writes the event as it is sent, secrets and all.
func (e *Event) MarshalJSON() ([]byte, error) {
	w := wireEvent{
		RequestType: e.RequestType, RequestID: e.RequestID, ResponseURL: e.ResponseURL.Reveal(), StackID: e.StackID,
		ResourceType: e.ResourceType, LogicalResourceID: e.LogicalResourceID, PhysicalResourceID: e.PhysicalResourceID,
		ResourceProperties: e.ResourceProperties, OldResourceProperties: e.OldResourceProperties, Continuation: e.continued,
	}
	if e.Dialect == ROS {
		w.IntranetResponseURL, w.StackName, w.ResourceOwnerID, w.CallerID, w.RegionID = e.IntranetResponseURL.Reveal(), e.StackName, e.ResourceOwnerID, e.CallerID, e.RegionID
	} else {
		w.ServiceToken = e.ServiceToken
	}
	return json.Marshal(w)
}

// answerable returns what keeps the event from being answered, nil if nothing does.
func (e *Event) answerable() error {
	var missing []string
	for _, f := range [][2]string{{"RequestId", e.RequestID}, {"StackId", e.StackID}, {"LogicalResourceId", e.LogicalResourceID}} {
		if f[1] == "" {
			missing = append(missing, f[0])
		}
	}
	if missing != nil {
		return fmt.Errorf("the custom resource event has no %s, so that it cannot be answered; send it as CloudFormation or ROS does", strings.Join(missing, ", "))
	}
	for _, u := range []Secret{e.ResponseURL, e.IntranetResponseURL} {
		if u != "" && !isURL(u.Reveal()) {
			return errors.New("the ResponseURL of the custom resource event is no http or https URL, so that it cannot be answered")
		}
	}
	return nil
}

func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// Synchronous reports whether the response is the answer to the HTTP request that the event came
// with, as with a ServiceToken of ROS that begins with web[sync].
func (e *Event) Synchronous() bool { return e.ResponseURL == "" && e.IntranetResponseURL == "" }

func (e *Event) key() string { return e.StackID + "|" + e.LogicalResourceID + "|" + e.RequestID }

// String tells the event without its secrets.
func (e *Event) String() string {
	return fmt.Sprintf("%s of %s %s in %s (%s, request %s)", e.RequestType, e.ResourceType, e.LogicalResourceID, e.StackID, e.Dialect, e.RequestID)
}

// GoString is String.
func (e *Event) GoString() string { return e.String() }

// LogValue is the event without its secrets.
func (e *Event) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("type", string(e.RequestType)), slog.String("dialect", e.Dialect.String()), slog.String("stack", e.StackID),
		slog.String("resource", e.LogicalResourceID), slog.String("physicalID", e.PhysicalResourceID), slog.String("request", e.RequestID),
	)
}
