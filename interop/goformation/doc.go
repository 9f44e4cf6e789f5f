// Package goformation turns templates and resources of goformation v7 into ours and back, so that a
// program can move from one to the other file by file.
//
//	ours, err := goformation.FromTemplate(theirs)
//	theirs, err := goformation.ToTemplate(ours)
//
// goformation keeps an expression in a string, as base64 of its JSON. It is decoded here exactly as
// it was given: nothing is evaluated, and no number loses digits. In the other direction, what a
// goformation template cannot carry is an error that names its path: the sections Rules and Hooks,
// types and properties that goformation does not have, an expression where its struct has a number, a
// boolean, a list or an object, functions that it does not know. Before a template is returned, it is
// written by goformation and compared with what went in, so that nothing is lost in silence.
//
// Two things cannot be told apart in goformation, and are as it takes them: text that is the base64
// of an expression is that expression; a required property of type string that was not set is an
// empty one.
//
// A template in a file is better read with stack.Parse: goformation's reader has evaluated, changed or
// dropped some of it before anything can be turned. What can still be seen of that is an error here.
//
// Importing this package compiles all of goformation.
//
// https://pkg.go.dev/github.com/awslabs/goformation/v7
package goformation
