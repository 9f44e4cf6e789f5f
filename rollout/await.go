package rollout

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// await waits until the image is available.
func (r *run) await(ctx context.Context) error {
	if fateOf(r.image.State) == usable {
		r.tell(Done, r.imageID(), "image %s is available", r.imageID())
		return nil
	}
	w := imageWait{run: r, began: time.Now(), percent: -1, seen: r.image.CreationDate != nil}
	return r.poll(ctx, w.look)
}

// An imageWait is the wait for an image.
type imageWait struct {
	*run
	began   time.Time
	percent int  // as last told
	seen    bool // EC2 knew it
}

func (w *imageWait) look(ctx context.Context) (bool, error) {
	i, err := w.describeImage(ctx, w.imageID())
	if err != nil {
		return false, err
	}
	limit := cmp.Or(w.opts.ImageTimeout, 2*time.Hour)
	switch {
	case i == nil && (w.seen || time.Since(w.began) > grace):
		return false, &ImageError{ImageID: w.imageID(), Next: "it was deregistered while it was waited for; the same call makes another"}
	case i == nil:
		return false, nil
	}
	w.seen = true
	w.image = *i
	if err := unusable(i); fateOf(i.State) != coming {
		if err == nil {
			w.tell(Done, w.imageID(), "image %s is available", w.imageID())
		}
		return true, err
	}
	if time.Since(w.began) > limit {
		return false, &TimeoutError{Step: StepAvailable, Resource: w.imageID(), After: limit, Next: "the image goes on to be made, and the same call waits for it again; raise ImageTimeout if its disks are large"}
	}
	w.tellProgress(ctx, i)
	return false, nil
}

// tellProgress tells how far the snapshots of an image are, if that has changed.
func (w *imageWait) tellProgress(ctx context.Context, i *types.Image) {
	percent := w.snapshotProgress(ctx, i)
	if percent == w.percent {
		return
	}
	w.percent = percent
	w.tellPercent(Progress, w.imageID(), percent, "image %s is %s", w.imageID(), i.State)
}

// snapshotProgress is the mean of an image's snapshots, -1 if it is not known. That it cannot be read
// is no reason to stop.
func (c *Client) snapshotProgress(ctx context.Context, i *types.Image) int {
	var ids []string
	for _, m := range i.BlockDeviceMappings {
		if m.Ebs != nil && m.Ebs.SnapshotId != nil {
			ids = append(ids, *m.Ebs.SnapshotId)
		}
	}
	if len(ids) == 0 {
		return -1
	}
	out, err := c.EC2.DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{SnapshotIds: ids})
	if err != nil || len(out.Snapshots) == 0 {
		return -1
	}
	sum := 0
	for _, s := range out.Snapshots {
		n, err := strconv.Atoi(strings.TrimSuffix(aws.ToString(s.Progress), "%"))
		if err != nil {
			return -1
		}
		sum += n
	}
	return sum / len(out.Snapshots)
}

// unusable returns why an image that is no longer coming cannot be used; nil if it can.
func unusable(i *types.Image) error {
	err := &ImageError{ImageID: aws.ToString(i.ImageId), Name: aws.ToString(i.Name), State: string(i.State)}
	if i.StateReason != nil {
		err.Reason = aws.ToString(i.StateReason.Message)
	}
	switch fateOf(i.State) {
	case usable:
		return nil
	case coming:
		err.Next = "wait until it is available"
	case spoiled:
		err.Next = "the same call takes it away and makes another; look at the instance first"
	default:
		err.Next = "somebody took it out of use; roll out under a new ID"
	}
	return err
}

// stillUsable makes sure, just before something is to use the image, that it can be used.
func (r *run) stillUsable(ctx context.Context, id string) error {
	if strings.HasPrefix(id, byParameter) {
		return nil // it is whatever the parameter says when it is used
	}
	i, err := r.describeImage(ctx, id)
	switch {
	case err != nil:
		return err
	case i == nil:
		return &ImageError{ImageID: id, Next: "it was deregistered in the meantime, and nothing was pointed to it; roll out under a new ID"}
	}
	return unusable(i)
}

// check asks the caller's check, unless the release has passed it.
func (r *run) check(ctx context.Context) error {
	switch {
	case r.opts.Check == nil:
		r.tell(Skipped, "", "no check is set")
		return nil
	case r.made != nil || tagOf(r.image.Tags, tagChecked) != "":
		r.tell(Found, r.imageID(), "image %s passed its check before", r.imageID())
		return nil
	}
	r.tell(Started, r.imageID(), "image %s is checked", r.imageID())
	if err := r.opts.Check(ctx, r.imageID()); err != nil {
		return fmt.Errorf("image %s did not pass its check: %w", r.imageID(), err)
	}
	r.tell(Done, r.imageID(), "image %s passed its check", r.imageID())
	return r.tag(ctx, tagChecked, time.Now().UTC().Format(time.RFC3339))
}

// tag puts a tag on the image.
func (r *run) tag(ctx context.Context, key, value string) error {
	tag := types.Tag{Key: &key, Value: &value}
	if _, err := r.EC2.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{r.imageID()}, Tags: []types.Tag{tag}}); err != nil {
		return fmt.Errorf("image %s: tagging it: %w", r.imageID(), err)
	}
	r.image.Tags = append(r.image.Tags, tag)
	return nil
}
