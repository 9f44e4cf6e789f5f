package local

import (
	"net/http"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

const typeTopic = "AWS::SNS::Topic"

// snsOperations are those of SNS that are answered.
var snsOperations = map[string]operation{
	"GetTopicAttributes":  typed(getTopicAttributes),
	"ListTopics":          typed(listTopics),
	"ListTagsForResource": typed(listTopicTags),
}

func (r *region) topic(arn string) (*asset, error) {
	if a := r.asset(typeTopic, arn); a != nil {
		return a, nil
	}
	return nil, &query.Error{Code: "NotFound", Message: "Topic does not exist", Status: http.StatusNotFound}
}

func getTopicAttributes(c *call, in *struct{ TopicArn string }) (any, error) {
	a, err := c.region.topic(in.TopicArn)
	if err != nil {
		return nil, err
	}
	attributes := map[string]string{
		"TopicArn": a.physicalID, "Owner": c.region.account, "DisplayName": a.text("DisplayName"),
		"SubscriptionsConfirmed": "0", "SubscriptionsPending": "0", "SubscriptionsDeleted": "0",
	}
	if a.text("FifoTopic") == "true" {
		attributes["FifoTopic"] = "true"
		attributes["ContentBasedDeduplication"] = "false"
		if p := a.properties.Get("ContentBasedDeduplication"); p != nil {
			attributes["ContentBasedDeduplication"] = p.Str()
		}
	}
	for _, name := range []string{"KmsMasterKeyId", "SignatureVersion", "TracingConfig"} {
		if p := a.properties.Get(name); p != nil {
			attributes[name] = p.Str()
		}
	}
	return &struct{ Attributes map[string]string }{attributes}, nil
}

type topicDescription struct{ TopicArn string }

func listTopics(c *call, _ *struct{}) (any, error) {
	result := &struct{ Topics []topicDescription }{[]topicDescription{}}
	for _, a := range c.region.list(typeTopic) {
		result.Topics = append(result.Topics, topicDescription{a.physicalID})
	}
	return result, nil
}

func listTopicTags(c *call, in *struct{ ResourceArn string }) (any, error) {
	a, err := c.region.topic(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	result := &struct{ Tags []tag }{[]tag{}}
	for _, t := range a.properties.Get("Tags").Items() {
		result.Tags = append(result.Tags, tag{t.Get("Key").Str(), t.Get("Value").Str()})
	}
	return result, nil
}

// arnName is what stands behind the last slash of an ARN.
func arnName(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }
