package stack

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// An indenter puts white space into compact JSON: a line for each member and each element, two spaces for
// each level, and no more than for 31 of them. An empty object or list stays on its line.
//
// It takes a template part by part, so that each is still near when it is indented; copies strings by words
// of eight bytes; and begins each line with all the spaces that there may be, of which the next token
// overwrites what is too much. That is two and a half times as fast as to append token by token.
type indenter struct {
	out   []byte
	depth int
}

// write appends a part of a document. A part may end after any token but an opening brace or bracket. What
// is not JSON comes out as something that is none, either.
func (in *indenter) write(part []byte) {
	out, n, depth, end := in.out[:cap(in.out)], len(in.out), in.depth, len(part)
	part = slices.Grow(part, 2*wordLen)[:end+2*wordLen] // to look ahead
	for i := 0; i < end; {
		if len(out)-n < room {
			out = enlarge(out, n)
		}
		c := part[i]
		out[n] = c
		i++
		n++
		switch c {
		case '"':
			for i < end {
				if len(out)-n < room {
					out = enlarge(out, n)
				}
				word := binary.LittleEndian.Uint64(part[i:])
				binary.LittleEndian.PutUint64(out[n:], word)
				special := specials(word)
				if special == 0 {
					i += wordLen
					n += wordLen
					continue
				}
				size := bits.TrailingZeros64(special)/8 + 1
				i += size
				n += size
				if part[i-1] == '"' {
					break
				}
				out[n] = part[i] // what the backslash escapes
				i++
				n++
			}
			if part[i] == ':' && i < end {
				out[n], out[n+1] = ':', ' '
				i++
				n += 2
			}
		case ',':
			n = newLine(out, n, depth)
		case '{', '[':
			if closing := c + 2; part[i] == closing { // in ASCII it comes two after the opening one
				out[n] = closing
				i++
				n++
				continue
			}
			depth++
			n = newLine(out, n, depth)
		case '}', ']':
			depth--
			n = newLine(out, n-1, depth)
			out[n] = c
			n++
		}
	}
	in.out, in.depth = out[:n], depth
}

// newLine begins a line at out[n], and returns where it goes on.
func newLine(out []byte, n, depth int) int {
	*(*[len(line)]byte)(out[n:]) = blank
	return n + 1 + 2*max(0, min(depth, deepest))
}

const (
	line    = "\n                                                              "
	deepest = len(line) / 2
	wordLen = 8
	room    = len(line) + 2*wordLen      // what a token takes at most, or a word of a string and what follows
	ones    = uint64(0x0101010101010101) // times a byte: a word of that byte
)

var blank = [len(line)]byte([]byte(line))

// specials has the top bit of the first byte of word set that is a quote or a backslash, and perhaps those of
// later bytes. It is 0 if there is none.
func specials(word uint64) uint64 {
	quotes, backslashes := word^(ones*'"'), word^(ones*'\\') // 0 where there is one
	return ((quotes-ones)&^quotes | (backslashes-ones)&^backslashes) & (ones * 0x80)
}

// enlarge makes room after the first n bytes of out.
func enlarge(out []byte, n int) []byte {
	out = slices.Grow(out[:n], n+room)
	return out[:cap(out)]
}
