package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/updraft-go/updraft/internal/cfngen/data"
	"github.com/updraft-go/updraft/internal/cfngen/model"
	"github.com/updraft-go/updraft/internal/cfngen/spec"
)

// databaseFile is the path of the database in the package's tarball.
const databaseFile = "package/db.json.gz"

// refresh writes the neutral file and its summary from the pinned database, and
// prints the types that came and went.
func refresh(root, file string) error {
	pin, err := data.Pin()
	if err != nil {
		return err
	}
	packed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	database, err := verified(packed, pin)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	types, err := spec.Decode(database)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	var neutral bytes.Buffer
	if err := model.Write(&neutral, types); err != nil {
		return err
	}
	if before, err := data.Types(); err == nil { // else there is nothing to compare with
		for _, change := range data.Changes(before, types) {
			fmt.Println(change)
		}
	}
	summary := data.Summary(pin, data.TypesFile, neutral.Bytes(), types)
	dir := filepath.Join(root, "internal", "cfngen", "data")
	if err := os.WriteFile(filepath.Join(dir, data.TypesFile), neutral.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, data.SummaryFile), []byte(summary), 0o644)
}

// verified returns db.json from the tarball or from db.json.gz itself, if the
// one or the other has the hash in pin.
func verified(packed []byte, pin data.Source) ([]byte, error) {
	tarball := sha512.Sum512(packed)
	if "sha512-"+base64.StdEncoding.EncodeToString(tarball[:]) == pin.Integrity {
		var err error
		if packed, err = extract(packed, databaseFile); err != nil {
			return nil, err
		}
	}
	database := sha256.Sum256(packed)
	if got := "sha256-" + hex.EncodeToString(database[:]); got != pin.Database {
		return nil, fmt.Errorf("is neither the tarball nor the database of %s (%s): fetch that version, or edit data/source.json to pin another", pin, got)
	}
	return gunzip(packed)
}

// extract returns one file of a tarball.
func extract(tarball []byte, name string) ([]byte, error) {
	plain, err := gunzip(tarball)
	if err != nil {
		return nil, err
	}
	for r := tar.NewReader(bytes.NewReader(plain)); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("no %s in the tarball", name)
		}
		if err != nil {
			return nil, err
		}
		if head.Name == name {
			return io.ReadAll(r)
		}
	}
}

func gunzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
