package local

import (
	"slices"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

type versionDescription struct {
	LaunchTemplateId   string
	LaunchTemplateName string
	VersionNumber      int
	VersionDescription string
	CreateTime         time.Time
	CreatedBy          string
	DefaultVersion     bool
	LaunchTemplateData []query.Element
}

func (t *launchTemplate) describeVersion(r *region, v *templateVersion, resolve bool) versionDescription {
	data := v.data
	if id, err := r.resolveImage(data.Get("ImageId").Str()); err == nil && resolve && id != "" {
		data = overlay(data, tree.Object(tree.Field("ImageId", tree.Text(id))))
	}
	return versionDescription{
		t.id, t.name, v.number, v.description, v.created, r.rootArn(), v.number == t.chosen, elements(launchMembers, data),
	}
}

type versionAnswer struct {
	Version versionDescription `query:"launchTemplateVersion"`
	Warning *templateWarning
}

// createLaunchTemplateVersion makes a version of what the request says, over what the source version
// says. AWS takes each part as a whole: a list or a structure is not merged with that of the source.
func createLaunchTemplateVersion(c *call, in *struct {
	templateName
	ClientToken, SourceVersion, VersionDescription string
	ResolveAlias                                   bool
}) (any, error) {
	r := c.region
	made, err := c.once(in.ClientToken, "IdempotentParameterMismatch")
	if err != nil {
		return nil, err
	}
	t, err := in.find(r)
	if err != nil {
		return nil, err
	}
	if v := t.version(made); made != "" && v != nil {
		return &versionAnswer{t.describeVersion(r, v, in.ResolveAlias), nil}, nil
	}
	data, err := c.launchData()
	if err != nil {
		return nil, err
	}
	if in.SourceVersion != "" {
		source, err := t.need(in.SourceVersion)
		if err != nil {
			return nil, err
		}
		data = overlay(source.data, data)
	}
	v := t.add(r.now(), in.VersionDescription, data)
	c.did(in.ClientToken, strconv.Itoa(v.number))
	return &versionAnswer{t.describeVersion(r, v, in.ResolveAlias), r.warn(data)}, nil
}

type describeVersionsInput struct {
	templateName
	Versions               []string `query:"LaunchTemplateVersion"`
	MinVersion, MaxVersion string
	Filters                []filter `query:"Filter"`
	ResolveAlias           bool
	paging
}

func describeLaunchTemplateVersions(c *call, in *describeVersionsInput) (any, error) {
	r := c.region
	all, err := in.list(r)
	if err != nil {
		return nil, err
	}
	out := []versionDescription{}
	for _, d := range all {
		ok, err := passes(in.Filters, d.sieve(), nil)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, d)
		}
	}
	part, next, err := pageOf(out, in.paging, func(d versionDescription) string {
		return d.LaunchTemplateId + " " + strconv.Itoa(d.VersionNumber)
	})
	if err != nil {
		return nil, err
	}
	return &struct {
		Versions  []versionDescription `query:"launchTemplateVersionSet"`
		NextToken string
	}{part, next}, nil
}

// list returns the versions that are asked for: of one launch template, the newest first; or, with
// only $Latest or $Default asked for, those of all.
func (in *describeVersionsInput) list(r *region) ([]versionDescription, error) {
	var all []versionDescription
	if in.templateName == (templateName{}) {
		if len(in.Versions) == 0 || slices.ContainsFunc(in.Versions, func(v string) bool { return v != versionLatest && v != versionDefault }) {
			return nil, ec2Error("InvalidRequest", "Either the launch template ID or launch template name must be specified, unless only $Latest or $Default is asked for.")
		}
		for _, t := range ordered(r.fleet.templates) {
			for _, v := range t.asked(in.Versions) {
				all = append(all, t.describeVersion(r, v, in.ResolveAlias))
			}
		}
		return all, nil
	}
	t, err := in.find(r)
	if err != nil {
		return nil, err
	}
	for _, v := range in.Versions {
		if _, err := t.need(v); err != nil {
			return nil, err
		}
	}
	low, high := 1, t.latest
	if low, err = t.bound(in.MinVersion, low); err != nil {
		return nil, err
	}
	if high, err = t.bound(in.MaxVersion, high); err != nil {
		return nil, err
	}
	for _, v := range slices.Backward(t.versions) {
		if v.number >= low && v.number <= high && (len(in.Versions) == 0 || slices.Contains(t.asked(in.Versions), v)) {
			all = append(all, t.describeVersion(r, v, in.ResolveAlias))
		}
	}
	return all, nil
}

// asked returns the versions behind names, each once.
func (t *launchTemplate) asked(names []string) []*templateVersion {
	var all []*templateVersion
	for _, name := range names {
		if v := t.version(name); v != nil && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func (t *launchTemplate) bound(text string, otherwise int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, ec2Error("InvalidParameterValue", "Invalid launch template version: %s is no number.", text)
	}
	return n, nil
}

func (d *versionDescription) sieve() sieve {
	text := func(name string) []string {
		for _, e := range d.LaunchTemplateData {
			if e.Name == name {
				return oneText(e.Text)
			}
		}
		return nil
	}
	return sieve{
		"image-id": text("imageId"), "instance-type": text("instanceType"), "is-default-version": boolText(d.DefaultVersion),
		"create-time": oneText(d.CreateTime.UTC().Format(time.RFC3339)), "ebs-optimized": text("ebsOptimized"), "kernel-id": text("kernelId"), "ram-disk-id": text("ramDiskId"),
	}
}

type deletedVersion struct {
	LaunchTemplateId   string
	LaunchTemplateName string
	VersionNumber      int
	ResponseError      *templateFault
}

// deleteLaunchTemplateVersions deletes versions, each for itself. The default version stays.
func deleteLaunchTemplateVersions(c *call, in *struct {
	templateName
	Versions []string `query:"LaunchTemplateVersion"`
}) (any, error) {
	t, err := in.find(c.region)
	if err != nil {
		return nil, err
	}
	if len(in.Versions) == 0 {
		return nil, needs("LaunchTemplateVersion", "")
	}
	out := &struct {
		Good []deletedVersion `query:"successfullyDeletedLaunchTemplateVersionSet"`
		Bad  []deletedVersion `query:"unsuccessfullyDeletedLaunchTemplateVersionSet"`
	}{[]deletedVersion{}, []deletedVersion{}}
	for _, text := range in.Versions {
		number, err := strconv.Atoi(text)
		if err != nil {
			return nil, ec2Error("InvalidParameterValue", "Invalid launch template version: %s is no number.", text)
		}
		d := deletedVersion{t.id, t.name, number, nil}
		switch v := t.version(text); {
		case v == nil:
			d.ResponseError = &templateFault{"launchTemplateVersionDoesNotExist", "The launch template version does not exist."}
		case number == t.chosen:
			d.ResponseError = &templateFault{"unexpectedError", "The default version of a launch template cannot be deleted; set another default version first."}
		default:
			t.versions = slices.DeleteFunc(t.versions, func(old *templateVersion) bool { return old == v })
		}
		if d.ResponseError == nil {
			out.Good = append(out.Good, d)
		} else {
			out.Bad = append(out.Bad, d)
		}
	}
	return out, nil
}
