// Package stacktest is what unit tests of templates want: golden files, assertions with matchers,
// comparison that knows what CloudFormation takes as the same, and deployment on the embedded cloud.
//
//	func TestJobs(t *testing.T) {
//		tpl := jobs.Template()
//		stacktest.Golden(t, tpl, "testdata/jobs.json", &stacktest.GoldenOptions{Update: *update})
//		stacktest.HasResource(t, tpl, stacktest.Resource{
//			Type:       "AWS::SQS::Queue",
//			Properties: stacktest.Object{"VisibilityTimeout": 30, "QueueName": stacktest.Pattern("-jobs$")},
//		}, nil)
//		d := stacktest.Deploy(t, []*stack.Stack{{Name: "demo", Template: tpl}}, nil)
//		t.Log(d.Outputs["demo"]["URL"])
//	}
//
// # Patterns
//
// What a template is to have is written as a value, wherever a field or argument is of type any:
//
//   - text, numbers, booleans and the values of package intrinsics, such as queue.Ref(), stand for
//     what is written for them;
//   - an [Object], any other map and any struct of a resources package describe an object that has
//     at least these members, at every level;
//   - a slice describes a list of just these elements;
//   - a [Matcher], such as [Any] or [Pattern], stands for whatever it takes. It may stand in an
//     Object or in a []any, at any depth.
//
// A check that fails is an error of the test and names the path of each difference, in what comes
// nearest to the pattern; the test goes on.
package stacktest
