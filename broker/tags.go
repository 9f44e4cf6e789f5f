package broker

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

const tagPrefix = "updraft:"

// The tags that a broker puts on its stacks, and reads its knowledge from. CloudFormation puts them on
// the resources, too.
const (
	// TagBroker is the broker's ID, TagInstance the instance's, TagBinding the binding's: as they are, or
	// as a hash where they hold what a tag cannot.
	TagBroker   = tagPrefix + "broker"
	TagInstance = tagPrefix + "instance"
	TagBinding  = tagPrefix + "binding"
	// TagService and TagPlan are the IDs of both, as in the catalog.
	TagService = tagPrefix + "service"
	TagPlan    = tagPrefix + "plan"
	// TagDigest tells requests for the same ID apart: a hash of what they say.
	TagDigest = tagPrefix + "digest"
	// TagOwner is the platform, its cluster or organization, and the namespace or space.
	TagOwner = tagPrefix + "owner"
	// TagOperation tells the updates of an instance apart.
	TagOperation = tagPrefix + "operation"
	// TagMaintenance is the maintenance version of the template that the instance has.
	TagMaintenance = tagPrefix + "maintenance"
)

// tagText is a text as the value of a tag: as it is where a tag can hold it.
func tagText(text string) string {
	if len(text) <= 200 && strings.Trim(text, letters+" _.:/=+-@") == "" && strings.TrimSpace(text) == text {
		return text
	}
	return "hash:" + shortHash(text)
}

// tagList makes tags of maps; the last one that has a key counts.
func tagList(sets ...map[string]string) []types.Tag {
	all := map[string]string{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	list := make([]types.Tag, 0, len(all))
	for _, key := range sorted(all) {
		if all[key] == "" && strings.HasPrefix(key, tagPrefix) {
			continue
		}
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(all[key])})
	}
	return list
}
