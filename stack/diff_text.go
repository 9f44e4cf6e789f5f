package stack

import (
	"strings"
	"unicode/utf8"
)

// String returns the changes for people to read, without colour.
func (cs Changes) String() string { return cs.Text(false) }

// Text returns the changes for people to read: each resource with what becomes of it, and each
// value below it. colour adds the escape sequences of terminals. No changes give "".
func (cs Changes) Text(colour bool) string {
	p := printer{colour: colour}
	last := ""
	for _, c := range cs {
		path := c.Path
		if c.LogicalID != "" {
			if c.LogicalID != last {
				p.resource(c, cs.Effect(c.LogicalID))
				last = c.LogicalID
			}
			path = strings.TrimPrefix(strings.TrimPrefix(c.Path, "Resources."+c.LogicalID), ".")
			if path == "" {
				continue
			}
			p.b.WriteString("    ")
		} else {
			last = ""
		}
		p.change(c, path)
	}
	return p.b.String()
}

// printer writes lines, coloured or not.
type printer struct {
	b      strings.Builder
	colour bool
}

// mark returns what a line begins with, and its colour.
func (k ChangeKind) mark() (sign, colour string) {
	switch k {
	case Added:
		return "+ ", "\x1b[32m"
	case Removed:
		return "- ", "\x1b[31m"
	}
	return "~ ", "\x1b[33m"
}

func (p *printer) line(kind ChangeKind, text string) {
	sign, colour := kind.mark()
	text = strings.Map(visible, text)
	if p.colour {
		sign, text = colour+sign, text+"\x1b[0m"
	}
	p.b.WriteString(sign + text + "\n")
}

// visible keeps what a template holds from controlling a terminal.
func visible(r rune) rune {
	if r < ' ' || r == 0x7f {
		return utf8.RuneError
	}
	return r
}

func (p *printer) resource(c Change, effect Effect) {
	kind := Modified
	if c.Path == "Resources."+c.LogicalID {
		kind = c.Kind
	}
	text := c.LogicalID
	if c.Type != "" {
		text += " (" + c.Type + ")"
	}
	p.line(kind, text+": "+effect.String())
}

func (p *printer) change(c Change, path string) {
	text := path + ": "
	switch c.Kind {
	case Modified:
		text += shorten(c.Before) + " -> " + shorten(c.After)
	case Added:
		text += shorten(c.After)
	case Removed:
		text += shorten(c.Before)
	}
	if c.Effect > UpdatesInPlace && strings.Contains(c.Path, ".Properties.") {
		text += " (" + c.Effect.String() + ")"
	}
	p.line(c.Kind, text)
}

// maxShown is how much of a value a line shows.
const maxShown = 80

func shorten(json string) string {
	if len(json) <= maxShown {
		return json
	}
	end := maxShown
	for !utf8.RuneStart(json[end]) {
		end--
	}
	return json[:end] + "..."
}
