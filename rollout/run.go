package rollout

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// errBroken is why the context of a rollout ends whose events nobody takes any more.
var errBroken = errors.New("nobody listens")

// Roll rolls a release out, and waits for the end. It is [Client.Events] without the events.
//
// # Errors
//
// What is wrong with the arguments, all of it and before any call; [*ImageError], [*OvertakenError],
// [*RolledBackError], [*RefreshError], [*BusyError], [*TimeoutError]; [*StoppedError] if ctx ends; what
// a check says. The result is what there is so far, also with an error; nil if nothing was looked at.
func (c *Client) Roll(ctx context.Context, r *Release, opts *Options) (*Result, error) {
	run, err := c.prepare(r, opts)
	if err != nil {
		return nil, err
	}
	err = run.do(ctx)
	return &run.result, err
}

// Events rolls a release out while its events are taken: what happens, in order, until all steps are
// done. Breaking out of the loop, as ending ctx, stops the rollout where it is; ranging again goes on
// from there.
//
// # Errors
//
// At most one, and last: those of [Client.Roll].
func (c *Client) Events(ctx context.Context, r *Release, opts *Options) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		run, err := c.prepare(r, opts)
		if err != nil {
			yield(Event{}, err)
			return
		}
		run.stream(ctx, yield, run.do)
	}
}

// stream hands on the events of work, and its error.
func (r *run) stream(ctx context.Context, yield func(Event, error) bool, work func(context.Context) error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	listening := true
	r.emit = func(e Event) {
		if listening && !yield(e, nil) {
			listening = false
			stop(errBroken)
		}
	}
	if err := work(ctx); err != nil && listening {
		yield(Event{}, err)
	}
}

// A run is one call that rolls a release out, or back.
type run struct {
	*Client
	release *Release
	opts    Options
	emit    func(Event)
	step    Step
	result  Result

	scene             // where it goes to
	image types.Image // of the release
	made  *version    // of the release, nil if there is none (yet)
	from  string      // what the pointer was when the release began
	begun string      // the refresh that was started in this run
}

// prepare checks the arguments.
func (c *Client) prepare(r *Release, opts *Options) (*run, error) {
	run := &run{Client: c, release: r, emit: func(Event) {}}
	if opts != nil {
		run.opts = *opts
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	if err := errors.Join(c.check(r), run.opts.check(r)); err != nil {
		return nil, err
	}
	run.result.Release = r.ID
	return run, nil
}

// check returns what a client lacks for a release.
func (c *Client) check(r *Release) error {
	var found []error
	for _, need := range []struct {
		lacks bool
		text  string
	}{
		{c.EC2 == nil, "Client.EC2 is missing"},
		{r.Group != "" && c.AutoScaling == nil, "Client.AutoScaling is missing; a release with a Group needs it"},
		{r.Parameter != "" && c.SSM == nil, "Client.SSM is missing; a release with a Parameter needs it"},
		{r.Stack != nil && (c.CloudFormation == nil || c.Stacks == nil), "Client.CloudFormation or Client.Stacks is missing; a release with a Stack needs both"},
	} {
		if need.lacks {
			found = append(found, errors.New(need.text))
		}
	}
	return errors.Join(found...)
}

// do takes all steps.
func (r *run) do(ctx context.Context) error {
	for _, s := range []struct {
		step Step
		take func(context.Context) error
	}{
		{StepImage, r.lookAround},
		{StepImage, r.bake},
		{StepAvailable, r.await},
		{StepCheck, r.check},
		{StepVersion, r.version},
		{StepPoint, r.point},
		{StepRefresh, r.refresh},
		{StepPrune, r.prune},
	} {
		r.step = s.step
		if err := s.take(ctx); err != nil {
			return r.explain(ctx, err)
		}
	}
	return nil
}

// explain says of an error where it happened, and of an end of the context what that means.
func (r *run) explain(ctx context.Context, err error) error {
	if _, ok := errors.AsType[*StoppedError](err); ok {
		return err
	}
	if ctx.Err() != nil {
		return &StoppedError{Release: r.release.ID, Step: r.step, Cause: context.Cause(ctx)}
	}
	if _, ok := errors.AsType[*RolledBackError](err); ok {
		return err // it names the release itself
	}
	return fmt.Errorf("release %s: %w", r.release.ID, err)
}

// tell emits an event without a percentage.
func (r *run) tell(kind Kind, resource, format string, args ...any) {
	r.tellPercent(kind, resource, -1, format, args...)
}

func (r *run) tellPercent(kind Kind, resource string, percent int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if kind == Warning {
		r.result.Warnings = append(r.result.Warnings, text)
	}
	r.emit(Event{Time: time.Now(), Release: r.release.ID, Step: r.step, Kind: kind, Resource: resource, Percent: percent, Text: text})
}

// changed notes that a call has changed something.
func (r *run) changed(ctx context.Context, call, what string) {
	r.result.Changed = true
	r.log(ctx, call, slog.String("release", r.release.ID), slog.String("what", what))
}
