package stack

import "bytes"

// newlines begins with a new line, and goes on with more spaces than most lines are indented by.
const newlines = "\n                                                                                "

// appendIndented appends compact JSON with white space in it: two spaces a level. An empty object
// or list stays on its line.
func appendIndented(dst, src []byte) []byte {
	depth := 0
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '"':
			end := stringEnd(src, i)
			dst = append(dst, src[i:end]...)
			i = end - 1
		case '{', '[':
			dst = append(dst, c)
			if src[i+1] == c+2 {
				dst = append(dst, c+2)
				i++
				continue
			}
			depth++
			dst = appendLine(dst, depth)
		case '}', ']':
			depth--
			dst = append(appendLine(dst, depth), c)
		case ',':
			dst = appendLine(append(dst, c), depth)
		case ':':
			dst = append(dst, c, ' ')
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '\n')
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
