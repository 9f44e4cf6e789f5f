package broker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// A Folder is a Source of the templates in a folder: each file below it whose name ends in .yaml,
// .yml, .json or .template is a service (see [ParseService]). FS is required.
type Folder struct {
	// FS is the folder, such as os.DirFS("services").
	FS fs.FS
}

// Services reads the folder. Files that are no services are left out, and told in the error.
func (f Folder) Services(ctx context.Context) ([]*Service, error) {
	var all []*Service
	var problems []error
	err := fs.WalkDir(f.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".json", ".template"}, path.Ext(name)):
			return nil
		}
		s, err := f.read(name)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
			return nil
		}
		all = append(all, s)
		return nil
	})
	return all, errors.Join(append(problems, err)...)
}

func (f Folder) read(name string) (*Service, error) {
	data, err := fs.ReadFile(f.FS, name)
	if err != nil {
		return nil, err
	}
	return ParseService(data)
}
