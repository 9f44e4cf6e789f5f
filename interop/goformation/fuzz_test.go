package goformation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/interop/goformation"
	"github.com/updraft-go/updraft/stack"
)

// What goformation carries comes back, and comes back the same the second time; nothing panics.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{everything, queue("QueueName: eyJSZWYiOiAiWCJ9"), queue("Tags: [{Key: a, Value: !Ref B}]"),
		"Globals: {Function: {Timeout: 3}}", "Metadata: {Doc: {Ref: [a, {b: c}]}}", "Conditions: {C: {'Fn::And': [!Condition D, a]}}",
		`{"Resources":{"R":{"Type":"AWS::Serverless::Function","Properties":{"CodeUri":{"Bucket":{"Ref":"B"},"Key":"k"},"Events":{"E":{"Type":"Api","Properties":{"Path":"/","Method":"get"}}}}}}}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ours, err := stack.Parse([]byte(text))
		if err != nil {
			return
		}
		theirs, err := goformation.ToTemplate(ours)
		if err != nil {
			if theirs != nil {
				t.Errorf("a template beside the error %v", err)
			}
			return
		}
		again, err := goformation.FromTemplate(theirs)
		if err != nil {
			return // a test that is only a name, say, which goformation's own form cannot tell from text
		}
		twice, err := goformation.ToTemplate(again)
		if err != nil {
			t.Fatalf("%v: %s", err, templateJSON(t, again))
		}
		if diff := cmp.Diff(written(t, theirs), written(t, twice)); diff != "" {
			t.Errorf("theirs (-once +twice):\n%s", diff)
		}
	})
}
