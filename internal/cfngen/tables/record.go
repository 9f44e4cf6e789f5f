package tables

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// The flags of a type.
const (
	stateful = 1 << iota
	deleteFirst
	refGuess
	hasRef
	hasNameRule
	lowerName
)

// record writes one type.
func (e *encoder) record(dst []byte, t *model.Type) []byte {
	flags := flag(stateful, t.Stateful) | flag(deleteFirst, t.DeleteFirst) |
		flag(hasRef, t.Ref != nil) | flag(hasNameRule, t.NameRule != nil)
	if t.Ref != nil {
		flags |= flag(refGuess, t.Ref.Guess)
	}
	if t.NameRule != nil {
		flags |= flag(lowerName, t.NameRule.Lower)
	}
	dst = append(dst, flags)
	for _, s := range []string{t.Arn, t.TagProperty, t.TagShape, t.Transform, t.Deprecated, t.PhysicalID} {
		dst = e.string(dst, s)
	}
	dst = e.list(dst, t.Identifier)
	if t.Ref != nil {
		dst = e.list(dst, t.Ref.Names)
		dst = e.string(dst, t.Ref.Separator)
	}
	if rule := t.NameRule; rule != nil {
		dst = e.string(dst, rule.Property)
		dst = e.string(dst, rule.Shape)
		dst = binary.AppendUvarint(dst, uint64(rule.Max))
	}
	dst = e.properties(dst, t.Properties)
	dst = binary.AppendUvarint(dst, uint64(len(t.Definitions)))
	for _, name := range sortedKeys(t.Definitions) {
		dst = e.string(dst, name)
		dst = e.properties(dst, t.Definitions[name])
	}
	dst = binary.AppendUvarint(dst, uint64(len(t.Attributes)))
	for _, name := range sortedKeys(t.Attributes) {
		dst = e.string(dst, name)
		dst = e.expr(dst, t.Attributes[name].Type)
		dst = e.string(dst, t.Attributes[name].Shape)
	}
	return dst
}

func flag(bit byte, set bool) byte {
	if set {
		return bit
	}
	return 0
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
