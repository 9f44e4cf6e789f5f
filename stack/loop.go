package stack

import (
	"errors"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// A Loop is Fn::ForEach where resources or outputs stand: its body is repeated for each element of
// a collection. The template needs the transform AWS::LanguageExtensions.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
type Loop struct {
	// Identifier is the name that stands, as ${Identifier}, for the element.
	Identifier string
	// Collection are the elements, or one expression that gives them.
	Collection []fn.String
	// Body holds what is repeated: its Resources or its Outputs, whichever section the loop is in.
	// Nothing else of it is used.
	Body *Template
}

const forEach = "Fn::ForEach::"

// ForEachResource adds a loop to the resources and returns its body. The logical IDs of what is
// added to the body must contain ${identifier}.
//
//	body := t.ForEachResource("Topics", "Name", []fn.String{"Success", "Failure"})
//	stack.Add(body, "Topic${Name}", &sns.Topic{TopicName: fn.Ref("Name")})
//
// A name that is taken is reported when the template is written.
func (t *Template) ForEachResource(name, identifier string, collection []fn.String) *Template {
	body := &Template{}
	add(t, &t.Resources, "Resources", forEach+name, &Resource{Loop: &Loop{identifier, collection, body}})
	return body
}

// ForEachOutput adds a loop to the outputs and returns its body. The names of what is added to the
// body's outputs must contain ${identifier}. A name that is taken is reported when the template is
// written.
func (t *Template) ForEachOutput(name, identifier string, collection []fn.String) *Template {
	body := &Template{}
	add(t, &t.Outputs, "Outputs", forEach+name, &Output{Loop: &Loop{identifier, collection, body}})
	return body
}

// ForEachCondition adds a loop to the conditions: body holds what is repeated, by names that contain
// ${identifier}. A name that is taken is reported when the template is written.
func (t *Template) ForEachCondition(name, identifier string, collection []fn.String, body map[string]fn.Condition) {
	if collection == nil {
		collection = []fn.String{}
	}
	json, err := fn.Append(nil, []any{identifier, collection, body})
	loop := fn.FromJSON[fn.Condition](json)
	if err != nil {
		loop = fn.Fail[fn.Condition](err)
	}
	add(t, &t.Conditions, "Conditions", forEach+name, loop)
}

// loop writes the value of Fn::ForEach; section writes what the body holds.
func (w *writer) loop(l *Loop, section func(body *Template)) {
	if l.Body == nil {
		w.problem(errors.New("a loop without a body; set Body to a template that holds what is repeated"))
		return
	}
	w.problems = append(w.problems, l.Body.problems...)
	w.buf = append(w.buf, '[')
	w.note(fn.Append(w.buf, l.Identifier))
	w.buf = append(w.buf, ',')
	w.note(fn.AppendList(w.buf, l.Collection))
	w.buf = append(w.buf, ',', '{')
	section(l.Body)
	w.buf = append(w.buf, '}', ']')
}
