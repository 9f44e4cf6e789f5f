package stacktest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/updraft-go/updraft/stack"
)

// GoldenOptions say how a template is compared with its golden file. Nil, or the zero value,
// compares them strictly and writes nothing.
type GoldenOptions struct {
	// Update writes the file anew instead of comparing. It is a field and no flag of this package,
	// since a package that registers a flag holds state of the whole program and takes the name from
	// all others. A test registers its own, in one line, and hands it on:
	//
	//	var update = flag.Bool("update", false, "write the golden files anew")
	//
	// and `go test . -update` then does what its reader expects.
	Update bool
	// Compare says which spellings are taken as the same. If nil, the zero value.
	Compare *CompareOptions
}

// Golden checks that a template says what a file says, JSON or YAML. The two are compared as
// documents, not as bytes, so the file may be formatted, sorted and spelled in its own way. A file
// that is not there is an error of the test.
func Golden(t testing.TB, got *stack.Template, file string, opts *GoldenOptions) {
	t.Helper()
	o := value(opts)
	if o.Update {
		if err := writeGolden(got, file); err != nil {
			t.Errorf("write the golden file %s: %v", file, err)
		}
		return
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the golden file %s is not there; set GoldenOptions.Update once to write it", file)
		return
	}
	if err != nil {
		t.Errorf("read the golden file: %v", err)
		return
	}
	want, err := stack.Parse(data)
	if err != nil {
		t.Errorf("the golden file %s: %v", file, err)
		return
	}
	ds, err := Diff(want, got, o.Compare)
	if err != nil {
		t.Errorf("the template cannot be written: %v", err)
		return
	}
	if len(ds) > 0 {
		t.Errorf("the template differs from %s; if that is meant, set GoldenOptions.Update once:%s", file, list(ds))
	}
}

// writeGolden writes the file, as YAML if its name says so, and its folder if that is not there. A file that holds just these
// bytes is left alone.
func writeGolden(tpl *stack.Template, file string) error {
	write := tpl.JSON
	if ext := filepath.Ext(file); ext == ".yaml" || ext == ".yml" {
		write = tpl.YAML
	}
	body, err := write()
	if err != nil {
		return err
	}
	if !bytes.HasSuffix(body, []byte("\n")) {
		body = append(body, '\n')
	}
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, body) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o666)
}
