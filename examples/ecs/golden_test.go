package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// The templates say what those of the chapter say, as Troposphere writes them. The recordings are
// not part of this repository; without them the test is skipped.
func TestTemplatesEqualTheChapters(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "golden", "book")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the chapter's templates are not here: ", err)
	}
	golden := map[string]string{
		"ecr-repository.json":          "ecr-repository-cf-template.json",
		"ecs-cluster.json":             "ecs-cluster-cf-template.json",
		"helloworld-ecs-alb.json":      "helloworld-ecs-alb-cf-template.json",
		"helloworld-ecs-service.json":  "helloworld-ecs-service-cf-template.json",
		"helloworld-codebuild.json":    "helloworld-codebuild-cf-template.json",
		"helloworld-codepipeline.json": "helloworld-codepipeline-cf-template.json",
	}
	for name, tpl := range newChapter(defaultAdmin).files() {
		got, err := tpl.JSON()
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(folder, golden[name]))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(normal(t, want), normal(t, got)); diff != "" {
			t.Errorf("%s (-chapter +ours):\n%s", name, diff)
		}
	}
}

// normal reads a template so that two spellings of the same compare equal: a scalar as its text, a
// DependsOn as a list, without the format version.
func normal(t *testing.T, data []byte) any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "AWSTemplateFormatVersion")
	return spell(doc)
}

func spell(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if name, ok := e.(string); ok && k == "DependsOn" {
				e = []any{name}
			}
			v[k] = spell(e)
		}
	case []any:
		for i, e := range v {
			v[i] = spell(e)
		}
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return v
}

// everything is what the example deploys without a flag.
func everything(t *testing.T) []*stack.Stack {
	t.Helper()
	o, err := parse(nil, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	return o.stacks(newChapter(defaultAdmin), true)
}

func TestTemplatesAreValid(t *testing.T) {
	// The book's GitHub token stands in its template, and its servers come from a launch configuration.
	ds := validate.Suppress(validate.Stacks(everything(t), nil), "secret-plain", "type-deprecated")
	if len(ds) > 0 {
		t.Errorf("findings: %+v", ds)
	}
}

// The order follows from exports and imports, though the stacks are given in another.
func TestOrderOfTheStacks(t *testing.T) {
	all := everything(t)
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	g, err := stack.NewGraph(all, nil)
	if err != nil {
		t.Fatal(err)
	}
	needs := map[string]string{}
	for _, s := range g.Stacks() {
		var names []string
		for _, n := range g.Needs(s) {
			names = append(names, n.Name)
		}
		needs[s.Name] = strings.Join(names, " ")
	}
	want := map[string]string{
		"helloworld-ecr": "", "helloworld-codebuild": "", "helloworld-codepipeline": "",
		"staging-cluster": "", "staging-alb": "staging-cluster",
		"staging-helloworld-service": "helloworld-ecr staging-cluster staging-alb",
		"production-cluster":         "", "production-alb": "production-cluster",
		"production-helloworld-service": "helloworld-ecr production-cluster production-alb",
	}
	if diff := cmp.Diff(want, needs); diff != "" {
		t.Errorf("needs (-want +got):\n%s", diff)
	}
	if len(g.External()) != 0 {
		t.Errorf("imports that nobody exports: %v", g.External())
	}
}
