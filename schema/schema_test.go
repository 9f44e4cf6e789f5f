package schema

import (
	"slices"
	"sync"
	"testing"
)

func TestAllTypesDecode(t *testing.T) {
	names := slices.Collect(Types())
	if len(names) != 1828 || !slices.IsSorted(names) {
		t.Fatalf("%d types, sorted: %v; want 1828, sorted", len(names), slices.IsSorted(names))
	}
	for _, name := range names {
		typ, ok := Lookup(name)
		if !ok || typ.Name != name {
			t.Errorf("%s: not found by its own name", name)
			continue
		}
		checkProperties(t, typ, "", typ.Properties)
		for _, def := range typ.Definitions {
			checkProperties(t, typ, def.Name+".", def.Properties)
		}
		for _, a := range typ.Attributes {
			checkTypeRef(t, typ, a.Name, a.Type)
		}
	}
}

func checkProperties(t *testing.T, typ *Type, at string, props []Property) {
	t.Helper()
	if !slices.IsSortedFunc(props, func(a, b Property) int { return compare(a.Name, b.Name) }) {
		t.Errorf("%s %s: properties are not sorted", typ.Name, at)
	}
	for _, p := range props {
		checkTypeRef(t, typ, at+p.Name, p.Type)
	}
}

func compare(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func checkTypeRef(t *testing.T, typ *Type, at string, ref TypeRef) {
	t.Helper()
	switch ref.Kind {
	case Object:
		if _, ok := typ.Definition(ref.Ref); !ok {
			t.Errorf("%s %s: the definition %s does not exist", typ.Name, at, ref.Ref)
		}
	case List, Map:
		checkTypeRef(t, typ, at, *ref.Elem)
	case Union:
		for _, arm := range ref.Arms {
			checkTypeRef(t, typ, at, arm)
		}
	default:
		if ref.Kind.String() == "unknown" {
			t.Errorf("%s %s: kind %d", typ.Name, at, ref.Kind)
		}
	}
}

func TestLookupMisses(t *testing.T) {
	for _, name := range []string{"", "AWS::SQS", "AWS::SQS::Queu", "AWS::SQS::Queues", "Custom::Thing", "zz"} {
		if got, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) = %s, want nothing", name, got.Name)
		}
	}
}

func TestLookupIsSafeForConcurrentUse(t *testing.T) {
	var group sync.WaitGroup
	got := make([]*Type, 8)
	for i := range got {
		group.Go(func() { got[i], _ = Lookup("AWS::QuickSight::Template") })
	}
	group.Wait()
	for _, typ := range got {
		if typ != got[0] || typ == nil {
			t.Fatal("two callers got two values of one type")
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	for b.Loop() {
		if _, ok := Lookup("AWS::ECS::Service"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkFirstLookup(b *testing.B) {
	for _, name := range []string{"AWS::SQS::Queue", "AWS::ECS::Service", "AWS::QuickSight::Dashboard"} {
		b.Run(name, func(b *testing.B) {
			all := table()
			i := slices.Index(slices.Collect(Types()), name)
			for b.Loop() {
				all.decode(i)
			}
		})
	}
}
