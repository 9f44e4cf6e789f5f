package tables_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/cfngen/data"
	"github.com/updraft-go/updraft/internal/cfngen/model"
	"github.com/updraft-go/updraft/internal/cfngen/overlay"
	"github.com/updraft-go/updraft/internal/cfngen/tables"
	"github.com/updraft-go/updraft/schema"
)

// TestSchemaReadsWhatWasWritten holds the two sides of the format together: it
// compares every type that package schema decodes with the facts.
func TestSchemaReadsWhatWasWritten(t *testing.T) {
	for _, want := range facts(t) {
		got, ok := schema.Lookup(want.Name)
		if !ok {
			t.Errorf("%s: not in the table", want.Name)
			continue
		}
		if diff := cmp.Diff(fromModel(want), fromSchema(got)); diff != "" {
			t.Errorf("%s (-facts +table):\n%s", want.Name, diff)
		}
		if got.ManualURL() != want.ManualURL() {
			t.Errorf("%s: two manual pages, %s and %s", want.Name, got.ManualURL(), want.ManualURL())
		}
	}
}

func TestEncodeIsTheSameEachTime(t *testing.T) {
	types := facts(t)
	reversed := slices.Clone(types)
	slices.Reverse(reversed)
	if !bytes.Equal(tables.Encode("x", types), tables.Encode("x", reversed)) {
		t.Error("the order of the types changes the table")
	}
}

func facts(t *testing.T) []*model.Type {
	t.Helper()
	types, err := data.Types()
	if err != nil {
		t.Fatal(err)
	}
	facts, err := overlay.Read()
	if err != nil {
		t.Fatal(err)
	}
	if err := overlay.Apply(types, facts); err != nil {
		t.Fatal(err)
	}
	for _, typ := range types {
		typ.Complete()
	}
	return types
}

// fromModel and fromSchema write the two forms of a type as the same lines.
func fromModel(t *model.Type) []string {
	lines := []string{fmt.Sprint(t.Identifier, t.Arn, t.TagProperty, t.TagShape, t.Stateful, t.Transform, t.Deprecated, t.DeleteFirst, t.PhysicalID)}
	if t.Ref != nil {
		lines = append(lines, fmt.Sprint("ref ", t.Ref.Names, t.Ref.Separator, t.Ref.Guess))
	}
	if t.NameRule != nil {
		lines = append(lines, fmt.Sprint("name ", *t.NameRule))
	}
	add := func(owner string, props model.Properties) {
		for name, p := range props {
			lines = append(lines, fmt.Sprint(owner, ".", name, " ", p.Type, p.Required, p.Replacement, p.Enum, p.Pattern,
				deref(p.MinLength), deref(p.MaxLength), deref(p.Minimum), deref(p.Maximum), string(p.Default), p.Targets, p.Deprecated))
		}
	}
	add("", t.Properties)
	for name, def := range t.Definitions {
		lines = append(lines, "definition "+name)
		add(name, def)
	}
	for name, a := range t.Attributes {
		lines = append(lines, fmt.Sprint("attribute ", name, a.Type, a.Shape))
	}
	slices.Sort(lines)
	return lines
}

func fromSchema(t *schema.Type) []string {
	lines := []string{fmt.Sprint(t.PrimaryIdentifier, t.Arn, t.TagProperty, t.TagShape, t.Stateful, t.Transform, t.Deprecated, t.DeleteFirst, t.PhysicalID)}
	if t.Ref.Kind != schema.RefPhysicalID {
		lines = append(lines, fmt.Sprint("ref ", t.Ref.Names, t.Ref.Separator, t.Ref.Guess))
	}
	if t.NameRule.Shape != "" {
		lines = append(lines, fmt.Sprint("name ", t.NameRule))
	}
	add := func(owner string, props []schema.Property) {
		for _, p := range props {
			replacement := strings.TrimPrefix(p.Replacement.String(), "no")
			targets := []string{}
			for _, target := range p.Targets {
				targets = append(targets, target.Type+"."+target.Attribute)
			}
			lines = append(lines, fmt.Sprint(owner, ".", p.Name, " ", exprOf(p.Type), p.Required, replacement, p.Enum, p.Pattern,
				deref(p.MinLength), deref(p.MaxLength), deref(p.Minimum), deref(p.Maximum), p.Default, targets, p.Deprecated))
		}
	}
	add("", t.Properties)
	for _, def := range t.Definitions {
		lines = append(lines, "definition "+def.Name)
		add(def.Name, def.Properties)
	}
	for _, a := range t.Attributes {
		lines = append(lines, fmt.Sprint("attribute ", a.Name, exprOf(a.Type), a.Shape))
	}
	slices.Sort(lines)
	return lines
}

func deref[T any](p *T) any {
	if p == nil {
		return "none"
	}
	return *p
}

func exprOf(t schema.TypeRef) model.Expr {
	e := model.Expr{Kind: model.Kind(strings.ToLower(t.Kind.String())), Name: t.Ref}
	if t.Elem != nil {
		elem := exprOf(*t.Elem)
		e.Elem = &elem
	}
	for _, arm := range t.Arms {
		e.Arms = append(e.Arms, exprOf(arm))
	}
	return e
}
