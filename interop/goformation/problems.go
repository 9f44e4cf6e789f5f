package goformation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// problems collects what cannot be turned into the other, with its place.
type problems struct{ list stack.Diagnostics }

func (p *problems) add(path, cure, format string, args ...any) {
	p.list = append(p.list, stack.Diagnostic{
		Code: "goformation", Path: path, Summary: fmt.Sprintf(format, args...), Cure: cure,
	})
}

// err returns the problems, each path once, since one mistake may be found again by what follows.
func (p *problems) err() error {
	slices.SortStableFunc(p.list, func(a, b stack.Diagnostic) int { return strings.Compare(a.Path, b.Path) })
	p.list = slices.CompactFunc(p.list, func(a, b stack.Diagnostic) bool { return a.Path == b.Path })
	return p.list.Err()
}

func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// single is the logical ID that a resource has which is turned by itself.
const single = "Resource"

// ofOne takes the place of the template out of the paths.
func ofOne(err error) error {
	ds, ok := err.(stack.Diagnostics)
	if !ok {
		return err
	}
	out := slices.Clone(ds)
	for i := range out {
		out[i].Path = strings.TrimPrefix(strings.TrimPrefix(out[i].Path, "Resources."+single), ".")
	}
	return out
}
