package customresource

import "context"

// A Provider makes, changes and deletes custom resources whose properties are a P: a struct that
// [Decode] fills, and whose method Validate() error, if it has one, is asked before Create and Update.
// Its methods are called by several goroutines at once.
//
// All of them may be asked the same twice, when an answer got lost, and must then come to the same
// end. What they wait for ends when ctx does, a little before the function is stopped.
type Provider[P any] interface {
	// Create makes the resource. An error with no PhysicalID says that nothing was made, and nothing
	// is asked to be deleted. With one it says that there is something to delete.
	Create(ctx context.Context, r *Request[P]) (*Result, error)
	// Update changes the resource from r.OldProperties to r.Properties. On AWS, another PhysicalID
	// than r.PhysicalResourceID is a replacement: a Delete of the one before comes later. An error
	// leaves the resource under the ID that it had; what was made anew is then for Update to remove.
	Update(ctx context.Context, r *Request[P]) (*Result, error)
	// Delete removes r.PhysicalResourceID, and succeeds if there is no such thing (any more).
	Delete(ctx context.Context, r *Request[P]) error
}

// A Completer is a [Provider] whose Create, Update and Delete only begin something. What they return
// is then not the end: IsComplete is asked, every now and then, until it is. This may go on for longer
// than one run of a function: see [Handler.Again].
type Completer[P any] interface {
	Provider[P]
	// IsComplete returns nil and no error while the work goes on, and the result, or the error, when
	// it has come to its end. r.PhysicalResourceID and r.State are what was returned by the method
	// that began it.
	IsComplete(ctx context.Context, r *Request[P]) (*Result, error)
}

// A Request is what a [Provider] is asked. It prints as its event does, without properties.
type Request[P any] struct {
	*Event
	// Properties are what the template says. OldProperties are, in an Update, what it said before.
	Properties, OldProperties P
	// Invalid says what of the properties could not be read and is left out: of Properties in a
	// Delete, of OldProperties in an Update. A stack must be able to get rid of what it could not
	// make. In all else that cannot be read, the provider is not asked.
	Invalid error
	// State is what Result.State was; in IsComplete only.
	State string
}

// A Result is what a [Provider] has done. Nil is the zero Result.
type Result struct {
	// PhysicalID names the resource: at most 1024 bytes on AWS, 255 on ROS, and there the same for
	// the life of the resource. "" is [Event.MakePhysicalID] without a salt, and after the creation the
	// ID that the resource has.
	PhysicalID string
	// Data holds the attributes that Fn::GetAtt reads: a map or struct that is a JSON object. A
	// [Secret] in it is not revealed. Nil is none.
	Data any
	// NoEcho masks Data in what AWS shows of the stack. ROS has no such thing, and shows it.
	NoEcho bool
	// State is what [Completer.IsComplete] wants to know. It is in no response.
	State string
}
