// Package overlay amends the resource types by hand-written facts that the
// schema's source lacks: limits of well-known properties, what replaces only
// sometimes, what Ref returns, and how names and physical IDs look.
//
// Each JSON file here maps names of types to facts. A name that ends in "::*"
// stands for all types of a service. See [Facts] for what may be said; package
// schema says what the shapes of names and physical IDs mean.
package overlay

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

//go:embed *.json
var files embed.FS

// Facts are what a file says of one type.
type Facts struct {
	Ref         *model.Ref        `json:"ref"`
	Deprecated  string            `json:"deprecated"`
	DeleteFirst bool              `json:"deleteFirst"`
	PhysicalID  string            `json:"physicalID"`
	Name        *Name             `json:"name"`
	Properties  map[string]Limits `json:"properties"`
	Attributes  map[string]string `json:"attributes"` // from name to shape

	// Definitions are nested types by name.
	Definitions map[string]map[string]Limits `json:"definitions"`
}

// Name is a rule for the names that CloudFormation makes. An empty shape is the
// usual one.
type Name struct {
	Property string `json:"property"`
	Shape    string `json:"shape"`
	Max      int    `json:"max"`
	Lower    bool   `json:"lower"`
}

// usualName is the shape of most names that CloudFormation makes.
const usualName = "${Stack}-${LogicalID}-${Random:12}"

// Limits are what a file says of one property. Of a length or a range either
// end may be null.
type Limits struct {
	Replacement string      `json:"replacement"`
	Pattern     string      `json:"pattern"`
	Length      [2]*int     `json:"length"`
	Range       [2]*float64 `json:"range"`
	Enum        []string    `json:"enum"`
}

// Entry is what one file says of one name.
type Entry struct {
	File  string
	Name  string // of a type, or "AWS::Service::*"
	Facts Facts
}

// Read returns the entries of all files, by file and then by name. A type may
// be in several files, as long as none says what another says.
func Read() ([]Entry, error) { return read(files) }

func read(fsys fs.FS) ([]Entry, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	var all []Entry
	for _, file := range names {
		content, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		var facts map[string]Facts
		dec := json.NewDecoder(bytes.NewReader(content))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&facts); err != nil {
			return nil, fmt.Errorf("overlay/%s: %w", file, err)
		}
		for _, name := range slices.Sorted(maps.Keys(facts)) {
			all = append(all, Entry{file, name, facts[name]})
		}
	}
	return all, nil
}

// Apply amends types by entries. It returns every fact that does not fit the
// types as one joined error, each with its path.
func Apply(types []*model.Type, entries []Entry) error {
	byName := map[string][]*model.Type{}
	for _, t := range types {
		service, _, _ := strings.Cut(t.Name, "::"+t.Short())
		for _, name := range []string{t.Name, service + "::*"} {
			byName[name] = append(byName[name], t)
		}
	}
	var errs []error
	for _, entry := range entries {
		if byName[entry.Name] == nil {
			errs = append(errs, fmt.Errorf("overlay/%s: %s: the schema has no such type; correct or drop the entry", entry.File, entry.Name))
		}
		for _, t := range byName[entry.Name] {
			c := checker{file: entry.File, t: t}
			c.apply(entry.Facts)
			errs = append(errs, c.errs...)
		}
	}
	return errors.Join(errs...)
}
