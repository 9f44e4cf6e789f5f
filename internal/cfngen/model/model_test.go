package model

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestExprText(t *testing.T) {
	for _, text := range []string{"string", "#Name", "[]#Name", "{}[]integer", "(json|string)", "[](#A|[](boolean|number))", "timestamp", "tag"} {
		var e Expr
		if err := e.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := e.String(); got != text {
			t.Errorf("%s came back as %s", text, got)
		}
	}
	for _, text := range []string{"", "text", "#", "[]", "(string", "(string|", "string)", "string|json", "()"} {
		var e Expr
		if err := e.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: no error, but %s", text, e)
		}
	}
}

func TestWriteSortsAndReadReadsBack(t *testing.T) {
	a := &Type{Name: "AWS::T::A", Properties: Properties{"P": {Type: Expr{Kind: String}, Enum: []string{"<"}}}}
	b := &Type{Name: "AWS::T::B", Stateful: true}
	var one, two bytes.Buffer
	if err := Write(&one, []*Type{a, b}); err != nil {
		t.Fatal(err)
	}
	if err := Write(&two, []*Type{b, a}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the order of the types changes the file")
	}
	got, err := Read(one.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*Type{a, b}, got); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if _, err := Read([]byte("not gzip")); err == nil {
		t.Error("a file that is not gzip: no error")
	}
}

func TestPruneDropsWhatNothingLeadsTo(t *testing.T) {
	object := func(name string) Expr { return Expr{Kind: Object, Name: name} }
	self := object("Self")
	typ := &Type{
		Properties: Properties{"P": {Type: Expr{Kind: List, Elem: &self}}},
		Attributes: map[string]*Attribute{"A": {Type: object("OfAttribute")}},
		Definitions: map[string]Properties{
			"Self":        {"S": {Type: self}, "N": {Type: Expr{Kind: Union, Arms: []Expr{object("Nested"), {Kind: JSON}}}}},
			"Nested":      {},
			"OfAttribute": {},
			"Unused":      {"N": {Type: object("Nested")}},
		},
	}
	typ.Prune()
	got := typ.Reachable(true)
	if diff := cmp.Diff(map[string]bool{"Self": true, "Nested": true, "OfAttribute": true}, got); diff != "" || len(typ.Definitions) != 3 {
		t.Errorf("%d definitions, reachable (-want +got):\n%s", len(typ.Definitions), diff)
	}
	if typ.Reachable(false)["OfAttribute"] {
		t.Error("a definition that only an attribute has is reachable from the properties")
	}
}

func TestCompleteFillsRef(t *testing.T) {
	for _, test := range []struct{ in, want Type }{
		{Type{}, Type{}},
		{Type{Identifier: []string{"A"}}, Type{Ref: &Ref{Names: []string{"A"}}}},
		{Type{Identifier: []string{"A", "B"}}, Type{Ref: &Ref{Names: []string{"A", "B"}, Separator: "|", Guess: true}}},
		{Type{Identifier: []string{"A", "B"}, Ref: &Ref{Names: []string{"B"}}}, Type{Ref: &Ref{Names: []string{"B"}}}},
		{Type{Identifier: []string{"A"}, Ref: &Ref{}}, Type{}},
	} {
		test.in.Complete()
		if diff := cmp.Diff(test.want.Ref, test.in.Ref); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.in.Identifier, diff)
		}
	}
}

func TestCompleteFillsThePhysicalID(t *testing.T) {
	required := &Property{Required: true}
	for want, typ := range map[string]Type{
		"${A}":      {Identifier: []string{"A"}, Properties: Properties{"A": required}},
		"${A}|${B}": {Identifier: []string{"A", "B"}, Properties: Properties{"A": required, "B": required}},
		"said":      {Identifier: []string{"A"}, Properties: Properties{"A": required}, PhysicalID: "said"},
		"":          {Identifier: []string{"A", "B"}, Properties: Properties{"A": required, "B": {}}},
	} {
		if typ.Complete(); typ.PhysicalID != want {
			t.Errorf("%v: physical ID %q, want %q", typ.Identifier, typ.PhysicalID, want)
		}
	}
}
