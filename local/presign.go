package local

import (
	"crypto/hmac"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// presign returns a URL at which one PUT is allowed until a time has passed. The key that it is signed
// with never leaves the cloud.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
func (c *Cloud) presign(at place, endpoint, path string, lasts time.Duration) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	now := time.Now().UTC()
	u.Path, u.RawPath = path, escapePath(path)
	q := url.Values{
		"X-Amz-Algorithm":     {signingAlgorithm},
		"X-Amz-Credential":    {strings.Join([]string{at.account, now.Format("20060102"), at.region, "s3", "aws4_request"}, "/")},
		"X-Amz-Date":          {now.Format(signingTime)},
		"X-Amz-Expires":       {strconv.Itoa(int(lasts.Seconds()))},
		"X-Amz-SignedHeaders": {"host"},
	}
	q.Set("X-Amz-Signature", c.signature(u.Host, u.EscapedPath(), q))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// escapePath escapes all of a path but its slashes.
func escapePath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.QueryEscape(p), "+", "%20")
	}
	return strings.Join(parts, "/")
}

// signature signs what a presigned PUT says.
func (c *Cloud) signature(host, path string, q url.Values) string {
	canonical := strings.Join([]string{http.MethodPut, path, canonicalQuery(q), "host:" + host, "", "host", unsignedPayload}, "\n")
	return sign(c.secret, q.Get("X-Amz-Date"), strings.Split(q.Get("X-Amz-Credential"), "/"), canonical)
}

// verify refuses a request whose URL the cloud did not sign, or not for now.
func (c *Cloud) verify(r *http.Request) error {
	q := r.URL.Query()
	given := q.Get("X-Amz-Signature")
	if given == "" {
		return forbidden("AccessDenied", "Access Denied")
	}
	q.Del("X-Amz-Signature")
	matches := hmac.Equal([]byte(given), []byte(c.signature(hostOf(r), r.URL.EscapedPath(), q)))
	if !matches || r.Header.Get("Content-Type") != "" { // the type that is signed is none
		return forbidden("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
	}
	signed, err := time.Parse(signingTime, q.Get("X-Amz-Date"))
	lasts, convErr := strconv.Atoi(q.Get("X-Amz-Expires"))
	if err != nil || convErr != nil || time.Now().After(signed.Add(time.Duration(lasts)*time.Second)) {
		return forbidden("AccessDenied", "Request has expired")
	}
	return nil
}

func forbidden(code, message string) error {
	return &s3Error{Code: code, Message: message, status: http.StatusForbidden}
}
