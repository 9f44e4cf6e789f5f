package local

import (
	"fmt"
	"slices"
	"strings"
)

// zoneID is what AWS calls a zone in all accounts alike, such as use1-az1 for us-east-1a. Here the
// letters are in the order of the numbers.
func (r *region) zoneID(zone string) string {
	letter := strings.TrimPrefix(zone, r.name)
	if letter == zone || len(letter) != 1 {
		return ""
	}
	return fmt.Sprintf("%s-az%d", shortRegion(r.name), letter[0]-'a'+1)
}

// shortRegion is a region as zone IDs have it: the first letters of its directions.
func shortRegion(name string) string {
	parts := strings.Split(name, "-")
	short := parts[0]
	for _, p := range parts[1:] {
		switch p {
		case "northeast", "northwest", "southeast", "southwest":
			short += p[:1] + p[5:6]
		default:
			short += p[:1]
		}
	}
	return short
}

type zoneDescription struct {
	ZoneName, ZoneState, ZoneId, ZoneType     string
	RegionName, GroupName, NetworkBorderGroup string
	OptInStatus                               string
	Messages                                  []struct{} `query:"messageSet"`
}

func describeZones(c *call, in *struct {
	ZoneNames []string `query:"ZoneName"`
	ZoneIds   []string `query:"ZoneId"`
	Filters   []filter `query:"Filter"`
}) (any, error) {
	r := c.region
	for _, name := range in.ZoneNames {
		if !slices.Contains(r.zones(), name) {
			return nil, ec2Error("InvalidParameterValue", "Invalid availability zone: [%s]", name)
		}
	}
	out := &struct {
		Zones []zoneDescription `query:"availabilityZoneInfo"`
	}{[]zoneDescription{}}
	for _, zone := range r.zones() {
		d := zoneDescription{zone, imageAvailable, r.zoneID(zone), "availability-zone", r.name, r.name + "-zg-1", r.name, optedIn, []struct{}{}}
		if len(in.ZoneNames) > 0 && !slices.Contains(in.ZoneNames, zone) || len(in.ZoneIds) > 0 && !slices.Contains(in.ZoneIds, d.ZoneId) {
			continue
		}
		ok, err := passes(in.Filters, sieve{
			"zone-name": oneText(zone), "zone-id": oneText(d.ZoneId), "zone-type": oneText(d.ZoneType), "state": oneText(d.ZoneState), "region-name": oneText(r.name),
			"group-name": oneText(d.GroupName), "opt-in-status": oneText(d.OptInStatus), "message": nil,
		}, nil)
		if err != nil {
			return nil, err
		}
		if ok {
			out.Zones = append(out.Zones, d)
		}
	}
	return out, nil
}

const optedIn = "opt-in-not-required"

// regionNames are those that every account has without asking for them.
var regionNames = strings.Fields(`ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1
	eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2`)

type regionDescription struct{ RegionName, RegionEndpoint, OptInStatus string }

func describeRegions(c *call, in *struct {
	RegionNames []string `query:"RegionName"`
	Filters     []filter `query:"Filter"`
}) (any, error) {
	known := regionNames
	if !slices.Contains(known, c.region.name) {
		known = append(slices.Clone(known), c.region.name)
	}
	out := &struct {
		Regions []regionDescription `query:"regionInfo"`
	}{[]regionDescription{}}
	for _, name := range in.RegionNames {
		if !slices.Contains(known, name) {
			return nil, ec2Error("InvalidParameterValue", "Invalid region name: %s", name)
		}
	}
	for _, name := range known {
		d := regionDescription{name, "ec2." + name + "." + c.region.suffix, optedIn}
		ok, err := passes(in.Filters, sieve{"region-name": oneText(name), "endpoint": oneText(d.RegionEndpoint), "opt-in-status": oneText(optedIn)}, nil)
		if err != nil {
			return nil, err
		}
		if ok && (len(in.RegionNames) == 0 || slices.Contains(in.RegionNames, name)) {
			out.Regions = append(out.Regions, d)
		}
	}
	return out, nil
}
