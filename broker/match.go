package broker

// changed begins the digest of an instance that was updated.
const changed = "u:"

// matches reports whether an instance is what a request asks for: it was made by the same request or,
// if it was updated since, it has the same values in all that a user can set.
func (r *record) matches(w *wish) bool {
	if r.tags[TagDigest] == w.digest {
		return true
	}
	for name := range w.user {
		if w.plan.create.fields[name].secret {
			return false // there is nothing to compare it with
		}
	}
	return r.tags[TagDigest] == changed+w.plan.effective(w.all)
}

// effective is a digest of all that a user can see of an instance: its plan, and the values that its
// parameters have, whoever set them.
func (p *offer) effective(values map[string]string) string {
	seen := map[string]string{}
	for name, x := range p.create.fields {
		if !p.known[name] || x.secret {
			continue
		}
		if value, ok := values[name]; ok {
			seen[name] = value
		} else if x.fallback != nil {
			seen[name] = *x.fallback
		}
	}
	return p.create.digest("", seen, p.service.id, p.id)
}

// visible are the values of an instance's parameters that a user may see.
func (p *offer) visible(r *record) map[string]any {
	seen := map[string]any{}
	for name, x := range p.create.fields {
		if value, ok := r.parameters[name]; ok && p.known[name] && !x.secret {
			seen[name] = x.typed(value)
		}
	}
	return seen
}
