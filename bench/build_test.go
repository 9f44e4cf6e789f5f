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

// What is compared is the way to a template that can be sent. goformation has one writer, whose JSON has
// white space in it; updraft's executor sends JSON without, and JSON with white space is for people.
func BenchmarkBuild(b *testing.B) {
	for _, c := range []struct {
		name  string
		write func() ([]byte, error)
	}{
		{"updraft", func() ([]byte, error) { return workload.Build(resources).Minified() }},
		{"updraft-indented", func() ([]byte, error) { return workload.Build(resources).JSON() }},
		{"goformation", func() ([]byte, error) { return buildGoformation(resources).JSON() }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.write(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
