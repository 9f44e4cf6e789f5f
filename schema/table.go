package schema

import (
	_ "embed"
	"encoding/binary"
	"sync"
	"sync/atomic"
)

// embedded is the table that cfngen writes; its package tables says how it is laid out. It is a
// string so that the texts in it need no copy.
//
//go:embed types.bin
var embedded string

// types is the table, cut into its sections.
type types struct {
	source                          string
	index, strings, bodies, records string
	decoded                         []atomic.Pointer[Type]
	patterns                        sync.Map // *regexp.Regexp by its text: compiling one takes longer than most checks
}

// table returns the table; cutting it takes no more than a few slices.
var table = sync.OnceValue(func() *types {
	const magic = "updraft1"
	head := cursor{data: embedded[len(magic):]}
	source := head.fixed()
	lengths := [4]int{head.fixed(), head.fixed(), head.fixed(), head.fixed()}
	rest := embedded[len(magic)+head.at:]
	cut := func(n int) (section string) {
		section, rest = rest[:n], rest[n:]
		return section
	}
	t := &types{index: cut(lengths[0]), strings: cut(lengths[1]), bodies: cut(lengths[2]), records: cut(lengths[3])}
	t.source = t.string(source)
	t.decoded = make([]atomic.Pointer[Type], t.len())
	return t
})

// entrySize is the size of an entry of the index: two offsets.
const entrySize = 8

func (t *types) len() int { return len(t.index) / entrySize }

// name returns the name of type i, without decoding it.
func (t *types) name(i int) string {
	entry := cursor{data: t.index, at: i * entrySize}
	return t.string(entry.fixed())
}

// at returns type i, and decodes it the first time. Two goroutines may decode a type at once; all
// get the one that was stored first.
func (t *types) at(i int) *Type {
	if got := t.decoded[i].Load(); got != nil {
		return got
	}
	t.decoded[i].CompareAndSwap(nil, t.decode(i))
	return t.decoded[i].Load()
}

// string returns the text at an offset of the section strings.
func (t *types) string(at int) string {
	c := cursor{data: t.strings, at: at}
	n := c.number()
	return c.data[c.at : c.at+n]
}

// cursor reads numbers from a section.
type cursor struct {
	data string
	at   int
}

// number reads a varint.
func (c *cursor) number() int {
	n, shift := 0, 0
	for {
		b := c.byte()
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
		shift += 7
	}
}

func (c *cursor) byte() byte {
	c.at++
	return c.data[c.at-1]
}

// fixed reads a number of four bytes.
func (c *cursor) fixed() int {
	c.at += 4
	return int(binary.LittleEndian.Uint32([]byte(c.data[c.at-4 : c.at])))
}
