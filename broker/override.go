package broker

import (
	"cmp"
	"slices"
	"strings"
)

// An Override is a value for a parameter of all instances that it fits, in place of its default. Each
// field that is "" or all fits everything. Of several, the one that says more about where counts:
// cluster before namespace before service.
type Override struct {
	// Cluster is the organization of Cloud Foundry without its hyphens, or the cluster of Kubernetes;
	// Namespace the space without its hyphens, or the namespace.
	Cluster, Namespace string
	// Service is the name of the service.
	Service string
	// Parameter is the name of the parameter, Value its value.
	Parameter, Value string
}

// ParseOverrides reads overrides from an environment, as os.Environ gives it: variables such as
//
//	PARAM_OVERRIDE_awsservicebroker_all_all_sqs_VisibilityTimeout=60
//
// with the broker's ID, the cluster, the namespace, the service and the parameter. Other variables, and
// those with an empty value, are left out.
func ParseOverrides(environ []string, broker string) []Override {
	var list []Override
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		rest, ok := strings.CutPrefix(name, "PARAM_OVERRIDE_"+broker+"_")
		parts := strings.SplitN(rest, "_", 4)
		if !ok || len(parts) < 4 || value == "" {
			continue
		}
		list = append(list, Override{Cluster: parts[0], Namespace: parts[1], Service: parts[2], Parameter: parts[3], Value: value})
	}
	return list
}

func wild(pattern string) bool { return pattern == "" || pattern == "all" }

func fits(pattern, name string) bool { return wild(pattern) || pattern == name }

// weight orders overrides by how much they say.
func (o Override) weight() int {
	w := 0
	for i, pattern := range []string{o.Service, o.Namespace, o.Cluster} {
		if !wild(pattern) {
			w += 1 << i
		}
	}
	return w
}

// global reports whether an override fits every request of the service.
func (o Override) global(service string) bool {
	return wild(o.Cluster) && wild(o.Namespace) && fits(o.Service, service)
}

// overridesFor are the values for a request, by the names of parameters.
func (b *Broker) overridesFor(owner owner, service string) map[string]string {
	list := slices.Clone(b.Overrides)
	slices.SortStableFunc(list, func(x, y Override) int { return cmp.Compare(x.weight(), y.weight()) })
	values := map[string]string{}
	for _, o := range list {
		if fits(o.Cluster, owner.cluster) && fits(o.Namespace, owner.namespace) && fits(o.Service, service) {
			values[o.Parameter] = o.Value
		}
	}
	return values
}
