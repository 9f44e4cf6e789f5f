package ros

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// makeOne creates a resource, or updates it if its properties are others than they were.
func (d *deployment) makeOne(base string, part *tree.Node, index int) error {
	d.cloud.mu.Lock()
	id := instanceID(base, index)
	properties, err := d.scope(index).evaluator().Value(part.Get("Properties"))
	r := d.stack.get(id)
	if err != nil {
		d.cloud.mu.Unlock()
		return fmt.Errorf("resources.%s: %w", id, err)
	}
	if properties == nil {
		properties = tree.Object()
	}
	typ := part.Get("Type").Str()
	if r != nil && r.typ != typ {
		d.cloud.mu.Unlock()
		return fmt.Errorf("resources.%s: the type cannot change from %s to %s; give the new resource another name", id, r.typ, typ)
	}
	fresh := r == nil
	if fresh {
		r = &resource{id: id, base: base, typ: typ, index: index}
		d.stack.resources = append(d.stack.resources, r)
	}
	r.retain = part.Get("DeletionPolicy").Str() == "Retain"
	before := r.properties
	if !fresh && tree.Equal(before, properties) && strings.HasSuffix(r.status, "_COMPLETE") {
		d.cloud.mu.Unlock()
		return nil
	}
	d.done = append(d.done, undo{r, before})
	d.cloud.mu.Unlock()
	return d.apply(r, properties)
}

// apply creates a resource that has no properties yet, or updates it.
func (d *deployment) apply(r *resource, properties *tree.Node) error {
	verb := "UPDATE"
	if r.properties == nil {
		verb = "CREATE"
	}
	d.change(r, verb+"_IN_PROGRESS", "state changed")
	if err := d.provision(r, verb, properties); err != nil {
		d.change(r, verb+"_FAILED", err.Error())
		return fmt.Errorf("resources.%s: %w", r.id, err)
	}
	d.change(r, verb+"_COMPLETE", "state changed")
	return nil
}

func (d *deployment) provision(r *resource, verb string, properties *tree.Node) error {
	if isCustom(r.typ) {
		return d.custom(r, verb, properties)
	}
	if err := d.cloud.pause(); err != nil {
		return err
	}
	d.cloud.mu.Lock()
	defer d.cloud.mu.Unlock()
	if name := nameOf(r.typ, properties); name != "" && d.cloud.taken(d.stack, r, name) {
		return fmt.Errorf("%s %s already exists", r.typ, name)
	}
	r.properties = properties
	if r.physical == "" {
		r.physical = inventID(r.typ, properties)
	}
	return nil
}

// deleteResource deletes a resource. One that was never made is gone already.
func (d *deployment) deleteResource(r *resource) error {
	d.change(r, "DELETE_IN_PROGRESS", "state changed")
	err := d.cloud.life.Err()
	if isCustom(r.typ) {
		err = d.custom(r, "DELETE", r.properties)
	} else if err == nil {
		err = d.cloud.pause()
	}
	if err != nil {
		d.change(r, "DELETE_FAILED", err.Error())
		return told("Resource DELETE failed: resources.%s: %w", r.id, err)
	}
	d.change(r, "DELETE_COMPLETE", "state changed")
	return nil
}

func (d *deployment) change(r *resource, status, reason string) {
	d.cloud.mu.Lock()
	defer d.cloud.mu.Unlock()
	d.stack.change(r, status, reason)
}

// names are the properties by which some types are known in the whole account; their value is the
// physical ID.
var names = map[string]string{
	"ALIYUN::OSS::Bucket": "BucketName", "ALIYUN::RAM::Role": "RoleName", "ALIYUN::RAM::User": "UserName",
	"ALIYUN::RAM::Group": "GroupName", "ALIYUN::RAM::ManagedPolicy": "PolicyName", "ALIYUN::FC::Service": "ServiceName",
	"ALIYUN::FC3::Function": "FunctionName", "ALIYUN::FC::Function": "FunctionName", "ALIYUN::SLS::Project": "Name",
}

func nameOf(typ string, properties *tree.Node) string { return properties.Get(names[typ]).Str() }

// taken reports whether a name belongs to another resource. The lock is held.
func (c *Cloud) taken(s *stack, self *resource, name string) bool {
	for _, other := range c.stacks {
		for _, r := range other.resources {
			if r != self && r.typ == self.typ && other.region == s.region && r.physical == name && r.status != "DELETE_COMPLETE" {
				return true
			}
		}
	}
	return false
}

// prefixes begin the IDs of some types.
var prefixes = map[string]string{
	"ALIYUN::ECS::VPC": "vpc-", "ALIYUN::ECS::VSwitch": "vsw-", "ALIYUN::ECS::Instance": "i-", "ALIYUN::ECS::SecurityGroup": "sg-",
	"ALIYUN::ECS::Disk": "d-", "ALIYUN::ECS::CustomImage": "m-", "ALIYUN::RDS::DBInstance": "rm-", "ALIYUN::VPC::EIP": "eip-",
	"ALIYUN::VPC::NatGateway": "ngw-",
}

// inventID makes a physical ID: the name, for types that are known by one, or an ID in the form of the
// type's own.
func inventID(typ string, properties *tree.Node) string {
	if name := nameOf(typ, properties); name != "" {
		return name
	}
	if prefix := prefixes[typ]; prefix != "" {
		return prefix + strings.ReplaceAll(newID(), "-", "")[:20]
	}
	return newID()
}

// arn is the name of a resource in all of Alibaba Cloud.
func (c *Cloud) arn(s *stack, r *resource, kind []string) string {
	path := strings.ToLower(kind[2]) + "/" + r.physical
	switch r.typ {
	case "ALIYUN::FC::Service":
		path = "services/" + r.physical
	case "ALIYUN::FC::Function":
		path = "services/" + r.properties.Get("ServiceName").Str() + "/functions/" + r.physical
	case "ALIYUN::FC3::Function":
		path = "functions/" + r.physical
	}
	service := strings.TrimSuffix(strings.ToLower(kind[1]), "3")
	return fmt.Sprintf("acs:%s:%s:%s:%s", service, s.region, c.account(), path)
}

// attribute is what GetAtt gives: of a custom resource what was answered; of another the property of that
// name, its physical ID, its ARN, or else a text that is its own. The lock is held.
func (c *Cloud) attribute(s *stack, r *resource, name string) (*tree.Node, error) {
	if isCustom(r.typ) {
		return customAttribute(r, name)
	}
	t := types()[r.typ]
	if _, ok := t.Attributes[name]; !ok {
		return nil, told("The Referenced Attribute (%s %s) is incorrect.", r.id, name)
	}
	short := strings.Split(r.typ, "::")
	switch {
	case r.properties.Get(name) != nil:
		return r.properties.Get(name), nil
	case strings.EqualFold(name, "arn"):
		return tree.Text(c.arn(s, r, short)), nil
	case strings.EqualFold(name, short[2]+"Id"):
		return tree.Text(r.physical), nil
	case slices.Contains([]string{"DomainName", "InternalDomainName"}, name) && r.typ == "ALIYUN::OSS::Bucket":
		internal := map[bool]string{true: "-internal"}[name == "InternalDomainName"]
		return tree.Text(r.physical + ".oss-" + s.region + internal + ".aliyuncs.com"), nil
	}
	return tree.Text(r.physical + "." + name), nil
}
