package ros

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// maxBody is how many bytes a request may have: a template of 512 KiB, encoded, and its parameters.
const maxBody = 4 << 20

// A request is a call of an operation.
type request struct {
	action   string
	endpoint string // at which the caller reached the cloud
	values   url.Values
}

func (q *request) get(name string) string { return q.values.Get(name) }

func (q *request) flag(name string) bool { return strings.EqualFold(q.get(name), "true") }

// list returns the parameters Name.1, Name.2, …
func (q *request) list(name string) []string {
	var list []string
	for i := 1; q.values.Has(name + "." + strconv.Itoa(i)); i++ {
		list = append(list, q.get(name+"."+strconv.Itoa(i)))
	}
	return list
}

// pairs returns the parameters Name.1.Key with Name.1.Value, under the names of their members.
func (q *request) pairs(name, key, value string) [][2]string {
	var list [][2]string
	for i := 1; ; i++ {
		at := name + "." + strconv.Itoa(i) + "."
		if !q.values.Has(at + key) {
			return list
		}
		list = append(list, [2]string{q.get(at + key), q.get(at + value)})
	}
}

// page returns which page of a listing is asked for.
func (q *request) page() (number, size int) {
	number, _ = strconv.Atoi(q.get("PageNumber"))
	size, _ = strconv.Atoi(q.get("PageSize"))
	if size <= 0 {
		size = 10
	}
	return max(number, 1), min(size, 50)
}

// A failure is an error as ROS answers it.
type failure struct {
	status        int
	code, message string
}

func (f *failure) Error() string { return f.code + ": " + f.message }

func refuse(status int, code, format string, args ...any) error {
	return &failure{status, code, fmt.Sprintf(format, args...)}
}

// told is an error of a deployment in ROS's own words.
func told(format string, args ...any) error { return fmt.Errorf(format, args...) }

func missing(name string) error {
	return refuse(http.StatusBadRequest, "MissingParameter", "The input parameter %q that is mandatory for processing this request is not supplied.", name)
}

// invalidTemplate is the refusal of a template, or of values for its parameters.
func invalidTemplate(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "StackValidationFailed", format, args...)
}

// operations are what the cloud answers.
var operations = map[string]func(*Cloud, *request) (*tree.Node, error){
	"CreateStack":        (*Cloud).createStack,
	"UpdateStack":        (*Cloud).updateStack,
	"DeleteStack":        (*Cloud).deleteStack,
	"GetStack":           (*Cloud).getStack,
	"ListStacks":         (*Cloud).listStacks,
	"ListStackEvents":    (*Cloud).listStackEvents,
	"ListStackResources": (*Cloud).listStackResources,
	"GetStackResource":   (*Cloud).getStackResource,
	"GetTemplate":        (*Cloud).getTemplate,
	"PreviewStack":       (*Cloud).previewStack,
	"ValidateTemplate":   (*Cloud).validateTemplate,
}

// ServeHTTP answers a request: a call of an operation, or a response of a custom resource.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.start()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		answer(w, nil, refuse(http.StatusServiceUnavailable, "ServiceUnavailable", "the embedded cloud is closed"))
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			err = refuse(http.StatusRequestEntityTooLarge, "RequestTooLarge", "the request has more than %d bytes", maxBody)
		} else {
			err = refuse(http.StatusBadRequest, "InvalidRequest", "the body of the request cannot be read")
		}
		answer(w, nil, err)
		return
	}
	if token, ok := strings.CutPrefix(r.URL.Path, responsePath); ok {
		c.receive(w, r, token, body)
		return
	}
	q, err := parseRequest(r, body)
	if err != nil {
		answer(w, nil, err)
		return
	}
	operation := operations[q.action]
	if operation == nil {
		answer(w, nil, refuse(http.StatusNotImplemented, "InvalidAction.NotFound", "the embedded cloud does not answer the action %q; go doc ./local/ros lists what it does", q.action))
		return
	}
	if q.values.Get("RegionId") == "" {
		q.values.Set("RegionId", c.region())
	}
	out, err := operation(c, q)
	answer(w, out, err)
}

func (c *Cloud) region() string {
	if c.Region == "" {
		return DefaultRegion
	}
	return c.Region
}

// parseRequest reads a call of either style: the action in a header, or among the parameters.
func parseRequest(r *http.Request, body []byte) (*request, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "InvalidParameter", "the query cannot be read")
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "InvalidParameter", "the form in the body cannot be read")
		}
		for name, list := range form {
			values[name] = list
		}
	}
	action := r.Header.Get("x-acs-action")
	if action == "" {
		action = values.Get("Action")
	}
	version := r.Header.Get("x-acs-version")
	if version == "" {
		version = values.Get("Version")
	}
	switch {
	case action == "":
		return nil, missing("Action")
	case version != "2019-09-10":
		return nil, refuse(http.StatusBadRequest, "InvalidVersion", "Specified parameter Version is not valid; the embedded cloud speaks 2019-09-10.")
	}
	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}
	return &request{action: action, values: values, endpoint: scheme + "://" + r.Host}, nil
}

// answer writes an answer, or an error, with the ID that every answer has.
func answer(w http.ResponseWriter, out *tree.Node, err error) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Header().Set("Server", "updraft-local")
	id := tree.Field("RequestId", tree.Text(strings.ToUpper(newID())))
	status := http.StatusOK
	if err != nil {
		f, ok := errors.AsType[*failure](err)
		if !ok {
			f = &failure{http.StatusInternalServerError, "InternalError", err.Error()}
		}
		status = f.status
		out = tree.Object(tree.Field("Code", tree.Text(f.code)), tree.Field("Message", tree.Text(f.message)))
	}
	members := append([]tree.Member{id}, out.Members()...)
	w.Header().Set("x-acs-request-id", id.Value.Text)
	w.WriteHeader(status)
	_, _ = w.Write(tree.Object(members...).AppendJSON(nil)) // whoever asked is gone if this fails
}
