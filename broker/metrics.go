package broker

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A meter counts requests.
type meter struct {
	mu    sync.Mutex
	cells map[cell]*tally
}

type cell struct {
	route  string
	status int
}

type tally struct {
	count   int64
	seconds float64
	buckets [len(bounds)]int64
}

// bounds are the upper ends of the buckets of a request's duration, in seconds.
var bounds = [...]float64{0.01, 0.1, 0.5, 1, 5, 10, 30, 60}

func (m *meter) count(route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cells == nil {
		m.cells = map[cell]*tally{}
	}
	t := m.cells[cell{route, status}]
	if t == nil {
		t = &tally{}
		m.cells[cell{route, status}] = t
	}
	t.count++
	t.seconds += took.Seconds()
	for i, bound := range bounds {
		if took.Seconds() <= bound {
			t.buckets[i]++
		}
	}
}

func (m *meter) write(w io.Writer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cells := slices.SortedFunc(maps.Keys(m.cells), func(a, b cell) int {
		if c := strings.Compare(a.route, b.route); c != 0 {
			return c
		}
		return a.status - b.status
	})
	fmt.Fprint(w, "# HELP updraft_broker_request_seconds How long requests took.\n# TYPE updraft_broker_request_seconds histogram\n")
	for _, c := range cells {
		t := m.cells[c]
		labels := fmt.Sprintf("route=%q,status=\"%d\"", c.route, c.status)
		for i, bound := range bounds {
			fmt.Fprintf(w, "updraft_broker_request_seconds_bucket{%s,le=\"%g\"} %d\n", labels, bound, t.buckets[i])
		}
		fmt.Fprintf(w, "updraft_broker_request_seconds_bucket{%s,le=\"+Inf\"} %d\n", labels, t.count)
		fmt.Fprintf(w, "updraft_broker_request_seconds_sum{%s} %g\nupdraft_broker_request_seconds_count{%s} %d\n", labels, t.seconds, labels, t.count)
	}
}

// Metrics is a handler of what the broker counts, in the text format of Prometheus: requests by route and
// status with their durations, the services that are offered, and whether some were left out. It asks
// for no authentication.
func (b *Broker) Metrics() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		b.meter.write(w)
		c, _ := b.offered()
		offered, problem := 0, 1
		if c != nil {
			offered = len(c.offerings)
			if c.problems == nil {
				problem = 0
			}
		}
		fmt.Fprintf(w, "# HELP updraft_broker_services Services that are offered.\n# TYPE updraft_broker_services gauge\nupdraft_broker_services %d\n", offered)
		fmt.Fprintf(w, "# HELP updraft_broker_services_bad Whether services were left out, or none are read yet.\n# TYPE updraft_broker_services_bad gauge\nupdraft_broker_services_bad %d\n", problem)
	})
}

// Health is a handler that answers 200 while the broker has services to offer, else 503. It asks for no
// authentication.
func (b *Broker) Health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := b.catalog(r.Context())
		switch {
		case err != nil:
			write(w, &answer{status: http.StatusServiceUnavailable, body: object{"status": "no services can be read"}})
		case c.problems != nil:
			write(w, &answer{status: http.StatusOK, body: object{"status": "some services are left out", "services": len(c.offerings)}})
		default:
			write(w, &answer{status: http.StatusOK, body: object{"status": "ok", "services": len(c.offerings)}})
		}
	})
}
