package goimport

import (
	"strconv"
	"strings"
)

// variable is a reference to a variable of the program; it gets its name when the program is
// rendered, for the variable may become a field.
func variable(name string) string { return "\x01" + name + "\x02" }

// quote is a text as a Go literal: between backquotes where that reads better.
func quote(s string) string {
	quoted := strconv.Quote(s)
	if plainRaw(s) && (strings.Count(quoted, `\"`) > 1 || strings.Count(quoted, `\\`) > 2 || manyLines(s)) {
		return "`" + s + "`"
	}
	return quoted
}

// manyLines says whether a text has lines enough to be laid out as such.
func manyLines(s string) bool {
	return strings.Count(strings.TrimSuffix(s, "\n"), "\n") > 0 && len(s) > 40
}

// plainRaw says whether a text can stand between backquotes, and looks there as it is.
func plainRaw(s string) bool {
	for _, r := range s {
		if r == '`' || r == '\uFEFF' || r == '\uFFFD' || r != '\n' && r != '\t' && !strconv.IsPrint(r) {
			return false
		}
	}
	return true
}

// longText is how many lines a text may have within a function.
const longText = 10

// constant is a long text that is declared beside the function.
type constant struct{ name, text string }

// text is a literal text. A long one becomes a constant that is named for where it stands.
func (im *importer) text(s string) *code {
	if strings.Count(s, "\n") < longText {
		return leaf(quote(s), goType{})
	}
	for _, c := range im.constants {
		if c.text == s {
			return leaf(c.name, goType{})
		}
	}
	name := im.names.pick(im.prefix() + im.subject + "Text")
	im.constants = append(im.constants, constant{name, s})
	return leaf(name, goType{})
}

// value is the text as the value of its constant: between backquotes, or line by line.
func (c constant) value() string {
	if plainRaw(c.text) {
		return "`" + c.text + "`"
	}
	var lines []string
	for line := range strings.Lines(c.text) {
		lines = append(lines, strconv.Quote(line))
	}
	return strings.Join(lines, " +\n\t")
}
