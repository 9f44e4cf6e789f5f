package rollout

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// version finds the launch template version of the release, or makes it.
func (r *run) version(ctx context.Context) error {
	if r.template == nil {
		r.tell(Skipped, "", "no version is made, since %s takes the image", r.pointer)
		return nil
	}
	if r.made == nil {
		// Read first, looked for then: what the same release does elsewhere is no other's doing.
		err := r.stillMine(ctx, "")
		if again := r.findVersion(ctx); again != nil {
			return again
		}
		if r.made == nil && err != nil {
			return err
		}
	}
	if r.made != nil {
		r.tell(Found, r.made.String(), "version %s of %s is there", r.made, r.templateID())
	} else if err := r.makeVersion(ctx); err != nil {
		return err
	}
	r.result.LaunchTemplateID, r.result.Version = r.templateID(), r.made.number
	return nil
}

func (r *run) templateID() string { return aws.ToString(r.template.LaunchTemplateId) }

// makeVersion makes the version of that which is in use.
func (r *run) makeVersion(ctx context.Context) error {
	if err := r.stillUsable(ctx, r.imageID()); err != nil {
		return err
	}
	if err := r.pinFirst(ctx); err != nil {
		return err
	}
	source := r.current
	if _, ok := r.pointer.(*latestPointer); ok {
		source = latest // EC2 knows better than we which one that is
	}
	made, err := r.createVersion(ctx, source, r.imageID(), label{release: r.release.ID, name: r.release.Name, from: r.from})
	if err != nil {
		return err
	}
	r.made = made
	r.tell(Done, made.String(), "version %s of %s is made of version %s", made, r.templateID(), r.from)
	return nil
}

// pinFirst puts the number that is in use into a group that is to be pinned: one on $Latest would else
// use the new version as soon as it exists.
func (r *run) pinFirst(ctx context.Context) error {
	p, ok := r.pointer.(*groupPointer)
	if !ok || isNumber(versionOf(templateOf(p.group))) {
		return nil
	}
	was := versionOf(templateOf(p.group))
	if err := p.move(ctx, r.current); err != nil {
		return err
	}
	r.changed(ctx, "UpdateAutoScalingGroup", r.current)
	r.tell(Started, r.current, "group %s is pinned to version %s, which %s was", r.release.Group, r.current, was)
	return nil
}

// goal is what the pointer is to be.
func (r *run) goal() string {
	if r.made != nil {
		return r.made.String()
	}
	return r.imageID()
}

// stillMine reads the pointer again, and makes sure that it is what it was when the release began, or
// what it is to be.
func (r *run) stillMine(ctx context.Context, goal string) error {
	var err error
	if r.current, err = r.pointer.read(ctx); err != nil {
		return err
	}
	if r.current == r.from || r.current == goal {
		return nil
	}
	if r.opts.Overtake {
		r.tell(Warning, r.current, "%s is now %s, no longer %s, and is overtaken", r.pointer, r.current, r.from)
		r.from, r.result.From = r.current, r.current
		return nil
	}
	return r.overtaken(ctx, r.current)
}

func (r *run) overtaken(ctx context.Context, now string) error {
	e := &OvertakenError{Pointer: r.pointer.String(), From: r.from, Now: now}
	if r.template != nil {
		if v, err := r.oneVersion(ctx, r.templateID(), now); err == nil {
			e.By = v.label.release
		}
	}
	return e
}

// point moves the pointer to the release.
func (r *run) point(ctx context.Context) error {
	arrived, err := r.arrived(ctx)
	if err != nil || arrived {
		return err
	}
	if err := r.stillMine(ctx, r.goal()); err != nil {
		return err
	}
	if err := r.stillUsable(ctx, r.imageID()); err != nil {
		return err
	}
	if p, ok := r.pointer.(*groupPointer); ok && r.opts.Refresh != nil {
		stale, err := r.stale(ctx, p.group, r.target())
		if err != nil {
			return err
		}
		if len(stale) > 0 {
			r.tell(Skipped, r.goal(), "%s becomes %s when the instance refresh has succeeded", r.pointer, r.goal())
			return nil
		}
	}
	return r.moveTo(ctx, r.goal())
}

// arrived reports whether new instances are made of the release already.
func (r *run) arrived(ctx context.Context) (bool, error) {
	var err error
	if r.current, err = r.pointer.read(ctx); err != nil {
		return false, err
	}
	p, pinned := r.pointer.(*groupPointer)
	switch {
	case pinned && !isNumber(versionOf(templateOf(p.group))):
		return false, nil // it stands for the right number now, and may not tomorrow
	case r.current == r.goal():
		r.tell(Found, r.current, "%s is %s", r.pointer, r.current)
		return true, nil
	case r.made == nil || r.current == r.from:
		return false, nil
	}
	other, err := r.oneVersion(ctx, r.templateID(), r.current)
	if err != nil || other.image != r.made.image || other.number < r.made.number {
		return false, err
	}
	r.tell(Warning, r.current, "%s is %s, which somebody made after version %s of this release; it has the same image", r.pointer, r.current, r.made)
	r.made = other
	return true, nil
}

// moveTo moves the pointer, remembers first what it was, and looks whether it stays.
func (r *run) moveTo(ctx context.Context, to string) error {
	if key := tagFrom + r.pointerKey(); r.template == nil && tagOf(r.image.Tags, key) != r.from {
		if err := r.tag(ctx, key, r.from); err != nil {
			return err
		}
	}
	if err := r.pointer.move(ctx, to); err != nil {
		return err
	}
	r.changed(ctx, "Point", fmt.Sprintf("%s to %s", r.pointer, to))
	return r.confirm(ctx, to)
}

// confirm waits until the pointer is seen to be what it was made; the answers of AWS may lag behind.
func (r *run) confirm(ctx context.Context, to string) error {
	began := time.Now()
	return r.poll(ctx, func(ctx context.Context) (bool, error) {
		now, err := r.pointer.read(ctx)
		switch {
		case err != nil:
			return false, err
		case now == to:
			r.current = now
			r.tell(Done, to, "%s is now %s; it was %s", r.pointer, to, r.from)
			return true, nil
		case now != r.from || time.Since(began) > grace:
			return false, r.overtaken(ctx, now)
		}
		return false, nil
	})
}

// target is what the instances of the group are to run.
func (r *run) target() target {
	if r.made == nil {
		return target{image: r.imageID()}
	}
	return target{template: r.templateID(), version: strconv.FormatInt(r.made.number, 10), image: r.made.image}
}
