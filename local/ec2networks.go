package local

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// chosen lists the assets of a type, those of the default network among them: all, or those that are
// named, which must be there.
func (r *region) chosen(typ string, ids []string) ([]*asset, error) {
	r.defaults()
	if len(ids) == 0 {
		return r.list(typ), nil
	}
	var all []*asset
	for _, id := range ids {
		a := r.asset(typ, id)
		if a == nil {
			return nil, notFound(id)
		}
		if !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all, nil
}

// sift describes assets, and lets those through that pass the filters. The key of a description is
// its identifier.
func sift[D any](list []*asset, filters []filter, p paging, describe func(*asset) (D, sieve, []tag), key func(D) string) ([]D, string, error) {
	out := []D{}
	for _, a := range list {
		d, s, tags := describe(a)
		ok, err := passes(filters, s, tags)
		if err != nil {
			return nil, "", err
		}
		if ok {
			out = append(out, d)
		}
	}
	return pageOf(out, p, key)
}

type cidrState struct{ State string }

type cidrAssociation struct {
	AssociationId, CidrBlock string
	CidrBlockState           cidrState
}

type vpcDescription struct {
	VpcId, OwnerId, State, CidrBlock string
	CidrBlockAssociationSet          []cidrAssociation
	DhcpOptionsId, InstanceTenancy   string
	IsDefault                        bool
	Tags                             []tag `query:"tagSet"`
}

func (r *region) vpc(a *asset) (vpcDescription, sieve, []tag) {
	id := a.physicalID
	cidr := a.text("CidrBlock")
	d := vpcDescription{
		id, r.account, imageAvailable, cidr, []cidrAssociation{{"vpc-cidr-assoc-" + strings.TrimPrefix(id, "vpc-"), cidr, cidrState{"associated"}}},
		"dopt-" + strings.TrimPrefix(id, "vpc-"), "default", id == r.defaults().vpc, r.tagsOf(id),
	}
	if t := a.properties.Get("InstanceTenancy").Str(); t != "" {
		d.InstanceTenancy = t
	}
	return d, sieve{
		"vpc-id": oneText(id), "state": oneText(d.State), "cidr": oneText(cidr), "cidr-block": oneText(cidr), "cidr-block-association.cidr-block": oneText(cidr),
		"is-default": boolText(d.IsDefault), "isDefault": boolText(d.IsDefault), "owner-id": oneText(r.account), "dhcp-options-id": oneText(d.DhcpOptionsId),
	}, d.Tags
}

func describeVpcs(c *call, in *struct {
	VpcIds  []string `query:"VpcId"`
	Filters []filter `query:"Filter"`
	paging
}) (any, error) {
	list, err := c.region.chosen(typeVPC, in.VpcIds)
	if err != nil {
		return nil, err
	}
	part, next, err := sift(list, in.Filters, in.paging, c.region.vpc, func(d vpcDescription) string { return d.VpcId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Vpcs      []vpcDescription `query:"vpcSet"`
		NextToken string
	}{part, next}, nil
}

type subnetDescription struct {
	SubnetId, SubnetArn, State, VpcId, CidrBlock, OwnerId string
	AvailabilityZone, AvailabilityZoneId                  string
	AvailableIpAddressCount                               int
	DefaultForAz, MapPublicIpOnLaunch                     bool
	AssignIpv6AddressOnCreation                           bool
	Tags                                                  []tag `query:"tagSet"`
}

func (r *region) subnet(a *asset) (subnetDescription, sieve, []tag) {
	id, at := a.physicalID, r.subnetFor(a.physicalID, "")
	d := subnetDescription{
		SubnetId: id, SubnetArn: r.ec2Arn("subnet", id), State: imageAvailable, VpcId: at.vpc, CidrBlock: at.cidr, OwnerId: r.account,
		AvailabilityZone: at.zone, AvailabilityZoneId: r.zoneID(at.zone), AvailableIpAddressCount: r.free(at),
		DefaultForAz: r.defaults().subnets[at.zone] == id, MapPublicIpOnLaunch: at.public, Tags: r.tagsOf(id),
	}
	return d, sieve{
		"subnet-id": oneText(id), "subnet-arn": oneText(d.SubnetArn), "state": oneText(d.State), "vpc-id": oneText(d.VpcId), "cidr": oneText(d.CidrBlock),
		"cidr-block": oneText(d.CidrBlock), "cidrBlock": oneText(d.CidrBlock), "availability-zone": oneText(d.AvailabilityZone), "availabilityZone": oneText(d.AvailabilityZone),
		"availability-zone-id": oneText(d.AvailabilityZoneId), "default-for-az": boolText(d.DefaultForAz), "defaultForAz": boolText(d.DefaultForAz),
		"map-public-ip-on-launch": boolText(d.MapPublicIpOnLaunch), "owner-id": oneText(r.account),
	}, d.Tags
}

// free is how many addresses of a subnet are left. AWS keeps five for itself.
func (r *region) free(s site) int {
	prefix, err := netip.ParsePrefix(s.cidr)
	if err != nil || !prefix.Addr().Is4() {
		return 0
	}
	n, now := 1<<(32-prefix.Bits())-5, r.now()
	for _, i := range r.fleet.instances {
		if i.subnet == s.id && i.state(now) != terminated {
			n--
		}
	}
	return max(n, 0)
}

func (r *region) ec2Arn(kind, id string) string {
	return fmt.Sprintf("arn:%s:ec2:%s:%s:%s/%s", r.partition, r.name, r.account, kind, id)
}

func describeSubnets(c *call, in *struct {
	SubnetIds []string `query:"SubnetId"`
	Filters   []filter `query:"Filter"`
	paging
}) (any, error) {
	list, err := c.region.chosen(typeSubnet, in.SubnetIds)
	if err != nil {
		return nil, err
	}
	part, next, err := sift(list, in.Filters, in.paging, c.region.subnet, func(d subnetDescription) string { return d.SubnetId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Subnets   []subnetDescription `query:"subnetSet"`
		NextToken string
	}{part, next}, nil
}

type keyPairDescription struct {
	KeyPairId, KeyName, KeyType, KeyFingerprint string
	CreateTime                                  time.Time
	Tags                                        []tag `query:"tagSet"`
}

func (r *region) keyPair(a *asset) (keyPairDescription, sieve, []tag) {
	id := a.text("KeyPairId")
	d := keyPairDescription{id, a.physicalID, "rsa", a.text("KeyFingerprint"), a.created, mergeTags(nodeTags(a.properties.Get("Tags")), r.fleet.tags[id])}
	if t := a.properties.Get("KeyType").Str(); t != "" {
		d.KeyType = t
	}
	return d, sieve{"key-pair-id": oneText(id), "key-name": oneText(d.KeyName), "fingerprint": oneText(d.KeyFingerprint)}, d.Tags
}

func describeKeyPairs(c *call, in *struct {
	KeyNames   []string `query:"KeyName"`
	KeyPairIds []string `query:"KeyPairId"`
	Filters    []filter `query:"Filter"`
}) (any, error) {
	r := c.region
	for _, name := range in.KeyNames {
		if r.asset(typeKeyPair, name) == nil {
			return nil, ec2Error("InvalidKeyPair.NotFound", "The key pair '%s' does not exist", name)
		}
	}
	for _, id := range in.KeyPairIds {
		if r.keyPairByID(id) == nil {
			return nil, ec2Error("InvalidKeyPair.NotFound", "The key pair ID '%s' does not exist", id)
		}
	}
	list := slices.DeleteFunc(r.list(typeKeyPair), func(a *asset) bool {
		return len(in.KeyNames)+len(in.KeyPairIds) > 0 && !slices.Contains(in.KeyNames, a.physicalID) && !slices.Contains(in.KeyPairIds, a.text("KeyPairId"))
	})
	part, _, err := sift(list, in.Filters, paging{}, r.keyPair, func(d keyPairDescription) string { return d.KeyName })
	if err != nil {
		return nil, err
	}
	return &struct {
		KeyPairs []keyPairDescription `query:"keySet"`
	}{part}, nil
}

// keyPairByID returns a key pair by its ID, nil if there is none. Templates know it by its name.
func (r *region) keyPairByID(id string) *asset {
	for _, a := range r.list(typeKeyPair) {
		if a.text("KeyPairId") == id {
			return a
		}
	}
	return nil
}

// textOr is the text of a value, or another if there is none.
func textOr(n *tree.Node, otherwise string) string {
	if text := n.Str(); text != "" {
		return text
	}
	return otherwise
}
