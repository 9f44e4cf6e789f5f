package goimport

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// lineWidth is how long a line may become before its value is laid out over several.
const lineWidth = 132

// tabWidth is how wide a level of indentation counts.
const tabWidth = 4

// code is a Go expression that is laid out when the program is rendered: a leaf, which is just
// text, or text, items and a closing bracket.
type code struct {
	text   string
	items  []item
	close  string // "" for a leaf
	layout layout
	typ    goType // the type that the expression has by itself; none for nil and untyped constants
	want   goType // the type of its place
	bound  bool   // it is a parameter of the function around it
	short  string // of a named constant: its value, which stands for it where the name would break a line
}

// item is a field, element, or argument.
type item struct {
	key     string // with its colon and space, or ""
	value   *code
	comment string // stands on the line before
}

// layout says how items are broken that do not fit on one line.
type layout int

const (
	listed  layout = iota // one on a line
	inline                // go on, and break inside the items: calls
	closure               // the body of a function, on lines of its own
	wrapped               // as many on a line as fit, the bracket behind the last: calls of leaves
	filled                // as many on a line as fit, a line ends after text that ends in a newline
)

// leaf is an expression that is just text. typ is its own type, or none.
func leaf(text string, typ goType) *code { return &code{text: text, typ: typ} }

// call is the call of a function.
func call(function string, typ goType, args ...*code) *code {
	c := &code{text: function + "(", close: ")", layout: inline, typ: typ}
	for _, a := range args {
		c.items = append(c.items, item{value: a})
	}
	return c
}

// literal is a composite literal of the type typ; its items are added by the caller.
func literal(typ goType) *code {
	return &code{text: typ.literalName() + "{", close: "}", typ: typ}
}

// elided is c without the type before its brace, as an element of a literal that says the type.
func (c *code) elided() *code {
	if c.close != "}" {
		return c
	}
	e := *c
	e.text = "{"
	return &e
}

// flat is c on one line; ok is false if it cannot be on one.
func (c *code) flat() (text string, ok bool) { return c.line(false) }

// line is c on one line, with the values of named constants if short is true.
func (c *code) line(short bool) (text string, ok bool) {
	if c.layout == closure {
		return "", false
	}
	if c.close == "" && short && c.short != "" {
		return c.short, true
	}
	if c.close == "" {
		return c.text, !strings.Contains(c.text, "\n")
	}
	var b strings.Builder
	b.WriteString(c.text)
	for i, it := range c.items {
		if it.comment != "" {
			return "", false
		}
		if i > 0 {
			b.WriteString(", ")
		}
		s, ok := it.value.line(short)
		if !ok {
			return "", false
		}
		b.WriteString(it.key)
		b.WriteString(s)
	}
	b.WriteString(c.close)
	return b.String(), true
}

// walk calls f with c and all that is in it.
func (c *code) walk(f func(*code)) {
	f(c)
	for _, it := range c.items {
		it.value.walk(f)
	}
}

// breakable says whether something in c can be laid out over several lines.
func (c *code) breakable() bool {
	if c.close == "" {
		return strings.Contains(c.text, "\n")
	}
	if len(c.items) > 0 && (c.close == "}" || c.layout != inline && c.layout != wrapped) {
		return true
	}
	return slices.ContainsFunc(c.items, func(it item) bool { return it.value.breakable() })
}

// printer lays code out. It resolves the references to variables.
type printer struct {
	b       strings.Builder
	column  int
	level   int
	resolve *strings.Replacer
}

func (p *printer) write(s string) {
	if p.resolve != nil {
		s = p.resolve.Replace(s)
	}
	p.b.WriteString(s)
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		p.column = 0
		s = s[i+1:]
	}
	p.column += utf8.RuneCountInString(s)
}

func (p *printer) newline() {
	p.b.WriteByte('\n')
	p.b.WriteString(strings.Repeat("\t", p.level))
	p.column = p.level * tabWidth
}

// fits says whether c, and after characters that follow it, fit on the line; flat is how it stands.
func (p *printer) fits(c *code, after int) (flat string, ok bool) {
	for _, short := range []bool{false, true} {
		if flat, ok = c.line(short); !ok {
			return "", false
		}
		width := flat
		if p.resolve != nil {
			width = p.resolve.Replace(flat)
		}
		if p.column+utf8.RuneCountInString(width)+after <= lineWidth {
			return flat, true
		}
		if c.close == "" {
			break // a constant on a line of its own keeps its name
		}
	}
	return flat, false
}

// print writes c. after is how many characters will follow on its last line.
func (p *printer) print(c *code, after int) {
	if flat, ok := p.fits(c, after); ok || c.close == "" || len(c.items) == 0 {
		if c.close == "" {
			flat = c.text
		}
		if flat == "" {
			flat = c.text + c.close
		}
		p.write(flat)
		return
	}
	p.write(c.text)
	switch {
	case c.layout == closure:
		p.closure(c)
	case c.layout == wrapped, c.layout == inline && !c.breakable():
		p.wrapped(c)
	case c.layout == inline:
		p.inline(c, after)
	case c.layout == filled:
		p.filled(c)
	case c.typ.kind == dict && p.oneLine(c):
	case len(c.items) == 1 && c.items[0].key == "" && c.items[0].comment == "" && c.items[0].value.close == "}":
		p.print(c.items[0].value, after+1) // braces of a single element stand together
	default:
		p.listed(c)
	}
	p.write(c.close)
}

func (p *printer) inline(c *code, after int) {
	for i, it := range c.items {
		if i > 0 {
			p.write(", ")
		}
		rest := after + len(c.close)
		for _, next := range c.items[i+1:] {
			if next.value.close == "" {
				rest += len(next.value.text) + 2
			} else {
				rest += len(next.value.text) + 2 // what follows its bracket may break
				break
			}
		}
		p.write(it.key)
		p.print(it.value, rest)
	}
}

func (p *printer) closure(c *code) {
	p.level++
	p.newline()
	p.write("return ")
	p.print(c.items[0].value, 0)
	p.level--
	p.newline()
}

// wrapped lets a call go on in the next line.
func (p *printer) wrapped(c *code) {
	p.level++
	for i, it := range c.items {
		if i > 0 {
			p.write(",")
			if _, ok := p.fits(it.value, 3); ok {
				p.write(" ")
			} else {
				p.newline()
			}
		}
		p.print(it.value, 2)
	}
	p.level--
}

// oneLine writes the entries of a map on one line of their own, if they are short enough for that.
func (p *printer) oneLine(c *code) bool {
	line := &code{text: "", close: " ", items: c.items}
	for _, it := range c.items {
		if len(it.value.items) > 0 || it.comment != "" {
			return false
		}
	}
	trial := printer{level: p.level + 1, column: (p.level + 1) * tabWidth, resolve: p.resolve}
	flat, ok := trial.fits(line, 0)
	if !ok {
		return false
	}
	p.level++
	p.newline()
	p.write(strings.TrimSuffix(flat, " ") + ",")
	p.level--
	p.newline()
	return true
}

func (p *printer) listed(c *code) {
	p.level++
	for _, it := range c.items {
		p.newline()
		if it.comment != "" {
			p.write("// " + it.comment)
			p.newline()
		}
		p.write(it.key)
		p.print(it.value, 1)
		p.write(",")
	}
	p.level--
	p.newline()
}

func (p *printer) filled(c *code) {
	first := c.items[0].value
	p.print(first, 1)
	p.write(",")
	p.level++
	fresh := true
	for _, it := range c.items[1:] {
		if _, ok := p.fits(it.value, 2); fresh || !ok {
			p.newline()
		} else {
			p.write(" ")
		}
		p.print(it.value, 1)
		p.write(",")
		fresh = strings.HasSuffix(it.value.text, "\\n\"")
	}
	p.level--
	p.newline()
}
