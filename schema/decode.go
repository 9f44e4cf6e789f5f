package schema

import "strings"

// The flags of a type.
const (
	flagStateful = 1 << iota
	flagDeleteFirst
	flagRefGuess
	flagHasRef
	flagHasNameRule
	flagLowerName
)

// decoder reads one record of the table.
type decoder struct {
	table *types
	cursor
}

// decode decodes type i.
func (t *types) decode(i int) *Type {
	entry := cursor{data: t.index, at: i*entrySize + entrySize/2}
	d := decoder{t, cursor{data: t.records, at: entry.fixed()}}
	flags := d.byte()
	typ := &Type{
		Name:        t.name(i),
		Stateful:    flags&flagStateful != 0,
		DeleteFirst: flags&flagDeleteFirst != 0,

		Arn:               d.text(),
		TagProperty:       d.text(),
		TagShape:          TagShape(d.text()),
		Transform:         d.text(),
		Deprecated:        d.text(),
		PhysicalID:        Shape(d.text()),
		PrimaryIdentifier: d.texts(),
	}
	if flags&flagHasRef != 0 {
		typ.Ref = Ref{Names: d.texts(), Separator: d.text(), Guess: flags&flagRefGuess != 0}
	}
	if flags&flagHasNameRule != 0 {
		typ.NameRule = NameRule{Property: d.text(), Shape: Shape(d.text()), Max: d.number(), Lower: flags&flagLowerName != 0}
	}
	typ.Properties = d.properties()
	typ.Definitions = make([]Definition, d.number())
	for i := range typ.Definitions {
		typ.Definitions[i] = Definition{d.text(), d.properties()}
	}
	typ.Attributes = make([]Attribute, d.number())
	for i := range typ.Attributes {
		typ.Attributes[i] = Attribute{d.text(), d.typeRef(), Shape(d.text())}
	}
	typ.Ref.Kind = refKind(typ)
	return typ
}

func refKind(t *Type) RefKind {
	switch len(t.Ref.Names) {
	case 0:
		return RefPhysicalID
	case 1:
		if _, ok := t.Attribute(t.Ref.Names[0]); ok {
			return RefAttribute
		}
		return RefProperty
	}
	return RefComposite
}

// text reads the offset of a text, and returns the text.
func (d *decoder) text() string { return d.table.string(d.number()) }

// body returns a decoder of the body whose offset comes next.
func (d *decoder) body() *decoder {
	return &decoder{d.table, cursor{data: d.table.bodies, at: d.number()}}
}

// texts reads the offset of a list of texts, and returns the list; nil if it is empty.
func (d *decoder) texts() []string {
	b := d.body()
	n := b.number()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = b.text()
	}
	return list
}

func (d *decoder) typeRef() TypeRef {
	t := TypeRef{Kind: Kind(d.byte())}
	switch t.Kind {
	case Object:
		t.Ref = d.text()
	case List, Map:
		elem := d.typeRef()
		t.Elem = &elem
	case Union:
		t.Arms = make([]TypeRef, d.number())
		for i := range t.Arms {
			t.Arms[i] = d.typeRef()
		}
	}
	return t
}

func (d *decoder) targets() []Target {
	texts := d.texts()
	targets := make([]Target, len(texts))
	for i, text := range texts {
		targets[i].Type, targets[i].Attribute, _ = strings.Cut(text, ".")
	}
	return targets
}
