package broker

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An exchange is a request that is being answered.
type exchange struct {
	ctx      context.Context
	w        http.ResponseWriter
	r        *http.Request
	route    string // for the log and the metrics
	instance string
	binding  string
	query    url.Values
}

// async reports whether the platform waits for operations by polling.
func (x *exchange) async() bool { return x.query.Get("accepts_incomplete") == "true" }

// An answer is a status and what is written as JSON. Nil is an empty object.
type answer struct {
	status int
	body   any
	header http.Header
}

func (b *Broker) serve(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	x := &exchange{ctx: r.Context(), w: w, r: r, query: r.URL.Query()}
	a, err := b.answer(x)
	if err != nil {
		p := problemOf(err)
		a = &answer{status: p.Status, body: p}
	}
	if id := r.Header.Get(headerRequest); id != "" {
		w.Header().Set(headerRequest, id)
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	write(w, a)
	b.meter.count(x.route, a.status, time.Since(began))
	b.report(x, a, err, time.Since(began))
}

func write(w http.ResponseWriter, a *answer) {
	if a.status == http.StatusNotModified {
		w.WriteHeader(a.status)
		return
	}
	if a.body == nil {
		a.body = struct{}{}
	}
	data, ok := a.body.([]byte)
	if !ok {
		var err error
		if data, err = json.Marshal(a.body); err != nil {
			a.status, data = http.StatusInternalServerError, []byte(`{"description":"the answer cannot be written"}`)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(a.status)
	_, _ = w.Write(data) // the client is gone if this fails
}

// The headers of the specification.
const (
	headerVersion  = "X-Broker-API-Version"
	headerIdentity = "X-Broker-API-Originating-Identity"
	headerRequest  = "X-Broker-API-Request-Identity"
)

// answer authenticates a request, checks its headers, and hands it to its operation.
func (b *Broker) answer(x *exchange) (*answer, error) {
	do := b.route(x)
	if b.Auth != nil && !b.Auth.permits(x.r) {
		x.w.Header().Set("WWW-Authenticate", `Basic realm="service broker"`)
		return nil, refuse(http.StatusUnauthorized, "Unauthorized", "the request needs a user and password, or a token, that the broker knows")
	}
	if do == nil {
		return nil, absent("there is nothing at %s", x.r.URL.Path)
	}
	operation := do[x.r.Method]
	if operation == nil {
		allowed := strings.Join(sorted(do), ", ")
		x.w.Header().Set("Allow", allowed)
		return nil, refuse(http.StatusMethodNotAllowed, "MethodNotAllowed", "%s is not possible here; %s are", x.r.Method, allowed)
	}
	if err := checkVersion(x.r.Header.Get(headerVersion)); err != nil {
		return nil, err
	}
	if err := checkIdentity(x.r.Header.Get(headerIdentity)); err != nil {
		return nil, err
	}
	if err := b.check(); err != nil {
		return nil, err
	}
	return operation(x)
}

type operation func(*exchange) (*answer, error)

// route finds the operations at a path, by method. Segments are unescaped one by one, since an ID may
// hold any character.
func (b *Broker) route(x *exchange) map[string]operation {
	var parts []string
	for _, part := range strings.Split(strings.Trim(x.r.URL.EscapedPath(), "/"), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil || plain == "" {
			return nil
		}
		parts = append(parts, plain)
	}
	if len(parts) < 2 || parts[0] != "v2" {
		return nil
	}
	if len(parts) == 2 && parts[1] == "catalog" {
		x.route = "catalog"
		return map[string]operation{"GET": b.getCatalog}
	}
	if parts[1] != "service_instances" || len(parts) < 3 {
		return nil
	}
	x.instance = parts[2]
	switch rest := parts[3:]; {
	case len(rest) == 0:
		x.route = "instance"
		return map[string]operation{"GET": b.fetchInstance, "PUT": b.provision, "PATCH": b.update, "DELETE": b.deprovision}
	case len(rest) == 1 && rest[0] == "last_operation":
		x.route = "instance operation"
		return map[string]operation{"GET": b.instanceOperation}
	case len(rest) == 2 && rest[0] == "service_bindings":
		x.route, x.binding = "binding", rest[1]
		return map[string]operation{"GET": b.fetchBinding, "PUT": b.bind, "DELETE": b.unbind}
	case len(rest) == 3 && rest[0] == "service_bindings" && rest[2] == "last_operation":
		x.route, x.binding = "binding operation", rest[1]
		return map[string]operation{"GET": b.bindingOperation}
	}
	return nil
}

// report logs a request: what it was about, never what it said.
func (b *Broker) report(x *exchange, a *answer, err error, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", x.r.Method), slog.String("route", x.route), slog.Int("status", a.status), slog.Duration("took", took),
	}
	platform, _, _ := strings.Cut(x.r.Header.Get(headerIdentity), " ")
	for _, kv := range [][2]string{{"instance", x.instance}, {"binding", x.binding}, {"request", x.r.Header.Get(headerRequest)}, {"platform", platform}} {
		if kv[1] != "" {
			attrs = append(attrs, slog.String(kv[0], kv[1]))
		}
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
		if p := problemOf(err); p.cause != nil {
			attrs = append(attrs, slog.String("cause", p.cause.Error()))
		}
	}
	if a.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	b.log().LogAttrs(x.ctx, level, "request", attrs...)
}
