package rollout

import "github.com/aws/aws-sdk-go-v2/service/ec2/types"

// A fate is what the state of an image means for a rollout.
type fate int

const (
	coming  fate = iota // it will be available, or fail
	usable              // instances can be made of it
	spoiled             // it never became an image; nobody can miss it
	taken               // somebody took it away on purpose
)

// fates has a row for each state that EC2 knows.
var fates = map[types.ImageState]fate{
	types.ImageStatePending:      coming,
	types.ImageStateTransient:    coming,
	types.ImageStateAvailable:    usable,
	types.ImageStateFailed:       spoiled,
	types.ImageStateError:        spoiled,
	types.ImageStateInvalid:      spoiled,
	types.ImageStateDeregistered: taken,
	types.ImageStateDisabled:     taken,
}

// fateOf judges a state; one that this library does not know is not waited for.
func fateOf(s types.ImageState) fate {
	if f, ok := fates[s]; ok {
		return f
	}
	return taken
}
