package goimport

import (
	"slices"
	"strconv"
	"strings"
)

const (
	// mostParams is how many parameters a function for what repeats may have.
	mostParams = 6
	// worthLines is how many lines it must save.
	worthLines = 6
	// mostFunctions is how many such functions a program may have.
	mostFunctions = 8
)

// instance is a place in the program that has the shape of others.
type instance struct {
	stmt  int   // the index of its statement
	value *code // the place
	level int   // how deep it is indented
}

// repeat replaces what repeats, but for a few values, by calls of a function: what a person would
// have written with one.
func (im *importer) repeat() {
	for range mostFunctions {
		best, saved := []instance(nil), worthLines-1
		for _, group := range im.groups() {
			if s := im.saves(group); s > saved {
				best, saved = group, s
			}
		}
		if best == nil {
			return
		}
		im.extract(best)
	}
}

// groups are the places of one shape, two or more of each, in the order of the program.
func (im *importer) groups() [][]instance {
	byShape := map[string]int{}
	var groups [][]instance
	for i, s := range im.stmts {
		s.value.descend(1, func(c *code, level int) {
			if !c.repeatable() {
				return
			}
			key := c.signature()
			at, ok := byShape[key]
			if !ok {
				at = len(groups)
				byShape[key] = at
				groups = append(groups, nil)
			}
			groups[at] = append(groups[at], instance{i, c, level})
		})
	}
	return slices.DeleteFunc(groups, func(g []instance) bool { return len(g) < 2 })
}

// descend calls f with c and all that is in it, and with how deep each is indented once the literals
// around it are broken.
func (c *code) descend(level int, f func(c *code, level int)) {
	f(c, level)
	inner := level
	if c.close == "}" && (len(c.items) != 1 || c.items[0].key != "") {
		inner++
	}
	for _, it := range c.items {
		it.value.descend(inner, f)
	}
}

// linesAt is how many lines c takes where it is indented so deep, behind the name of a field.
func (c *code) linesAt(level int) int {
	const name = 20
	p := &printer{level: level, column: level*tabWidth + name}
	p.print(c, 1)
	return strings.Count(p.b.String(), "\n") + 1
}

// repeatable says whether a function may return c: an object, or a resource that is added.
func (c *code) repeatable() bool {
	if len(c.items) < 2 {
		return false
	}
	return c.typ.kind == object && c.close == "}" && strings.Contains(c.typ.name, ".") && !strings.HasPrefix(c.typ.name, "stack.") || c.text == "stack.Add("
}

// signature is the shape of c: all of it but the leaves.
func (c *code) signature() string {
	var b strings.Builder
	c.sign(&b)
	return b.String()
}

func (c *code) sign(b *strings.Builder) {
	if len(c.items) == 0 {
		b.WriteString("\x03")
		b.WriteString(c.want.String())
		return
	}
	b.WriteString(c.text)
	if c.close == "}" && c.typ.kind == object {
		b.WriteString(c.typ.String())
	}
	for _, it := range c.items {
		b.WriteString(it.comment + "\x04" + it.key)
		it.value.sign(b)
	}
	b.WriteString(c.close)
}

// slot is a leaf, and the field that it fills.
type slot struct {
	leaf  *code
	field string
}

// slots are the leaves of c in order; those of one signature have as many.
func (c *code) slots(field string, dst []slot) []slot {
	if len(c.items) == 0 {
		return append(dst, slot{c, field})
	}
	for i, it := range c.items {
		name := field
		if it.key != "" {
			name = strings.Trim(it.key, "\": ")
		}
		if c.text == "stack.Add(" && i == 1 {
			name = "id"
		}
		dst = it.value.slots(name, dst)
	}
	return dst
}

// param is a parameter of a function for what repeats: the slots that it fills, and its argument in
// each instance.
type param struct {
	field string
	typ   string
	slots []int
	args  []*code
}

// params finds where instances differ. It is false if they differ where no parameter can stand.
func params(group []instance) ([]param, bool) {
	all := make([][]slot, len(group))
	for i, g := range group {
		all[i] = g.value.slots("", nil)
	}
	var out []param
	for at := range all[0] {
		args := make([]*code, len(group))
		differ := false
		for i := range all {
			args[i] = all[i][at].leaf
			differ = differ || args[i].bound || args[i].whole() != args[0].whole()
		}
		if !differ {
			continue
		}
		typ := paramType(args)
		if typ == "" {
			return nil, false
		}
		same := slices.IndexFunc(out, func(p param) bool {
			return p.typ == typ && slices.EqualFunc(p.args, args, func(a, b *code) bool { return a.whole() == b.whole() })
		})
		if same >= 0 {
			out[same].slots = append(out[same].slots, at)
			continue
		}
		out = append(out, param{field: all[0][at].field, typ: typ, slots: []int{at}, args: args})
	}
	return out, len(out) > 0 && len(out) <= mostParams
}

// whole is a leaf as it stands in the program.
func (c *code) whole() string { return c.text + c.close }

// paramType is the type of a parameter that takes the place of leaves, or "".
func paramType(args []*code) string {
	want := args[0].want
	texts := true
	for _, a := range args {
		if strings.Contains(a.text, "\n") || a.text == "nil" {
			return ""
		}
		texts = texts && (strings.HasPrefix(a.text, `"`) || strings.HasPrefix(a.text, "`"))
	}
	switch {
	case want.kind == free && texts, want.same(nameType):
		return "string"
	case want.kind == free, want.kind == scalar:
		return want.String()
	}
	return ""
}

// saves is how many lines a function for the group would save.
func (im *importer) saves(group []instance) int {
	ps, ok := params(group)
	if !ok {
		return 0
	}
	before := 0
	for i, g := range group {
		before += g.value.linesAt(g.level)
		width := 40
		for _, p := range ps {
			width += len(p.args[i].whole())
		}
		before -= 1 + width/lineWidth
	}
	return before - group[0].value.linesAt(2) - 2
}

// extract writes the function before the first instance, and calls it in the place of each.
func (im *importer) extract(group []instance) {
	ps, _ := params(group)
	first := group[0].value
	body, result, name := *first, first.typ, ""
	if first.text == "stack.Add(" {
		result = first.items[2].value.typ
		name = "add"
	} else {
		body.text = result.literalName() + "{"
	}
	short := result.name[strings.LastIndexAny(result.name, "._")+1:]
	name = im.names.pick(lowerCamel(name+upperFirst(short)), "Of")
	header, fill := im.parameters(first, name, ps)
	next := 0
	filled := body.fill(fill, &next)
	function := &code{text: "func(" + header + ") " + result.String() + " {", items: []item{{value: filled}}, close: "}", layout: closure}
	for i, g := range group {
		c := call(variable(name), result)
		c.layout = wrapped
		for _, p := range ps {
			c.items = append(c.items, item{value: p.args[i]})
		}
		c.want = g.value.want
		*g.value = *c
	}
	sym := &symbol{name: name, kind: functionSymbol, typ: goType{kind: foreign, name: "func(" + header + ") " + result.String()}}
	at := group[0].stmt
	im.stmts = slices.Insert(im.stmts, at, &stmt{symbol: sym, value: function, section: im.stmts[at].section, resource: im.stmts[at].resource})
}

// parameters names the parameters of a function whose body is made of first: none as a variable,
// constant or package there. It returns them with their types, and by the slots that they fill.
func (im *importer) parameters(first *code, name string, ps []param) (list string, fill map[int]string) {
	scope := &namer{used: map[string]bool{name: true}}
	(&stmt{value: first}).uses(func(v string) { scope.used[v] = true })
	for p := range im.packages {
		scope.used[p] = true
	}
	for _, c := range im.constants {
		scope.used[c.name] = true
	}
	fill = map[int]string{}
	var params []string
	for _, p := range ps {
		pick := scope.pick(p.field)
		params = append(params, pick+" "+p.typ)
		for _, at := range p.slots {
			fill[at] = pick
		}
	}
	return shorten(params), fill
}

// fill is a copy of c with names in the place of slots.
func (c *code) fill(names map[int]string, next *int) *code {
	if len(c.items) == 0 {
		at := *next
		*next++
		if name, ok := names[at]; ok {
			return &code{text: name, want: c.want, bound: true}
		}
		return c
	}
	copied := *c
	copied.items = slices.Clone(c.items)
	for i := range copied.items {
		copied.items[i].value = c.items[i].value.fill(names, next)
	}
	return &copied
}

// shorten joins the parameters of a function, and says a type that several share once.
func shorten(params []string) string {
	var b strings.Builder
	for i, p := range params {
		name, typ, _ := strings.Cut(p, " ")
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
		if i+1 == len(params) || !strings.HasSuffix(params[i+1], " "+typ) {
			b.WriteString(" " + typ)
		}
	}
	return b.String()
}

// quotedID is a logical ID as an argument.
func quotedID(id string) *code {
	c := leaf(strconv.Quote(id), goType{})
	c.want = nameType
	return c
}
