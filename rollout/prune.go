package rollout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// PruneOptions say which images are old. The zero value is refused, since Keep must be given.
type PruneOptions struct {
	// Keep is how many images are kept, the newest, whether or not anything needs them. It must be at
	// least one.
	Keep int
	// MinAge keeps images that are younger, since they may belong to a rollout that is under way. If
	// zero, one hour; below zero, none is kept for that.
	MinAge time.Duration
	// Parameters are parameters of Systems Manager whose images are kept. Those to which launch
	// templates refer are known without.
	Parameters []string
}

func (o *PruneOptions) check() error {
	if o == nil || o.Keep < 1 {
		return errors.New("PruneOptions.Keep must be at least one: how many of the newest images are kept")
	}
	return nil
}

// A PrunePlan is a list of the images of one name, and which of them would be removed.
type PrunePlan struct {
	// Name is what the images have in common: see [Release.Name].
	Name string
	// Images are all of them, newest first.
	Images []PrunedImage
	// Snapshots are snapshots of images of that name that are gone: what a removal that was cut short
	// has left.
	Snapshots []string

	opts PruneOptions
}

// A PrunedImage is an image of a [PrunePlan].
type PrunedImage struct {
	// ImageID and Name are the image's, Release is the ID of its release, Created when it was made.
	ImageID, Name, Release string
	Created                time.Time
	// Reasons are why it is kept; with none, it is removed.
	Reasons []string
}

// Removed are the images that would be removed.
func (p *PrunePlan) Removed() []PrunedImage {
	var list []PrunedImage
	for _, i := range p.Images {
		if len(i.Reasons) == 0 {
			list = append(list, i)
		}
	}
	return list
}

// PlanPrune lists the images of releases of a name, and finds out which of them nothing needs. It reads
// only. An image is needed by a launch template whose default or latest version names it; by a version
// that a group has, or learns from its instance refresh, or that was in use before such a one; by a
// launch configuration; by an instance that is not terminated; by whoever it is shared with; by the
// parameters of Systems Manager that are given or that such a version refers to. It is kept besides if it
// is among the newest, young, not in the state available, protected from being deregistered, or tagged
// updraft:keep.
//
// # Errors
//
// Whatever cannot be read: an image is never thought to be unneeded because something was not to be
// seen.
func (c *Client) PlanPrune(ctx context.Context, name string, opts *PruneOptions) (*PrunePlan, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if !plainName.MatchString(name) {
		return nil, fmt.Errorf("prune: %q is no name of releases", name)
	}
	if c.EC2 == nil || c.AutoScaling == nil || len(opts.Parameters) > 0 && c.SSM == nil {
		return nil, errors.New("prune: Client.EC2 and Client.AutoScaling are required, and Client.SSM with Parameters")
	}
	images, err := c.imagesNamed(ctx, name)
	if err != nil {
		return nil, err
	}
	p := &PrunePlan{Name: name, opts: *opts}
	need, err := c.needs(ctx, images, opts.Parameters)
	if err != nil {
		return nil, fmt.Errorf("prune %s: %w", name, err)
	}
	for n, i := range images {
		p.Images = append(p.Images, judgeImage(i, n, opts, need[aws.ToString(i.ImageId)], time.Now()))
	}
	p.Snapshots, err = c.orphans(ctx, name, images)
	return p, err
}

// judgeImage says why an image is kept, which is the nth from the newest.
func judgeImage(i types.Image, n int, opts *PruneOptions, needed []string, now time.Time) PrunedImage {
	p := PrunedImage{
		ImageID: aws.ToString(i.ImageId), Name: aws.ToString(i.Name), Release: tagOf(i.Tags, tagRelease),
		Created: createdAt(i), Reasons: needed,
	}
	keep := func(when bool, reason string) {
		if when {
			p.Reasons = append(p.Reasons, reason)
		}
	}
	_, tagged := findTag(i.Tags, tagKeep)
	age, protection := cmp.Or(opts.MinAge, time.Hour), aws.ToString(i.DeregistrationProtection)
	keep(n < opts.Keep, fmt.Sprintf("it is one of the %d newest", opts.Keep))
	keep(p.Created.IsZero() || now.Sub(p.Created) < age, "it is younger than "+age.String())
	keep(i.State != types.ImageStateAvailable, "it is "+string(i.State))
	keep(aws.ToBool(i.Public), "it is public")
	keep(protection != "" && protection != "disabled", "it is protected from being deregistered")
	keep(tagged, "it is tagged "+tagKeep)
	return p
}

func findTag(tags []types.Tag, key string) (string, bool) {
	for _, t := range tags {
		if aws.ToString(t.Key) == key {
			return aws.ToString(t.Value), true
		}
	}
	return "", false
}

func createdAt(i types.Image) time.Time {
	t, err := time.Parse(time.RFC3339, aws.ToString(i.CreationDate))
	if err != nil {
		return time.Time{}
	}
	return t
}

// imagesNamed reads the images of releases of a name, newest first.
func (c *Client) imagesNamed(ctx context.Context, name string) ([]types.Image, error) {
	var list []types.Image
	pages := ec2.NewDescribeImagesPaginator(c.EC2, &ec2.DescribeImagesInput{
		Owners: []string{"self"}, IncludeDisabled: new(true), Filters: []types.Filter{{Name: aws.String("tag:" + tagName), Values: []string{name}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("prune %s: its images: %w", name, err)
		}
		list = append(list, page.Images...)
	}
	list = slices.DeleteFunc(list, func(i types.Image) bool { return tagOf(i.Tags, tagName) != name || tagOf(i.Tags, tagRelease) == "" })
	slices.SortFunc(list, func(a, b types.Image) int {
		return cmp.Or(createdAt(b).Compare(createdAt(a)), strings.Compare(aws.ToString(a.ImageId), aws.ToString(b.ImageId)))
	})
	return list, nil
}

// orphans are snapshots of releases of a name whose image is gone.
func (c *Client) orphans(ctx context.Context, name string, images []types.Image) ([]string, error) {
	alive := map[string]bool{}
	for _, i := range images {
		alive[tagOf(i.Tags, tagRelease)] = true
	}
	var list []string
	pages := ec2.NewDescribeSnapshotsPaginator(c.EC2, &ec2.DescribeSnapshotsInput{
		OwnerIds: []string{"self"}, Filters: []types.Filter{{Name: aws.String("tag:" + tagName), Values: []string{name}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("prune %s: its snapshots: %w", name, err)
		}
		for _, s := range page.Snapshots {
			release := tagOf(s.Tags, tagRelease)
			if tagOf(s.Tags, tagName) == name && release != "" && !alive[release] && s.State == types.SnapshotStateCompleted {
				list = append(list, aws.ToString(s.SnapshotId))
			}
		}
	}
	slices.Sort(list)
	return list, nil
}

// Prune removes the images of a plan that are to be removed, with their snapshots, oldest first. Each is
// removed only if, by a fresh look, nothing needs it still. It returns the IDs of what was removed, also
// with an error; calling it again goes on.
func (c *Client) Prune(ctx context.Context, p *PrunePlan) ([]string, error) {
	if p == nil {
		return nil, errors.New("there is no plan to prune by; make one with Client.PlanPrune")
	}
	now, err := c.PlanPrune(ctx, p.Name, &p.opts)
	if err != nil {
		return nil, err
	}
	still := map[string]bool{}
	for _, i := range now.Removed() {
		still[i.ImageID] = true
	}
	var removed []string
	var failed []error
	for _, i := range slices.Backward(p.Removed()) {
		if !still[i.ImageID] {
			continue
		}
		if ctx.Err() != nil {
			return removed, context.Cause(ctx)
		}
		if err := c.deregister(ctx, i.ImageID); err != nil {
			failed = append(failed, err)
			continue
		}
		c.log(ctx, "DeregisterImage")
		removed = append(removed, i.ImageID)
	}
	for _, s := range now.Snapshots {
		if !slices.Contains(p.Snapshots, s) {
			continue
		}
		_, err := c.EC2.DeleteSnapshot(ctx, &ec2.DeleteSnapshotInput{SnapshotId: &s})
		switch {
		case err == nil:
			removed = append(removed, s)
		case !snapshotMissing(err) && !snapshotInUse(err):
			failed = append(failed, fmt.Errorf("snapshot %s: deleting it: %w", s, err))
		}
	}
	return removed, errors.Join(failed...)
}

// prune is the last step of a rollout.
func (r *run) prune(ctx context.Context) error {
	if r.opts.Prune == nil {
		r.tell(Skipped, "", "nothing is to be removed")
		return nil
	}
	p, err := r.PlanPrune(ctx, r.release.Name, r.pruneOptions())
	if err != nil {
		return err
	}
	r.result.Pruned, err = r.Prune(ctx, p)
	r.result.Changed = r.result.Changed || len(r.result.Pruned) > 0
	if err != nil {
		return err
	}
	r.tell(Done, "", "%d of %d images were removed", len(r.result.Pruned), len(p.Images))
	return nil
}

// pruneOptions adds to the options what the release knows.
func (r *run) pruneOptions() *PruneOptions {
	o := *r.opts.Prune
	if r.release.Parameter != "" {
		o.Parameters = append(slices.Clone(o.Parameters), r.release.Parameter)
	}
	return &o
}
