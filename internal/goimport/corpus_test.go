package goimport_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/goimport"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

// Every template under testdata comes back from its program.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no templates: ", err)
	}
	docs, sources := map[string]*tree.Node{}, map[string][]byte{}
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("corpus%d", i)
		docs[name] = read(t, data)
		sources[name] = program(t, name, docs[name])
	}
	compare(t, docs, runAll(t, sources))
}

// TestFolder measures how many of the templates in the folder that UPDRAFT_TEMPLATES names come back.
func TestFolder(t *testing.T) {
	folder := os.Getenv("UPDRAFT_TEMPLATES")
	if folder == "" {
		t.Skip("UPDRAFT_TEMPLATES names no folder")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	docs, sources, refused := map[string]*tree.Node{}, map[string][]byte{}, 0
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("file%d", i)
		parse := yaml.Parse
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
			parse = tree.Parse
		}
		doc, err := parse(data)
		if err == nil {
			sources[name], err = goimport.Program(doc, &goimport.Options{Package: "main", Func: name})
		}
		if err != nil {
			t.Logf("%s: refused: %v", f, err)
			delete(sources, name)
			refused++
			continue
		}
		docs[name] = doc
		t.Logf("%s is %s", name, filepath.Base(f))
		if os.Getenv("UPDRAFT_SHOW") != "" {
			t.Logf("%s", sources[name])
		}
	}
	compare(t, docs, runAll(t, sources))
	t.Logf("%d templates, %d of them refused", len(files), refused)
}

func compare(t *testing.T, docs, got map[string]*tree.Node) {
	t.Helper()
	for name, doc := range docs {
		if diff := cmp.Diff(lines(normal(doc)), lines(normal(got[name]))); diff != "" {
			t.Errorf("%s (-template +program):\n%s", name, diff)
		}
	}
}

// lines is a value by paths, which makes a difference easy to find.
func lines(n *tree.Node) map[string]string {
	out := map[string]string{}
	flatten(n, "", out)
	return out
}

func flatten(n *tree.Node, path string, out map[string]string) {
	switch {
	case n.Is(tree.Map) && len(n.Map) > 0:
		for _, m := range n.Map {
			flatten(m.Value, path+"/"+m.Key, out)
		}
	case n.Is(tree.List) && len(n.List) > 0:
		for i, e := range n.List {
			flatten(e, fmt.Sprintf("%s/%d", path, i), out)
		}
	default:
		out[path] = n.JSON()
	}
}
