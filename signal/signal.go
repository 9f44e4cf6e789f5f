// Package signal sends and reads the signals by which software says that it is ready: to the URL of a
// wait condition handle, or to a resource with a creation policy.
//
//	handle, err := signal.ParseHandle(os.Getenv("HANDLE"))
//	…
//	err = signal.Send(ctx, handle, signal.Signal{Status: signal.Success, UniqueID: "web-1"}, nil)
//
// The URL of a handle is a secret: whoever has it can signal. A [Handle] keeps it out of logs, and no
// error of this package says it. docs/signals.md compares who waits, and who sends.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-waitcondition.html
package signal

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// A Status is whether the sender succeeded.
type Status string

// The two that there are.
const (
	Success Status = "SUCCESS"
	Failure Status = "FAILURE"
)

// StatusOf is the status for the exit code of a process: Success for zero.
func StatusOf(exitCode int) Status {
	if exitCode == 0 {
		return Success
	}
	return Failure
}

// A Signal is what one sender says. The zero value is none: Status and UniqueID are required.
type Signal struct {
	// Status is Success or Failure.
	Status Status
	// Reason is why, for people. It may be empty; CloudFormation shows it for failures.
	Reason string
	// UniqueID tells senders of one wait condition or resource apart: who sends twice counts once. To an
	// EC2 instance or an Auto Scaling group it is the ID of the instance.
	UniqueID string
	// Data is what the sender has to tell, found under its UniqueID in the attribute Data of the wait
	// condition. It may be empty, and has at most [MaxData] bytes.
	Data string
}

// Sizes.
const (
	// MaxData is how many bytes of Data a signal may carry.
	//
	// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
	MaxData = 4096
	// MaxBody is how many bytes a signal may have as JSON, by this package's rule: CloudFormation tells
	// none.
	MaxBody = 64 << 10
	// MaxResourceID is how many characters the UniqueID of a signal to a resource may have.
	MaxResourceID = 64
)

// ErrInvalid is an error about a signal that was not sent, or not taken, since it is none.
var ErrInvalid = errors.New("invalid signal")

// Check finds everything that is wrong with a signal for a wait condition handle. The error is an
// [ErrInvalid]. [Send] calls it.
func (s Signal) Check() error {
	var problems []error
	say := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if s.Status != Success && s.Status != Failure {
		say("the status is %q; it must be %s or %s", s.Status, Success, Failure)
	}
	if s.UniqueID == "" {
		say("there is no unique ID; give one that no other sender has, such as the ID of the instance")
	}
	if len(s.Data) > MaxData {
		say("the data has %d bytes, and may have %d; put it into S3 and send its URL", len(s.Data), MaxData)
	}
	for _, f := range [][2]string{{"reason", s.Reason}, {"unique ID", s.UniqueID}, {"data", s.Data}} {
		if !utf8.ValidString(f[1]) {
			say("the %s is not UTF-8; encode it, in base64 for instance", f[0])
		}
	}
	if n := len(s.encode()); len(problems) == 0 && n > MaxBody {
		say("the signal has %d bytes, and may have %d; shorten its reason", n, MaxBody)
	}
	return invalid(problems)
}

func invalid(problems []error) error {
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrInvalid, errors.Join(problems...))
}

// body is a signal on the wire: these four members, always, since OpenStack's Heat wants exactly them.
type body struct {
	Status   Status
	Reason   string
	UniqueID string `json:"UniqueId"`
	Data     string
}

// encode writes the JSON of a signal.
func (s Signal) encode() []byte {
	text, err := json.Marshal(body(s))
	if err != nil {
		return nil // strings always encode
	}
	return text
}

// MarshalJSON writes a signal as it is sent: an object of Status, Reason, UniqueId and Data.
func (s Signal) MarshalJSON() ([]byte, error) { return json.Marshal(body(s)) }
