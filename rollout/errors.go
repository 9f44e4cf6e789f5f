package rollout

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrStopped is what [errors.Is] finds in a [StoppedError].
var ErrStopped = errors.New("the rollout was stopped")

// A StoppedError says that the context of a call ended before the rollout did. What was made stays,
// and the same call goes on from there.
type StoppedError struct {
	// Release is the release's ID, Step the step that was under way.
	Release string
	Step    Step
	// Cause is why it was stopped.
	Cause error
}

func (e *StoppedError) Error() string {
	return fmt.Sprintf("release %s: stopped in the step %q; the same call goes on from there: %v", e.Release, e.Step, e.Cause)
}

// Is makes it an ErrStopped.
func (e *StoppedError) Is(target error) bool { return target == ErrStopped }

// Unwrap returns the cause.
func (e *StoppedError) Unwrap() error { return e.Cause }

// An ImageError says that an image cannot be used.
type ImageError struct {
	// ImageID is the image, "" if it is not known; Name is its name.
	ImageID, Name string
	// State is its state, "" if it does not exist; Reason is what EC2 says of it.
	State, Reason string
	// Next says what can be done.
	Next string
}

func (e *ImageError) Error() string {
	text := "image " + e.ImageID
	if e.ImageID == "" {
		text = "image " + e.Name
	}
	if e.State == "" {
		text += ": it does not exist"
	} else {
		text += ": it is " + e.State
	}
	if e.Reason != "" {
		text += " (" + strings.TrimSuffix(e.Reason, ".") + ")"
	}
	return text + "; " + e.Next
}

// A TimeoutError says that something took longer than it was given.
type TimeoutError struct {
	// Step is the step, Resource what was waited for, After how long.
	Step     Step
	Resource string
	After    time.Duration
	// Next says what can be done.
	Next string
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s %s: not done after %s; %s", e.Step, e.Resource, e.After, e.Next)
}

// An OvertakenError says that another release moved the pointer after this one began. Nothing was
// moved.
type OvertakenError struct {
	// Pointer is what was to be moved, such as "the default version of lt-0abc".
	Pointer string
	// From is what it was when the release began, Now what it is.
	From, Now string
	// By is the ID of the release that moved it, "" if it is unknown.
	By string
}

func (e *OvertakenError) Error() string {
	by := ""
	if e.By != "" {
		by = ", by release " + e.By
	}
	return fmt.Sprintf("%s is now %s%s; it was %s when this release began, and going on would undo that change; roll out under a new ID, or set Overtake",
		e.Pointer, e.Now, by, e.From)
}

// A RolledBackError says that a release was rolled back before, and so is not rolled out again.
type RolledBackError struct {
	// Release is the release's ID, Since when it was rolled back.
	Release, Since string
}

func (e *RolledBackError) Error() string {
	return fmt.Sprintf("release %s: it was rolled back at %s; roll out under a new ID", e.Release, e.Since)
}

// A RefreshError says that an instance refresh came to a bad end.
type RefreshError struct {
	// Group is the group, RefreshID the refresh, Status its status, Reason what Auto Scaling says.
	Group, RefreshID, Status, Reason string
	// RolledBack reports that the group is what it was before.
	RolledBack bool
	// Next says what can be done.
	Next string
}

func (e *RefreshError) Error() string {
	text := fmt.Sprintf("group %s: instance refresh %s is %s", e.Group, e.RefreshID, e.Status)
	if e.Reason != "" {
		text += " (" + strings.TrimSuffix(e.Reason, ".") + ")"
	}
	return text + "; " + e.Next
}

// A BusyError says that another instance refresh is under way in a group.
type BusyError struct {
	// Group is the group, RefreshID the refresh, Status its status.
	Group, RefreshID, Status string
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("group %s: another instance refresh, %s, is %s; wait for it with Busy, or cancel it, then try again", e.Group, e.RefreshID, e.Status)
}
