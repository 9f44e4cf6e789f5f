package broker

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

// A Limit is how many instances there may be that fit all of its fields. A field that is "" fits
// everything. Requests that come at the same moment are not counted against each other, so that a few
// more may slip through.
type Limit struct {
	// Platform is cloudfoundry or kubernetes, or what else a platform calls itself; Cluster and
	// Namespace are as those of an Override.
	Platform, Cluster, Namespace string
	// Service is the name of the service.
	Service string
	// Max is how many there may be.
	Max int
}

func (l Limit) fits(o owner, service string) bool {
	return fits(l.Platform, o.platform) && fits(l.Cluster, o.cluster) && fits(l.Namespace, o.namespace) && fits(l.Service, service)
}

// checkLimits refuses an instance that would be one too many.
func (b *Broker) checkLimits(ctx context.Context, w *wish) error {
	var counted []*record
	for _, l := range b.Limits {
		if !l.fits(w.owner, w.plan.service.Name) {
			continue
		}
		if counted == nil {
			var err error
			if counted, err = b.instances(ctx); err != nil {
				return err
			}
		}
		if n := b.count(ctx, l, counted); n >= l.Max {
			return refuse(http.StatusForbidden, "LimitExceeded", "there are %d instances, and there may be no more than %d%s", n, l.Max, l.scope())
		}
	}
	return nil
}

func (l Limit) scope() string {
	text := ""
	for _, part := range [][2]string{{"platform", l.Platform}, {"cluster", l.Cluster}, {"namespace", l.Namespace}, {"service", l.Service}} {
		if !wild(part[1]) {
			text += ", for the " + part[0] + " " + part[1]
		}
	}
	return text
}

func (b *Broker) count(ctx context.Context, l Limit, list []*record) int {
	c, err := b.catalog(ctx)
	if err != nil {
		return 0
	}
	n := 0
	for _, r := range list {
		platform, rest, _ := strings.Cut(r.tags[TagOwner], "/")
		cluster, namespace, _ := strings.Cut(rest, "/")
		service := ""
		if o := c.offerings[r.tags[TagService]]; o != nil {
			service = o.Name
		}
		if l.fits(owner{platform, cluster, namespace}, service) {
			n++
		}
	}
	return n
}

// instances reads all instances of the broker that hold something.
func (b *Broker) instances(ctx context.Context) ([]*record, error) {
	list := []*record{}
	for _, p := range b.places() {
		in := &cloudformation.DescribeStacksInput{}
		for {
			out, err := p.API.DescribeStacks(ctx, in)
			if err != nil {
				return nil, err
			}
			for i := range out.Stacks {
				if r := newRecord(p, &out.Stacks[i]); r.tags[TagBroker] == b.Name() && r.tags[TagBinding] == "" && r.tags[TagInstance] != "" {
					list = append(list, r)
				}
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				break
			}
		}
	}
	return list, nil
}
