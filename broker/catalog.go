package broker

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/updraft-go/updraft/stack"
)

// A catalog is what a broker offers at a time.
type catalog struct {
	body      []byte // of the answer
	etag      string
	offerings map[string]*offering // by ID
	loaded    time.Time
	problems  error // of services that were left out; nil if there are none
}

// An offering is a service as the broker offers it.
type offering struct {
	*Service
	id    string
	plans map[string]*offer // by ID
	order []*offer
}

// An offer is a plan of an offering.
type offer struct {
	*Plan
	service  *offering
	id       string
	create   form
	update   form
	bind     form
	template []byte
	binding  *bindingPlan
	needs    []string        // the capabilities that the template needs
	known    map[string]bool // the parameters of the template
}

// newCatalog makes a catalog of services. Those that cannot be offered are left out, and told.
func (b *Broker) newCatalog(services []*Service) (*catalog, error) {
	c := &catalog{offerings: map[string]*offering{}}
	var offered []*offering
	var problems []error
	names := map[string]bool{}
	for _, s := range services {
		o, err := b.newOffering(s)
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("service %q: %w", s.Name, err))
			continue
		case names[o.Name] || c.offerings[o.id] != nil:
			problems = append(problems, fmt.Errorf("service %q: another service has its name or ID; give it one of its own", s.Name))
			continue
		}
		names[o.Name], c.offerings[o.id] = true, o
		offered = append(offered, o)
	}
	slices.SortFunc(offered, func(x, y *offering) int { return strings.Compare(x.Name, y.Name) })
	list := make([]wireService, len(offered))
	for i, o := range offered {
		list[i] = o.wire()
	}
	body, err := json.Marshal(struct {
		Services []wireService `json:"services"`
	}{list})
	if err != nil {
		return nil, err
	}
	c.body, c.etag, c.problems = body, `"`+shortHash(string(body))+`"`, errors.Join(problems...)
	return c, nil
}

// plan finds a plan by the IDs that a request gives.
func (c *catalog) plan(service, plan string) (*offer, error) {
	o := c.offerings[service]
	if o == nil {
		return nil, malformed("service_id %q is not in the catalog", service)
	}
	p := o.plans[plan]
	if p == nil {
		return nil, malformed("plan_id %q is no plan of the service %s", plan, o.Name)
	}
	return p, nil
}

func (b *Broker) newOffering(s *Service) (*offering, error) {
	ids := newIDs(b.account(), b.Name())
	o := &offering{Service: s, id: s.ID, plans: map[string]*offer{}}
	if o.id == "" {
		o.id = ids.service(s.Name)
	}
	switch {
	case !friendly(s.Name):
		return nil, errors.New("the name of a service is made of letters, digits, periods and hyphens")
	case !friendly(o.id):
		return nil, fmt.Errorf("the ID %q is not made of letters, digits, periods and hyphens", o.id)
	case len(s.Plans) == 0 || s.Template == nil:
		return nil, errors.New("it has no plan, or no template; it needs both")
	}
	for i := range s.Plans {
		p := &offer{Plan: &s.Plans[i], service: o, id: s.Plans[i].ID}
		if p.id == "" {
			p.id = ids.plan(s.Name, p.Name)
		}
		if err := b.fill(p); err != nil {
			return nil, fmt.Errorf("plan %q: %w", p.Name, err)
		}
		if o.plans[p.id] != nil || slices.ContainsFunc(o.order, func(q *offer) bool { return q.Name == p.Name }) {
			return nil, fmt.Errorf("plan %q: another plan has its name or ID; give it one of its own", p.Name)
		}
		o.plans[p.id] = p
		o.order = append(o.order, p)
	}
	return o, nil
}

// fill makes what a plan is offered with of its template.
func (b *Broker) fill(p *offer) error {
	s := p.service.Service
	if !friendly(p.Name) || !friendly(p.id) {
		return errors.New("the name and ID of a plan are made of letters, digits, periods and hyphens")
	}
	if v := p.MaintenanceVersion; v != "" && !semver.MatchString(v) {
		return fmt.Errorf("the maintenance version %q is no semantic version, such as 1.0.0", v)
	}
	t, err := s.Template(p.Name)
	if err != nil {
		return err
	}
	if p.binding, err = newBindingPlan(s, t); err != nil {
		return err
	}
	if err := b.fillForms(p, t); err != nil {
		return err
	}
	if s.Description == "" {
		p.service.Service = described(s, t.Description)
	}
	if err := p.checkSchemas(); err != nil {
		return err
	}
	fillEmpty(t)
	if b.Check != nil {
		if err := b.Check(t); err != nil {
			return err
		}
	}
	export(t)
	p.needs = capabilities(t)
	p.template, err = t.Minified()
	return err
}

// maxSchema is the size of the largest schema that platforms take, in bytes.
const maxSchema = 64 << 10

func (p *offer) checkSchemas() error {
	for _, f := range []*form{&p.create, &p.update, &p.bind} {
		data, err := json.Marshal(f.schema(false))
		if err != nil {
			return err
		}
		if len(data) > maxSchema {
			return fmt.Errorf("the schema of its parameters has %d bytes, and platforms take no more than %d; shorten the descriptions", len(data), maxSchema)
		}
	}
	return nil
}

// described is a copy of a service that has a description.
func described(s *Service, text string) *Service {
	c := *s
	c.Description = strings.TrimSpace(quickStart.ReplaceAllString(text, ""))
	if c.Description == "" {
		c.Description = c.Name
	}
	return &c
}

// fillEmpty adds a resource, which costs nothing, to a template that has none: CloudFormation makes no
// stack of that. A service may be nothing but rights, which its bindings have.
func fillEmpty(t *stack.Template) {
	if t.Resources.Len() == 0 {
		stack.Add(t, markerOutput, &stack.Untyped{Type: "AWS::CloudFormation::WaitConditionHandle"})
	}
}

func capabilities(t *stack.Template) []string {
	list := []string{"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}
	if len(t.Transforms) > 0 {
		list = append(list, "CAPABILITY_AUTO_EXPAND")
	}
	return list
}

func friendly(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= 100 && strings.Trim(name, letters+".-_") == ""
}

// fillForms makes the forms of a plan.
func (b *Broker) fillForms(p *offer, t *stack.Template) error {
	s := p.service.Service
	p.known = map[string]bool{}
	p.create.fixed, p.update.fixed = map[string]*field{}, map[string]*field{}
	p.update.made = &p.create
	titles := layoutOf(t)
	for name, parameter := range t.Parameters.All() {
		p.known[name] = true
		x := fieldOf(name, parameter)
		x.title, x.group = titles.label[name], titles.group[name]
		if value, ok := p.Fixed[name]; ok {
			if why := x.check(value); why != "" {
				return fmt.Errorf("the fixed value of %s %s", name, why)
			}
			x.fallback = &value
			p.create.fixed[name], p.update.fixed[name] = x, x
			continue
		}
		if value, ok := p.Defaults[name]; ok {
			x.fallback = &value
		}
		p.create.add(x)
		if slices.Contains(s.Updatable, name) {
			p.update.add(x)
		}
	}
	for name := range maps.Keys(p.Fixed) {
		if !p.known[name] {
			return fmt.Errorf("it sets the parameter %s, which the template does not have", name)
		}
	}
	titles.sort(p.create.order)
	titles.sort(p.update.order)
	b.addOwnFields(&p.create)
	p.bind = s.bindForm()
	if b.PrescribeOverrides {
		b.prescribe(p)
	}
	return nil
}

// prescribe takes parameters that are overridden everywhere out of the forms.
func (b *Broker) prescribe(p *offer) {
	for _, o := range b.Overrides {
		if o.global(p.service.Name) {
			p.create.remove(o.Parameter)
			p.update.remove(o.Parameter)
		}
	}
}
