package tables

import (
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// The flags of a property.
const (
	required = 1 << iota
	replaces
	mayReplace
	deprecated
	hasEnum
	hasTargets
	hasDefault
	hasLimits
)

// The flags of a property's limits.
const (
	hasMinLength = 1 << iota
	hasMaxLength
	hasMinimum
	hasMaximum
)

// kinds are the numbers of the kinds.
var kinds = []model.Kind{
	"", model.String, model.Integer, model.Number, model.Boolean, model.JSON, model.Timestamp,
	model.Tag, model.Object, model.List, model.Map, model.Union,
}

// properties writes the offset of a body: a count and the properties by name.
func (e *encoder) properties(dst []byte, props model.Properties) []byte {
	body := binary.AppendUvarint(nil, uint64(len(props)))
	for _, name := range sortedKeys(props) {
		body = e.string(body, name)
		body = e.property(body, props[name])
	}
	return e.body(dst, body)
}

func (e *encoder) property(dst []byte, p *model.Property) []byte {
	limits := p.Pattern != "" || p.MinLength != nil || p.MaxLength != nil || p.Minimum != nil || p.Maximum != nil
	dst = append(dst, flag(required, p.Required)|
		flag(replaces, p.Replacement == "yes")|flag(mayReplace, p.Replacement == "maybe")|
		flag(deprecated, p.Deprecated)|flag(hasEnum, len(p.Enum) > 0)|
		flag(hasTargets, len(p.Targets) > 0)|flag(hasDefault, p.Default != nil)|flag(hasLimits, limits))
	dst = e.expr(dst, p.Type)
	if len(p.Enum) > 0 {
		dst = e.list(dst, p.Enum)
	}
	if len(p.Targets) > 0 {
		dst = e.list(dst, p.Targets)
	}
	if p.Default != nil {
		dst = e.string(dst, string(p.Default))
	}
	if limits {
		dst = e.limits(dst, p)
	}
	return dst
}

func (e *encoder) limits(dst []byte, p *model.Property) []byte {
	dst = e.string(dst, p.Pattern)
	dst = append(dst, flag(hasMinLength, p.MinLength != nil)|flag(hasMaxLength, p.MaxLength != nil)|
		flag(hasMinimum, p.Minimum != nil)|flag(hasMaximum, p.Maximum != nil))
	for _, length := range []*int{p.MinLength, p.MaxLength} {
		if length != nil {
			dst = binary.AppendUvarint(dst, uint64(*length))
		}
	}
	for _, bound := range []*float64{p.Minimum, p.Maximum} {
		if bound != nil {
			dst = e.string(dst, strconv.FormatFloat(*bound, 'g', -1, 64))
		}
	}
	return dst
}

func (e *encoder) expr(dst []byte, x model.Expr) []byte {
	dst = append(dst, byte(slices.Index(kinds, x.Kind)))
	switch x.Kind {
	case model.Object:
		dst = e.string(dst, x.Name)
	case model.List, model.Map:
		dst = e.expr(dst, *x.Elem)
	case model.Union:
		dst = binary.AppendUvarint(dst, uint64(len(x.Arms)))
		for _, arm := range x.Arms {
			dst = e.expr(dst, arm)
		}
	}
	return dst
}
