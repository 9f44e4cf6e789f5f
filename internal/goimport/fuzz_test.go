package goimport_test

import (
	"bytes"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/updraft-go/updraft/internal/goimport"
	"github.com/updraft-go/updraft/internal/yaml"
)

// FuzzProgram holds that a template gives an error and nothing, or Go that parses and is formatted,
// and the same Go each time.
func FuzzProgram(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, false)
	}
	for _, s := range []string{
		"a", "{}", "Resources: {A: {Type: AWS::SQS::Queue}}", "Resources: {A: {Type: AWS::SQS::Queue, Properties: {QueueName: {Ref: A}}}}",
		"Resources: {A: {}}", "Resources: {A: 1}", "Resources: {A: {Type: 1, Properties: 1, DependsOn: {}}}",
		"Resources: {'Fn::ForEach::A': [X, [a], {'${X}': {Type: T}}]}", "Conditions: {A: {'Fn::And': [{Condition: B}]}, B: {Condition: A}}",
		"Parameters: {A: {Type: Number}}\nOutputs: {A: {Value: !Ref A}}", "Mappings: {A: {B: {C: D}}}\nOutputs: {A: {Value: !FindInMap [A, B, C]}}",
		"Transform: [{Name: X}]", "Description: |\n  a\n  b`\n", "Resources: {A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Action: x}]}}}}",
		"Resources:\n  A: &a {Type: AWS::SNS::Topic, Properties: {TopicName: x, Tags: [{Key: a, Value: b}]}}\n  B: *a\n  C: *a",
	} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, main bool) {
		doc, err := yaml.Parse(data)
		if err != nil {
			return
		}
		opts := &goimport.Options{Main: main}
		source, err := goimport.Program(doc, opts)
		if err != nil {
			if source != nil {
				t.Fatal("an error and a program")
			}
			return
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "", source, parser.AllErrors); err != nil {
			t.Fatalf("%v\n%s", err, source)
		}
		if formatted, err := format.Source(source); err != nil || !bytes.Equal(formatted, source) {
			t.Fatalf("not formatted: %v\n%s", err, source)
		}
		if again, err := goimport.Program(doc, opts); err != nil || !bytes.Equal(again, source) {
			t.Fatalf("another program the second time: %v\n%s\n%s", err, source, again)
		}
	})
}
