package local

import (
	"net/url"
	"strings"
)

// maxTemplate is how many bytes a template may have that is read from S3.
const maxTemplate = 1_000_000

// readURL reads a document that a request names by the URL of an object in S3.
func (r *region) readURL(parameter, text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Scheme == "s3":
		return "", invalid("S3 error: Domain name specified in %s is not a valid S3 domain", u.Host)
	case err != nil, u.Scheme != "http" && u.Scheme != "https":
		return "", invalid("%s must be a supported URL.", parameter)
	}
	bucket, key := objectOf(u.Host, u.Path)
	if bucket == "" || !isS3Host(u.Host) && !r.cloud.isEndpoint(u.Host) {
		return "", invalid("%s must be a supported URL.", parameter)
	}
	b := r.cloud.global("", typeBucket, bucket)
	if b == nil {
		return "", invalid("S3 error: The specified bucket does not exist%s", moreOnS3)
	}
	o := b.objects[key]
	if o == nil {
		return "", invalid("S3 error: The specified key does not exist.%s", moreOnS3)
	}
	return string(o.body), nil
}

const moreOnS3 = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"

// isS3Host reports whether a host is one of S3's.
func isS3Host(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	labels := strings.Split(name, ".")
	if !strings.HasSuffix(name, ".amazonaws.com") && !strings.HasSuffix(name, ".amazonaws.com.cn") {
		return false
	}
	for _, l := range labels {
		if l == "s3" || strings.HasPrefix(l, "s3-") {
			return true
		}
	}
	return false
}

// isEndpoint reports whether a host is one at which this cloud was reached.
func (c *Cloud) isEndpoint(host string) bool { return c.endpoints[host] }
