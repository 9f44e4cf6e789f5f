package validate

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	ipAddress  = regexp.MustCompile(`^\d+\.\d+\.\d+\.\d+$`)
)

func s3Checks() []check {
	bucket := on("S3::Bucket")
	return []check{
		{Rule{"s3-name", fails, "the name of a bucket has 3 to 63 lower-case letters, digits, dots and hyphens"}, bucket, textual("", "BucketName", "use lower-case letters, digits and hyphens", wrongBucket)},
		{Rule{"s3-lifecycle", fails, "a rule of a lifecycle does something"}, bucket, some("LifecycleConfiguration.Rules[]", "AbortIncompleteMultipartUpload", "ExpirationDate", "ExpirationInDays", "ExpiredObjectDeleteMarker", "NoncurrentVersionExpiration", "NoncurrentVersionExpirationInDays", "NoncurrentVersionTransition", "NoncurrentVersionTransitions", "Transition", "Transitions")},
		{Rule{"s3-lifecycle-date", fails, "a rule of a lifecycle ends by a date or after days"}, bucket, exclusive("LifecycleConfiguration.Rules[]", "ExpirationDate", "ExpirationInDays")},
		{Rule{"s3-lifecycle-transition", fails, "a transition has a date or a number of days"}, bucket, one("LifecycleConfiguration.Rules[].Transitions[]", "TransitionDate", "TransitionInDays")},
		{Rule{"s3-lifecycle-twice", fails, "the ID of a rule stands once"}, bucket, distinct("LifecycleConfiguration.Rules[]", "Id")},
		{Rule{"s3-encryption-key", fails, "only encryption by KMS has a key"}, bucket, never("BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault", "SSEAlgorithm", "AES256", "KMSMasterKeyID")},
		{Rule{"s3-website", fails, "a website that redirects everything does nothing else"}, bucket, func(s *subject) {
			v := s.props.get("WebsiteConfiguration")
			if !v.get("RedirectAllRequestsTo").there() {
				return
			}
			for _, name := range []string{"ErrorDocument", "IndexDocument", "RoutingRules"} {
				if w := v.get(name); w.there() {
					s.flag(w, name+" is set beside RedirectAllRequestsTo", "leave it out")
				}
			}
		}},
		{Rule{"s3-replication", fails, "a bucket that is replicated has versions"}, bucket, func(s *subject) {
			v := s.props.get("ReplicationConfiguration")
			if status := s.props.get("VersioningConfiguration"); v.there() && (status.missing() || status.get("Status").is("Suspended")) {
				s.flag(v, "the bucket is replicated and has no versions", "set VersioningConfiguration.Status to Enabled")
			}
		}},
		{Rule{"s3-acl", warns, "access is granted by policies, since ACLs are off"}, bucket, func(s *subject) {
			if v := s.props.get("AccessControl"); v.there() && !v.is("Private") && s.props.get("OwnershipControls").missing() {
				s.flag(v, "AccessControl is set, and ACLs are off for new buckets", "use a bucket policy, or set OwnershipControls")
			}
		}},
		{Rule{"s3-lock", fails, "a lock on objects is turned on where it is configured"}, bucket, func(s *subject) {
			if v := s.props.get("ObjectLockConfiguration"); v.there() {
				if on := s.props.get("ObjectLockEnabled"); on.is("false") {
					s.flag(on, "ObjectLockEnabled is false beside ObjectLockConfiguration", "set it to true")
				}
			}
		}},
		{Rule{"s3-notification-order", warns, "a topic or queue may be written to before the bucket is made"}, bucket, notificationOrder},
	}
}

func wrongBucket(text string) string {
	if bucketName.MatchString(text) && !strings.Contains(text, "..") && !ipAddress.MatchString(text) && !strings.HasPrefix(text, "xn--") {
		return ""
	}
	return "the name of the bucket is " + shown(text)
}

// notificationOrder warns of a bucket that notifies a function with no permission in the template.
func notificationOrder(s *subject) {
	s.each("NotificationConfiguration.LambdaConfigurations[]", func(v value) {
		id := v.get("Function").refersTo()
		if id == "" {
			return
		}
		for _, r := range s.resources {
			if r.Get("Type").Str() == "AWS::Lambda::Permission" && refersIn(r.Get("Properties"), id) {
				return
			}
		}
		s.flag(v.get("Function"), fmt.Sprintf("no permission lets the bucket call %s", id), "add an AWS::Lambda::Permission, and name it in DependsOn")
	})
}

// refersIn reports whether a value holds a reference to a resource.
func refersIn(n *tree.Node, id string) bool {
	if n == nil {
		return false
	}
	switch name, arg, _ := n.Function(); name {
	case "Ref":
		return arg.Str() == id
	case "Fn::GetAtt":
		other, _ := attributeOf(arg)
		return other == id
	}
	if n.Kind == tree.String {
		return strings.Contains(n.Text, "${"+id+"}") || strings.Contains(n.Text, "${"+id+".")
	}
	for _, item := range n.List {
		if refersIn(item, id) {
			return true
		}
	}
	for _, m := range n.Map {
		if refersIn(m.Value, id) {
			return true
		}
	}
	return false
}
