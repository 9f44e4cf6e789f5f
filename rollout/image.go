package rollout

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// bake finds the image of the release, or has it made.
func (r *run) bake(ctx context.Context) error {
	found, err := r.findImage(ctx)
	if err != nil {
		return err
	}
	if found == nil {
		if err := r.createImage(ctx); err != nil {
			return err
		}
	} else {
		r.image = *found
		r.tell(Found, r.imageID(), "image %s is there: %s", r.imageID(), r.image.State)
	}
	r.result.ImageID = r.imageID()
	r.recall()
	return nil
}

func (r *run) imageID() string { return aws.ToString(r.image.ImageId) }

// recall finds out what the pointer was when the release began.
func (r *run) recall() {
	tag := tagOf(r.image.Tags, tagFrom+r.pointerKey())
	switch {
	case r.made != nil:
		r.from = r.made.label.from
	case tag != "" && !r.opts.Overtake:
		r.from = tag
	default:
		r.from = r.current
	}
	r.result.From = r.from
}

// findImage looks for the image of the release: nil if it is still to be made. It changes nothing but
// the run.
func (r *run) findImage(ctx context.Context) (*types.Image, error) {
	if err := r.findVersion(ctx); err != nil {
		return nil, err
	}
	found, err := r.lookForImage(ctx)
	if err != nil || found == nil {
		return nil, err
	}
	if since := tagOf(found.Tags, tagRolledBack+":"+r.pointerKey()); since != "" {
		return nil, &RolledBackError{Release: r.release.ID, Since: since}
	}
	return found, nil
}

func (r *run) lookForImage(ctx context.Context) (*types.Image, error) {
	switch {
	case r.made != nil:
		return r.imageOfVersion(ctx)
	case r.release.ImageID != "":
		i, err := r.describeImage(ctx, r.release.ImageID)
		if err == nil && i == nil {
			err = &ImageError{ImageID: r.release.ImageID, Next: "check its ID, its region, and that it is shared with this account"}
		}
		return i, err
	}
	i, err := r.imageByName(ctx)
	if err != nil || i == nil || fateOf(i.State) == spoiled {
		return nil, err
	}
	return i, r.owns(i)
}

// findVersion looks for the version of the release.
func (r *run) findVersion(ctx context.Context) error {
	if r.template == nil {
		return nil
	}
	all, err := r.versions(ctx, aws.ToString(r.template.LaunchTemplateId))
	r.made = find(all, r.release, false)
	return err
}

// imageOfVersion reads the image that the release's version names; no other will do.
func (r *run) imageOfVersion(ctx context.Context) (*types.Image, error) {
	if want := r.release.ImageID; want != "" && want != r.made.image {
		return nil, fmt.Errorf("version %d of %s, of this release, has the image %s, not %s; roll out under a new ID", r.made.number, aws.ToString(r.template.LaunchTemplateId), r.made.image, want)
	}
	i, err := r.describeImage(ctx, r.made.image)
	if err == nil && i == nil {
		if now, from := r.current, r.made.label.from; now != from && now != r.made.String() && !r.opts.Overtake {
			r.from = from
			return nil, r.overtaken(ctx, now) // the image may well be old, and pruned
		}
		err = &ImageError{ImageID: r.made.image, Next: fmt.Sprintf("version %d of this release names it; roll out under a new ID", r.made.number)}
	}
	return i, err
}

// owns returns an error if an image of the right name is not that of the release.
func (r *run) owns(i *types.Image) error {
	id := aws.ToString(i.ImageId)
	if tagOf(i.Tags, tagRelease) != r.release.ID || tagOf(i.Tags, tagName) != r.release.Name {
		return &ImageError{ImageID: id, Name: aws.ToString(i.Name), State: string(i.State),
			Next: fmt.Sprintf("its name, %s, is that of this release's image, but its tags say that it is another's; roll out under a new ID", aws.ToString(i.Name))}
	}
	if of := tagOf(i.Tags, tagInstance); of != r.release.InstanceID {
		return fmt.Errorf("image %s of this release was made of instance %s, not of %s; roll out under a new ID", id, of, r.release.InstanceID)
	}
	return nil
}

// describeImage reads an image; nil if there is none.
func (c *Client) describeImage(ctx context.Context, id string) (*types.Image, error) {
	out, err := c.EC2.DescribeImages(ctx, &ec2.DescribeImagesInput{ImageIds: []string{id}, IncludeDisabled: new(true)})
	if imageMissing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", id, err)
	}
	if len(out.Images) == 0 {
		return nil, nil
	}
	return &out.Images[0], nil
}

// imageByName reads the image that has the name of the release's; nil if there is none.
func (r *run) imageByName(ctx context.Context) (*types.Image, error) {
	out, err := r.EC2.DescribeImages(ctx, &ec2.DescribeImagesInput{
		Owners: []string{"self"}, IncludeDisabled: new(true),
		Filters: []types.Filter{{Name: aws.String("name"), Values: []string{r.release.imageName()}}},
	})
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", r.release.imageName(), err)
	}
	for _, i := range out.Images {
		if i.State != types.ImageStateDeregistered {
			return &i, nil
		}
	}
	return nil, nil
}

// createImage has the image made. One of this release that failed is taken away first, since it holds
// the name.
func (r *run) createImage(ctx context.Context) error {
	if old, err := r.imageByName(ctx); err != nil {
		return err
	} else if old != nil && r.owns(old) == nil && fateOf(old.State) == spoiled {
		r.tell(Started, aws.ToString(old.ImageId), "image %s is %s, and makes room for another", aws.ToString(old.ImageId), old.State)
		if err := r.deregister(ctx, aws.ToString(old.ImageId)); err != nil {
			return err
		}
	}
	name, tags := r.release.imageName(), r.imageTags()
	out, err := r.EC2.CreateImage(ctx, &ec2.CreateImageInput{
		InstanceId: &r.release.InstanceID, Name: &name, NoReboot: &r.opts.NoReboot,
		Description: aws.String(fmt.Sprintf("release %s of %s, of %s", r.release.ID, r.release.Name, r.release.InstanceID)),
		TagSpecifications: []types.TagSpecification{
			{ResourceType: types.ResourceTypeImage, Tags: tags}, {ResourceType: types.ResourceTypeSnapshot, Tags: tags},
		},
	})
	if imageNameTaken(err) { // by the same release, in a call that went before or goes on beside this one
		return r.adopt(ctx)
	}
	if err != nil {
		return fmt.Errorf("image %s of instance %s: %w", name, r.release.InstanceID, err)
	}
	r.image = types.Image{ImageId: out.ImageId, Name: &name, State: types.ImageStatePending, Tags: tags}
	r.changed(ctx, "CreateImage", r.imageID())
	r.tell(Started, r.imageID(), "image %s is made of %s: %s", r.imageID(), r.release.InstanceID, name)
	return nil
}

// imageTags are the journal on the image.
func (r *run) imageTags() []types.Tag {
	tags := map[string]string{}
	maps.Copy(tags, r.opts.Tags)
	maps.Copy(tags, map[string]string{
		"Name": r.release.imageName(), tagRelease: r.release.ID, tagName: r.release.Name,
		tagInstance: r.release.InstanceID, tagFrom + r.pointerKey(): r.current,
	})
	return ec2Tags(tags)
}

// adopt takes the image that has the name already, as soon as it is to be seen.
func (r *run) adopt(ctx context.Context) error {
	began := time.Now()
	return r.poll(ctx, func(ctx context.Context) (bool, error) {
		i, err := r.imageByName(ctx)
		if err != nil {
			return false, err
		}
		if i == nil {
			if time.Since(began) > grace {
				return false, &ImageError{Name: r.release.imageName(), Next: "EC2 says that its name is taken, but it is not to be seen; call again, or roll out under a new ID"}
			}
			return false, nil
		}
		r.image = *i
		r.tell(Found, r.imageID(), "image %s is there: %s", r.imageID(), i.State)
		return true, r.owns(i)
	})
}

// deregister takes an image away, with its snapshots.
func (c *Client) deregister(ctx context.Context, id string) error {
	out, err := c.EC2.DeregisterImage(ctx, &ec2.DeregisterImageInput{ImageId: &id, DeleteAssociatedSnapshots: new(true)})
	if imageMissing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("image %s: deregistering it: %w", id, err)
	}
	var kept []error
	for _, s := range out.DeleteSnapshotResults {
		if s.ReturnCode != types.SnapshotReturnCodesSuccess && s.ReturnCode != types.SnapshotReturnCodesWarnSkipped {
			kept = append(kept, fmt.Errorf("image %s is gone, but its snapshot %s stayed: %s", id, aws.ToString(s.SnapshotId), s.ReturnCode))
		}
	}
	return errors.Join(kept...)
}
