package stack

import (
	"encoding/json"
	"fmt"
	"slices"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// Wait says what a wait condition waits for. The zero value waits for one signal, for ten minutes.
type Wait struct {
	// Count is how many senders must signal success. If it is "", one.
	Count fn.Integer
	// Timeout is a number of seconds up to 43,200. If it is "", 600.
	Timeout fn.String
	// Generation is put after the logical IDs. A wait condition waits once, when it is created, and
	// CloudFormation does not update it: a stack that is to wait again, for a new version of what
	// signals, needs a new one, which another Generation gives. If it is "", the IDs stand alone.
	Generation string
}

// A WaitCondition is a wait condition of a template with its handle. It is made by [AddWait]. As a
// resource, it is the condition: see [After] for what is to be created only then.
type WaitCondition struct {
	*Untyped // the condition

	template *Template
	handle   *Untyped
}

// AddWait adds a wait condition under a logical ID, and its handle under that ID with Handle after it.
// The stack's creation waits there until signals have come to the handle, and fails if one of them is a
// failure or the time is over. Package signal, and the command cfn-signal, send them.
//
//	wait := stack.AddWait(t, "Ready", stack.Wait{Timeout: "900"})
//	server := stack.Add(t, "Server", &ec2.Instance{UserData: …wait.Handle()…})
//	wait.For(server)
//	stack.Add(t, "Address", &ec2.EIP{…}, stack.Attributes{DependsOn: stack.After(wait)})
//
// AddWait panics, as [Add] does, if the template has a resource of one of the two IDs.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html
func AddWait(t *Template, logicalID string, w Wait) *WaitCondition {
	if w.Timeout == "" {
		w.Timeout = "600"
	}
	handle := Add(t, logicalID+"Handle"+w.Generation, &Untyped{Type: "AWS::CloudFormation::WaitConditionHandle"})
	properties := map[string]any{"Handle": handle.Ref(), "Timeout": w.Timeout}
	if w.Count != "" {
		properties["Count"] = w.Count
	}
	condition := Add(t, logicalID+w.Generation, &Untyped{Type: "AWS::CloudFormation::WaitCondition", Properties: properties})
	return &WaitCondition{Untyped: condition, template: t, handle: handle}
}

// For makes the waiting begin when the resources are there that will signal: without it, the time runs
// from the start of the stack's creation. What signals must not depend on the condition, only know its
// handle.
func (w *WaitCondition) For(resources ...fn.Resource) {
	r, ok := w.template.Resources.Get(w.LogicalID())
	if !ok {
		return // it was taken out again
	}
	for _, id := range After(resources...) {
		if !slices.Contains(r.DependsOn, id) {
			r.DependsOn = append(r.DependsOn, id)
		}
	}
}

// Handle is the URL to which signals are put. It is all that is needed to signal, and a secret.
func (w *WaitCondition) Handle() fn.String { return w.handle.Ref() }

// Data is what the senders sent, as the JSON of an object of texts by the senders' unique IDs. See
// [ReadWaitData].
func (w *WaitCondition) Data() fn.String { return fn.GetAttOf[fn.String](w.Untyped, "Data") }

// Only is what the one sender sent, for other resources of the template: the only value in Data. It is
// right where one signal is waited for, and neither its unique ID nor its data holds a quotation mark, a
// backslash, or a character that JSON escapes.
func (w *WaitCondition) Only() fn.String {
	const value = 3 // of {"id":"value"}, split at the quotation marks
	return fn.Select(value, fn.Split(`"`, w.Data()))
}

// ReadWaitData reads what a wait condition's Data was in a stack, from an output for instance: the data
// of each sender, by its unique ID.
func ReadWaitData(text string) (map[string]string, error) {
	var data map[string]string
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		return nil, fmt.Errorf("the data of a wait condition is no JSON object of texts: %w", err)
	}
	return data, nil
}
