package customresource

import (
	"net/http"
	"time"
)

// A Dialect is whose protocol an event speaks. The zero value is [AWS].
type Dialect int

const (
	// AWS is CloudFormation of AWS.
	AWS Dialect = iota
	// ROS is the Resource Orchestration Service of Alibaba Cloud.
	ROS
)

// MaxResponse is how many bytes the body of a response may have, in both dialects.
const MaxResponse = 4096

func (d Dialect) String() string {
	if d == ROS {
		return "ROS"
	}
	return "AWS"
}

// MaxPhysicalID is how many bytes a physical ID may have: 1024 on AWS, 255 on ROS.
func (d Dialect) MaxPhysicalID() int {
	if d == ROS {
		return 255
	}
	return 1024
}

// Replaces reports whether an update may give a resource another physical ID: then the one before is
// deleted later. On ROS an ID stays for good.
func (d Dialect) Replaces() bool { return d == AWS }

// NoEcho reports whether a response can ask for its data to be masked.
func (d Dialect) NoEcho() bool { return d == AWS }

// Method is the HTTP method with which a response is sent: PUT on AWS, POST on ROS.
func (d Dialect) Method() string {
	if d == ROS {
		return http.MethodPost
	}
	return http.MethodPut
}

// header sets what the headers of a response must be. The URL of AWS is signed for no Content-Type.
func (d Dialect) header(h http.Header, now time.Time) {
	if d == ROS {
		h.Set("Content-Type", "application/json")
		h.Set("Date", now.UTC().Format(http.TimeFormat))
	}
}

// longest is for how long the dialect waits for a response at most.
func (d Dialect) longest() time.Duration {
	if d == ROS {
		return 12 * time.Hour
	}
	return time.Hour
}
