package validate

import (
	"strconv"
	"strings"
)

// A place is where in a template something stands: under a key or index of what is above it. It is
// written out only for a finding. The nil place is the template itself.
type place struct {
	up    *place
	key   string
	index int // if key is ""
}

func (p *place) in(key string) *place { return &place{up: p, key: key} }

func (p *place) item(i int) *place { return &place{up: p, index: i} }

// at leads from the template to a place.
func at(keys ...string) *place {
	var p *place
	for _, k := range keys {
		p = p.in(k)
	}
	return p
}

// String returns the path, such as Resources.Jobs.Properties.Tags[0].Key.
func (p *place) String() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p *place) write(b *strings.Builder) {
	if p == nil {
		return
	}
	p.up.write(b)
	if p.key == "" {
		b.WriteByte('[')
		b.WriteString(strconv.Itoa(p.index))
		b.WriteByte(']')
		return
	}
	if p.up != nil {
		b.WriteByte('.')
	}
	b.WriteString(p.key)
}
