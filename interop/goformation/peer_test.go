package goformation_test

import (
	"strings"
	"testing"

	theirs "github.com/awslabs/goformation/v7"
	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/awslabs/goformation/v7/intrinsics"

	"github.com/updraft-go/updraft/interop/goformation"
)

// read reads a template as goformation does when it is to keep expressions.
func read(t *testing.T, text string) *cloudformation.Template {
	t.Helper()
	tpl, err := theirs.ParseYAMLWithOptions([]byte(text), &intrinsics.ProcessorOptions{IntrinsicHandlerOverrides: cloudformation.EncoderIntrinsics})
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// What goformation's reader has made wrong is refused here where it can still be seen.
func TestFromWhatTheirReaderMadeWrong(t *testing.T) {
	for name, c := range map[string]struct{ template, want string }{
		"a condition named in And": {`Conditions: {C: !And [!Equals [a, b], {Condition: E}]}`, `Conditions.C.Fn::And[1]: "map[Condition:E]"`},
		"a condition named in Not": {`Conditions: {C: !Not [!Condition D]}`, `Conditions.C.Fn::Not[0]: `},
		"a default in FindInMap":   {queue(`QueueName: !FindInMap [M, a, b, {DefaultValue: c}]`), "Resources.Q.Properties.QueueName: goformation wrote"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := goformation.FromTemplate(read(t, c.template)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// What it reads well is ours, exactly.
func TestFromWhatTheirReaderReads(t *testing.T) {
	text := queue(`QueueName: !Join ['-', [!Ref AWS::StackName, !Select [0, !Split [',', !ImportValue a]]]], RedrivePolicy: {a: !GetAtt Dead.Arn}, DelaySeconds: 5`)
	ours, err := goformation.FromTemplate(read(t, text))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := templateJSON(t, ours), templateJSON(t, parse(t, text)); !equalJSON(t, got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The reasons for the rows of TestToRefuses: goformation by itself writes something else, in silence.
// When one of them no longer holds, its row can go.
func TestWhatTheirWriterMakesWrong(t *testing.T) {
	name := func(s string) *cloudformation.Template {
		return &cloudformation.Template{Metadata: map[string]any{"a": s}}
	}
	hand := func(v any) *cloudformation.Template {
		return &cloudformation.Template{Metadata: map[string]any{"a": v}}
	}
	for what, c := range map[string]struct {
		tpl  *cloudformation.Template
		want string // what it writes
	}{
		"numbers in CIDR stay base64":       {name(cloudformation.CIDR("10.0.0.0/16", 6, 8)), `"a": "eyAi`},
		"a Join by hand is evaluated":       {hand(map[string]any{"Fn::Join": []any{":", []any{"x", "y"}}}), `"a": "x:y"`},
		"a GetAtt by hand becomes null":     {hand(map[string]any{"Fn::GetAtt": []any{"X", "Arn"}}), `"a": null`},
		"text becomes a Ref":                {name("eyJSZWYiOiAiWCJ9"), `"Ref": "X"`},
		"digits are lost":                   {hand(123456789012345678), `123456789012345680`},
		"Rules are dropped":                 {read(t, `Rules: {R: {Assertions: []}}`), "{}"},
		"a Transform in a property is gone": {read(t, queue(`QueueName: {'Fn::Transform': {Name: M}}`)), `"Properties": {}`},
	} {
		t.Run(what, func(t *testing.T) {
			body, err := c.tpl.JSON()
			if err != nil || !strings.Contains(string(body), c.want) {
				t.Errorf("got %s, %v, want %s in it", body, err, c.want)
			}
		})
	}
}
