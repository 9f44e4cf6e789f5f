package executor

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// An Asset is a file, or a folder as a zip archive, that was stored where CloudFormation and the
// services can read it.
type Asset struct {
	// Path is the file or folder.
	Path string
	// URL is where it is stored; Bucket, Key and Version are the same for those who ask S3. Version is ""
	// if the bucket has none.
	URL, Bucket, Key, Version string
}

// S3URL is the asset as s3://BUCKET/KEY.
func (a *Asset) S3URL() string { return "s3://" + a.Bucket + "/" + a.Key }

// StoreAsset stores a file as it is, or a folder as a zip archive, with Client.Uploader. It is for
// programs, which put the result where they need it:
//
//	code, err := c.StoreAsset(ctx, "functions/resize")
//	…
//	Code: &lambda.Function_Code{S3Bucket: fn.String(code.Bucket), S3Key: fn.String(code.Key)},
//
// The key is made of the content, so that what has not changed is not stored again, and a resource
// changes only when its asset does. For templates in files, see [Options.AssetDir].
//
// # Errors
//
// What is wrong with the file or folder, and what the Uploader answers.
func (c *Client) StoreAsset(ctx context.Context, path string) (*Asset, error) {
	if c.Uploader == nil {
		return nil, fmt.Errorf("asset %s: there is nowhere to store it; set Client.Uploader", path)
	}
	p, err := packFile(path, false)
	if err != nil {
		return nil, fmt.Errorf("asset %s: %w", path, err)
	}
	return p.store(ctx, c.Uploader)
}

// Package stores what a template names by local paths (see [Options.AssetDir]), with Client.Uploader,
// and returns the template as JSON with the places where it now is. A template that names none is
// returned as it is.
//
// # Errors
//
// [stack.Diagnostics] of all paths that lead nowhere, before anything is stored.
func (c *Client) Package(ctx context.Context, template []byte, dir string) ([]byte, []Asset, error) {
	b, err := bundled("", template, dir)
	if err != nil || len(b.parts) == 0 {
		return template, nil, err
	}
	if c.Uploader == nil {
		return nil, nil, nowhere("")
	}
	return b.store(ctx, c.Uploader)
}

func nowhere(stackName string) stack.Diagnostics {
	return stack.Diagnostics{{
		Code: "asset", Stack: stackName, Summary: "the template names local files, and there is nowhere to store them",
		Cure: "set Client.Uploader",
	}}
}

// A pack is a file or folder as it is to be stored.
type pack struct {
	path, key string
	content   []byte
}

func (p *pack) store(ctx context.Context, up Uploader) (*Asset, error) {
	address, err := up.Upload(ctx, p.key, p.content)
	if err != nil {
		return nil, fmt.Errorf("storing %s of %d bytes: %w", p.path, len(p.content), err)
	}
	a := &Asset{Path: p.path, URL: address}
	if a.Bucket, a.Key, a.Version, err = locate(address); err != nil {
		return nil, fmt.Errorf("storing %s: %w", p.path, err)
	}
	return a, nil
}

// locate reads the bucket, key and version out of an URL of S3, in the style with the bucket in the
// path or in the name of the host; of any other host, it is the path.
func locate(address string) (bucket, key, version string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", "", "", fmt.Errorf("the Uploader returned %q, which is no URL", address)
	}
	version = u.Query().Get("versionId")
	path := strings.TrimPrefix(u.Path, "/")
	if u.Scheme == "s3" {
		return u.Host, path, version, nil
	}
	for _, mark := range []string{".s3.", ".s3-"} {
		if i := strings.Index(u.Host, mark); i > 0 && strings.Contains(u.Host[i:], "amazonaws.") {
			return u.Host[:i], path, version, nil
		}
	}
	bucket, key, ok := strings.Cut(path, "/")
	if !ok || bucket == "" || key == "" {
		return "", "", "", fmt.Errorf("the Uploader returned %q, which names no bucket and key", address)
	}
	return bucket, key, version, nil
}

// remote reports whether a value is an address already, or else a local path.
func remote(value string) bool {
	for _, prefix := range []string{"https://", "http://", "s3://", "arn:"} {
		if strings.HasPrefix(value, prefix) {
			return true
		}
	}
	return false
}

// inside is where a path leads that is written in a file in dir.
func inside(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
