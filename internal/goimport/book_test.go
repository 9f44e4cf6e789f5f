package goimport_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/updraft-go/updraft/internal/tree"
)

// The templates of the chapter come back from their programs. The recordings are not part of this
// repository; without them the test is skipped.
func TestChapter(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "golden", "book", "*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("the chapter's templates are not here: ", err)
	}
	docs, sources := map[string]*tree.Node{}, map[string][]byte{}
	ours, byHand := 0, 0
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := "chapter" + string(rune('A'+i))
		docs[name] = read(t, data)
		sources[name] = program(t, name, docs[name])
		program, example := bodyLines(t, sources[name]), bodyLines(t, exampleOf(t, f))
		ours, byHand = ours+program, byHand+example
		if float64(program) > 1.3*float64(example) {
			t.Errorf("the program for %s has %d lines, more than 1.3 times the %d that were written by hand", f, program, example)
		}
		t.Logf("%s: %d lines, by hand %d: %.2f", filepath.Base(f), program, example, float64(program)/float64(example))
	}
	t.Logf("all: %d lines, by hand %d: %.2f", ours, byHand, float64(ours)/float64(byHand))
	compare(t, docs, runAll(t, sources))
}

// exampleOf is the file of examples/ecs that builds the same template.
func exampleOf(t *testing.T, recording string) []byte {
	t.Helper()
	name := map[string]string{
		"ecr-repository-cf-template.json": "ecr", "ecs-cluster-cf-template.json": "cluster",
		"helloworld-codebuild-cf-template.json": "codebuild", "helloworld-codepipeline-cf-template.json": "codepipeline",
		"helloworld-ecs-alb-cf-template.json": "alb", "helloworld-ecs-service-cf-template.json": "service",
	}[filepath.Base(recording)]
	data, err := os.ReadFile(filepath.Join("..", "..", "examples", "ecs", name+".go"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// bodyLines counts the lines in the bodies of functions.
func bodyLines(t *testing.T, source []byte) int {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			n += files.Position(f.Body.Rbrace).Line - files.Position(f.Body.Lbrace).Line - 1
		}
	}
	return n
}
