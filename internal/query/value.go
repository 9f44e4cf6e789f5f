// Package query is the AWS Query protocol, as a server speaks it: a form-encoded request becomes a
// tree and then a struct, a struct becomes the XML of an answer, and an error its document.
//
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
package query

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The bounds of a request.
const (
	// MaxBody is how many bytes a request may have.
	MaxBody = 2 << 20
	// MaxFields is how many fields a request may have.
	MaxFields = 20_000
	// MaxDepth is how many parts the name of a field may have, such as the four of
	// Parameters.member.1.ParameterKey.
	MaxDepth = 16
)

// A Value is a parameter of a request: text, or named parts. The nil Value is one that is not there.
type Value struct {
	Text   string
	fields map[string]*Value
}

// Get returns a part, nil if it is not there.
func (v *Value) Get(name string) *Value {
	if v == nil {
		return nil
	}
	return v.fields[name]
}

// Names returns the names of the parts, sorted.
func (v *Value) Names() []string {
	if v == nil {
		return nil
	}
	names := make([]string, 0, len(v.fields))
	for name := range v.fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// numbered returns the parts that are called by a number from 1, in the order of their numbers.
func (v *Value) numbered() ([]*Value, error) {
	type item struct {
		n     int
		value *Value
	}
	var items []item
	for name, part := range v.fields {
		n, err := strconv.Atoi(name)
		if err != nil || n < 1 || strconv.Itoa(n) != name {
			return nil, fmt.Errorf("%q is no position in a list; the first is 1", name)
		}
		items = append(items, item{n, part})
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.n, b.n) })
	list := make([]*Value, len(items))
	for i, it := range items {
		list[i] = it.value
	}
	return list, nil
}

// List returns the elements of a list whose parts are numbered from 1, as EC2 spells lists.
//
// # Errors
//
// A part that is called by anything but its position.
func (v *Value) List() ([]*Value, error) {
	if v == nil {
		return nil, nil
	}
	return v.numbered()
}

// Tree makes one Value of the fields of a form.
//
// # Errors
//
// A [*DecodeError] if a field is given twice, is both text and a structure, or if there are more of
// them, or deeper ones, than [MaxFields] and [MaxDepth] allow.
func Tree(form url.Values) (*Value, error) {
	if len(form) > MaxFields {
		return nil, &DecodeError{Reason: fmt.Sprintf("%d fields; %d are allowed", len(form), MaxFields)}
	}
	root := &Value{}
	for name, texts := range form {
		if len(texts) > 1 {
			return nil, &DecodeError{Field: name, Reason: "given more than once"}
		}
		if err := root.put(name, texts[0]); err != nil {
			return nil, err
		}
	}
	if err := root.check(""); err != nil {
		return nil, err
	}
	return root, nil
}

func (v *Value) put(name, text string) error {
	parts := strings.Split(name, ".")
	if len(parts) > MaxDepth {
		return &DecodeError{Field: shorten(name), Reason: fmt.Sprintf("%d levels deep; %d are allowed", len(parts), MaxDepth)}
	}
	for _, part := range parts {
		if part == "" {
			return &DecodeError{Field: shorten(name), Reason: "a name with an empty part"}
		}
		if v.fields == nil {
			v.fields = map[string]*Value{}
		}
		next := v.fields[part]
		if next == nil {
			next = &Value{}
			v.fields[part] = next
		}
		v = next
	}
	v.Text = text
	return nil
}

// check refuses a value that is text and a structure.
func (v *Value) check(name string) error {
	if v.Text != "" && v.fields != nil {
		return &DecodeError{Field: name, Reason: "both a text and a structure"}
	}
	for _, part := range v.Names() {
		if err := v.fields[part].check(join(name, part)); err != nil {
			return err
		}
	}
	return nil
}

// Form is the opposite of Tree.
func (v *Value) Form() url.Values {
	form := url.Values{}
	v.flatten("", form)
	return form
}

func (v *Value) flatten(name string, form url.Values) {
	if len(v.fields) == 0 {
		if name != "" {
			form.Set(name, v.Text)
		}
		return
	}
	for part, value := range v.fields {
		value.flatten(join(name, part), form)
	}
}

func join(name, part string) string {
	if name == "" {
		return part
	}
	return name + "." + part
}

// shorten keeps a message about a long name short.
func shorten(name string) string {
	const most = 100
	if len(name) <= most {
		return name
	}
	return strings.ToValidUTF8(name[:most], "") + "…"
}
