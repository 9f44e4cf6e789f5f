package bench

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/updraft-go/updraft/bench/workload"
)

const resources = 500

// Both builders write the same template; otherwise the comparison would mean nothing.
func TestSameTemplate(t *testing.T) {
	ours, err := workload.Build(resources).JSON()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := buildGoformation(resources).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var a, b map[string]any
	if err := json.Unmarshal(ours, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(theirs, &b); err != nil {
		t.Fatal(err)
	}
	delete(b, "AWSTemplateFormatVersion")
	if !reflect.DeepEqual(a, b) {
		t.Errorf("the templates differ:\n%.3000s\n\n%.3000s", ours, theirs)
	}
}

func BenchmarkBuild(b *testing.B) {
	b.Run("updraft", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := workload.Build(resources).JSON(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("goformation", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := buildGoformation(resources).JSON(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// What is sent to CloudFormation has no white space. goformation writes it with white space only.
func BenchmarkBuildMinified(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := workload.Build(resources).Minified(); err != nil {
			b.Fatal(err)
		}
	}
}
