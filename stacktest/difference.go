package stacktest

import (
	"fmt"
	"strings"
)

// A Difference is one place at which a template is not what it is to be.
type Difference struct {
	// Path leads to the place, such as Resources.Jobs.Properties.VisibilityTimeout.
	Path string
	// Want is what is to be there and Got what is there, as compact JSON or as a matcher says it. ""
	// is nothing.
	Want, Got string
}

// String says the difference on one line. Long values are shortened to where they differ.
func (d Difference) String() string {
	want, got := clip(d.Want, d.Got)
	return fmt.Sprintf("%s: want %s, got %s", d.Path, orNothing(want), orNothing(got))
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// clip shortens two long texts so that the place at which they differ can be seen.
func clip(a, b string) (string, string) {
	const long, before = 160, 40
	common := 0
	if len(a) > long || len(b) > long {
		for common < min(len(a), len(b)) && a[common] == b[common] {
			common++
		}
	}
	from := max(0, common-before)
	return window(a, from, long), window(b, from, long)
}

func window(s string, from, long int) string {
	if len(s) <= long {
		return s
	}
	end := min(len(s), from+long)
	out := strings.ToValidUTF8(s[from:end], "")
	if from > 0 {
		out = "…" + out
	}
	if end < len(s) {
		out += "…"
	}
	return out
}

// list writes differences one on a line, for a message.
func list(ds []Difference) string {
	const most = 30
	var b strings.Builder
	for i, d := range ds {
		if i == most {
			fmt.Fprintf(&b, "\n\tand %d more", len(ds)-most)
			break
		}
		b.WriteString("\n\t" + d.String())
	}
	return b.String()
}

// below is the path of a member.
func below(path, key string) string {
	if strings.ContainsAny(key, ".[]\"") || key == "" {
		return fmt.Sprintf("%s[%q]", path, key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// element is the path of an element.
func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
