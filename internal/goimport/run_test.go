package goimport_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/internal/goimport"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/internal/yaml"
)

// read reads a template in JSON or YAML.
func read(t testing.TB, data []byte) *tree.Node {
	t.Helper()
	parse := yaml.Parse
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		parse = tree.Parse
	}
	n, err := parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// runAll compiles the programs of many templates as one, runs it, and returns what each template
// writes, by its name.
func runAll(t *testing.T, sources map[string][]byte) map[string]*tree.Node {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	scratch, folder := t.TempDir(), filepath.Join(root, "internal", "goimport", "allofthem")
	overlay := map[string]map[string]string{"Replace": {}}
	add := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(scratch, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][filepath.Join(folder, name)] = filepath.Join(scratch, name)
	}
	var calls strings.Builder
	for name, source := range sources {
		add(name+".go", source)
		fmt.Fprintf(&calls, "\twrite(%q, %s())\n", name, name)
	}
	add("main.go", fmt.Appendf(nil, runner, calls.String()))
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	add("overlay.json", list)
	cmd := exec.CommandContext(t.Context(), "go", "run", "-overlay", filepath.Join(scratch, "overlay.json"), "./internal/goimport/allofthem")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	return split(t, out)
}

const runner = `package main

import (
	"fmt"

	"github.com/updraft-go/updraft/stack"
)

func write(name string, t *stack.Template) {
	body, err := t.Minified()
	if err != nil {
		body = fmt.Appendf(nil, "%%q", err.Error())
	}
	fmt.Printf("%%s %%s\n", name, body)
}

func main() {
%s}
`

func split(t *testing.T, out []byte) map[string]*tree.Node {
	t.Helper()
	got := map[string]*tree.Node{}
	for line := range bytes.Lines(out) {
		name, body, _ := bytes.Cut(line, []byte(" "))
		if body[0] == '"' {
			t.Errorf("%s does not write its template: %s", name, body)
			continue
		}
		got[string(name)] = read(t, bytes.TrimSpace(body))
	}
	return got
}

// program generates the program for a template with a function of that name.
func program(t testing.TB, name string, doc *tree.Node) []byte {
	t.Helper()
	source, err := goimport.Program(doc, &goimport.Options{Package: "main", Func: name})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return source
}

// normal is a template in the form in which two that mean the same are equal: scalars as text, a
// DependsOn as a list, an attribute as two names.
func normal(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	return spell(n).Sorted()
}

func spell(n *tree.Node) *tree.Node {
	c := *n
	switch n.Kind {
	case tree.Number, tree.Bool:
		return tree.Text(n.Text)
	case tree.List:
		c.List = nil
		for _, e := range n.List {
			c.List = append(c.List, spell(e))
		}
	case tree.Map:
		c.Map = nil
		for _, m := range n.Map {
			if m.Key == "Fn::GetAtt" && m.Value.Is(tree.String) {
				resource, attribute, _ := strings.Cut(m.Value.Text, ".")
				m.Value = tree.ListOf(tree.Text(resource), tree.Text(attribute))
			}
			if m.Key == "DependsOn" && m.Value.Is(tree.String) {
				m.Value = tree.ListOf(m.Value)
			}
			c.Map = append(c.Map, tree.Field(m.Key, spell(m.Value)))
		}
	}
	return &c
}
