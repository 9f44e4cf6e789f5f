package local

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/updraft-go/updraft/internal/query"
)

const (
	signingAlgorithm = "AWS4-HMAC-SHA256"
	signingTime      = "20060102T150405Z"
	unsignedPayload  = "UNSIGNED-PAYLOAD"
)

// A signed is what a request says of its signature of version 4: in its header, or in its query.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
type signed struct {
	presigned bool
	scope     []string // the access key, the day, the region, the service, aws4_request
	headers   []string // the names of those that are signed
	signature string
	date      string
	expires   string // in seconds; of a presigned one
}

// service is the service that the request is signed for.
func (s *signed) service() string { return s.scope[3] }

// readSigned reads the signature of a request. It returns nil if there is none, and what is wrong with
// one that is not whole.
func readSigned(r *http.Request) (s *signed, problems []string) {
	q := r.URL.Query()
	header := r.Header.Get("Authorization")
	var fields map[string]string
	switch {
	case header != "":
		algorithm, rest, _ := strings.Cut(header, " ")
		if algorithm != signingAlgorithm {
			return nil, []string{"Unsupported AWS 'algorithm': '" + algorithm + "'"}
		}
		fields = map[string]string{"Date": r.Header.Get("X-Amz-Date")}
		for _, part := range strings.Split(rest, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			fields[name] = value
		}
	case q.Has("X-Amz-Signature") || q.Has("X-Amz-Credential"):
		fields = map[string]string{
			"Date": q.Get("X-Amz-Date"), "Credential": q.Get("X-Amz-Credential"), "SignedHeaders": q.Get("X-Amz-SignedHeaders"),
			"Signature": q.Get("X-Amz-Signature"),
		}
	default:
		return nil, nil
	}
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			problems = append(problems, "Authorization header requires '"+name+"' parameter.")
		}
	}
	if fields["Date"] == "" {
		problems = append(problems, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	s = &signed{
		presigned: header == "", scope: strings.Split(fields["Credential"], "/"), headers: strings.Split(fields["SignedHeaders"], ";"),
		signature: fields["Signature"], date: fields["Date"], expires: q.Get("X-Amz-Expires"),
	}
	if len(problems) == 0 && (len(s.scope) != 5 || s.scope[4] != "aws4_request") {
		problems = append(problems, "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term")
	}
	return s, problems
}

// sign returns the signature of a canonical request.
func sign(secret, date string, scope []string, canonical string) string {
	digest := sha256.Sum256([]byte(canonical))
	key := []byte("AWS4" + secret)
	for _, part := range scope[1:] {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, strings.Join([]string{signingAlgorithm, date, strings.Join(scope[1:], "/"), hex.EncodeToString(digest[:])}, "\n")))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(text)) // a hash does not fail
	return h.Sum(nil)
}

// canonical is the request in the form that is signed.
func (s *signed) canonical(r *http.Request, payload string) string {
	q := r.URL.Query()
	q.Del("X-Amz-Signature")
	path := r.URL.EscapedPath()
	if s.service() != "s3" {
		path = escapePath(path) // all services but S3 escape twice
	}
	if path == "" {
		path = "/"
	}
	lines := []string{r.Method, path, canonicalQuery(q)}
	for _, name := range s.headers {
		lines = append(lines, strings.ToLower(name)+":"+headerOf(r, name))
	}
	return strings.Join(append(lines, "", strings.Join(s.headers, ";"), payload), "\n")
}

func canonicalQuery(q url.Values) string { return strings.ReplaceAll(q.Encode(), "+", "%20") }

// headerOf is a header as it is signed. The server takes some out of the others.
func headerOf(r *http.Request, name string) string {
	switch strings.ToLower(name) {
	case "host":
		return hostOf(r)
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}
	var values []string
	for _, v := range r.Header.Values(name) {
		values = append(values, strings.Join(strings.Fields(v), " "))
	}
	return strings.Join(values, ",")
}

// authenticate refuses a request that is not signed with the secret that the cloud demands. It returns
// the request to answer.
func (c *Cloud) authenticate(r *http.Request) (*http.Request, error) {
	if c.Secret == "" || c.isOwn(r) {
		return r, nil
	}
	s, problems := readSigned(r)
	switch {
	case len(problems) > 0:
		return r, incompleteSignature(r, strings.Join(problems, " "))
	case s == nil:
		return r, missingToken(r)
	}
	if err := s.checkTime(r, time.Now()); err != nil {
		return r, err
	}
	body, err := signedBody(r)
	if err != nil {
		return r, err
	}
	payload, err := s.payload(r, body)
	if err != nil {
		return r, err
	}
	if !hmac.Equal([]byte(s.signature), []byte(sign(c.secretOf(s.scope[0]), s.date, s.scope, s.canonical(r, payload)))) {
		return r, wrongSignature(r, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	again := *r
	again.Body = io.NopCloser(bytes.NewReader(body))
	return &again, nil
}

// secretOf is the secret that goes with an access key.
func (c *Cloud) secretOf(key string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	if s, ok := c.sessions[key]; ok {
		return s.secret
	}
	if a := c.global("", typeAccessKey, key); a != nil {
		return a.text("SecretAccessKey")
	}
	return c.Secret
}

// isOwn reports whether a request is for one of the places that only the cloud's own signature opens.
func (c *Cloud) isOwn(r *http.Request) bool {
	bucket, _ := objectOf(hostOf(r), r.URL.Path)
	return isSlot(bucket)
}

// signedBody reads the body of a request.
func signedBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	limit := int64(query.MaxBody)
	if isObjectRequest(r) {
		limit = maxObject
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, &query.Error{Code: "MalformedInput", Message: err.Error()}
	}
	return body, nil // one that is too large is told so by who reads it
}

// payload is what stands for the body in what is signed.
func (s *signed) payload(r *http.Request, body []byte) (string, error) {
	sum := sha256.Sum256(body)
	is, said := hex.EncodeToString(sum[:]), r.Header.Get("X-Amz-Content-Sha256")
	switch {
	case said == "" && s.presigned && s.service() == "s3":
		return unsignedPayload, nil
	case said == "":
		return is, nil
	case said == unsignedPayload, strings.HasPrefix(said, "STREAMING-"), said == is:
		return said, nil
	case s.service() == "s3":
		return "", &s3Error{Code: "XAmzContentSHA256Mismatch", Message: "The provided 'x-amz-content-sha256' header does not match what was computed.", status: http.StatusBadRequest}
	}
	return is, nil
}

// Within this time of now must be the time of a signature.
const (
	signingSkew   = 5 * time.Minute
	signingSkewS3 = 15 * time.Minute
)

// checkTime refuses a signature that is too old, or of the future.
func (s *signed) checkTime(r *http.Request, now time.Time) error {
	at, err := time.Parse(signingTime, s.date)
	if err != nil {
		return incompleteSignature(r, fmt.Sprintf("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", s.date))
	}
	if !strings.HasPrefix(s.date, s.scope[1]) {
		return wrongSignature(r, fmt.Sprintf("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s', from '%s'.", s.scope[1], s.date[:8], s.date))
	}
	if s.presigned && s.expires != "" {
		return s.checkExpiry(r, at, now)
	}
	if isObjectRequest(r) {
		if now.Sub(at).Abs() > signingSkewS3 {
			return forbidden("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
		}
		return nil
	}
	text := func(t time.Time) string { return t.UTC().Format(signingTime) }
	switch {
	case now.Sub(at) > signingSkew:
		return wrongSignature(r, fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - 5 min.)", s.date, text(now.Add(-signingSkew)), text(now)))
	case at.Sub(now) > signingSkew:
		return wrongSignature(r, fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 5 min.)", s.date, text(now.Add(signingSkew)), text(now)))
	}
	return nil
}

// maxExpires is for how many seconds a presigned request may be valid: a week.
const maxExpires = 604_800

func (s *signed) checkExpiry(r *http.Request, at, now time.Time) error {
	seconds, err := strconv.Atoi(s.expires)
	switch {
	case err != nil || seconds < 0 || seconds > maxExpires:
		return &s3Error{Code: "AuthorizationQueryParametersError", Message: "X-Amz-Expires must be a number of seconds from 0 to 604800", status: http.StatusBadRequest}
	case now.After(at.Add(time.Duration(seconds)*time.Second)) && isObjectRequest(r):
		return forbidden("AccessDenied", "Request has expired")
	case now.After(at.Add(time.Duration(seconds) * time.Second)):
		return wrongSignature(r, fmt.Sprintf("Signature expired: %s", s.date))
	}
	return nil
}

// The errors of signatures differ by the protocol of the service, and EC2's from all others.

func missingToken(r *http.Request) error {
	const message = "Request is missing Authentication Token"
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return &query.Error{Code: "MissingAuthenticationTokenException", Message: message}
	case isObjectRequest(r):
		return forbidden("AccessDenied", "Access Denied")
	}
	return &query.Error{Code: "MissingAuthenticationToken", Message: message, Status: http.StatusForbidden}
}

func incompleteSignature(r *http.Request, message string) error {
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return &query.Error{Code: "IncompleteSignatureException", Message: message}
	case isObjectRequest(r):
		return &s3Error{Code: "AuthorizationHeaderMalformed", Message: "The authorization header is malformed; " + message, status: http.StatusBadRequest}
	}
	return &query.Error{Code: "IncompleteSignature", Message: message}
}

func wrongSignature(r *http.Request, message string) error {
	scope := scopeOf(r)
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return &query.Error{Code: "InvalidSignatureException", Message: message}
	case isObjectRequest(r):
		return forbidden("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	case slices.Contains(scope, "ec2"):
		return &query.Error{Code: "AuthFailure", Message: "AWS was not able to validate the provided access credentials", Status: http.StatusUnauthorized}
	}
	return &query.Error{Code: "SignatureDoesNotMatch", Message: message, Status: http.StatusForbidden}
}
