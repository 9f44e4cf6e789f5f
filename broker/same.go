package broker

// differing are the parameters of an update without those that cannot be changed and are as the instance
// has them: platforms such as Kubernetes send all parameters again.
func (r *record) differing(p *offer, parameters map[string]any) map[string]any {
	rest := map[string]any{}
	for name, value := range parameters {
		x := p.create.fields[name]
		if x == nil || p.update.fields[name] != nil || !r.holds(p, x, value) {
			rest[name] = value
		}
	}
	return rest
}

// holds reports whether an instance has this value. Of a secret the broker does not know.
func (r *record) holds(p *offer, x *field, value any) bool {
	text, ok := x.text(value)
	switch {
	case !ok || x.secret:
		return false
	case p.known[x.name]:
		has, ok := r.parameters[x.name]
		return ok && has == text
	case x.name == fieldRegion:
		return text == "" || text == r.place.Region
	case x.name == fieldAccount:
		return text == "" || text == r.place.Account
	case x.name == fieldRole:
		return text == "" || text == r.place.Role
	}
	return r.tagged(x.name, text)
}

// tagged reports whether an instance has all tags of a list.
func (r *record) tagged(name, list string) bool {
	tags, err := tagsFrom(name, list)
	for key, value := range tags {
		if has, ok := r.tags[key]; !ok || has != value {
			return false
		}
	}
	return err == nil
}
