package local

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxObject is how many bytes an object may have.
const maxObject = 64 << 20

// An object is what a bucket holds under a key.
type object struct {
	body    []byte
	etag    string
	media   string
	changed time.Time
}

// readObject reads the body of a request, which the SDKs may send in chunks with a signature each.
func readObject(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxObject+1))
	if err != nil {
		return nil, &s3Error{Code: "IncompleteBody", Message: err.Error(), status: http.StatusBadRequest}
	}
	if len(body) > maxObject {
		return nil, &s3Error{Code: "EntityTooLarge", Message: fmt.Sprintf("the embedded cloud takes objects of up to %d bytes", maxObject), status: http.StatusBadRequest}
	}
	if strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return dechunk(body)
	}
	return body, nil
}

var errChunk = &s3Error{Code: "IncompleteBody", Message: "a chunk of the body is not well-formed", status: http.StatusBadRequest}

// dechunk takes the chunks of a body out of their frames.
//
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
func dechunk(framed []byte) ([]byte, error) {
	in := bufio.NewReader(bytes.NewReader(framed))
	var body []byte
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, errChunk
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if err != nil {
			return nil, errChunk
		}
		if n == 0 {
			return body, nil
		}
		if n > uint64(len(framed)) {
			return nil, errChunk
		}
		chunk := make([]byte, n+2) // with the line's end
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, errChunk
		}
		body = append(body, chunk[:n]...)
	}
}

// onObject answers what is asked of an object.
func (c *s3Call) onObject(body []byte) (*reply, error) {
	b, err := c.find()
	if err != nil {
		return nil, err
	}
	switch c.Method {
	case http.MethodPut:
		if c.Header.Get("X-Amz-Copy-Source") != "" {
			return nil, c.notEmulated()
		}
		return &reply{status: http.StatusOK, header: http.Header{"ETag": {b.put(c.key, body, c.Header.Get("Content-Type")).etag}}}, nil
	case http.MethodDelete:
		delete(b.objects, c.key)
		return &reply{status: http.StatusNoContent}, nil
	case http.MethodGet, http.MethodHead:
		return c.getObject(b)
	}
	return nil, c.notEmulated()
}

// put puts an object into a bucket.
func (a *asset) put(key string, body []byte, media string) *object {
	if a.objects == nil {
		a.objects = map[string]*object{}
	}
	sum := md5.Sum(body)
	if media == "" {
		media = "binary/octet-stream"
	}
	o := &object{body: body, etag: `"` + hex.EncodeToString(sum[:]) + `"`, media: media, changed: time.Now()}
	a.objects[key] = o
	return o
}

func (c *s3Call) getObject(b *asset) (*reply, error) {
	o := b.objects[c.key]
	if o == nil {
		return nil, noKey(c.key)
	}
	header := http.Header{
		"Content-Type": {o.media}, "ETag": {o.etag}, "Content-Length": {strconv.Itoa(len(o.body))},
		"Last-Modified": {o.changed.UTC().Format(http.TimeFormat)}, "Accept-Ranges": {"bytes"},
	}
	if c.Method == http.MethodHead {
		return &reply{status: http.StatusOK, header: header}, nil
	}
	return &reply{status: http.StatusOK, header: header, body: o.body}, nil
}

type s3Contents struct {
	Key, LastModified, ETag string
	Size                    int
	StorageClass            string
}

type s3Prefix struct{ Prefix string }

type listBucketResult struct {
	XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name, Prefix          string
	Delimiter             string `xml:",omitempty"`
	KeyCount, MaxKeys     int
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	NextMarker            string `xml:",omitempty"`
	Contents              []s3Contents
	CommonPrefixes        []s3Prefix
}

// listObjects answers both versions of the listing. A token is the last key of the page before.
func (c *s3Call) listObjects(b *asset) *reply {
	q := c.URL.Query()
	result := listBucketResult{Name: c.bucket, Prefix: q.Get("prefix"), Delimiter: q.Get("delimiter"), MaxKeys: 1000}
	if n, err := strconv.Atoi(q.Get("max-keys")); err == nil && n >= 0 && n < result.MaxKeys {
		result.MaxKeys = n
	}
	after := max(q.Get("continuation-token"), q.Get("start-after"), q.Get("marker"))
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if key <= after || !strings.HasPrefix(key, result.Prefix) {
			continue
		}
		if result.KeyCount == result.MaxKeys {
			result.IsTruncated = true
			break
		}
		if result.add(key, b.objects[key]) {
			result.KeyCount++
		}
		result.NextContinuationToken, result.NextMarker = key, key
	}
	if !result.IsTruncated {
		result.NextContinuationToken, result.NextMarker = "", ""
	}
	return s3Document(result)
}

// add adds an object to the listing, or the part of its key up to the delimiter. It returns whether
// the listing has become longer.
func (l *listBucketResult) add(key string, o *object) bool {
	if l.Delimiter != "" {
		if i := strings.Index(key[len(l.Prefix):], l.Delimiter); i >= 0 {
			prefix := s3Prefix{key[:len(l.Prefix)+i+len(l.Delimiter)]}
			if slices.Contains(l.CommonPrefixes, prefix) {
				return false
			}
			l.CommonPrefixes = append(l.CommonPrefixes, prefix)
			return true
		}
	}
	l.Contents = append(l.Contents, s3Contents{key, s3Time(o.changed), o.etag, len(o.body), "STANDARD"})
	return true
}
