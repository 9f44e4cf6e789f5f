package local

import (
	"slices"
	"time"
)

type describeImagesInput struct {
	ExecutableUsers []string `query:"ExecutableBy"`
	ImageIds        []string `query:"ImageId"`
	Owners          []string `query:"Owner"`
	Filters         []filter `query:"Filter"`
	IncludeDisabled bool
	paging
}

func describeImages(c *call, in *describeImagesInput) (any, error) {
	r, now := c.region, c.region.now()
	for _, id := range in.ImageIds {
		if err := checkID("ami", id, "InvalidAMIID.Malformed"); err != nil {
			return nil, err
		}
		if i := r.image(id); i == nil || r.hides(typeImage, i.name) {
			return nil, notFound(id)
		}
	}
	var all []*image
	for _, i := range r.visible() {
		if len(in.ImageIds) > 0 && !slices.Contains(in.ImageIds, i.id) || i.state(now) == imageDisabled && !in.IncludeDisabled || !in.wants(r, i) {
			continue
		}
		ok, err := passes(in.Filters, i.sieve(now), r.tagsOf(i.id))
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, i)
		}
	}
	part, next, err := pageOf(all, in.paging, func(i *image) string { return i.id })
	if err != nil {
		return nil, err
	}
	out := &struct {
		Images    []imageDescription `query:"imagesSet"`
		NextToken string
	}{Images: []imageDescription{}, NextToken: next}
	for _, i := range part {
		out.Images = append(out.Images, i.describe(r, now))
	}
	return out, nil
}

// visible lists the images that an account can see, by their IDs.
func (r *region) visible() []*image {
	seen := map[string]*image{}
	for _, other := range r.cloud.regions {
		for id, i := range other.fleet.images {
			if other.name == r.name && !i.deregistered && (other == r || i.sharedWith(r.account)) {
				seen[id] = i
			}
		}
	}
	return ordered(seen)
}

// wants reports whether an image has one of the owners, and may be launched by one of the users, that
// are asked for.
func (in *describeImagesInput) wants(r *region, i *image) bool {
	owned := len(in.Owners) == 0 || slices.ContainsFunc(in.Owners, func(o string) bool {
		return o == i.account || o == "self" && i.account == r.account
	})
	launched := len(in.ExecutableUsers) == 0 || slices.ContainsFunc(in.ExecutableUsers, func(u string) bool {
		switch u {
		case "self":
			return slices.Contains(i.shared, r.account)
		case "all":
			return i.public()
		}
		return slices.Contains(i.shared, u)
	})
	return owned && launched
}

func (i *image) sieve(now time.Time) sieve {
	s := sieve{
		"image-id": oneText(i.id), "name": oneText(i.name), "state": oneText(i.state(now)), "description": oneText(i.description),
		"owner-id": oneText(i.owner()), "owner-alias": nil, "is-public": boolText(i.public()), "architecture": oneText(architecture),
		"image-type": {"machine"}, "root-device-type": {"ebs"}, "root-device-name": oneText(rootDevice), "virtualization-type": {"hvm"},
		"hypervisor": {"xen"}, "creation-date": oneText(i.creationDate()), "source-instance-id": oneText(i.source), "source-image-id": oneText(i.parent),
		"ena-support": {"true"}, "platform": nil, "block-device-mapping.snapshot-id": nil, "block-device-mapping.device-name": nil,
	}
	if i.account == amazon {
		s["owner-alias"] = oneText(amazon)
	}
	for _, d := range i.devices {
		s["block-device-mapping.snapshot-id"] = append(s["block-device-mapping.snapshot-id"], d.snapshot)
		s["block-device-mapping.device-name"] = append(s["block-device-mapping.device-name"], d.name)
	}
	return s
}

type deviceDescription struct {
	DeviceName string
	Ebs        deviceEbs
}

type deviceEbs struct {
	SnapshotId          string
	VolumeSize          int
	DeleteOnTermination bool
	VolumeType          string
	Encrypted           bool
}

type stateReason struct{ Code, Message string }

type imageDescription struct {
	ImageId             string
	ImageLocation       string
	ImageState          string
	ImageOwnerId        string
	CreationDate        string
	IsPublic            bool
	Architecture        string
	ImageType           string
	PlatformDetails     string
	UsageOperation      string
	EnaSupport          bool
	StateReason         *stateReason
	ImageOwnerAlias     string
	Name                string
	Description         string
	RootDeviceType      string
	RootDeviceName      string
	BlockDeviceMappings []deviceDescription `query:"blockDeviceMapping"`
	VirtualizationType  string
	Hypervisor          string
	SourceInstanceId    string
	SourceImageId       string
	LastLaunchedTime    string
	Tags                []tag `query:"tagSet"`
}

func (i *image) describe(r *region, now time.Time) imageDescription {
	d := imageDescription{
		ImageId: i.id, ImageLocation: i.account + "/" + i.name, ImageState: i.state(now), ImageOwnerId: i.owner(),
		CreationDate: i.creationDate(), IsPublic: i.public(), Architecture: architecture, ImageType: "machine",
		PlatformDetails: "Linux/UNIX", UsageOperation: "RunInstances", EnaSupport: true, Name: i.name, Description: i.description,
		RootDeviceType: "ebs", RootDeviceName: rootDevice, VirtualizationType: "hvm", Hypervisor: "xen",
		SourceInstanceId: i.source, SourceImageId: i.parent, Tags: r.tagsOf(i.id), BlockDeviceMappings: []deviceDescription{},
	}
	if i.account == amazon {
		d.ImageOwnerAlias = amazon
	}
	if d.ImageState == imageFailed {
		d.StateReason = &stateReason{"Client.ImageCreationFailed", i.reason}
	}
	if !i.launched.IsZero() && i.account == r.account {
		d.LastLaunchedTime = i.launched.UTC().Format("2006-01-02T15:04:05Z")
	}
	for _, dev := range i.devices {
		d.BlockDeviceMappings = append(d.BlockDeviceMappings, deviceDescription{dev.name, deviceEbs{dev.snapshot, dev.size, !dev.keep, dev.typ, dev.encrypted}})
	}
	return d
}
