package rollout

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/waiter"
)

// A Client rolls releases out in one account and region. It is safe for concurrent use and must not
// be copied after its first use.
type Client struct {
	// EC2 is where images and launch templates are. It is required.
	EC2 EC2
	// AutoScaling is where groups are. It is required for releases with a Group, and to prune.
	AutoScaling AutoScaling
	// SSM is where parameters are. It is required for releases with a Parameter.
	SSM SSM
	// CloudFormation and Stacks are where stacks are, and what updates them. Both are required for
	// releases with a Stack.
	CloudFormation CloudFormation
	Stacks         *executor.Client
	// Logger gets a record at Info for each call that changes something. If nil, nothing is logged.
	Logger *slog.Logger
	// Poller sets the pace at which images, instances and refreshes are looked at; its API is not
	// used. If nil, the client has one of its own that looks every 5 to 15 seconds. For an endpoint
	// that is fast and has no quota, such as an embedded cloud, set one with a Rate below zero and a
	// MinInterval of a millisecond.
	Poller *waiter.Poller

	once sync.Once
	own  *waiter.Poller
}

// poller returns the poller that sets the pace.
func (c *Client) poller() *waiter.Poller {
	if c.Poller != nil {
		return c.Poller
	}
	c.once.Do(func() { c.own = &waiter.Poller{MinInterval: 5 * time.Second, MaxInterval: 15 * time.Second} })
	return c.own
}

// poll calls read until it reports done, at the pace of the poller.
func (c *Client) poll(ctx context.Context, read func(context.Context) (bool, error)) error {
	return c.poller().Poll(ctx, read)
}

// log tells of a call that changes something.
func (c *Client) log(ctx context.Context, call string, attrs ...slog.Attr) {
	if c.Logger != nil {
		c.Logger.LogAttrs(ctx, slog.LevelInfo, call, attrs...)
	}
}

// Grace is how long the answers of AWS may lag behind what was done.
const grace = time.Minute
