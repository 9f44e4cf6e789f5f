package broker

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// read checks the parameters of a request against the form, and returns them as text, which is what
// CloudFormation's parameters are. What has a value in given need not be said. All that is wrong is
// told at once, by name; no value is.
func (f *form) read(parameters map[string]any, given map[string]string) (map[string]string, error) {
	values, wrong := f.readPart(parameters)
	for _, name := range f.required() {
		_, set := given[name]
		if _, said := parameters[name]; !said && !set {
			wrong = append(wrong, name+": is required")
		}
	}
	return values, refuseAll(wrong)
}

// readSome is read for an update, which need not say everything.
func (f *form) readSome(parameters map[string]any) (map[string]string, error) {
	values, wrong := f.readPart(parameters)
	return values, refuseAll(wrong)
}

func refuseAll(wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	return malformed("parameters: %s", strings.Join(wrong, "; "))
}

// maxValue is the size of the largest value that CloudFormation takes, in bytes. It would tell a larger one
// in its error.
const maxValue = 4096

func (f *form) readPart(parameters map[string]any) (values map[string]string, wrong []string) {
	values = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		x := f.fields[name]
		if x == nil {
			wrong = append(wrong, name+": "+f.unknown(name))
			continue
		}
		text, ok := x.text(parameters[name])
		if !ok {
			wrong = append(wrong, name+": must be "+map[string]string{"string": "a text", "integer": "a whole number", "number": "a number"}[x.kind])
			continue
		}
		if len(text) > maxValue {
			wrong = append(wrong, fmt.Sprintf("%s: must have %d bytes or fewer", name, maxValue))
			continue
		}
		if why := x.check(text); why != "" {
			wrong = append(wrong, name+": "+why)
			continue
		}
		values[name] = text
	}
	return values, wrong
}

// text is a value as CloudFormation takes it.
func (f *field) text(value any) (string, bool) {
	text, ok := scalar(value)
	if _, isBool := value.(bool); isBool {
		text = f.spelled(text)
	}
	return text, ok
}

// spelled is a boolean as the parameter's allowed values have it, such as True.
func (f *field) spelled(text string) string {
	for _, allowed := range f.allowed {
		if strings.EqualFold(allowed, text) {
			return allowed
		}
	}
	return text
}

// unknown says why a parameter that is not in the form cannot be set.
func (f *form) unknown(name string) string {
	if _, ok := f.fixed[name]; ok {
		return "is set by the plan, and cannot be changed"
	}
	if f.made != nil && f.made.fields[name] != nil {
		return "cannot be changed once the instance is made; leave it out"
	}
	if len(f.order) == 0 {
		return "is no parameter; there are none that can be set here"
	}
	return "is no parameter that can be set here; those are " + strings.Join(slices.Sorted(maps.Keys(f.fields)), ", ")
}

// scalar is a JSON scalar as text. Forms for people send numbers and booleans for text, and text for
// numbers, so that the text is what counts.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		return plainNumber(v.String()), true
	}
	return "", false
}

// plainNumber writes 5.0 and 5e0 as 5, since CloudFormation hands text on as it is.
func plainNumber(text string) string {
	if strings.Trim(text, "-0123456789") == "" {
		return text
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return number(x)
}
