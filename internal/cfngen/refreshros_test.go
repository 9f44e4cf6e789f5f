package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/cfngen/data"
)

func TestRefreshOfROSWantsThePinnedPackages(t *testing.T) {
	file := filepath.Join(t.TempDir(), "other.tgz")
	if err := os.WriteFile(file, []byte("another version"), 0o644); err != nil {
		t.Fatal(err)
	}
	err := refreshROS(t.TempDir(), []string{file})
	if err == nil || !strings.Contains(err.Error(), "no file is @alicloud/ros-cdk-ecs 1.11.0") {
		t.Errorf("got %v, want an error that names the package", err)
	}
}

// Each service comes from the package that bears its name, and each package gives some.
func TestROSTypesComeFromThePinnedPackages(t *testing.T) {
	pin, err := data.ROSPin()
	if err != nil {
		t.Fatal(err)
	}
	types, err := data.ROSTypes()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, typ := range types {
		count[strings.ToLower(typ.Service())]++
	}
	for _, p := range pin.Packages {
		if count[p.Service()] == 0 {
			t.Errorf("%s gives no type", p)
		}
		delete(count, p.Service())
	}
	if len(count) > 0 {
		t.Errorf("types of no pinned package: %v", count)
	}
}
