package local

import (
	"cmp"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// tagSpecification is tags for what a request makes of one kind.
type tagSpecification struct {
	ResourceType string
	Tags         []tag `query:"Tag"`
}

// ec2Kinds are the kinds of things that tags can be on, by the prefix of their IDs.
var ec2Kinds = map[string]string{
	"ami": "image", "snap": "snapshot", "i": "instance", "lt": "launch-template", "vpc": "vpc", "subnet": "subnet",
	"sg": "security-group", "key": "key-pair", "vol": "volume", "igw": "internet-gateway", "rtb": "route-table",
	"eni": "network-interface", "nat": "natgateway", "acl": "network-acl", "eipalloc": "elastic-ip",
}

func ec2Kind(id string) string {
	prefix, _, _ := strings.Cut(id, "-")
	return ec2Kinds[prefix]
}

// tagged gives a new thing the tags that a request has for its kind.
func (r *region) tagged(id string, specifications []tagSpecification) error {
	for _, s := range specifications {
		if s.ResourceType != ec2Kind(id) {
			continue
		}
		if err := checkTags(s.Tags); err != nil {
			return err
		}
		r.setTags(id, s.Tags)
	}
	return nil
}

// checkSpecifications refuses tags for what a request does not make.
func checkSpecifications(specifications []tagSpecification, kinds ...string) error {
	for _, s := range specifications {
		if !slices.Contains(kinds, s.ResourceType) {
			return ec2Error("InvalidParameterValue", "'%s' is not a valid taggable resource type for this operation.", s.ResourceType)
		}
		if err := checkTags(s.Tags); err != nil {
			return err
		}
	}
	return nil
}

func checkTags(tags []tag) error {
	for _, t := range tags {
		switch {
		case t.Key == "" || len(t.Key) > 127:
			return ec2Error("InvalidParameterValue", "Tag key must have a length of 1 to 127 characters")
		case len(t.Value) > 255:
			return ec2Error("InvalidParameterValue", "Tag value exceeds the maximum length of 255 characters")
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return ec2Error("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
		}
	}
	return nil
}

// setTags puts tags on a thing, in place of those of the same keys.
func (r *region) setTags(id string, tags []tag) {
	r.fleet.tags[id] = mergeTags(r.fleet.tags[id], tags)
}

func mergeTags(list, over []tag) []tag {
	list = slices.Clone(list)
	for _, t := range over {
		if i := slices.IndexFunc(list, func(old tag) bool { return old.Key == t.Key }); i >= 0 {
			list[i] = t
		} else {
			list = append(list, t)
		}
	}
	return list
}

// tagsOf returns the tags of a thing by their keys: those of the resource that a stack made of it,
// and those that calls of the API set.
func (r *region) tagsOf(id string) []tag {
	tags := mergeTags(r.stackTags(id), r.fleet.tags[id])
	slices.SortFunc(tags, func(a, b tag) int { return cmp.Compare(a.Key, b.Key) })
	return tags
}

// stackTags are the tags that a stack put on a thing that it made.
func (r *region) stackTags(id string) []tag {
	typ := ec2Types[ec2Kind(id)]
	a := r.asset(typ, id)
	if a == nil || typ == "" {
		return nil
	}
	tags := slices.Clone(a.state.tags)
	if a.state.id != "" && typ != typeLaunchTemplate {
		tags = append(tags, tag{"aws:cloudformation:stack-name", a.state.name}, tag{"aws:cloudformation:stack-id", a.state.id}, tag{"aws:cloudformation:logical-id", a.resource.id})
	}
	if typ == typeLaunchTemplate {
		for _, s := range a.properties.Get("TagSpecifications").Items() {
			tags = mergeTags(tags, nodeTags(s.Get("Tags")))
		}
	}
	return mergeTags(tags, nodeTags(a.properties.Get("Tags")))
}

// ec2Types are the resource types of things that stacks make, by their kind.
var ec2Types = map[string]string{
	"instance": typeInstance, "launch-template": typeLaunchTemplate, "vpc": typeVPC, "subnet": typeSubnet,
	"security-group": typeSecurityGroup, "volume": "AWS::EC2::Volume", "internet-gateway": "AWS::EC2::InternetGateway",
	"route-table": "AWS::EC2::RouteTable", "natgateway": "AWS::EC2::NatGateway", "network-acl": "AWS::EC2::NetworkAcl",
}

func nodeTags(n *tree.Node) []tag {
	var tags []tag
	for _, t := range n.Items() {
		tags = append(tags, tag{t.Get("Key").Str(), t.Get("Value").Str()})
	}
	return tags
}

// exists reports whether there is a thing with an ID that tags can be on.
func (r *region) exists(id string) bool {
	f, now := r.fleet, r.now()
	switch ec2Kind(id) {
	case "image":
		return r.image(id) != nil
	case "snapshot":
		return f.snapshots[id] != nil
	case "instance":
		i := f.instances[id]
		return i != nil && !i.gone(now)
	case "launch-template":
		return f.templates[id] != nil
	case "key-pair":
		return r.keyPairByID(id) != nil
	}
	return r.asset(ec2Types[ec2Kind(id)], id) != nil
}

type tagsInput struct {
	Resources []string `query:"ResourceId"`
	Tags      []struct {
		Key   string
		Value *string
	} `query:"Tag"`
}

type ec2Return struct {
	Return bool
}

func (in *tagsInput) check(r *region) error {
	if len(in.Resources) == 0 {
		return needs("resourceIdSet", "")
	}
	for _, id := range in.Resources {
		if ec2Kind(id) == "" {
			return ec2Error("InvalidID", "The ID '%s' is not valid", id)
		}
		if !r.exists(id) {
			return notFound(id)
		}
	}
	return nil
}

// notFound is the error that there is no such thing.
func notFound(id string) error {
	switch ec2Kind(id) {
	case "image":
		return ec2Error("InvalidAMIID.NotFound", "The image id '[%s]' does not exist", id)
	case "snapshot":
		return ec2Error("InvalidSnapshot.NotFound", "The snapshot '%s' does not exist.", id)
	case "instance":
		return ec2Error("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist", id)
	case "vpc":
		return ec2Error("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist", id)
	case "subnet":
		return ec2Error("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", id)
	case "security-group":
		return ec2Error("InvalidGroup.NotFound", "The security group '%s' does not exist", id)
	case "launch-template":
		return ec2Error("InvalidLaunchTemplateId.NotFound", "The specified launch template, with template ID %s, does not exist.", id)
	}
	return ec2Error("InvalidID", "The ID '%s' is not valid", id)
}

func createTags(c *call, in *tagsInput) (any, error) {
	if err := in.check(c.region); err != nil {
		return nil, err
	}
	var tags []tag
	for _, t := range in.Tags {
		one := tag{Key: t.Key}
		if t.Value != nil {
			one.Value = *t.Value
		}
		tags = append(tags, one)
	}
	if len(tags) == 0 {
		return nil, needs("tagSet", "")
	}
	if err := checkTags(tags); err != nil {
		return nil, err
	}
	for _, id := range in.Resources {
		c.region.setTags(id, tags)
	}
	return &ec2Return{true}, nil
}

// deleteTags takes tags away: those named, if their value is that given or none is, or all.
func deleteTags(c *call, in *tagsInput) (any, error) {
	if err := in.check(c.region); err != nil {
		return nil, err
	}
	for _, id := range in.Resources {
		c.region.fleet.tags[id] = slices.DeleteFunc(c.region.fleet.tags[id], func(old tag) bool {
			if len(in.Tags) == 0 {
				return !strings.HasPrefix(old.Key, "aws:")
			}
			for _, t := range in.Tags {
				if t.Key == old.Key && (t.Value == nil || *t.Value == old.Value) {
					return true
				}
			}
			return false
		})
	}
	return &ec2Return{true}, nil
}

type tagDescription struct{ ResourceId, ResourceType, Key, Value string }

func describeTags(c *call, in *struct {
	Filters []filter `query:"Filter"`
	paging
}) (any, error) {
	r := c.region
	var all []tagDescription
	for _, id := range r.taggable() {
		for _, t := range r.tagsOf(id) {
			d := tagDescription{id, ec2Kind(id), t.Key, t.Value}
			ok, err := passes(in.Filters, sieve{
				"resource-id": oneText(id), "resource-type": oneText(d.ResourceType), "key": oneText(t.Key), "value": oneText(t.Value),
			}, []tag{t})
			if err != nil {
				return nil, err
			}
			if ok {
				all = append(all, d)
			}
		}
	}
	part, next, err := pageOf(all, in.paging, func(d tagDescription) string { return d.ResourceId + " " + d.Key })
	if err != nil {
		return nil, err
	}
	return &struct {
		Tags      []tagDescription `query:"tagSet"`
		NextToken string
	}{part, next}, nil
}

// taggable lists the IDs of all that can have tags.
func (r *region) taggable() []string {
	ids := map[string]bool{}
	for id := range r.fleet.tags {
		ids[id] = r.exists(id)
	}
	for _, typ := range ec2Types {
		for id := range r.assets[typ] {
			ids[id] = true
		}
	}
	var all []string
	for id, there := range ids {
		if there {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	return all
}
