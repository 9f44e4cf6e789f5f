package intrinsics

import (
	"errors"
	"fmt"
	"reflect"
)

// A Condition is a test that CloudFormation evaluates when it deploys: the name of one in the
// template's Conditions section, or an expression such as [Equals] gives. Plain text is a name.
// The zero value, "", is no condition.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
type Condition string

// appendCondition writes a test where an expression stands: a name becomes {"Condition": name}.
func appendCondition(dst []byte, text string) ([]byte, error) {
	x, ok, err := whole(text)
	if err != nil {
		return dst, err
	}
	if ok {
		return append(dst, x.json...), nil
	}
	dst = append(dst, `{"Condition":`...)
	dst, err = appendName(dst, text)
	return append(dst, '}'), err
}

// appendName writes the name of a condition.
func appendName(dst []byte, text string) ([]byte, error) {
	if text == "" {
		return dst, errors.New("a condition without a name; declare it with the template's Condition method and use what that returns")
	}
	if text[0] == 0 {
		if _, _, err := whole(text); err != nil {
			return dst, err
		}
		return dst, errors.New("an unnamed test where CloudFormation takes only the name of a condition; declare it with the template's Condition method and use what that returns")
	}
	return appendQuoted(dst, text)
}

// If is {"Fn::If": [condition, yes, no]} for text. An arm that is "" is AWS::NoValue: the property
// or element is then absent. The condition must be a named one.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
func If(condition Condition, yes, no String) String { return IfOf(condition, yes, no) }

// IfOf is [If] for every other kind of value: lists, maps, nested objects (as pointers or, as an
// element of a list, values), numbers, free-form values. Both arms and the result have one type. An
// arm that is the zero value of its type is AWS::NoValue.
//
// T must be a type that can carry an expression: one of this package's, a slice of such, a map by
// strings, a struct that embeds [Extra] or a pointer to one, or any. With another type, such as int
// or a struct of your own without Extra, IfOf panics; no input of a program can cause that, only
// the program itself.
func IfOf[T any](condition Condition, yes, no T) T {
	b := newBuilder()
	b.raw(`{"Fn::If":[`)
	b.note(appendName(b.json, string(condition)))
	b.raw(`,`)
	b.arm("the first arm", &yes)
	b.raw(`,`)
	b.arm("the second arm", &no)
	return finish[T](b.raw(`]}`))
}

func (b *builder) arm(which string, pointer any) {
	r := reflect.ValueOf(pointer).Elem()
	if r.IsZero() {
		b.raw(`{"Ref":"AWS::NoValue"}`)
		return
	}
	json, err := planOf(r.Type())(b.json, r, 0)
	if err != nil {
		b.fail(fmt.Errorf("%s of Fn::If: %w", which, err))
		return
	}
	b.json = json
}

// Equals is {"Fn::Equals": [a, b]}.
func Equals(a, b String) Condition { return call[Condition]("Fn::Equals", []String{a, b}) }

// EqualsOf is [Equals] for values that are no text.
func EqualsOf[T any](a, b T) Condition { return call[Condition]("Fn::Equals", []T{a, b}) }

// And is true if all of its tests are. CloudFormation takes two to ten of them.
func And(tests ...Condition) Condition { return call[Condition]("Fn::And", tests) }

// Or is true if one of its tests is. CloudFormation takes two to ten of them.
func Or(tests ...Condition) Condition { return call[Condition]("Fn::Or", tests) }

// Not is true if its test is false.
func Not(test Condition) Condition { return call[Condition]("Fn::Not", []Condition{test}) }
