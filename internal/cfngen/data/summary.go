package data

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// Summary is the text of the summary for a neutral file with types in it, which is called file.
func Summary(pin fmt.Stringer, file string, neutral []byte, types []*model.Type) string {
	return fmt.Sprintf("%s\nsha256 of %s: %x\n\n%s", pin, file, sha256.Sum256(neutral), model.Count(types))
}

// Changes lists the types that are only before, with a minus, and those that
// are only after, with a plus.
func Changes(before, after []*model.Type) []string {
	names := map[string]string{}
	for _, t := range before {
		names[t.Name] = "- "
	}
	for _, t := range after {
		if names[t.Name] == "" {
			names[t.Name] = "+ "
		} else {
			delete(names, t.Name)
		}
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		lines = append(lines, names[name]+name)
	}
	return lines
}
