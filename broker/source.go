package broker

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// A Source is where services come from.
type Source interface {
	// Services returns the services that there are now. The error is about those that are bad, and left
	// out; with no services at all, it is why.
	Services(ctx context.Context) ([]*Service, error)
}

// Static is a Source of services that are written in Go.
type Static []*Service

// Services returns the services.
func (s Static) Services(context.Context) ([]*Service, error) { return s, nil }

// defaultRefresh is how often the sources are read.
const defaultRefresh = 10 * time.Minute

// catalog returns what is offered now. The sources are read when that is due; what was offered before
// stays where one of them cannot be read.
func (b *Broker) catalog(ctx context.Context) (*catalog, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	every := b.Refresh
	if every == 0 {
		every = defaultRefresh
	}
	if b.current != nil && (every < 0 || time.Since(b.current.loaded) < every) {
		return b.current, nil
	}
	next, err := b.load(ctx)
	if err != nil {
		b.log().LogAttrs(ctx, slog.LevelError, "the services cannot be read", slog.String("error", err.Error()))
		if p, ok := errors.AsType[*problem](err); ok && b.current == nil {
			return nil, p
		}
		if b.current == nil {
			return nil, failed(err, "the broker cannot read its services; its operator finds the reason in its log")
		}
		kept := *b.current
		kept.loaded, kept.problems = time.Now(), err
		b.current = &kept
		return b.current, nil
	}
	if next.problems != nil {
		b.log().LogAttrs(ctx, slog.LevelWarn, "services were left out", slog.String("error", next.problems.Error()))
	}
	b.current = next
	return next, nil
}

// load reads the sources. A source that gives nothing but an error makes it fail.
func (b *Broker) load(ctx context.Context) (*catalog, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	var all []*Service
	var problems []error
	for _, s := range b.Sources {
		services, err := s.Services(ctx)
		if len(services) == 0 && err != nil {
			return nil, err
		}
		problems = append(problems, err)
		all = append(all, services...)
	}
	c, err := b.newCatalog(all)
	if err != nil {
		return nil, err
	}
	c.problems = errors.Join(append(problems, c.problems)...)
	c.loaded = time.Now()
	return c, nil
}
