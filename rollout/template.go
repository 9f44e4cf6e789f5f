package rollout

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// describeTemplate reads a launch template by its ID or name.
func (c *Client) describeTemplate(ctx context.Context, name string) (*types.LaunchTemplate, error) {
	in := &ec2.DescribeLaunchTemplatesInput{LaunchTemplateNames: []string{name}}
	if strings.HasPrefix(name, "lt-") {
		in = &ec2.DescribeLaunchTemplatesInput{LaunchTemplateIds: []string{name}}
	}
	out, err := c.EC2.DescribeLaunchTemplates(ctx, in)
	if err != nil && !templateMissing(err) {
		return nil, fmt.Errorf("launch template %s: %w", name, err)
	}
	if err != nil || len(out.LaunchTemplates) != 1 {
		return nil, fmt.Errorf("launch template %s: there is none in this account and region; check its name", name)
	}
	return &out.LaunchTemplates[0], nil
}

// A version is a launch template version as far as a rollout looks at it.
type version struct {
	number  int64
	image   string
	label   label
	created time.Time
	data    *types.ResponseLaunchTemplateData
}

func (v *version) String() string { return strconv.FormatInt(v.number, 10) }

func newVersion(v types.LaunchTemplateVersion) version {
	out := version{
		number: aws.ToInt64(v.VersionNumber), label: parseLabel(aws.ToString(v.VersionDescription)),
		created: aws.ToTime(v.CreateTime), data: v.LaunchTemplateData,
	}
	if v.LaunchTemplateData != nil {
		out.image = aws.ToString(v.LaunchTemplateData.ImageId)
	}
	return out
}

// versions reads the versions of a launch template, all of them, or those that are named.
func (c *Client) versions(ctx context.Context, templateID string, named ...string) ([]version, error) {
	var list []version
	pages := ec2.NewDescribeLaunchTemplateVersionsPaginator(c.EC2, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: &templateID, Versions: named})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if versionMissing(err) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("launch template %s: its versions: %w", templateID, err)
		}
		for _, v := range page.LaunchTemplateVersions {
			list = append(list, newVersion(v))
		}
	}
	return list, nil
}

// oneVersion reads one version by its number, $Latest or $Default.
func (c *Client) oneVersion(ctx context.Context, templateID, name string) (*version, error) {
	list, err := c.versions(ctx, templateID, name)
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("launch template %s: it has no version %s; somebody has deleted it", templateID, name)
	}
	return &list[0], nil
}

// find returns the version of a release, or the one that undid it: of several, the first.
func find(list []version, r *Release, rollback bool) *version {
	var found *version
	for i, v := range list {
		if v.label.of(r) && v.label.rollback == rollback && (found == nil || v.number < found.number) {
			found = &list[i]
		}
	}
	return found
}

// createVersion makes a version of a source version with another image, and makes sure that there is
// one only, and that it is what was asked for.
func (r *run) createVersion(ctx context.Context, source, imageID string, l label) (*version, error) {
	id := aws.ToString(r.template.LaunchTemplateId)
	before, err := r.oneVersion(ctx, id, source)
	if err != nil {
		return nil, err
	}
	out, err := r.EC2.CreateLaunchTemplateVersion(ctx, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: &id, SourceVersion: &source, VersionDescription: aws.String(l.text()),
		LaunchTemplateData: &types.RequestLaunchTemplateData{ImageId: &imageID},
		ClientToken:        aws.String(digest(64, id, source, imageID, l.text())),
	})
	if err != nil {
		return nil, fmt.Errorf("launch template %s: a version of image %s: %w", id, imageID, err)
	}
	number := aws.ToInt64(out.LaunchTemplateVersion.VersionNumber)
	r.changed(ctx, "CreateLaunchTemplateVersion", fmt.Sprintf("%s:%d", id, number))
	all, err := r.versions(ctx, id)
	if err != nil {
		return nil, err
	}
	first := find(all, r.release, l.rollback)
	if first == nil {
		return nil, fmt.Errorf("launch template %s: its version %d is not to be seen yet; call again", id, number)
	}
	if first.number < number { // the same release is being rolled out elsewhere, too
		return first, r.deleteVersion(ctx, number)
	}
	if err := verify(first, before, imageID, out.Warning); err != nil {
		return nil, errors.Join(fmt.Errorf("launch template %s: %w", id, err), r.deleteVersion(ctx, number))
	}
	if first.number != before.number+1 && source == latest {
		r.tell(Warning, first.String(), "launch template %s: a version was made by somebody else between %d and %d; version %d is based on the last of them", id, before.number, first.number, first.number)
	}
	return first, nil
}

// verify checks a version that was made of another.
func verify(made, source *version, imageID string, warning *types.ValidationWarning) error {
	if warning != nil && len(warning.Errors) > 0 {
		w := warning.Errors[0]
		return fmt.Errorf("version %d would not launch: %s (%s); cure the version that it is made of, %d", made.number, aws.ToString(w.Message), aws.ToString(w.Code), source.number)
	}
	if made.image != imageID {
		return fmt.Errorf("version %d has the image %s, not %s", made.number, made.image, imageID)
	}
	if lost := lost(source.data, made.data); len(lost) > 0 {
		return fmt.Errorf("version %d lacks %s, which version %d has", made.number, strings.Join(lost, ", "), source.number)
	}
	return nil
}

// deleteVersion takes away a version that nobody may use.
func (r *run) deleteVersion(ctx context.Context, number int64) error {
	name := strconv.FormatInt(number, 10)
	out, err := r.EC2.DeleteLaunchTemplateVersions(ctx, &ec2.DeleteLaunchTemplateVersionsInput{
		LaunchTemplateId: r.template.LaunchTemplateId, Versions: []string{name},
	})
	if err != nil {
		return fmt.Errorf("version %s: deleting it: %w", name, err)
	}
	for _, item := range out.UnsuccessfullyDeletedLaunchTemplateVersions {
		if item.ResponseError != nil && aws.ToInt64(item.VersionNumber) == number {
			return fmt.Errorf("version %s: deleting it: %s", name, aws.ToString(item.ResponseError.Message))
		}
	}
	return nil
}
