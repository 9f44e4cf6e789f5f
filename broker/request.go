package broker

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
)

// MaxBody is the size of the largest request that a broker reads, in bytes.
const MaxBody = 1 << 20

// A body is what the requests that change something say. Fields that are not here are ignored, as the
// specification asks.
type body struct {
	ServiceID        string           `json:"service_id"`
	PlanID           string           `json:"plan_id"`
	OrganizationGUID string           `json:"organization_guid"`
	SpaceGUID        string           `json:"space_guid"`
	Context          map[string]any   `json:"context"`
	Parameters       map[string]any   `json:"parameters"`
	Maintenance      *maintenanceInfo `json:"maintenance_info"`
	PreviousValues   *struct {
		PlanID    string `json:"plan_id"`
		ServiceID string `json:"service_id"`
	} `json:"previous_values"`
	AppGUID      string `json:"app_guid"`
	BindResource *struct {
		AppGUID string `json:"app_guid"`
	} `json:"bind_resource"`
	Predecessor string `json:"predecessor_binding_id"`
}

// decode reads a request's body: one JSON object.
func decode(data []byte) (*body, error) {
	in := &body{}
	if len(bytes.TrimSpace(data)) == 0 || bytes.TrimSpace(data)[0] != '{' {
		return nil, malformed("the body must be a JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(in); err != nil {
		return nil, malformed("the body is not what it must be: %s", jsonFault(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, malformed("the body must be one JSON object, and has something behind it")
	}
	return in, nil
}

// jsonFault says what is wrong with JSON, without what was sent.
func jsonFault(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return strings.TrimSuffix(e.Field, ".") + " cannot be a " + e.Value
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return e.Error()
	}
	return "it is no JSON"
}

// readBody reads and decodes the body of a request.
func readBody(w http.ResponseWriter, r *http.Request) (*body, error) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, malformed("the body has more than %d bytes", MaxBody)
		}
		return nil, malformed("the body could not be read to its end")
	}
	return decode(data)
}

// An owner is for whom a request comes: the platform, its organization or cluster, its space or
// namespace.
type owner struct{ platform, cluster, namespace string }

func (o owner) String() string { return o.platform + "/" + o.cluster + "/" + o.namespace }

// owner reads the context of a request.
func (in *body) owner() owner {
	text := func(key string) string { s, _ := in.Context[key].(string); return s }
	bare := func(guid string) string { return strings.ReplaceAll(guid, "-", "") }
	switch text("platform") {
	case "cloudfoundry":
		return owner{"cloudfoundry", bare(text("organization_guid")), bare(text("space_guid"))}
	case "kubernetes":
		return owner{"kubernetes", text("clusterid"), text("namespace")}
	case "":
		return owner{"unknown", bare(in.OrganizationGUID), bare(in.SpaceGUID)}
	}
	return owner{text("platform"), "unknown", "unknown"}
}

// app is the application that a binding is for, "" if none.
func (in *body) app() string {
	if in.BindResource != nil && in.BindResource.AppGUID != "" {
		return in.BindResource.AppGUID
	}
	return in.AppGUID
}

// required refuses a request that lacks one of the fields.
func required(fields ...string) error {
	var missing []string
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] == "" {
			missing = append(missing, fields[i])
		}
	}
	if len(missing) > 0 {
		return malformed("missing: %s", strings.Join(missing, ", "))
	}
	return nil
}
