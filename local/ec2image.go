package local

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// The states of an image.
const (
	imagePending   = "pending"
	imageAvailable = "available"
	imageFailed    = "failed"
	imageDisabled  = "disabled"
)

// An image is an AMI.
type image struct {
	id, name, description string
	account               string // that owns it; amazon for those that the cloud did not make
	source                string // the instance that it is of
	parent                string // the image of that instance
	created               time.Time
	transition
	reason       string // why it failed
	disabled     bool
	deregistered bool
	shared       []string // accounts that may launch it, and "all"
	devices      []device
	launched     time.Time // last
}

// A device is a disk of an instance or an image.
type device struct {
	name, typ, snapshot string
	size                int
	encrypted, keep     bool
}

// state is the state at a time.
func (i *image) state(now time.Time) string {
	if s := i.transition.state(now); s != imageAvailable || !i.disabled {
		return s
	}
	return imageDisabled
}

// amazon is the owner of images that the cloud did not make.
const amazon = "amazon"

// image returns an image that the account can see, nil if there is none.
func (r *region) image(id string) *image {
	if i := r.fleet.images[id]; i != nil && !i.deregistered {
		return i
	}
	for _, other := range r.cloud.regions {
		if i := other.fleet.images[id]; i != nil && other.name == r.name && !i.deregistered && i.sharedWith(r.account) {
			return i
		}
	}
	return nil
}

func (i *image) sharedWith(account string) bool {
	return i.account == amazon || slices.Contains(i.shared, "all") || slices.Contains(i.shared, account)
}

// launchable returns an image that something is to be launched of. An image that the cloud has not
// made stands for one of AWS's public images: it comes into being now.
func (r *region) launchable(id string) (*image, error) {
	if err := checkID("ami", id, "InvalidAMIID.Malformed"); err != nil {
		return nil, err
	}
	i := r.image(id)
	switch {
	case i != nil:
	case r.made(id):
		return nil, notFound(id)
	default:
		i = &image{
			id: id, name: "public-" + id, account: amazon, created: r.now(), transition: transition{to: imageAvailable},
			devices: []device{{name: rootDevice, typ: "gp3", size: 8, snapshot: r.cloud.ec2ID("snap")}},
		}
		r.fleet.images[id] = i
	}
	switch state := i.state(r.now()); state {
	case imageAvailable:
		return i, nil
	case imagePending:
		return nil, ec2Error("InvalidAMIID.Unavailable", "The image ID '%s' is not available: AMI %s is pending, and cannot be run", id, id)
	default:
		return nil, ec2Error("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available: it is in state %s", id, state)
	}
}

// made reports whether the cloud has made an image of that ID, in any account.
func (r *region) made(id string) bool {
	for _, other := range r.cloud.regions {
		if i := other.fleet.images[id]; i != nil && i.account != amazon {
			return true
		}
	}
	return false
}

const rootDevice = "/dev/xvda"

var imageName = regexp.MustCompile(`^[a-zA-Z0-9()\[\] ./\-'@_]{3,128}$`)

type createImageInput struct {
	InstanceId        string
	Name              string
	Description       string
	NoReboot          bool
	SnapshotLocation  string
	TagSpecifications []tagSpecification `query:"TagSpecification"`
}

func (in *createImageInput) check(r *region) (*instance, error) {
	if err := needs("instanceId", in.InstanceId); err != nil {
		return nil, err
	}
	if err := needs("name", in.Name); err != nil {
		return nil, err
	}
	if !imageName.MatchString(in.Name) {
		return nil, ec2Error("InvalidAMIName.Malformed", "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'")
	}
	if err := checkSpecifications(in.TagSpecifications, "image", "snapshot"); err != nil {
		return nil, err
	}
	i, err := r.instance(in.InstanceId)
	if err != nil {
		return nil, err
	}
	if s := i.state(r.now()); s != running && s != stopped {
		return nil, ec2Error("IncorrectInstanceState", "Instance '%s' is not 'running' or 'stopped': it is '%s'", i.id, s)
	}
	for _, old := range r.fleet.images {
		if old.name == in.Name && old.account == r.account && !old.deregistered {
			return nil, ec2Error("InvalidAMIName.Duplicate", "AMI name %s is already in use by AMI %s", in.Name, old.id)
		}
	}
	return i, nil
}

func createImage(c *call, in *createImageInput) (any, error) {
	r := c.region
	source, err := in.check(r)
	if err != nil {
		return nil, err
	}
	mappings, err := blockDevices.decode(blockDevices.request, c.request.Parameters.Get(blockDevices.request))
	if err != nil {
		return nil, err
	}
	now := r.now()
	wait, why := r.takes(typeImage, in.Name, "", Create)
	i := &image{
		id: c.cloud.ec2ID("ami"), name: in.Name, description: in.Description, account: r.account, source: source.id, parent: source.image,
		created: now, transition: transition{imagePending, imageAvailable, now.Add(wait)}, reason: why,
	}
	if why != "" {
		i.to = imageFailed
	}
	r.fleet.images[i.id] = i
	for _, d := range mapped(source.devices, mappings) {
		s := r.snap(i, d)
		d.snapshot = s.id
		i.devices = append(i.devices, d)
		if err := r.tagged(s.id, in.TagSpecifications); err != nil {
			return nil, err
		}
	}
	return &struct{ ImageId string }{i.id}, r.tagged(i.id, in.TagSpecifications)
}

// blockDevices is how requests and launch templates tell of disks.
var blockDevices = launchMember("BlockDeviceMappings")

// mapped returns the devices with those of a list of block device mappings in place of theirs.
func mapped(devices []device, mappings *tree.Node) []device {
	devices = slices.Clone(devices)
	for _, m := range mappings.Items() {
		name, ebs := m.Get("DeviceName").Str(), m.Get("Ebs")
		at := slices.IndexFunc(devices, func(d device) bool { return d.name == name })
		if m.Get("NoDevice") != nil {
			devices = slices.DeleteFunc(devices, func(d device) bool { return d.name == name })
			continue
		}
		if ebs == nil {
			continue
		}
		if at < 0 {
			devices = append(devices, device{name: name, typ: "gp2", size: 8})
			at = len(devices) - 1
		}
		devices[at].set(ebs)
	}
	return devices
}

// set takes over what the Ebs of a block device mapping says.
func (d *device) set(ebs *tree.Node) {
	if n, err := strconv.Atoi(ebs.Get("VolumeSize").Str()); err == nil {
		d.size = n
	}
	if typ := ebs.Get("VolumeType").Str(); typ != "" {
		d.typ = typ
	}
	d.encrypted = d.encrypted || ebs.Get("Encrypted").Str() == "true"
	if del := ebs.Get("DeleteOnTermination"); del != nil {
		d.keep = del.Str() == "false"
	}
}

func (i *image) public() bool { return i.account == amazon || slices.Contains(i.shared, "all") }

const (
	architecture  = "x86_64"
	amazonAccount = "137112412989" // of Amazon Linux
)

func (i *image) owner() string {
	if i.account == amazon {
		return amazonAccount
	}
	return i.account
}

func (i *image) creationDate() string { return i.created.UTC().Format("2006-01-02T15:04:05.000Z") }

// ownImage returns an image that the account may change.
func (r *region) ownImage(id string) (*image, error) {
	if err := needs("imageId", id); err != nil {
		return nil, err
	}
	if err := checkID("ami", id, "InvalidAMIID.Malformed"); err != nil {
		return nil, err
	}
	i := r.image(id)
	switch {
	case i == nil && r.fleet.images[id] != nil:
		return nil, ec2Error("InvalidAMIID.Unavailable", "The image ID '%s' is no longer available", id)
	case i == nil:
		return nil, notFound(id)
	case i.account != r.account:
		return nil, ec2Error("AuthFailure", "Not authorized for image:%s", id)
	}
	return i, nil
}

type snapshotResult struct{ SnapshotId, ReturnCode string }

func deregisterImage(c *call, in *struct {
	ImageId                   string
	DeleteAssociatedSnapshots bool
}) (any, error) {
	r := c.region
	i, err := r.ownImage(in.ImageId)
	if err != nil {
		return nil, err
	}
	i.deregistered = true
	delete(r.fleet.tags, i.id)
	out := &struct {
		Return  bool
		Results []snapshotResult `query:"deleteSnapshotResultSet"`
	}{Return: true}
	if !in.DeleteAssociatedSnapshots {
		return out, nil
	}
	for _, d := range i.devices {
		code := "success"
		if r.usedBy(d.snapshot) != nil {
			code = "skipped"
		} else {
			r.dropSnapshot(d.snapshot)
		}
		out.Results = append(out.Results, snapshotResult{d.snapshot, code})
	}
	return out, nil
}

// resolveImage returns the ID of an image for what stands in a launch template: an ID, or a parameter
// of Systems Manager as resolve:ssm:NAME or resolve:ssm:NAME:VERSION.
func (r *region) resolveImage(text string) (string, error) {
	name, ok := strings.CutPrefix(text, "resolve:ssm:")
	if !ok {
		return text, nil
	}
	a, version, err := r.ssmParameter(name)
	if err != nil {
		return "", ec2Error("InvalidParameterValue", "The parameter %s of Systems Manager that is to name the image cannot be read", name)
	}
	return a.ssm(version, false).Value, nil
}
