package local

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

const typeQueue = "AWS::SQS::Queue"

func (r *region) queue(url string) (*asset, error) {
	if a := r.asset(typeQueue, url); a != nil {
		return a, nil
	}
	// A client may have written the endpoint that it talks to into the URL.
	name := url[strings.LastIndex(url, "/")+1:]
	for _, a := range r.list(typeQueue) {
		if a.text("QueueName") == name && name != "" {
			return a, nil
		}
	}
	return nil, &query.Error{Code: "com.amazonaws.sqs#QueueDoesNotExist", Message: "The specified queue does not exist."}
}

func getQueueURL(r *region, in *struct{ QueueName string }) (any, error) {
	a, err := r.queue(in.QueueName)
	if err != nil {
		return nil, err
	}
	return &struct{ QueueUrl string }{a.physicalID}, nil
}

type queueList struct {
	QueueUrls []string `xml:"QueueUrl"`
}

func listQueues(r *region, in *struct{ QueueNamePrefix string }) (any, error) {
	result := &queueList{}
	for _, a := range r.list(typeQueue) {
		if strings.HasPrefix(a.text("QueueName"), in.QueueNamePrefix) {
			result.QueueUrls = append(result.QueueUrls, a.physicalID)
		}
	}
	return result, nil
}

func listQueueTags(r *region, in *struct{ QueueUrl string }) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	result := &struct {
		Tags textMap `json:",omitempty" xml:"Tag"`
	}{textMap{}}
	for _, t := range a.properties.Get("Tags").Items() {
		result.Tags[t.Get("Key").Str()] = t.Get("Value").Str()
	}
	return result, nil
}

// queueAttributes are those that a queue's properties set: what they are for a new queue, and what
// CloudFormation sets them to when a template takes the property away.
var queueAttributes = []struct{ property, attribute, fresh, reset string }{
	{"DelaySeconds", "DelaySeconds", "0", "0"},
	{"MaximumMessageSize", "MaximumMessageSize", "1048576", "262144"},
	{"MessageRetentionPeriod", "MessageRetentionPeriod", "345600", "345600"},
	{"ReceiveMessageWaitTimeSeconds", "ReceiveMessageWaitTimeSeconds", "0", "0"},
	{"VisibilityTimeout", "VisibilityTimeout", "30", "30"},
	{"SqsManagedSseEnabled", "SqsManagedSseEnabled", "true", "true"},
	{"KmsMasterKeyId", "KmsMasterKeyId", "", ""},
	{"KmsDataKeyReusePeriodSeconds", "KmsDataKeyReusePeriodSeconds", "", ""},
	{"RedrivePolicy", "RedrivePolicy", "", ""},
	{"RedriveAllowPolicy", "RedriveAllowPolicy", "", ""},
}

func getQueueAttributes(r *region, in *struct {
	QueueUrl       string
	AttributeNames []string `query:"AttributeName"`
}) (any, error) {
	a, err := r.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	all := a.queueAttributes()
	ready, hidden, delayed := a.counts(time.Now())
	all["ApproximateNumberOfMessages"], all["ApproximateNumberOfMessagesNotVisible"], all["ApproximateNumberOfMessagesDelayed"] =
		strconv.Itoa(ready), strconv.Itoa(hidden), strconv.Itoa(delayed)
	if !slices.Contains(in.AttributeNames, "All") {
		for name := range all {
			if !slices.Contains(in.AttributeNames, name) {
				delete(all, name)
			}
		}
	}
	return &struct {
		Attributes textMap `json:",omitempty" xml:"Attribute"`
	}{all}, nil
}

func (a *asset) queueAttributes() map[string]string {
	all := map[string]string{
		"CreatedTimestamp": strconv.FormatInt(a.created.Unix(), 10), "LastModifiedTimestamp": strconv.FormatInt(a.changed.Unix(), 10),
		"QueueArn": a.attribute(a.state, "Arn").Str(),
	}
	for _, q := range queueAttributes {
		value := q.fresh
		if p := a.properties.Get(q.property); p != nil {
			value = a.text(q.property)
		} else if a.dropped(q.property) {
			value = q.reset
		}
		if value != "" {
			all[q.attribute] = value
		}
	}
	if a.text("FifoQueue") == "true" {
		all["FifoQueue"] = "true"
		for name, fresh := range map[string]string{"ContentBasedDeduplication": "false", "DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"} {
			all[name] = fresh
			if p := a.properties.Get(name); p != nil {
				all[name] = p.Str()
			}
		}
	}
	return all
}
