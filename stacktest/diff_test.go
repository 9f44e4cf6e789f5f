package stacktest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/stacktest"
)

func parse(t *testing.T, text string) *stack.Template {
	t.Helper()
	tpl, err := stack.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// output is a template whose one output has that value.
func output(value string) string { return "Outputs: {A: {Value: " + value + "}}" }

func TestDiffTakesAsTheSame(t *testing.T) {
	var (
		strict    = &stacktest.CompareOptions{}
		scalars   = &stacktest.CompareOptions{Scalars: true}
		version   = &stacktest.CompareOptions{FormatVersion: true}
		functions = &stacktest.CompareOptions{Functions: true}
	)
	for name, c := range map[string]struct {
		a, b string
		opts *stacktest.CompareOptions // under which they are the same
		not  *stacktest.CompareOptions // under which they are not; nil is none
	}{
		"the order of keys":           {`Metadata: {a: 1, b: 2}`, `Metadata: {b: 2, a: 1}`, strict, nil},
		"one number in two spellings": {`{"Metadata":{"a":1.0,"b":100}}`, `{"Metadata":{"a":1,"b":1e2}}`, scalars, strict},
		"the order of DependsOn":      {`Resources: {R: {Type: T, DependsOn: [A, B]}}`, `Resources: {R: {Type: T, DependsOn: [B, A]}}`, strict, nil},
		"a DependsOn of one":          {`Resources: {R: {Type: T, DependsOn: A}}`, `Resources: {R: {Type: T, DependsOn: [A]}}`, strict, nil},
		"a Transform of one":          {`Transform: M`, `Transform: [M]`, strict, nil},
		"a number as text":            {`Metadata: {a: '22'}`, `Metadata: {a: 22}`, scalars, strict},
		"a number in other text":      {`{"Metadata":{"a":"22.0"}}`, `{"Metadata":{"a":22}}`, scalars, strict},
		"a boolean as text":           {`Metadata: {a: 'true'}`, `Metadata: {a: true}`, scalars, strict},
		"two texts":                   {`Metadata: {a: '1.0'}`, `Metadata: {a: '1'}`, nil, scalars},
		"a fraction in text":          {`Metadata: {a: '1/2'}`, `Metadata: {a: 0.5}`, nil, scalars},
		"a large exponent":            {`{"Metadata":{"a":1e999999999}}`, `{"Metadata":{"a":1e999999998}}`, nil, scalars},
		"the format version":          {"AWSTemplateFormatVersion: '2010-09-09'\nDescription: a", `Description: a`, version, strict},
		"Sub and Join":                {output(`!Sub '${A}-${B.C.D}${!E}'`), output(`!Join ['', [!Ref A, '-', !GetAtt [B, C.D], '${E}']]`), functions, strict},
		"Sub with variables":          {output(`!Sub ['${A}${V}', {V: !Ref X}]`), output(`!Join ['', [!Ref A, !Join ['', [!Ref X]]]]`), functions, strict},
		"Sub of text":                 {output(`!Sub a`), output(`a`), functions, strict},
		"Join of one":                 {output(`!Join ['', [!Ref A, '']]`), output(`!Ref A`), functions, strict},
		"Join with a delimiter":       {output(`!Join ['-', [a, b]]`), output(`a-b`), nil, functions},
		"GetAtt with a dot":           {`{"Outputs":{"A":{"Value":{"Fn::GetAtt":"B.C.D"}}}}`, output(`!GetAtt [B, C.D]`), functions, strict},
		"an index":                    {output(`!Select ['0', [a, b]]`), output(`!Select [0, [a, b]]`), functions, strict},
		"the zones of the own region": {output(`!Select [0, !GetAZs '']`), output(`!Select [0, !GetAZs {Ref: AWS::Region}]`), functions, strict},
	} {
		t.Run(name, func(t *testing.T) {
			if c.opts != nil && len(diff(t, c.a, c.b, c.opts)) != 0 {
				t.Errorf("got %v, want nothing", diff(t, c.a, c.b, c.opts))
			}
			if c.not != nil && len(diff(t, c.a, c.b, c.not)) == 0 {
				t.Error("got nothing, want a difference")
			}
		})
	}
}

func diff(t *testing.T, a, b string, opts *stacktest.CompareOptions) []stacktest.Difference {
	t.Helper()
	ds, err := stacktest.Diff(parse(t, a), parse(t, b), opts)
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func TestDiffPaths(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want []stacktest.Difference
	}{
		"an element was put in": {`Metadata: {l: [a, b, c]}`, `Metadata: {l: [x, a, b, c]}`,
			[]stacktest.Difference{{Path: "Metadata.l[0]", Got: `"x"`}}},
		"an element of an object in a list": {`Metadata: {l: [a, {k: 1}]}`, `Metadata: {l: [a, {k: 2}]}`,
			[]stacktest.Difference{{Path: "Metadata.l[1].k", Want: "1", Got: "2"}}},
		"another function": {output(`!Ref A`), output(`!GetAtt A.B`),
			[]stacktest.Difference{{Path: "Outputs.A.Value", Want: `{"Ref":"A"}`, Got: `{"Fn::GetAtt":["A","B"]}`}}},
		"a value for a function": {output(`!Ref A`), output(`a`),
			[]stacktest.Difference{{Path: "Outputs.A.Value", Want: `{"Ref":"A"}`, Got: `"a"`}}},
		"an argument": {output(`!Ref A`), output(`!Ref B`),
			[]stacktest.Difference{{Path: "Outputs.A.Value.Ref", Want: `"A"`, Got: `"B"`}}},
		"a key with a dot": {`Metadata: {a.b: 1}`, `Metadata: {a.b: {c: 1}}`,
			[]stacktest.Difference{{Path: `Metadata["a.b"]`, Want: "1", Got: `{"c":1}`}}},
		"a section": {`Description: a`, "Description: a\nMetadata: {z: 1, a: 2}",
			[]stacktest.Difference{{Path: "Metadata", Got: `{"a":2,"z":1}`}}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, diff(t, c.a, c.b, nil)); d != "" {
				t.Errorf("differences (-want +got):\n%s", d)
			}
		})
	}
}

func TestDifferenceShortensToWhereItDiffers(t *testing.T) {
	long := strings.Repeat("a", 500)
	got := stacktest.Difference{Path: "P", Want: long + "xyz" + long, Got: long + "XYZ" + long}.String()
	if len(got) > 500 || !strings.Contains(got, "axyza") || !strings.Contains(got, "aXYZa") {
		t.Errorf("got %s, want what is around the difference", got)
	}
	short := stacktest.Difference{Path: "P", Want: long, Got: `"a"`}.String()
	if !strings.HasPrefix(short, "P: want aaa") || !strings.HasSuffix(short, `got "a"`) {
		t.Errorf("got %s", short)
	}
}

func TestDiffOfTemplatesThatCannotBeWritten(t *testing.T) {
	bad, good := &stack.Template{}, &stack.Template{}
	bad.Output("A", stack.Output{})
	if _, err := stacktest.Diff(bad, good, nil); err == nil || !strings.Contains(err.Error(), "the wanted template: Outputs.A") {
		t.Errorf("got %v, want an error for the first", err)
	}
	if _, err := stacktest.Diff(good, bad, nil); err == nil || !strings.Contains(err.Error(), "Outputs.A") {
		t.Errorf("got %v, want an error for the second", err)
	}
}
