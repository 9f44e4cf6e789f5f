package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/updraft-go/updraft/validate"
)

// synthesize writes the templates to a folder. All are checked before the first is written.
func synthesize(c *chapter, folder string, out io.Writer) error {
	files := c.files()
	names := slices.Sorted(maps.Keys(files))
	bodies := map[string][]byte{}
	var errs []error
	for _, name := range names {
		if err := validate.Template(files[name]).Err(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		body, err := files[name].JSON()
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
		}
		bodies[name] = body
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, bodies[name], 0o644); err != nil {
			return err
		}
		fmt.Fprintln(out, path)
	}
	return nil
}
