// Package intrinsics is what a property of a CloudFormation resource may say: literal values, and
// the functions and pseudo parameters that CloudFormation evaluates when it deploys. Programs import
// it as fn, CloudFormation's own prefix:
//
//	import fn "github.com/updraft-go/updraft/intrinsics"
//
//	image := fn.AccountID + ".dkr.ecr." + fn.Region + ".amazonaws.com/app:" + tag.Ref()
//
// # Text with expressions in it
//
// A [String] is text with expressions in it. Its literal characters stand as they are; an expression
// stands between two NUL bytes, which no template can hold, as the compact JSON that will be
// written, followed by a checksum. So untyped constants assign, + concatenates (and is written as
// Fn::Join), [fmt.Sprintf] composes, and pseudo parameters such as [Region] are constants. Printing
// one shows its JSON between two NULs.
//
// An expression that was cut, changed or torn apart by string functions (strings.ToLower, a slice,
// a %.5s) no longer fits its checksum and is an error when the template is written, never a wrong
// template. No literal text is ever taken for an expression.
//
// [Integer], [Double], [Boolean], [Timestamp] and [Condition] are made in the same way; they are
// distinct types, so that a reference to a number does not compile where a boolean belongs.
//
// # Absent and empty
//
// In a field of a resource "" and nil are absent, and nothing is written. [Empty] writes an empty
// string, [Int](0) a zero, [False] a false, a slice that is empty but not nil an empty list. As an
// element of a list or the value of a map "" is an empty string, since its place is there already.
//
// # Every position takes an expression
//
// A list, map or nested object may be one expression as a whole: [Split] gives a []String, [IfOf]
// a value of its arms' own type. Such a value holds only the expression: a list is a slice of one
// marked element, a map has one marked key, a nested object carries it in its embedded [Extra].
// Appending to such a list, or setting another field of such an object, is an error when the
// template is written.
//
// Values are plain data, safe to share between goroutines as any string, slice or map is.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
package intrinsics
