package stacktest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/stacktest"
)

func TestGoldenIsWrittenAndRead(t *testing.T) {
	for _, name := range []string{"a.json", "a.yaml", "a.yml"} {
		file := filepath.Join(t.TempDir(), "testdata", name)
		r := record(t)
		stacktest.Golden(r, jobs(), file, nil)
		r.says("the golden file", name, "is not there; set GoldenOptions.Update")

		r = record(t)
		stacktest.Golden(r, jobs(), file, &stacktest.GoldenOptions{Update: true})
		stacktest.Golden(r, jobs(), file, nil)
		r.silent()
	}
}

func TestGoldenComparesDocuments(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.json")
	if err := os.WriteFile(file, []byte(`{"Metadata": {"b": "22",    "a": 1}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	r := record(t)
	stacktest.Golden(r, parse(t, `Metadata: {a: 1, b: 22}`), file, &stacktest.GoldenOptions{Compare: &stacktest.CompareOptions{Scalars: true}})
	r.silent()
	stacktest.Golden(r, parse(t, `Metadata: {a: 1, b: 22}`), file, nil)
	r.says("a.json", `Metadata.b: want "22", got 22`)
}

func TestGoldenThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.json")
	if err := os.WriteFile(broken, []byte(`{"Resources": {`), 0o666); err != nil {
		t.Fatal(err)
	}
	bad := &stack.Template{}
	bad.Output("A", stack.Output{})
	for _, c := range []struct {
		tpl  *stack.Template
		file string
		opts *stacktest.GoldenOptions
		want string
	}{
		{jobs(), broken, nil, "broken.json: line 1"},
		{jobs(), dir, nil, "read the golden file"},
		{jobs(), filepath.Join(broken, "a.json"), &stacktest.GoldenOptions{Update: true}, "write the golden file"},
		{bad, filepath.Join(dir, "b.json"), &stacktest.GoldenOptions{Update: true}, "Outputs.A"},
		{bad, "testdata/jobs.json", nil, "the template cannot be written: Outputs.A"},
	} {
		r := record(t)
		stacktest.Golden(r, c.tpl, c.file, c.opts)
		r.says(c.want)
	}
}
