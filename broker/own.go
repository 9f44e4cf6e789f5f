package broker

import (
	"encoding/json"
	"slices"
	"strings"
)

// Parameters of the broker itself, beside those of a template. The names are those of the AWS Service
// Broker.
const (
	fieldRegion    = "region"
	fieldAccount   = "target_account_id"
	fieldRole      = "target_role_name"
	fieldUserTags  = "user_tags"
	fieldAdminTags = "admin_tags"
)

// addOwnFields adds the parameters that say where an instance is made, and with which tags.
func (b *Broker) addOwnFields(f *form) {
	const where = "AWS Account Information"
	var regions []string
	for _, p := range b.places() {
		if !slices.Contains(regions, p.Region) {
			regions = append(regions, p.Region)
		}
	}
	slices.Sort(regions)
	none, list := "", "[]"
	for _, x := range []*field{
		{name: fieldRegion, title: "AWS Region", description: "AWS Region to provision into", fallback: &b.Home.Region, allowed: regions},
		{name: fieldAccount, title: "AWS Target Account ID", description: "AWS Account ID to provision into", fallback: &none},
		{name: fieldRole, title: "AWS Target Role Name", description: "AWS IAM Role name to use for provisioning", fallback: &none},
		{name: fieldUserTags, title: "AWS Tags", description: `AWS Resource tags to apply to resources, as JSON: [{"Key": "MyTagKey", "Value": "MyTagValue"}, ...]`, fallback: &list},
		{name: fieldAdminTags, title: "Additional AWS Tags", description: `AWS Resource tags to apply to resources, as JSON: [{"Key": "MyTagKey", "Value": "MyTagValue"}, ...]`, fallback: &list},
	} {
		if _, taken := f.fields[x.name]; taken {
			continue // the template has a parameter of this name
		}
		x.kind, x.group = "string", where
		f.add(x)
	}
}

// own are the values of the broker's own parameters: those whose names no parameter of the template has.
func (p *offer) own(values map[string]string) map[string]string {
	own := map[string]string{}
	for _, name := range []string{fieldRegion, fieldAccount, fieldRole, fieldUserTags, fieldAdminTags} {
		if !p.known[name] {
			own[name] = values[name]
		}
	}
	return own
}

// placeFor finds the place that a request asks for.
func (b *Broker) placeFor(values map[string]string) (*Place, error) {
	var wrong []string
	for _, p := range b.places() {
		if (values[fieldRegion] == "" || values[fieldRegion] == p.Region) &&
			(values[fieldAccount] == p.Account || values[fieldAccount] == "" && p.Account == b.Home.Account) &&
			(values[fieldRole] == "" || values[fieldRole] == p.Role) {
			return p, nil
		}
		wrong = append(wrong, strings.TrimSuffix(p.Account+" "+p.Region+" "+p.Role, " "))
	}
	return nil, malformed("parameters: %s, %s, %s: the broker does not provision there; it does in %s",
		fieldRegion, fieldAccount, fieldRole, strings.Join(wrong, ", "))
}

// tagsFrom reads a list of tags.
func tagsFrom(name, text string) (map[string]string, error) {
	var list []struct{ Key, Value string }
	if text == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, malformed(`parameters: %s: must be a JSON list of objects with a Key and a Value`, name)
	}
	tags := map[string]string{}
	for _, t := range list {
		if t.Key == "" || len(t.Key) > 128 || len(t.Value) > 256 || strings.HasPrefix(t.Key, "aws:") || strings.HasPrefix(t.Key, tagPrefix) {
			return nil, malformed("parameters: %s: %q is no key, or has no value, that a tag can have here; keys have 1 to 128 characters and do not begin with aws: or %s", name, t.Key, tagPrefix)
		}
		tags[t.Key] = t.Value
	}
	return tags, nil
}
