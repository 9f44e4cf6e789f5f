// Package data holds the neutral form of the schema as it was last refreshed,
// and the pin of the source that it was read from.
package data

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// The names of the files of this package that a refresh writes.
const (
	TypesFile   = "types.ndjson.gz"
	SummaryFile = "summary.txt"
)

//go:embed types.ndjson.gz
var types []byte

//go:embed source.json
var source []byte

// Source is the pin of the database: edit source.json to move to another
// version, then refresh.
type Source struct {
	Package, Version, License, Repository string

	Integrity string // of the package's tarball, as npm writes it
	Database  string // the hash of db.json.gz inside it
}

// String returns the package and its version.
func (s Source) String() string { return s.Package + " " + s.Version }

// Pin returns the committed pin.
func Pin() (Source, error) {
	var s Source
	if err := json.Unmarshal(source, &s); err != nil {
		return s, fmt.Errorf("source.json: %w", err)
	}
	return s, nil
}

// Types returns the committed resource types, sorted by name.
func Types() ([]*model.Type, error) {
	all, err := model.Read(types)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; refresh it", TypesFile, err)
	}
	return all, nil
}
