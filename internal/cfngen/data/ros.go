package data

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// The names of the files of this package that a refresh of the types of Alibaba Cloud writes.
const (
	ROSTypesFile   = "ros.ndjson.gz"
	ROSSummaryFile = "ros.txt"
)

//go:embed ros.ndjson.gz
var rosTypes []byte

//go:embed ros.json
var rosSource []byte

// byHand are types whose package cannot be had, written from the manual.
//
//go:embed slb.json
var byHand []byte

// ByHand names the file of the types that are written by hand.
const ByHand = "internal/cfngen/data/slb.json"

// ROSSource is the pin of the packages that the types of Alibaba Cloud come from: edit ros.json to
// move to other versions, then refresh.
type ROSSource struct {
	License, Repository string
	Packages            []Pinned
}

// Pinned is one package at one version.
type Pinned struct{ Package, Version, Integrity string }

// Service is the name of the service whose types the package has, in lower case.
func (p Pinned) Service() string {
	_, service, _ := strings.Cut(p.Package, "ros-cdk-")
	return service
}

// String returns the package and its version.
func (p Pinned) String() string { return p.Package + " " + p.Version }

// String returns what the packages have in common.
func (s ROSSource) String() string { return "@alicloud/ros-cdk" }

// ROSPin returns the committed pin.
func ROSPin() (ROSSource, error) {
	var s ROSSource
	if err := json.Unmarshal(rosSource, &s); err != nil {
		return s, fmt.Errorf("ros.json: %w", err)
	}
	return s, nil
}

// ROSTypes returns the committed resource types of Alibaba Cloud that its packages hold, sorted by name.
func ROSTypes() ([]*model.Type, error) {
	all, err := model.Read(rosTypes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; refresh it", ROSTypesFile, err)
	}
	return all, nil
}

// ROSByHand returns those that are written by hand.
func ROSByHand() ([]*model.Type, error) {
	var all []*model.Type
	if err := json.Unmarshal(byHand, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", ByHand, err)
	}
	return all, nil
}
