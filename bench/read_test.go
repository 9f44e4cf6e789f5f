package bench

import (
	"testing"

	"github.com/awslabs/goformation/v7"

	"github.com/updraft-go/updraft/bench/workload"
	"github.com/updraft-go/updraft/stack"
)

// megabyte is the workload at the size that CloudFormation takes at most, as JSON and as YAML that
// goformation wrote itself, so that both can read it.
const megabyte = 2200 // resources

func documents(b *testing.B) (json, yaml []byte) {
	b.Helper()
	json, err := workload.Build(megabyte).Minified()
	if err != nil {
		b.Fatal(err)
	}
	if yaml, err = buildGoformation(megabyte).YAML(); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d bytes of JSON, %d of YAML", len(json), len(yaml))
	return json, yaml
}

func BenchmarkReadAndWriteJSON(b *testing.B) {
	json, _ := documents(b)
	b.Run("updraft", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			t, err := stack.Parse(json)
			if err == nil {
				_, err = t.JSON()
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("goformation", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			t, err := goformation.ParseJSON(json)
			if err == nil {
				_, err = t.JSON()
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkReadYAML(b *testing.B) {
	_, yaml := documents(b)
	b.Run("updraft", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := stack.Parse(yaml); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("goformation", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := goformation.ParseYAML(yaml); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWriteYAML(b *testing.B) {
	ours, theirs := workload.Build(resources), buildGoformation(resources)
	b.Run("updraft", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ours.YAML(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("goformation", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := theirs.YAML(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
