package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/cfngen/data"
)

func TestVerified(t *testing.T) {
	database := zip(t, []byte(`{"schema":{}}`))
	tarball := pack(t, databaseFile, database)
	tarballHash, databaseHash := sha512.Sum512(tarball), sha256.Sum256(database)
	pin := data.Source{
		Integrity: "sha512-" + base64.StdEncoding.EncodeToString(tarballHash[:]),
		Database:  "sha256-" + hex.EncodeToString(databaseHash[:]),
	}
	for name, packed := range map[string][]byte{"tarball": tarball, "database": database} {
		got, err := verified(packed, pin)
		if err != nil || string(got) != `{"schema":{}}` {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
	if _, err := verified(zip(t, []byte(`{}`)), pin); err == nil || !strings.Contains(err.Error(), "source.json") {
		t.Errorf("another database: error %v does not say where the pin is", err)
	}
	other := pack(t, "package/README.md", database)
	hash := sha512.Sum512(other)
	pin.Integrity = "sha512-" + base64.StdEncoding.EncodeToString(hash[:])
	if _, err := verified(other, pin); err == nil || !strings.Contains(err.Error(), databaseFile) {
		t.Errorf("a tarball without the database: error %v does not name it", err)
	}
}

func zip(t *testing.T, content []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func pack(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return zip(t, buf.Bytes())
}
