// Package tables writes the data file of package schema: everything that is
// known of the resource types, laid out so that one type can be read without
// touching the others, in place and without unpacking.
//
// The file is a magic word, the lengths of four sections, and the sections.
// Whole numbers are varints (encoding/binary, unsigned) unless said otherwise.
//
//	index    for each type, by name: two 32-bit little-endian offsets, of
//	         its name in strings and of its record in records
//	strings  each string once, its length first; the frequent ones come
//	         first, since their offsets are shorter
//	bodies   each list of strings and each list of properties once
//	records  what is known of each type
//
// A string, a list or a body is written as its offset in its section.
// Package schema reads this format; the two change together.
package tables

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// Magic begins the file. Its last character is the version of the format.
const Magic = "updraft1"

// Encode returns the data file for types. source names where they come from.
func Encode(source string, types []*model.Type) []byte {
	types = slices.Clone(types)
	slices.SortFunc(types, func(a, b *model.Type) int { return cmp.Compare(a.Name, b.Name) })

	count := newEncoder()
	count.encode(types)
	count.uses[source]++

	e := newEncoder()
	e.layOut(count.uses)
	index, records := e.encode(types)

	out := []byte(Magic)
	for _, n := range []int{e.offset(source), len(index), len(e.strings), len(e.bodies), len(records)} {
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
	return slices.Concat(out, index, e.strings, e.bodies, records)
}

// encoder writes the sections. The first run counts how often each string is
// used; the second writes.
type encoder struct {
	uses    map[string]int
	offsets map[string]int // of strings
	strings []byte
	bodies  []byte
	seen    map[string]int // offsets of bodies, by content
}

func newEncoder() *encoder {
	return &encoder{uses: map[string]int{}, offsets: map[string]int{}, seen: map[string]int{}}
}

// layOut writes the strings, the most used ones first.
func (e *encoder) layOut(uses map[string]int) {
	order := slices.SortedFunc(maps.Keys(uses), func(a, b string) int {
		return cmp.Or(cmp.Compare(uses[b], uses[a]), cmp.Compare(a, b))
	})
	for _, s := range order {
		e.offsets[s] = len(e.strings)
		e.strings = binary.AppendUvarint(e.strings, uint64(len(s)))
		e.strings = append(e.strings, s...)
	}
}

func (e *encoder) offset(s string) int { return e.offsets[s] }

func (e *encoder) encode(types []*model.Type) (index, records []byte) {
	for _, t := range types {
		e.uses[t.Name]++
		index = binary.LittleEndian.AppendUint32(index, uint32(e.offset(t.Name)))
		index = binary.LittleEndian.AppendUint32(index, uint32(len(records)))
		records = e.record(records, t)
	}
	return index, records
}

func (e *encoder) string(dst []byte, s string) []byte {
	e.uses[s]++
	return binary.AppendUvarint(dst, uint64(e.offset(s)))
}

func (e *encoder) list(dst []byte, list []string) []byte {
	body := binary.AppendUvarint(nil, uint64(len(list)))
	for _, s := range list {
		body = e.string(body, s)
	}
	return e.body(dst, body)
}

// body writes the offset of a body, which it adds unless its like is there.
func (e *encoder) body(dst, body []byte) []byte {
	at, ok := e.seen[string(body)]
	if !ok {
		at = len(e.bodies)
		e.seen[string(body)] = at
		e.bodies = append(e.bodies, body...)
	}
	return binary.AppendUvarint(dst, uint64(at))
}
