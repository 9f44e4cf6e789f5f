package executor

import "fmt"

// An Intent is what becomes of a parameter that is given no value.
type Intent int

// The intents.
const (
	// UsePreviousOrDefault keeps the value that the deployed stack has, or else takes the default of
	// the template.
	UsePreviousOrDefault Intent = iota
	// UsePreviousValue keeps the value that the deployed stack has. It is an error if it has none.
	UsePreviousValue
	// UseDefault takes the default of the template, even if the stack has another value. It is an
	// error if the template has none.
	UseDefault
)

func (i Intent) String() string {
	switch i {
	case UsePreviousOrDefault:
		return "previous value or default"
	case UsePreviousValue:
		return "previous value"
	case UseDefault:
		return "default"
	}
	return fmt.Sprintf("Intent(%d)", int(i))
}
