package local

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

// A reply is an answer as HTTP has it.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// answer answers a request, once what it has changed is kept.
func (c *Cloud) answer(r *http.Request) *reply {
	r, err := c.authenticate(r)
	if err != nil {
		return c.refuseTo(r, err)
	}
	out := c.dispatch(r)
	c.mu.Lock()
	err = c.save()
	c.mu.Unlock()
	if err != nil {
		return c.refuseTo(r, unsaved(err))
	}
	return out
}

// refuseTo refuses a request in the protocol of the service that it is for.
func (c *Cloud) refuseTo(r *http.Request, err error) *reply {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return jsonReply(r, nil, err)
	case isObjectRequest(r):
		return s3Refusal(err)
	}
	version := ""
	if scope := scopeOf(r); len(scope) == 5 {
		version = serviceVersions[scope[3]]
	}
	return c.refuse(version, err)
}

// serviceVersions are the versions of the APIs in the Query protocol, by the name for which requests are
// signed.
var serviceVersions = map[string]string{
	"cloudformation": versionCloudFormation, "sts": versionSTS, "iam": versionIAM, "sns": versionSNS, "ec2": versionEC2, "autoscaling": versionAutoScaling,
}

// dispatch gives a request to the protocol of the service that it is for.
func (c *Cloud) dispatch(r *http.Request) *reply {
	switch target := r.Header.Get("X-Amz-Target"); {
	case target != "":
		return c.answerJSON(r, target)
	case isLambda(r):
		return c.answerLambda(r)
	case isObjectRequest(r):
		return c.answerS3(r)
	}
	return c.answerQuery(r)
}

// isObjectRequest reports whether a request is one of S3's: it is signed for it, its host is, or it
// has a path and no Action.
func isObjectRequest(r *http.Request) bool {
	if scope := scopeOf(r); len(scope) == 5 {
		return scope[3] == "s3"
	}
	if bucketOfHost(hostOf(r)) != "" {
		return true
	}
	return strings.Trim(r.URL.Path, "/") != "" && r.Method != http.MethodPost && r.URL.Query().Get("Action") == ""
}

// scopeOf returns the five parts of the credential that a request is signed with: the key, the day,
// the region, the service, and aws4_request. They stand in the header
//
//	Authorization: AWS4-HMAC-SHA256 Credential=KEY/20260102/us-east-1/cloudformation/aws4_request, …
//
// or in the query of a presigned request. It returns another number of parts for an unsigned request.
func scopeOf(r *http.Request) []string {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, after, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(after, ",")
	}
	return strings.Split(strings.TrimSpace(credential), "/")
}

// placeOf reads the account and region of a request from its signature. A key that is no more leads to
// no account.
func (c *Cloud) placeOf(r *http.Request) place {
	region, account := c.defaults()
	scope := scopeOf(r)
	if len(scope) != 5 {
		return place{account, region}
	}
	switch holder, gone := c.holder(scope[0]); {
	case gone:
		account = ""
	case holder != "":
		account = holder
	case isAccount(scope[0]):
		account = scope[0]
	}
	if scope[2] != "" {
		region = scope[2]
	}
	return place{account, region}
}

func isAccount(key string) bool {
	return len(key) == 12 && strings.Trim(key, digits) == ""
}

// endpointOf is the URL at which the sender of a request reaches the cloud.
func endpointOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.URL.Scheme == "https" {
		scheme = "https"
	}
	return (&url.URL{Scheme: scheme, Host: hostOf(r)}).String()
}

// hostOf is the host that a request is sent to; one that comes without a network may have it in its
// URL only.
func hostOf(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

var errClosed = &query.Error{Code: "ServiceUnavailable", Message: "the embedded cloud is closed", Status: http.StatusServiceUnavailable}

// enter takes the cloud's lock and returns the region of a request. The caller unlocks if there is no
// error.
func (c *Cloud) enter(at place) (*region, error) {
	if at.account == "" {
		return nil, errNoKey
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil, errClosed
	}
	if c.start(); c.broken != nil {
		c.mu.Unlock()
		return nil, unsaved(c.broken)
	}
	c.advance()
	return c.at(at), nil
}
