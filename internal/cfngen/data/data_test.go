package data

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

func TestSummaryIsCurrent(t *testing.T) {
	pin, err := Pin()
	if err != nil {
		t.Fatal(err)
	}
	all, err := Types()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(SummaryFile)
	if err != nil {
		t.Fatal(err)
	}
	want := Summary(pin, TypesFile, types, all)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s; refresh it (-want +got):\n%s", SummaryFile, diff)
	}
}

func TestChanges(t *testing.T) {
	named := func(names ...string) (all []*model.Type) {
		for _, name := range names {
			all = append(all, &model.Type{Name: name})
		}
		return all
	}
	want := []string{"- AWS::A::Gone", "+ AWS::A::New"}
	got := Changes(named("AWS::A::Gone", "AWS::A::Same"), named("AWS::A::New", "AWS::A::Same"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
