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

// catalog returns what is offered now. The sources are read when that is due, by one request, while
// others go on with what was offered before. That stays where a source cannot be read.
func (b *Broker) catalog(ctx context.Context) (*catalog, error) {
	c, fresh := b.offered()
	switch {
	case fresh:
		return c, nil
	case c == nil:
		b.loading.Lock()
	case !b.loading.TryLock():
		return c, nil
	}
	defer b.loading.Unlock()
	if c, fresh = b.offered(); fresh {
		return c, nil
	}
	next, err := b.load(ctx)
	if ctx.Err() != nil && c != nil {
		return c, nil // the next request tries again
	}
	if err != nil {
		return b.keep(ctx, c, err)
	}
	if next.problems != nil {
		b.log().LogAttrs(ctx, slog.LevelWarn, "services were left out", slog.String("error", next.problems.Error()))
	}
	b.offer(next)
	return next, nil
}

// offered is what was read last, nil if nothing was, and whether it is new enough.
func (b *Broker) offered() (*catalog, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	every := b.Refresh
	if every == 0 {
		every = defaultRefresh
	}
	return b.current, b.current != nil && (every < 0 || time.Since(b.current.loaded) < every)
}

func (b *Broker) offer(c *catalog) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.current = c
}

// keep goes on with what was offered before the sources could not be read.
func (b *Broker) keep(ctx context.Context, c *catalog, err error) (*catalog, error) {
	b.log().LogAttrs(ctx, slog.LevelError, "the services cannot be read", slog.String("error", err.Error()))
	if c == nil {
		if p, ok := errors.AsType[*problem](err); ok {
			return nil, p
		}
		return nil, failed(err, "the broker cannot read its services; its operator finds the reason in its log")
	}
	kept := *c
	kept.loaded, kept.problems = time.Now(), err
	b.offer(&kept)
	return &kept, nil
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
