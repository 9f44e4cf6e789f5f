package rollout

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// A Release is what is rolled out, and to where.
type Release struct {
	// ID names the release, such as a commit or the number of a build: 1 to 64 letters, digits and
	// . _ / -. The same ID is the same release: a call with it goes on with what an earlier one began.
	// It is required.
	ID string
	// Name is what all releases of this kind have in common, such as shop-web-production: 1 to 60
	// characters as in ID. Image names begin with it, and pruning keeps to it. Releases of the same
	// Name and ID share one image. It is required.
	Name string
	// InstanceID is the instance of which the image is made. ImageID is an image that is there already,
	// such as an older one. One of the two is required.
	InstanceID, ImageID string
	// Group is the Auto Scaling group that is to use the image. "" is none: the pointer alone is moved.
	Group string
	// LaunchTemplate is the ID or name of the launch template that gets a new version. "" is that of
	// the Group.
	LaunchTemplate string
	// Pin puts the number of the new version into the group. False does so only for a group that has
	// a number already: for one on $Default the launch template's default version is moved, and for
	// one on $Latest the new version is in use as soon as it exists. Only a group with a number can be
	// rolled back in the middle of an instance refresh.
	Pin bool
	// Parameter is a parameter of Systems Manager that gets the image's ID; launch templates refer to
	// it as resolve:ssm:NAME, stacks as AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>. No launch
	// template version is made then. "" is none. It excludes Pin and Stack.
	Parameter string
	// Stack is a stack of which a parameter gets the image or the version: it is updated by the
	// executor. Nil is none. It excludes Pin.
	Stack *StackTarget
}

// A StackTarget is a parameter of a stack that is deployed already. The stack's template and its other
// parameters stay as they are.
type StackTarget struct {
	// Name is the stack's name or ARN. It is required.
	Name string
	// ImageParameter is the parameter that gets the image's ID, VersionParameter the one that gets the
	// number of the launch template version. One of the two is required. With an ImageParameter no
	// version is made, since the stack makes its own.
	ImageParameter, VersionParameter string
}

var (
	plainID   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$`)
	plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$`)
)

// check returns all that is wrong with a release, before any call.
func (r *Release) check() error {
	if r == nil {
		return errors.New("no release is given")
	}
	var found []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			found = append(found, fmt.Errorf("release %s: "+format, append([]any{cmp.Or(r.ID, "?")}, args...)...))
		}
	}
	bad(!plainID.MatchString(r.ID), "ID %q: give 1 to 64 letters, digits, and . _ / - after the first", r.ID)
	bad(!plainName.MatchString(r.Name), "Name %q: give 1 to 60 letters, digits, and . _ / - after the first", r.Name)
	bad((r.InstanceID == "") == (r.ImageID == ""), "give either InstanceID, of which an image is made, or ImageID, an image that is there")
	bad(r.InstanceID != "" && !strings.HasPrefix(r.InstanceID, "i-"), "InstanceID %q: IDs of instances begin with i-", r.InstanceID)
	bad(r.ImageID != "" && !strings.HasPrefix(r.ImageID, "ami-"), "ImageID %q: IDs of images begin with ami-", r.ImageID)
	bad(r.Group == "" && r.LaunchTemplate == "" && r.Parameter == "" && r.Stack == nil, "there is nowhere to roll it out to; give Group, LaunchTemplate, Parameter or Stack")
	bad(r.Parameter != "" && r.Stack != nil, "Parameter and Stack exclude each other; give one of them")
	bad(r.Pin && r.Group == "", "Pin needs a Group")
	bad(r.Pin && (r.Parameter != "" || r.Stack != nil), "Pin excludes Parameter and Stack")
	if s := r.Stack; s != nil {
		bad(s.Name == "", "Stack.Name is missing")
		bad((s.ImageParameter == "") == (s.VersionParameter == ""), "Stack: give either ImageParameter or VersionParameter")
		bad(s.VersionParameter != "" && r.Group == "" && r.LaunchTemplate == "", "Stack.VersionParameter needs the LaunchTemplate that gets the version")
	}
	return errors.Join(found...)
}

// takesVersion reports whether the pointer holds a launch template version rather than an image.
func (r *Release) takesVersion() bool {
	return r.Parameter == "" && (r.Stack == nil || r.Stack.VersionParameter != "")
}

// imageName is the name of the image, and so the one by which it is found again. Both parts are made
// of characters that names of images may have, and are no longer than these may be.
func (r *Release) imageName() string { return r.Name + "-" + r.ID }

// Tags by which what belongs to a release is known.
const (
	tagRelease    = "updraft:release"     // its ID
	tagName       = "updraft:name"        // its Name
	tagInstance   = "updraft:instance"    // of which the image was made
	tagFrom       = "updraft:from:"       // and the key of a pointer: what that was when the release began
	tagChecked    = "updraft:checked"     // when it passed its check
	tagRolledBack = "updraft:rolled-back" // and the key of a pointer: when it was rolled back
	tagKeep       = "updraft:keep"        // never prune this image
)

// A label is what the description of a launch template version says of the release it belongs to.
type label struct {
	release, name, from string
	rollback            bool // it was made to undo the release
}

// text is the description: at most 255 characters, since each part is bounded.
func (l label) text() string {
	verb := tagRelease
	if l.rollback {
		verb = tagRolledBack
	}
	return fmt.Sprintf("%s=%s %s=%s updraft:from=%s", verb, l.release, tagName, l.name, l.from)
}

// parseLabel reads a description. One that was written by somebody else gives the zero label.
func parseLabel(text string) label {
	var l label
	for _, part := range strings.Fields(text) {
		switch key, value, _ := strings.Cut(part, "="); key {
		case tagRelease:
			l.release = value
		case tagRolledBack:
			l.release, l.rollback = value, true
		case tagName:
			l.name = value
		case "updraft:from":
			l.from = value
		}
	}
	if l.release == "" || l.name == "" {
		return label{}
	}
	return l
}

func (l label) of(r *Release) bool { return l.release == r.ID && l.name == r.Name }

// digest is a hash of parts, none of which can run into the next: of so many characters, at most 64.
func digest(n int, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:n]
}

// ec2Tags turns tags into EC2's, in the order of their keys.
func ec2Tags(tags map[string]string) []types.Tag {
	var list []types.Tag
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}
	return list
}

// tagOf returns the value of a tag, "" if there is none.
func tagOf(tags []types.Tag, key string) string {
	for _, t := range tags {
		if aws.ToString(t.Key) == key {
			return aws.ToString(t.Value)
		}
	}
	return ""
}
