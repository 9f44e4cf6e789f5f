package intrinsics

// Extra holds properties that the typed struct in which it is embedded does not know, by their
// names: a way in for what is newer than this library.
//
//	&sqs.Queue{Extra: fn.Extra{"NewProperty": fn.Int(5)}}
//
// Values are as in any free-form position. Naming a property that is also set in its own field is
// an error when the template is written. The zero value adds nothing. (An object that is one
// expression as a whole, the result of [IfOf] say, carries the expression here under a marked key.)
type Extra map[string]any
