package customresource

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
)

// A Store keeps responses by a key that is the request's own. It serves when a request is delivered
// again to another process. The responses hold what their Data holds, secrets too. A method that fails
// is logged, and the request is worked on as if it were new.
type Store interface {
	// Load returns what was saved under a key, nil if nothing was.
	Load(ctx context.Context, key string) ([]byte, error)
	// Save keeps a response.
	Save(ctx context.Context, key string, response []byte) error
}

// elsewhere is kept for a request that goes on in another run.
const elsewhere = "elsewhere"

// remembered returns the response to an event, nil if another run will send it. For an event that was
// answered before, it is the same as then; for one that is being answered, it is waited for.
func (h *Handler[P]) remembered(ctx context.Context, e *Event) ([]byte, error) {
	h.once.Do(func() { h.recent = &memory{entries: map[string]*entry{}} })
	key := e.key()
	if e.continued != nil { // the next run may begin before this one has ended
		key += "|" + strconv.Itoa(e.continued.Run)
	} else if body := h.load(ctx, e); body != nil {
		return known(body), nil
	}
	entry, first := h.recent.claim(key)
	if !first {
		select {
		case <-entry.done:
			return entry.body, entry.err
		case <-ctx.Done():
			return nil, fmt.Errorf("the request is being worked on already: %w", context.Cause(ctx))
		}
	}
	entry.body, entry.err = h.encoded(ctx, e)
	if entry.err != nil {
		h.recent.forget(key)
	}
	if entry.err == nil {
		h.save(ctx, e, entry.body)
	}
	close(entry.done)
	return entry.body, entry.err
}

func known(body []byte) []byte {
	if string(body) == elsewhere {
		return nil
	}
	return body
}

func (h *Handler[P]) load(ctx context.Context, e *Event) []byte {
	if h.Store == nil {
		return nil
	}
	body, err := h.Store.Load(ctx, e.key())
	if err != nil {
		h.log().LogAttrs(ctx, slog.LevelError, "custom resource response not loaded", slog.Any("event", e), slog.String("reason", err.Error()))
		return nil
	}
	return body
}

func (h *Handler[P]) save(ctx context.Context, e *Event, body []byte) {
	if h.Store == nil {
		return
	}
	if body == nil {
		body = []byte(elsewhere)
	}
	if err := h.Store.Save(ctx, e.key(), body); err != nil {
		h.log().LogAttrs(ctx, slog.LevelError, "custom resource response not saved", slog.Any("event", e), slog.String("reason", err.Error()))
	}
}

// A memory keeps the last responses of this process.
type memory struct {
	mu      sync.Mutex
	entries map[string]*entry
	order   []string // oldest first
}

// maxRemembered is how many responses are kept.
const maxRemembered = 256

// An entry is a request that is being worked on until done is closed, and was answered then.
type entry struct {
	done chan struct{}
	body []byte
	err  error
}

// claim returns the entry of a key, and whether it is new: then it is the caller's to fill.
func (m *memory) claim(key string) (e *entry, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[key]; e != nil {
		return e, false
	}
	e = &entry{done: make(chan struct{})}
	m.entries[key] = e
	m.order = append(m.order, key)
	if len(m.order) > maxRemembered {
		delete(m.entries, m.order[0])
		m.order = m.order[1:]
	}
	return e, true
}

func (m *memory) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, key)
}
