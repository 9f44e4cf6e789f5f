package goimport_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/internal/tree"
)

// Every template under testdata comes back from its program.
func TestCorpus(t *testing.T) {
	folder := os.Getenv("UPDRAFT_TEMPLATES") // more of them, to measure with
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(folder, "*.*"))
	if err == nil && folder != "" {
		files = append(files, more...)
	}
	docs, sources := map[string]*tree.Node{}, map[string][]byte{}
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := "corpus" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		docs[name] = read(t, data)
		sources[name] = program(t, name, docs[name])
		if show := os.Getenv("UPDRAFT_SHOW"); show != "" && strings.Contains(f, show) {
			t.Logf("%s\n%s", f, sources[name])
		}
	}
	got := runAll(t, sources)
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
			flatten(e, path+"/"+string(rune('0'+i)), out)
		}
	default:
		out[path] = n.JSON()
	}
}
