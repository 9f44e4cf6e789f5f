package stack

import "bytes"

// newlines begins with a new line, and goes on with more spaces than most lines are indented by.
const newlines = "\n                                                                                "

// appendIndented appends compact JSON with white space in it: two spaces a level. An empty object
// or list stays on its line.
func appendIndented(dst, src []byte) []byte {
	depth, done := 0, 0 // src[:done] is in dst
	for i := 0; i < len(src); i++ {
		end := i + 1
		switch c := src[i]; c {
		case '"':
			i = stringEnd(src, i) - 1
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
		case ',':
		case ':':
			dst = append(append(dst, src[done:end]...), ' ')
			done = end
			continue
		default:
			continue
		}
		dst = appendLine(append(dst, src[done:end]...), depth)
		done = end
	}
	return append(append(dst, src[done:]...), '\n')
}

// appendLine begins a line of a depth.
func appendLine(dst []byte, depth int) []byte {
	if 2*depth < len(newlines) {
		return append(dst, newlines[:1+2*depth]...)
	}
	return append(append(dst, '\n'), bytes.Repeat([]byte("  "), depth)...)
}

// stringEnd returns the index after the string that begins at i.
func stringEnd(src []byte, i int) int {
	for i++; src[i] != '"'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i + 1
}
