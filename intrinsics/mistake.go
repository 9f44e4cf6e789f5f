package intrinsics

import (
	"errors"
	"strconv"
	"strings"
)

// A ValueError is a value that cannot be written, and where it stands.
type ValueError struct {
	// Path leads from the value that was written to the mistake, such as
	// Environment.Variables.NAME or Tags[2].Value. It is "" for the value itself.
	Path string
	// Err says what is wrong and what to do.
	Err error
}

func (e *ValueError) Error() string {
	if e.Path == "" {
		return e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

// Unwrap returns the mistake without its place.
func (e *ValueError) Unwrap() error { return e.Err }

// At puts step before the path of each mistake in err: what a type that writes its own JSON does with
// the mistakes of its parts. A step is a name or an index such as [2]. A nil error stays nil.
func At(step string, err error) error {
	switch e := err.(type) {
	case nil:
		return nil
	case interface{ Unwrap() []error }:
		var all []error
		for _, part := range e.Unwrap() {
			all = append(all, At(step, part))
		}
		return errors.Join(all...)
	case *ValueError:
		if e.Path != "" && e.Path[0] != '[' {
			step += "."
		}
		return &ValueError{Path: step + e.Path, Err: e.Err}
	}
	return &ValueError{Path: step, Err: err}
}

// mistakes are what is wrong with the parts of a value.
type mistakes []error

// at notes a mistake in the part of that name, if err is one.
func (m *mistakes) at(name string, err error) {
	if err != nil {
		*m = append(*m, At(strings.ReplaceAll(name, mark, ""), err))
	}
}

// atIndex is at for an element of a list.
func (m *mistakes) atIndex(i int, err error) {
	if err != nil {
		m.at("["+strconv.Itoa(i)+"]", err)
	}
}

// err returns all of them, or nil.
func (m mistakes) err() error { return errors.Join(m...) }
