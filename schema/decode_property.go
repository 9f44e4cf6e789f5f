package schema

import "strconv"

// The flags of a property.
const (
	flagRequired = 1 << iota
	flagReplaces
	flagMayReplace
	flagDeprecated
	flagHasEnum
	flagHasTargets
	flagHasDefault
	flagHasLimits
)

// The flags of a property's limits.
const (
	flagMinLength = 1 << iota
	flagMaxLength
	flagMinimum
	flagMaximum
)

// properties reads the offset of a list of properties, and returns the list.
func (d *decoder) properties() []Property {
	b := d.body()
	props := make([]Property, b.number())
	for i := range props {
		b.property(&props[i])
	}
	return props
}

func (d *decoder) property(p *Property) {
	p.Name = d.text()
	flags := d.byte()
	p.Required = flags&flagRequired != 0
	p.Deprecated = flags&flagDeprecated != 0
	switch {
	case flags&flagReplaces != 0:
		p.Replacement = Yes
	case flags&flagMayReplace != 0:
		p.Replacement = Maybe
	}
	p.Type = d.typeRef()
	if flags&flagHasEnum != 0 {
		p.Enum = d.texts()
	}
	if flags&flagHasTargets != 0 {
		p.Targets = d.targets()
	}
	if flags&flagHasDefault != 0 {
		p.Default = d.text()
	}
	if flags&flagHasLimits != 0 {
		d.limits(p)
	}
}

func (d *decoder) limits(p *Property) {
	p.Pattern = d.text()
	flags := d.byte()
	if flags&flagMinLength != 0 {
		p.MinLength = new(d.number())
	}
	if flags&flagMaxLength != 0 {
		p.MaxLength = new(d.number())
	}
	if flags&flagMinimum != 0 {
		p.Minimum = new(d.bound())
	}
	if flags&flagMaximum != 0 {
		p.Maximum = new(d.bound())
	}
}

// bound reads a number that was written as text; all were parsed when the table was made.
func (d *decoder) bound() float64 {
	f, _ := strconv.ParseFloat(d.text(), 64)
	return f
}
