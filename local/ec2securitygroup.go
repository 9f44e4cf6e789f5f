package local

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

type rangeDescription struct{ CidrIp, Description string }

type range6Description struct{ CidrIpv6, Description string }

type pairDescription struct{ UserId, GroupId, Description string }

type prefixDescription struct{ PrefixListId, Description string }

type permission struct {
	IpProtocol       string
	FromPort, ToPort *int
	Groups           []pairDescription
	IpRanges         []rangeDescription
	Ipv6Ranges       []range6Description
	PrefixListIds    []prefixDescription
}

// permissionOf makes a permission of a rule, as templates have it. Each rule has one peer.
func (r *region) permissionOf(n *tree.Node) permission {
	p := permission{
		IpProtocol: n.Get("IpProtocol").Str(), Groups: []pairDescription{}, IpRanges: []rangeDescription{}, Ipv6Ranges: []range6Description{}, PrefixListIds: []prefixDescription{},
	}
	about := n.Get("Description").Str()
	for name, at := range map[string]**int{"FromPort": &p.FromPort, "ToPort": &p.ToPort} {
		if v := n.Get(name); v != nil && p.IpProtocol != "-1" {
			port := numberOf(v, -1)
			*at = &port
		}
	}
	if v := n.Get("CidrIp").Str(); v != "" {
		p.IpRanges = append(p.IpRanges, rangeDescription{v, about})
	}
	if v := n.Get("CidrIpv6").Str(); v != "" {
		p.Ipv6Ranges = append(p.Ipv6Ranges, range6Description{v, about})
	}
	for _, name := range []string{"SourceSecurityGroupId", "DestinationSecurityGroupId"} {
		if v := n.Get(name).Str(); v != "" {
			p.Groups = append(p.Groups, pairDescription{r.account, v, about})
		}
	}
	for _, name := range []string{"SourcePrefixListId", "DestinationPrefixListId"} {
		if v := n.Get(name).Str(); v != "" {
			p.PrefixListIds = append(p.PrefixListIds, prefixDescription{v, about})
		}
	}
	return p
}

// rules are the permissions of a security group: those in its properties, and those that are resources
// of their own.
func (r *region) rules(a *asset, property, typ string) []permission {
	all := []permission{}
	for _, n := range a.properties.Get(property).Items() {
		all = append(all, r.permissionOf(n))
	}
	for _, rule := range r.list(typ) {
		if id := rule.properties.Get("GroupId").Str(); id == a.physicalID {
			all = append(all, r.permissionOf(rule.properties))
		}
	}
	return all
}

type securityGroupDescription struct {
	OwnerId, GroupName, GroupId, GroupDescription, VpcId, SecurityGroupArn string
	IpPermissions, IpPermissionsEgress                                     []permission
	Tags                                                                   []tag `query:"tagSet"`
}

func (r *region) securityGroup(a *asset) (securityGroupDescription, sieve, []tag) {
	id := a.physicalID
	d := securityGroupDescription{
		r.account, a.text("GroupName"), id, a.text("GroupDescription"), textOr(a.properties.Get("VpcId"), r.defaults().vpc), r.ec2Arn("security-group", id),
		r.rules(a, "SecurityGroupIngress", "AWS::EC2::SecurityGroupIngress"), r.rules(a, "SecurityGroupEgress", "AWS::EC2::SecurityGroupEgress"), r.tagsOf(id),
	}
	if len(d.IpPermissionsEgress) == 0 { // everything may leave, unless a rule says what may
		d.IpPermissionsEgress = []permission{r.permissionOf(tree.Object(tree.Field("IpProtocol", tree.Text("-1")), tree.Field("CidrIp", tree.Text("0.0.0.0/0"))))}
	}
	s := sieve{"group-id": oneText(id), "group-name": oneText(d.GroupName), "description": oneText(d.GroupDescription), "vpc-id": oneText(d.VpcId), "owner-id": oneText(r.account)}
	s.permissions("ip-permission.", d.IpPermissions)
	s.permissions("egress.ip-permission.", d.IpPermissionsEgress)
	return d, s, d.Tags
}

// permissions lets filters see permissions.
func (s sieve) permissions(prefix string, list []permission) {
	for _, name := range []string{"protocol", "cidr", "group-id", "from-port", "to-port"} {
		s[prefix+name] = nil
	}
	add := func(name, text string) { s[prefix+name] = append(s[prefix+name], text) }
	for _, p := range list {
		add("protocol", p.IpProtocol)
		for _, ip := range p.IpRanges {
			add("cidr", ip.CidrIp)
		}
		for _, g := range p.Groups {
			add("group-id", g.GroupId)
		}
		for name, port := range map[string]*int{"from-port": p.FromPort, "to-port": p.ToPort} {
			if port != nil {
				add(name, tree.Int(*port).Text)
			}
		}
	}
}

func describeSecurityGroups(c *call, in *struct {
	GroupIds   []string `query:"GroupId"`
	GroupNames []string `query:"GroupName"`
	Filters    []filter `query:"Filter"`
	paging
}) (any, error) {
	r := c.region
	list, err := r.chosen(typeSecurityGroup, in.GroupIds)
	if err != nil {
		return nil, err
	}
	if len(in.GroupNames) > 0 {
		list = slices.DeleteFunc(list, func(a *asset) bool { return !slices.Contains(in.GroupNames, a.text("GroupName")) })
		if len(list) == 0 {
			return nil, ec2Error("InvalidGroup.NotFound", "The security group '%s' does not exist", strings.Join(in.GroupNames, ", "))
		}
	}
	part, next, err := sift(list, in.Filters, in.paging, r.securityGroup, func(d securityGroupDescription) string { return d.GroupId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Groups    []securityGroupDescription `query:"securityGroupInfo"`
		NextToken string
	}{part, next}, nil
}
