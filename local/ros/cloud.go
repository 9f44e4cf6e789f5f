package ros

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/updraft-go/updraft/customresource"
	"github.com/updraft-go/updraft/internal/tree"
)

// Defaults of a [Cloud].
const (
	DefaultRegion  = "cn-hangzhou"
	DefaultAccount = "1234567890123456"
)

// A Cloud is an embedded Alibaba Cloud. Its zero value is ready and empty. It is safe for concurrent
// use; its fields must not be changed once it has been used. [Cloud.Close] ends what still runs in it.
type Cloud struct {
	// Account is the account whose cloud it is. If empty, [DefaultAccount].
	Account string
	// Region is where a request without a RegionId goes. If empty, [DefaultRegion].
	Region string
	// Endpoint is where the URLs lead that custom resources answer to. If empty, where the caller
	// reached the cloud; for a caller whose Transport is the Cloud, a host that only that reaches.
	Endpoint string
	// Delay is how long each creation, update and deletion of a resource takes. If zero, no time.
	Delay time.Duration
	// Transport carries requests to HTTP endpoints of custom resources. If nil, the default transport.
	Transport http.RoundTripper

	mu         sync.Mutex
	started    bool
	closed     bool
	life       context.Context // of the cloud: deployments outlive the requests that begin them
	end        context.CancelFunc
	running    sync.WaitGroup
	stacks     []*stack // in the order of their creation
	functions  map[string]Function
	responders map[string]Responder
	dialect    map[string]func(*tree.Node) (*tree.Node, error) // the functions of ROS's own
	waiting    map[string]*exchange                            // by the token in their response URLs
	tokens     map[string]string                               // stack IDs by client token
	reached    string                                          // the URL at which the last caller reached the cloud
}

// A Function stands behind a ServiceToken, as a function of Function Compute does. It gets the event as
// JSON, and answers with a POST to the ResponseURL in it; what it returns is not looked at, but that an
// error fails the resource at once.
type Function func(ctx context.Context, payload []byte) ([]byte, error)

// A Responder answers events of custom resources in this process. A *customresource.Handler is one.
type Responder interface {
	// Respond returns the response to an event. ctx ends with the resource's Timeout.
	Respond(ctx context.Context, e *customresource.Event) *customresource.Response
}

// Handle puts a function behind the ServiceToken of custom resources, an ARN or the name of a function of
// Function Compute. A nil Function takes it away. A
// ServiceToken of the form web:URL needs none: the event is posted there.
func (c *Cloud) Handle(serviceToken string, f Function) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	c.functions[serviceToken] = f
}

// HandleCustom puts a provider behind the ServiceToken of custom resources, as [Cloud.Handle] does a
// function; its answers are taken without a network. A nil Responder takes it away.
func (c *Cloud) HandleCustom(serviceToken string, r Responder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	c.responders[serviceToken] = r
}

// start makes a zero value ready. The lock is held.
func (c *Cloud) start() {
	if c.started {
		return
	}
	c.started = true
	// A deployment goes on when the request that began it is over: this context is the server's own,
	// and Close ends it.
	c.life, c.end = context.WithCancel(context.Background())
	c.functions, c.responders = map[string]Function{}, map[string]Responder{}
	c.dialect = maps.Clone(functions)
	c.dialect["Fn::Jq"] = func(arg *tree.Node) (*tree.Node, error) { return jq(c.life, arg) }
	c.waiting, c.tokens = map[string]*exchange{}, map[string]string{}
}

// Close stops the deployments that run, without any rolling back, and waits for them. Requests that
// come later are refused. Closing a Cloud again does nothing.
func (c *Cloud) Close() error {
	c.mu.Lock()
	c.start()
	c.closed = true
	c.end()
	c.mu.Unlock()
	c.running.Wait()
	return nil
}

// RoundTrip answers a request without a network.
func (c *Cloud) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body != nil {
		defer r.Body.Close()
	}
	inner := r.Clone(r.Context())
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	if inner.Host == "" {
		inner.Host = r.URL.Host
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, inner)
	return w.Result(), nil
}

func (c *Cloud) account() string {
	if c.Account == "" {
		return DefaultAccount
	}
	return c.Account
}

// pause lets the time pass that an operation on a resource takes.
func (c *Cloud) pause() error {
	if c.Delay == 0 {
		return c.life.Err()
	}
	select {
	case <-time.After(c.Delay):
		return nil
	case <-c.life.Done():
		return context.Cause(c.life)
	}
}
