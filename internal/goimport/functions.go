package goimport

import (
	"fmt"
	"strings"
)

const (
	// longFunction is how many lines a function may have before it is cut into several.
	longFunction = 160
	// partLines is about how long each of those is.
	partLines = 60
)

// build writes the function that builds the template: one, or one that calls several.
func (im *importer) build(b *strings.Builder) {
	lines := 0
	used := map[string]bool{}
	for _, s := range im.stmts {
		s.uses(func(name string) { used[name] = true })
	}
	local := func(name string) string { return name }
	for _, s := range im.stmts {
		lines += strings.Count(im.statement(s, used, local), "\n")
	}
	fmt.Fprintf(b, "\n%s\nfunc %s() *stack.Template {\n\tt := %s\n", im.comment(im.description), im.opts.Func, im.print(im.head, "t := ", nil))
	if lines > longFunction {
		im.parts(b, used)
		return
	}
	section := ""
	for _, s := range im.stmts {
		if section != s.section && (lines > 8 || section == "") {
			b.WriteString("\n")
		}
		section = s.section
		b.WriteString(im.statement(s, used, local))
	}
	b.WriteString("\treturn t\n}\n")
}

// print lays c out behind text that stands before it on its line.
func (im *importer) print(c *code, before string, resolve *strings.Replacer) string {
	p := &printer{level: 1, column: tabWidth + len(before), resolve: resolve}
	p.print(c, 0)
	return p.b.String()
}

// statement writes a statement. spell says how a variable is called where the statement stands.
func (im *importer) statement(s *stmt, used map[string]bool, spell func(string) string) string {
	var pairs []string
	s.uses(func(name string) { pairs = append(pairs, variable(name), spell(name)) })
	before := ""
	if s.symbol != nil && used[s.symbol.name] {
		before = spell(s.symbol.name)
		if strings.Contains(before, ".") {
			before += " = "
		} else {
			before += " := "
		}
	}
	comment := ""
	if s.comment != "" {
		comment = "\t// " + s.comment + "\n"
	}
	return comment + "\t" + before + im.print(s.value, before, strings.NewReplacer(pairs...)) + "\n"
}

// part is a method that fills one part of a long template.
type part struct {
	name  string
	stmts []*stmt
	lines int
}

// parts writes a long template: a struct for what its parts share, and a method for each part.
func (im *importer) parts(b *strings.Builder, used map[string]bool) {
	parts := im.divide(used)
	shared := sharedBy(parts)
	typ := lowerCamel(im.opts.Func + "Parts")
	fmt.Fprintf(b, "\tp := &%s{}\n", typ)
	for _, p := range parts {
		fmt.Fprintf(b, "\tp.%s(t)\n", p.name)
	}
	fmt.Fprintf(b, "\treturn t\n}\n\n// %s are what the parts of the template share.\ntype %s struct {\n", typ, typ)
	for _, s := range im.stmts {
		if s.symbol != nil && shared[s.symbol.name] {
			fmt.Fprintf(b, "\t%s %s\n", s.symbol.name, s.symbol.variableType())
		}
	}
	b.WriteString("}\n")
	spell := func(name string) string {
		if shared[name] {
			return "p." + name
		}
		return name
	}
	for _, p := range parts {
		fmt.Fprintf(b, "\nfunc (p *%s) %s(t *stack.Template) {\n", typ, p.name)
		for _, s := range p.stmts {
			b.WriteString(im.statement(s, used, spell))
		}
		b.WriteString("}\n")
	}
}

// sharedBy returns the variables that are used in another part than that which fills them.
func sharedBy(parts []*part) map[string]bool {
	home := map[string]*part{} // of a variable
	for _, p := range parts {
		for _, s := range p.stmts {
			if s.symbol != nil {
				home[s.symbol.name] = p
			}
		}
	}
	shared := map[string]bool{}
	for _, p := range parts {
		for _, s := range p.stmts {
			s.uses(func(name string) {
				if h := home[name]; h != nil && h != p {
					shared[name] = true
				}
			})
		}
	}
	return shared
}

// divide cuts the statements where a section begins and where a part is long enough.
func (im *importer) divide(used map[string]bool) []*part {
	names := &namer{used: map[string]bool{}}
	for _, s := range im.stmts {
		if s.symbol != nil {
			names.used[s.symbol.name] = true // a field and a method cannot share a name
		}
	}
	var parts []*part
	var last *part
	section := ""
	for _, s := range im.stmts {
		lines := strings.Count(im.statement(s, used, func(name string) string { return "p." + name }), "\n")
		if last == nil || s.section != section || last.lines > 0 && last.lines+lines > partLines {
			name := s.section
			if s.resource != "" {
				name = "add" + upperFirst(s.resource)
			}
			last = &part{name: names.pick(name)}
			parts = append(parts, last)
		}
		section = s.section
		last.stmts = append(last.stmts, s)
		last.lines += lines
	}
	return parts
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// variableType is the type of the variable for a symbol.
func (s *symbol) variableType() string {
	switch s.kind {
	case parameterSymbol:
		return "stack.ParameterRef[" + s.typ.String() + "]"
	case mappingSymbol:
		return "stack.MappingRef"
	case conditionSymbol:
		return "fn.Condition"
	case loopSymbol:
		return "*stack.Template"
	case functionSymbol:
		return s.typ.name
	}
	if s.resource != nil {
		return "*" + s.resource.goName("")
	}
	return "*stack.Untyped"
}
