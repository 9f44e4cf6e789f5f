package broker

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A Broker serves the Open Service Broker API. Home and a Source are required. It is safe for
// concurrent use; its fields must not be changed once it has been used, and it must not be copied.
type Broker struct {
	// ID tells brokers apart that share an account: up to 30 letters and digits. Brokers of one ID are
	// the same broker. If "", awsservicebroker.
	ID string
	// Account is the account of which the IDs of services are made. If "", that of Home.
	Account string
	// Home is where instances are made whose request names no other place. It is required.
	Home *Place
	// Others are further places, which requests name with the parameters region, target_account_id
	// and target_role_name.
	Others []*Place
	// Sources are where the services come from. At least one is required.
	Sources []Source
	// Refresh is how often the sources are read again. If zero, every ten minutes; below zero, never.
	Refresh time.Duration
	// Check, if set, is asked about the template of each plan before it is offered. A service with a template
	// that it finds fault with is left out, and the log says why. Package validate can tell:
	//
	//	b.Check = func(t *stack.Template) error { return validate.Template(t).Err() }
	Check func(*stack.Template) error
	// Auth says who may use the broker. If nil, everybody may who reaches it.
	Auth *Auth
	// Overrides are values for parameters in place of their defaults.
	Overrides []Override
	// PrescribeOverrides takes parameters that are overridden for everybody out of the plans, so that
	// no user can set them.
	PrescribeOverrides bool
	// Limits are how many instances there may be.
	Limits []Limit
	// Tags are put on every stack.
	Tags map[string]string
	// Patience is how long a request waits for a binding to be made or deleted. If zero, 50 seconds:
	// platforms give up after a minute.
	Patience time.Duration
	// Logger gets a record at Info for each request, and at Error for each that the broker is to blame
	// for: never a body, a parameter's value or a credential. If nil, nothing is logged.
	Logger *slog.Logger

	loading sync.Mutex // held by who reads the sources
	mu      sync.Mutex
	current *catalog
	meter   meter
}

// Name is the broker's ID, also where that is the default.
func (b *Broker) Name() string {
	if b.ID == "" {
		return "awsservicebroker"
	}
	return b.ID
}

// check says what is wrong with how the broker is set up, nil if nothing is.
func (b *Broker) check() error {
	switch {
	case b.Home == nil || b.Home.API == nil || b.Home.Account == "" || b.Home.Region == "":
		return failed(errors.New("set Broker.Home, with an Account, a Region and an API"), "the broker has no place for its stacks")
	case len(b.Sources) == 0:
		return failed(errors.New("set Broker.Sources"), "the broker has no services")
	case len(b.Name()) > 30 || strings.Trim(b.Name(), letters) != "":
		return failed(errors.New("set Broker.ID to 30 letters and digits or fewer"), "the broker has an ID that it cannot have")
	}
	return nil
}

func (b *Broker) account() string {
	if b.Account == "" {
		return b.Home.Account
	}
	return b.Account
}

func (b *Broker) log() *slog.Logger {
	if b.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return b.Logger
}

func (b *Broker) patience() time.Duration {
	if b.Patience == 0 {
		return 50 * time.Second
	}
	return b.Patience
}

// ServeHTTP answers a request of a platform.
func (b *Broker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.serve(w, r)
}
