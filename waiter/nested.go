package waiter

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/updraft-go/updraft/stack"
)

const nestedType = "AWS::CloudFormation::Stack"

// A brood is the stacks that are nested in one that is watched, as far as something happens in them.
type brood struct {
	poller   *Poller
	since    time.Time         // when the operation began
	children map[string]*child // by physical ID
	order    []*child          // in which they were found
}

// A child is one nested stack.
type child struct {
	stream
	path string
	live bool // something happens in it, or its last events were not read
	last bool // what is read next is the last
}

// gather adds to events of the stack itself those of the stacks nested in it, in order of time. A
// nested stack that cannot be read is left out: its parent's events tell of its end.
func (b *brood) gather(ctx context.Context, events []stack.Event) []stack.Event {
	if b.since.IsZero() && len(events) > 0 {
		b.since = events[0].Time
	}
	b.discover(events, "")
	all := slices.Clone(events)
	for i := 0; i < len(b.order); i++ { // which grows on the way
		c := b.order[i]
		if !c.live {
			continue
		}
		inner, err := c.fetch(ctx)
		if err != nil {
			c.live = Transient(err) // then it is read in the next round
			continue
		}
		c.live = !c.last
		for j := range inner {
			inner[j].Path = c.path
		}
		b.discover(inner, c.path+"/")
		all = append(all, inner...)
	}
	if len(all) == len(events) {
		return all // in CloudFormation's own order, which says more than times
	}
	slices.SortStableFunc(all, func(x, y stack.Event) int {
		return cmp.Or(x.Time.Compare(y.Time), cmp.Compare(rank(x), rank(y)))
	})
	return all
}

// rank orders events of one moment: a stack begins before what is in it and ends after that, and its
// parent tells so before the one and after the other.
func rank(e stack.Event) int {
	watched := e.OfStack() && e.Path == ""
	switch {
	case e.Type != nestedType:
		return 3
	case watched && e.Status.Rests():
		return 6
	case watched:
		return 0
	case e.OfStack() && e.Status.Rests():
		return 4
	case e.OfStack():
		return 2
	case e.Status.Rests():
		return 5
	}
	return 1
}

// discover finds in events the nested stacks in which something begins or has ended. One has no
// physical ID in the first event of its creation.
func (b *brood) discover(events []stack.Event, above string) {
	for _, e := range events {
		if e.Type != nestedType || e.PhysicalID == "" || e.OfStack() {
			continue
		}
		c := b.children[e.PhysicalID]
		if c == nil {
			c = &child{stream: *newStream(b.poller, e.PhysicalID, &EventOptions{Since: b.since}), path: above + e.LogicalID}
			b.children[e.PhysicalID] = c
			b.order = append(b.order, c)
		}
		c.live, c.last = true, e.Status.Rests()
	}
}
