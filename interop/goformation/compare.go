package goformation

import (
	"math/big"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// compare finds what goformation writes otherwise than it was. A scalar may be spelled otherwise.
func (e *encoder) compare(want, got *tree.Node, path string) {
	if strings.HasSuffix(path, ".DependsOn") && want.Is(tree.String) {
		want = tree.ListOf(want)
	}
	switch {
	case want.Kind == tree.Map && got.Is(tree.Map):
		e.compareMembers(want, got, path)
	case want.Kind == tree.List && got.Is(tree.List) && len(want.List) == len(got.List):
		for i := range want.List {
			e.compare(want.List[i], got.List[i], element(path, i))
		}
	case !sameScalar(want, got):
		e.add(path, "keep it out of goformation", "goformation writes %s for %s", got.JSON(), want.JSON())
	}
}

func (e *encoder) compareMembers(want, got *tree.Node, path string) {
	for _, m := range want.Map {
		at, v := below(path, m.Key), got.Get(m.Key)
		switch {
		case v != nil:
			e.compare(m.Value, v, at)
		case path != "" || m.Value.Kind != tree.Map || len(m.Value.Map) > 0: // a section may be empty
			e.add(at, "keep it out of goformation", "goformation drops %s", m.Value.JSON())
		}
	}
	for _, m := range got.Map {
		switch {
		case want.Get(m.Key) != nil || added(m, path):
		case m.Key == "Properties" && m.Value.Kind == tree.Map:
			e.compareMembers(tree.Object(), m.Value, below(path, m.Key))
		default:
			e.add(below(path, m.Key), "set it", "it is required and not there; goformation writes %s", m.Value.JSON())
		}
	}
}

// added reports whether a member means nothing: the empty Properties of a resource, the empty Version
// of a custom one.
func added(m tree.Member, path string) bool {
	section, name, _ := strings.Cut(path, ".")
	if section != "Resources" || name == "" || strings.Contains(name, ".") {
		return false
	}
	empty := m.Value.Kind == tree.Null || m.Value.Kind == tree.Map && len(m.Value.Map) == 0
	return m.Key == "Properties" && empty || m.Key == "Version" && m.Value.Is(tree.String) && m.Value.Text == ""
}

// sameScalar compares scalars as CloudFormation does: by their text, numbers by their value.
func sameScalar(a, b *tree.Node) bool {
	x, okA := a.Scalar()
	y, okB := b.Scalar()
	if !okA || !okB {
		return false
	}
	if x == y {
		return true
	}
	if !a.Is(tree.Number) || !b.Is(tree.Number) || len(x)+len(y) > 100 {
		return false
	}
	m, _, errA := big.ParseFloat(x, 10, 256, big.ToNearestEven)
	n, _, errB := big.ParseFloat(y, 10, 256, big.ToNearestEven)
	return errA == nil && errB == nil && m.Cmp(n) == 0
}
