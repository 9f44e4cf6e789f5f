package stack

// spaces are more than any line is usually indented by.
const spaces = "                                                                                "

// A cut is a place in compact JSON after which white space goes: a new line and depth levels of two
// spaces, or one space if depth is negative.
type cut struct{ end, depth int32 }

// indent puts white space into compact JSON. An empty object or list stays on its line. cuts is
// memory to work in; it is returned for the next time.
func indent(src []byte, cuts []cut) ([]byte, []cut) {
	cuts, size := findCuts(src, cuts[:0])
	out := make([]byte, 0, size)
	start := int32(0)
	for _, c := range cuts {
		out = append(out, src[start:c.end]...)
		start = c.end
		if c.depth < 0 {
			out = append(out, ' ')
			continue
		}
		out = append(out, '\n')
		for n := 2 * int(c.depth); n > 0; n -= len(spaces) {
			out = append(out, spaces[:min(n, len(spaces))]...)
		}
	}
	return append(append(out, src[start:]...), '\n'), cuts
}

// findCuts returns the places for white space, and how long the result will be.
func findCuts(src []byte, cuts []cut) ([]cut, int) {
	size, depth := len(src)+1, int32(0)
	for i := 0; i < len(src); i++ {
		end := i + 1
		switch c := src[i]; c {
		case '"':
			for i++; src[i] != '"'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
			continue
		case '{', '[':
			if src[i+1] == c+2 {
				i++
				continue
			}
			depth++
		case '}', ']':
			depth--
			end = i
		case ':':
			cuts = append(cuts, cut{int32(end), -1})
			size++
			continue
		case ',':
		default:
			continue
		}
		cuts = append(cuts, cut{int32(end), depth})
		size += 1 + 2*int(depth)
	}
	return cuts, size
}
