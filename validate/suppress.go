package validate

import (
	"fmt"
	"slices"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

var suppressionRules = []Rule{
	{"suppression-unknown", warns, "a code that is suppressed is that of a rule"},
	{"suppression-unused", warns, "a code that is suppressed would have been found"},
}

// Suppress returns the findings without those of the codes. A code of which there was none, and one
// that no rule has, is a finding itself.
func Suppress(ds stack.Diagnostics, codes ...string) stack.Diagnostics {
	var out stack.Diagnostics
	hit := map[string]bool{}
	for _, d := range ds {
		if slices.Contains(codes, d.Code) {
			hit[d.Code] = true
			continue
		}
		out = append(out, d)
	}
	for _, code := range codes {
		if hit[code] {
			continue
		}
		hit[code] = true // told once
		out = append(out, useless(code))
	}
	return out
}

// useless says why a suppression has no effect.
func useless(code string) stack.Diagnostic {
	if _, known := catalogue().byCode[code]; !known {
		return stack.Diagnostic{
			Severity: warns, Code: "suppression-unknown",
			Summary: fmt.Sprintf("%q is suppressed and is the code of no rule", code), Cure: nearest(code, codes(), "leave it out"),
		}
	}
	return stack.Diagnostic{
		Severity: warns, Code: "suppression-unused",
		Summary: fmt.Sprintf("%q is suppressed and was not found", code), Cure: "leave it out",
	}
}

func codes() []string {
	var out []string
	for _, r := range catalogue().sorted {
		out = append(out, r.Code)
	}
	return out
}

// suppressed returns the findings without those that the template's Metadata, or a resource's,
// suppresses: {"Updraft": {"Ignore": ["code"]}}.
func (c *checker) suppressed() stack.Diagnostics {
	found := c.quiet(c.found, "", at("Metadata"), c.doc.Get("Metadata"))
	for _, m := range c.doc.Get("Resources").Members() {
		p := at("Resources", m.Key)
		found = c.quiet(found, p.String(), p.in("Metadata"), m.Value.Get("Metadata"))
	}
	return found
}

// quiet applies the suppressions in one Metadata to the findings at a path and below it.
func (c *checker) quiet(found stack.Diagnostics, path string, p *place, metadata *tree.Node) stack.Diagnostics {
	p = p.in("Updraft").in("Ignore")
	for i, item := range metadata.At("Updraft", "Ignore").Items() {
		code := item.Str()
		before := len(found)
		found = slices.DeleteFunc(found, func(d stack.Diagnostic) bool { return d.Code == code && within(d.Path, path) })
		if len(found) < before {
			continue
		}
		d := useless(code)
		d.Path = p.item(i).String()
		if c.located {
			d.Line, d.Column = item.Line, item.Column
		}
		found = append(found, d)
	}
	return found
}

// within reports whether a path is another one or below it.
func within(path, above string) bool {
	return above == "" || len(path) >= len(above) && path[:len(above)] == above && (len(path) == len(above) || path[len(above)] == '.' || path[len(above)] == '[')
}
