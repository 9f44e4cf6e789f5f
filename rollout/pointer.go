package rollout

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// A pointer is what says of which version, or image, new instances are made.
type pointer interface {
	// String names it, such as "the default version of lt-0abc".
	String() string
	// read returns what it is now: the number of a version, or the ID of an image.
	read(context.Context) (string, error)
	// move makes it something else.
	move(ctx context.Context, to string) error
	// pins reports whether it is a number in a group.
	pins() bool
	// since is a moment before which it was not moved to what it is now. If zero, it is unknown.
	since() time.Time
}

// newPointer returns the pointer of a release.
func (r *run) newPointer() pointer {
	switch {
	case r.release.Parameter != "":
		return &parameterPointer{client: r.Client, name: r.release.Parameter}
	case r.release.Stack != nil:
		return &stackPointer{run: r, target: *r.release.Stack}
	case r.group == nil:
		return &defaultPointer{r}
	case r.release.Pin || isNumber(versionOf(templateOf(r.group))):
		return &groupPointer{r}
	case versionOf(templateOf(r.group)) == latest:
		return &latestPointer{r}
	}
	return &defaultPointer{r}
}

// pointerKey is what stands in tags for the release's way to a pointer: an image may be that of several
// releases, and go to several groups.
func (r *run) pointerKey() string {
	return digest(12, r.pointer.String(), r.release.ID, r.release.Name)
}

// A defaultPointer is the default version of a launch template.
type defaultPointer struct{ *run }

func (p *defaultPointer) String() string {
	return "the default version of " + aws.ToString(p.template.LaunchTemplateId)
}

func (p *defaultPointer) read(ctx context.Context) (string, error) {
	t, err := p.describeTemplate(ctx, aws.ToString(p.template.LaunchTemplateId))
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(aws.ToInt64(t.DefaultVersionNumber), 10), nil
}

func (p *defaultPointer) move(ctx context.Context, to string) error {
	if _, err := p.EC2.ModifyLaunchTemplate(ctx, &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: p.template.LaunchTemplateId, DefaultVersion: &to}); err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	return nil
}

func (p *defaultPointer) pins() bool       { return false }
func (p *defaultPointer) since() time.Time { return time.Time{} }

// A latestPointer is the latest version of a launch template. Nothing moves it but a new version.
type latestPointer struct{ *run }

func (p *latestPointer) String() string {
	return "the latest version of " + aws.ToString(p.template.LaunchTemplateId)
}

func (p *latestPointer) read(ctx context.Context) (string, error) {
	t, err := p.describeTemplate(ctx, aws.ToString(p.template.LaunchTemplateId))
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(aws.ToInt64(t.LatestVersionNumber), 10), nil
}

// move has nothing to do: that the version was made has moved it.
func (p *latestPointer) move(context.Context, string) error { return nil }

func (p *latestPointer) pins() bool       { return false }
func (p *latestPointer) since() time.Time { return time.Time{} }

// A groupPointer is the number of a version in a group.
type groupPointer struct{ *run }

func (p *groupPointer) String() string { return "the version in group " + p.release.Group }

func (p *groupPointer) read(ctx context.Context) (string, error) {
	g, err := p.describeGroup(ctx, p.release.Group)
	if err != nil {
		return "", err
	}
	spec := templateOf(g)
	if spec == nil || aws.ToString(spec.LaunchTemplateId) != aws.ToString(p.template.LaunchTemplateId) {
		return "", fmt.Errorf("group %s: its launch template is no longer %s; somebody has changed it", p.release.Group, aws.ToString(p.template.LaunchTemplateId))
	}
	p.group = g
	if v := versionOf(spec); isNumber(v) {
		return v, nil
	}
	return p.number(ctx, versionOf(spec))
}

// number resolves $Latest and $Default.
func (p *groupPointer) number(ctx context.Context, name string) (string, error) {
	if name == latest {
		return (&latestPointer{p.run}).read(ctx)
	}
	return (&defaultPointer{p.run}).read(ctx)
}

// move also turns $Latest or $Default into the number that it stands for.
func (p *groupPointer) move(ctx context.Context, to string) error {
	return p.setVersion(ctx, p.group, to)
}

func (p *groupPointer) pins() bool       { return true }
func (p *groupPointer) since() time.Time { return time.Time{} }
