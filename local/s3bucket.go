package local

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
)

// find returns the bucket of a request.
func (c *s3Call) find() (*asset, error) {
	if b := c.region.cloud.global("", typeBucket, c.bucket); b != nil {
		return b, nil
	}
	return nil, noBucket(c.bucket)
}

// onBucket answers what is asked of a whole bucket.
func (c *s3Call) onBucket() (*reply, error) {
	if c.Method == http.MethodPut {
		return c.createBucket()
	}
	b, err := c.find()
	if err != nil {
		return nil, err
	}
	switch c.Method {
	case http.MethodHead:
		return &reply{status: http.StatusOK, header: http.Header{"X-Amz-Bucket-Region": {b.state.region.name}}}, nil
	case http.MethodGet:
		return c.listObjects(b), nil
	case http.MethodDelete:
		if len(b.objects) > 0 {
			return nil, &s3Error{Code: "BucketNotEmpty", Message: "The bucket you tried to delete is not empty", BucketName: c.bucket, status: http.StatusConflict}
		}
		b.state.region.disown(b.resource)
		return &reply{status: http.StatusNoContent}, nil
	}
	return nil, c.notEmulated()
}

func (c *s3Call) createBucket() (*reply, error) {
	name := c.bucket
	if len(name) < 3 || len(name) > 63 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
		return nil, &s3Error{Code: "InvalidBucketName", Message: "The specified bucket is not valid.", BucketName: name, status: http.StatusBadRequest}
	}
	if old := c.region.cloud.global("", typeBucket, name); old != nil && old.state.region != c.region {
		return nil, &s3Error{Code: "BucketAlreadyExists", Message: "The requested bucket name is not available.", BucketName: name, status: http.StatusConflict}
	} else if old == nil {
		c.region.found(typeBucket, name, tree.Object(tree.Field("BucketName", tree.Text(name))))
	}
	return &reply{status: http.StatusOK, header: http.Header{"Location": {"/" + name}}}, nil
}

type s3Bucket struct {
	Name         string
	CreationDate string
}

type listAllMyBucketsResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Owner   struct{ ID string }
	Buckets struct{ Bucket []s3Bucket }
}

func (c *s3Call) listBuckets() (*reply, error) {
	result := listAllMyBucketsResult{}
	result.Owner.ID = c.region.account
	for at, r := range c.region.cloud.regions {
		if at.account != c.region.account {
			continue
		}
		for _, b := range r.list(typeBucket) {
			result.Buckets.Bucket = append(result.Buckets.Bucket, s3Bucket{b.physicalID, s3Time(b.created)})
		}
	}
	return s3Document(result), nil
}

func s3Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// bucketParts describe the parts of a bucket that its properties tell of.
var bucketParts = map[string]func(*asset) (any, error){
	"cors": bucketCors, "location": bucketLocation, "notification": bucketNotification, "versioning": bucketVersioning, "tagging": bucketTags,
}

func (c *s3Call) describe(part func(*asset) (any, error)) (*reply, error) {
	b, err := c.find()
	if err != nil {
		return nil, err
	}
	v, err := part(b)
	if err != nil {
		return nil, err
	}
	return s3Document(v), nil
}

type corsRule struct {
	ID            string   `xml:",omitempty"`
	AllowedHeader []string `xml:",omitempty"`
	AllowedMethod []string
	AllowedOrigin []string
	ExposeHeader  []string `xml:",omitempty"`
	MaxAgeSeconds string   `xml:",omitempty"`
}

func bucketCors(b *asset) (any, error) {
	rules := b.properties.At("CorsConfiguration", "CorsRules").Items()
	if len(rules) == 0 {
		return nil, &s3Error{Code: "NoSuchCORSConfiguration", Message: "The CORS configuration does not exist", BucketName: b.physicalID, status: http.StatusNotFound}
	}
	result := struct {
		XMLName  xml.Name `xml:"CORSConfiguration"`
		CORSRule []corsRule
	}{}
	for _, r := range rules {
		result.CORSRule = append(result.CORSRule, corsRule{
			r.Get("Id").Str(), names(r.Get("AllowedHeaders")), names(r.Get("AllowedMethods")), names(r.Get("AllowedOrigins")),
			names(r.Get("ExposedHeaders")), r.Get("MaxAge").Str(),
		})
	}
	return result, nil
}

func bucketLocation(b *asset) (any, error) {
	name := b.state.region.name
	if name == DefaultRegion {
		name = ""
	}
	return struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
		Region  string   `xml:",chardata"`
	}{Region: name}, nil
}

func bucketVersioning(b *asset) (any, error) {
	return struct {
		XMLName xml.Name `xml:"VersioningConfiguration"`
		Status  string   `xml:",omitempty"`
	}{Status: b.properties.At("VersioningConfiguration", "Status").Str()}, nil
}

type s3Tag struct{ Key, Value string }

func bucketTags(b *asset) (any, error) {
	result := struct {
		XMLName xml.Name `xml:"Tagging"`
		TagSet  struct{ Tag []s3Tag }
	}{}
	for _, t := range b.properties.Get("Tags").Items() {
		result.TagSet.Tag = append(result.TagSet.Tag, s3Tag{t.Get("Key").Str(), t.Get("Value").Str()})
	}
	if len(result.TagSet.Tag) == 0 {
		return nil, &s3Error{Code: "NoSuchTagSet", Message: "The TagSet does not exist", BucketName: b.physicalID, status: http.StatusNotFound}
	}
	return result, nil
}

type s3Notification struct {
	ID            string `xml:"Id"`
	Queue         string `xml:",omitempty"`
	Topic         string `xml:",omitempty"`
	CloudFunction string `xml:",omitempty"`
	Event         string
}

func bucketNotification(b *asset) (any, error) {
	config := b.properties.Get("NotificationConfiguration")
	cloud := b.state.region.cloud
	list := func(key string, make func(*tree.Node) s3Notification) []s3Notification {
		var all []s3Notification
		for _, n := range config.Get(key).Items() {
			one := make(n)
			one.ID, one.Event = cloud.uuid(), n.Get("Event").Str()
			all = append(all, one)
		}
		return all
	}
	return struct {
		XMLName                    xml.Name `xml:"NotificationConfiguration"`
		TopicConfiguration         []s3Notification
		QueueConfiguration         []s3Notification
		CloudFunctionConfiguration []s3Notification
	}{
		TopicConfiguration: list("TopicConfigurations", func(n *tree.Node) s3Notification { return s3Notification{Topic: n.Get("Topic").Str()} }),
		QueueConfiguration: list("QueueConfigurations", func(n *tree.Node) s3Notification { return s3Notification{Queue: n.Get("Queue").Str()} }),
		CloudFunctionConfiguration: list("LambdaConfigurations", func(n *tree.Node) s3Notification {
			return s3Notification{CloudFunction: n.Get("Function").Str()}
		}),
	}, nil
}
