package local

import (
	"slices"

	"github.com/updraft-go/updraft/internal/query"
)

// A launchPermission is one account that may launch an image, or, as the group all, everybody.
type launchPermission struct {
	UserId, Group string
}

// whom is the account, or "all".
func (p launchPermission) whom() (string, error) {
	switch {
	case p.UserId != "" && !isAccount(p.UserId):
		return "", ec2Error("InvalidAMIAttributeItemValue", "Invalid attribute item value \"%s\" for userId item type.", p.UserId)
	case p.UserId != "":
		return p.UserId, nil
	case p.Group == everybody:
		return everybody, nil
	}
	return "", ec2Error("InvalidAMIAttributeItemValue", "Invalid attribute item value \"%s\" for userGroup item type.", p.Group)
}

// everybody is the group of all accounts.
const everybody = "all"

type attributeValue struct{ Value string }

// describeImageAttribute answers one attribute of an image.
func describeImageAttribute(c *call, in *struct{ ImageId, Attribute string }) (any, error) {
	i, err := c.region.ownImage(in.ImageId)
	if err != nil {
		return nil, err
	}
	out := &struct {
		ImageId           string
		LaunchPermissions []launchPermission `query:"launchPermission"`
		Description       *attributeValue
		Devices           []deviceDescription `query:"blockDeviceMapping"`
	}{ImageId: i.id}
	switch in.Attribute {
	case "launchPermission":
		out.LaunchPermissions = []launchPermission{}
		for _, who := range i.shared {
			p := launchPermission{UserId: who}
			if who == everybody {
				p = launchPermission{Group: who}
			}
			out.LaunchPermissions = append(out.LaunchPermissions, p)
		}
	case "description":
		out.Description = &attributeValue{i.description}
	case "blockDeviceMapping":
		out.Devices = i.describe(c.region, c.region.now()).BlockDeviceMappings
	case "":
		return nil, needs("attribute", "")
	default:
		return nil, notEmulated("the attribute " + in.Attribute + " of images")
	}
	return out, nil
}

type modifyImageAttributeInput struct {
	ImageId          string
	Attribute        string
	OperationType    string
	UserIds          []string `query:"UserId"`
	UserGroups       []string `query:"UserGroup"`
	Description      *attributeValue
	LaunchPermission struct {
		Add, Remove []launchPermission
	}
}

// changes are the permissions that are given and taken: by the structure, or, as of old, by a list for
// an operation.
func (in *modifyImageAttributeInput) changes() (add, remove []launchPermission) {
	var plain []launchPermission
	for _, id := range in.UserIds {
		plain = append(plain, launchPermission{UserId: id})
	}
	for _, g := range in.UserGroups {
		plain = append(plain, launchPermission{Group: g})
	}
	add, remove = in.LaunchPermission.Add, in.LaunchPermission.Remove
	switch in.OperationType {
	case "add":
		add = append(add, plain...)
	case "remove":
		remove = append(remove, plain...)
	}
	return add, remove
}

// modifyImageAttribute shares an image with other accounts, or no longer, or describes it.
func modifyImageAttribute(c *call, in *modifyImageAttributeInput) (any, error) {
	i, err := c.region.ownImage(in.ImageId)
	if err != nil {
		return nil, err
	}
	add, remove := in.changes()
	if len(add)+len(remove) == 0 && in.Description == nil {
		return nil, &query.Error{Code: "InvalidParameterCombination", Message: "No attributes specified."}
	}
	shared := slices.Clone(i.shared)
	for n, p := range slices.Concat(add, remove) {
		who, err := p.whom()
		if err != nil {
			return nil, err
		}
		shared = slices.DeleteFunc(shared, func(s string) bool { return s == who })
		if n < len(add) {
			shared = append(shared, who)
		}
	}
	i.shared = shared
	if in.Description != nil {
		i.description = in.Description.Value
	}
	return &ec2Return{true}, nil
}

// disableImage takes an image out of use: it is no longer shared, and nothing can be launched of it.
func disableImage(c *call, in *struct{ ImageId string }) (any, error) {
	i, err := c.region.ownImage(in.ImageId)
	if err != nil {
		return nil, err
	}
	if s := i.state(c.region.now()); s != imageAvailable && s != imageDisabled {
		return nil, ec2Error("InvalidAMIID.Unavailable", "The image ID '%s' is %s, and only an image that is available can be disabled", i.id, s)
	}
	i.disabled, i.shared = true, nil
	return &ec2Return{true}, nil
}

// enableImage puts it into use again; whom it was shared with is forgotten.
func enableImage(c *call, in *struct{ ImageId string }) (any, error) {
	i, err := c.region.ownImage(in.ImageId)
	if err != nil {
		return nil, err
	}
	i.disabled = false
	return &ec2Return{true}, nil
}
