package intrinsics

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Ref is {"Ref": name} for a name that is known only as text. The Ref methods of resources and
// parameters are to be preferred.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
func Ref(name string) String {
	if isPlain(name) {
		return String(mintParts(`{"Ref":"`, name, `"}`))
	}
	return RefOf[String](name)
}

// RefOf is Ref as a value of type T: []String for a list parameter, [Integer] for a number. T must
// be a type that can carry an expression: see [IfOf].
func RefOf[T any](name string) T {
	b := newBuilder()
	b.raw(`{"Ref":`)
	b.name(name)
	return finish[T](b.raw(`}`))
}

// GetAtt is {"Fn::GetAtt": [resource, attribute]} for names that are known only as text. The Attr
// methods of resources are to be preferred.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
func GetAtt(resource, attribute string) String {
	if isPlain(resource) && isPlain(attribute) {
		return String(mintParts(`{"Fn::GetAtt":["`, resource, `","`, attribute, `"]}`))
	}
	b := newBuilder()
	b.raw(`{"Fn::GetAtt":[`)
	b.name(resource)
	b.raw(`,`)
	b.name(attribute)
	return finish[String](b.raw(`]}`))
}

// Join is {"Fn::Join": [delimiter, parts]}. A list that is one expression is given with three dots:
// Join(",", subnets.Ref()...). To put text together without a delimiter, + is shorter.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html
func Join(delimiter string, parts ...String) String {
	b := newBuilder()
	b.raw(`{"Fn::Join":[`)
	b.name(delimiter)
	b.raw(`,`)
	b.list(parts)
	return finish[String](b.raw(`]}`))
}

// Split is {"Fn::Split": [delimiter, s]}: the reverse of [Join].
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
func Split(delimiter string, s String) []String {
	b := newBuilder()
	b.raw(`{"Fn::Split":[`)
	b.name(delimiter)
	b.raw(`,`)
	b.text(s)
	return finish[[]String](b.raw(`]}`))
}

// Select is {"Fn::Select": [index, list]}: the element of list at index, from 0. The result has the
// type of the elements.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
func Select[T any](index int, list []T) T {
	if index < 0 {
		return carryError[T](fmt.Errorf("fn.Select with the index %d; the first element has the index 0", index))
	}
	return SelectAt(Int(index), list)
}

// SelectAt is [Select] with an index that is an expression.
func SelectAt[T any](index Integer, list []T) T {
	b := newBuilder()
	b.raw(`{"Fn::Select":[`)
	b.value(index)
	b.raw(`,`)
	if list == nil {
		list = []T{}
	}
	b.value(list)
	return finish[T](b.raw(`]}`))
}

// Vars are the variables of [Sub], by the names that stand in ${}.
type Vars map[string]String

// Sub is {"Fn::Sub": text}, in which CloudFormation replaces each ${Name} by a Ref, each
// ${Name.Attribute} by an attribute, and each name in vars by its value; ${!Name} stays ${Name}.
// vars may be nil. text must be literal: an expression goes into vars, or into + and [Join].
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
func Sub(text string, vars Vars) String {
	b := newBuilder()
	if strings.Contains(text, mark) {
		b.fail(errors.New("fn.Sub with an expression in its text; name it in the variables, as in fn.Sub(\"${Host}:80\", fn.Vars{\"Host\": host})"))
	}
	b.raw(`{"Fn::Sub":`)
	if len(vars) == 0 {
		b.name(text)
		return finish[String](b.raw(`}`))
	}
	b.raw(`[`)
	b.name(text)
	b.raw(`,`)
	b.value(map[string]String(vars))
	return finish[String](b.raw(`]}`))
}

// Base64 is {"Fn::Base64": s}: what user data wants.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-base64.html
func Base64(s String) String { return call[String]("Fn::Base64", s) }

// Cidr is {"Fn::Cidr": [block, count, bits]}: count blocks out of block, each with 2^bits addresses.
// bits is 32 (128 for IPv6) less the length of the mask: 8 gives /24.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
func Cidr(block String, count, bits int) []String { return CidrOf(block, Int(count), Int(bits)) }

// CidrOf is [Cidr] with numbers that are expressions.
func CidrOf(block String, count, bits Integer) []String {
	return call[[]String]("Fn::Cidr", []any{block, count, bits})
}

// GetAZs is {"Fn::GetAZs": region}: the region's availability zones. "" is the stack's own region.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
func GetAZs(region String) []String { return call[[]String]("Fn::GetAZs", region) }

// FindInMap is {"Fn::FindInMap": [mapping, top, second]}: a value of the Mappings section.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
func FindInMap(mapping, top, second String) String {
	return call[String]("Fn::FindInMap", []String{mapping, top, second})
}

// FindInMapOf is [FindInMap] as a value of type T: []String for a list, [Integer] for a number. T
// must be a type that can carry an expression: see [IfOf].
func FindInMapOf[T any](mapping, top, second String) T {
	return call[T]("Fn::FindInMap", []String{mapping, top, second})
}

// ImportValue is {"Fn::ImportValue": name}: the value that another stack of the account and region
// exports by that name. An export's own Import method is to be preferred where the export is a Go
// value.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
func ImportValue(name String) String { return call[String]("Fn::ImportValue", name) }

// Call is {function: argument}, as a value of type T: for a function that this package does not know,
// which may be newer than it, or of another service that reads such templates. T must be a type that
// can carry an expression: see [IfOf].
func Call[T any](function string, argument any) T {
	if !isPlain(function) || function == "" {
		return carryError[T](fmt.Errorf("%q is the name of no function; write it as in Fn::Join", function))
	}
	return call[T](function, argument)
}

// call is a function with one argument.
func call[T any](function string, argument any) T {
	b := newBuilder()
	b.raw(`{"`)
	b.raw(function)
	b.raw(`":`)
	b.value(argument)
	return finish[T](b.raw(`}`))
}

// builder puts the JSON of a function together and remembers the first mistake.
type builder struct {
	json []byte
	err  error
}

// builders keeps the memory of builders between uses.
var builders = sync.Pool{New: func() any { return new(builder) }}

func newBuilder() *builder { return builders.Get().(*builder) }

// release gives the memory back; b must not be used after.
func (b *builder) release() {
	b.json, b.err = b.json[:0], nil
	builders.Put(b)
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *builder) raw(s string) *builder {
	b.json = append(b.json, s...)
	return b
}

// name writes text that has to be literal.
func (b *builder) name(s string) {
	if strings.Contains(s, mark) {
		b.fail(errors.New("an expression where CloudFormation takes only literal text: " + strconv.Quote(strings.ReplaceAll(s, mark, ""))))
		return
	}
	var err error
	if b.json, err = appendQuoted(b.json, s); err != nil {
		b.fail(err)
	}
}

// text, list and value write an argument.
func (b *builder) text(s String) { b.note(appendText(b.json, string(s))) }

func (b *builder) list(l []String) { b.note(AppendList(b.json, l)) }

func (b *builder) value(v any) { b.note(appendAny(b.json, reflect.ValueOf(v))) }

func (b *builder) note(json []byte, err error) {
	b.json = json
	if err != nil {
		b.fail(err)
	}
}

// finish gives the function its Go type.
func finish[T any](b *builder) T {
	var v T
	if s, ok := any(&v).(*String); ok { // most are, and need no memory but that of their text
		*s = b.expression()
		return v
	}
	return finishOther[T](b)
}

func finishOther[T any](b *builder) (v T) {
	b.finish(&v)
	return v
}

func (b *builder) expression() String {
	defer b.release()
	if b.err != nil {
		return String(fail(b.err))
	}
	return String(mint("", b.json))
}

func (b *builder) finish(pointer any) {
	defer b.release()
	if b.err != nil {
		carryErrorInto(pointer, b.err)
		return
	}
	carryInto(pointer, b.json)
}
