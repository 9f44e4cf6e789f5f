package main

import (
	"bytes"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"github.com/updraft-go/updraft/internal/cfngen/data"
	"github.com/updraft-go/updraft/internal/cfngen/model"
	"github.com/updraft-go/updraft/internal/cfngen/rosspec"
)

// refreshROS writes the neutral file of Alibaba Cloud's types, and its summary, from the tarballs of the
// pinned packages, all of them.
func refreshROS(root string, files []string) error {
	pin, err := data.ROSPin()
	if err != nil {
		return err
	}
	tarballs, err := byIntegrity(files)
	if err != nil {
		return err
	}
	var types []*model.Type
	for _, p := range pin.Packages {
		packed, ok := tarballs[p.Integrity]
		if !ok {
			return fmt.Errorf("no file is %s: npm pack fetches it, or edit data/ros.json to pin another", p)
		}
		found, err := decodeROS(packed, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		types = append(types, found...)
	}
	var neutral bytes.Buffer
	if err := model.Write(&neutral, types); err != nil {
		return err
	}
	dir := filepath.Join(root, "internal", "cfngen", "data")
	if err := os.WriteFile(filepath.Join(dir, data.ROSTypesFile), neutral.Bytes(), 0o644); err != nil {
		return err
	}
	summary := data.Summary(pin, data.ROSTypesFile, neutral.Bytes(), types)
	return os.WriteFile(filepath.Join(dir, data.ROSSummaryFile), []byte(summary), 0o644)
}

// byIntegrity reads files, by their hashes as npm writes them.
func byIntegrity(files []string) (map[string][]byte, error) {
	found := map[string][]byte{}
	for _, name := range files {
		packed, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		hash := sha512.Sum512(packed)
		found["sha512-"+base64.StdEncoding.EncodeToString(hash[:])] = packed
	}
	return found, nil
}

// decodeROS reads the types of one package.
func decodeROS(packed []byte, p data.Pinned) ([]*model.Type, error) {
	source, err := extract(packed, "package/lib/"+p.Service()+".generated.js")
	if err != nil {
		return nil, err
	}
	return rosspec.Decode(string(source))
}
