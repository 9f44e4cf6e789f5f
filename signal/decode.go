package signal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Rule is what is asked of a signal that is read.
type Rule int

const (
	// Lenient is CloudFormation's rule: Status and UniqueId are there, Reason and Data may be, and
	// whatever else is in it does not matter. A value that is no text counts as its JSON.
	Lenient Rule = iota
	// Strict is the rule of OpenStack's Heat: exactly the four members Status, Reason, UniqueId and
	// Data, and here each of them a text.
	Strict
)

var members = []string{"Data", "Reason", "Status", "UniqueId"}

// Decode reads the JSON of a signal. The error is an [ErrInvalid].
func Decode(text []byte, rule Rule) (Signal, error) {
	if len(text) > MaxBody {
		return Signal{}, invalid([]error{fmt.Errorf("it has %d bytes, and may have %d", len(text), MaxBody)})
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil {
		return Signal{}, invalid([]error{fmt.Errorf("it is no JSON object: %w", err)})
	}
	if rule == Strict {
		if err := checkMembers(given); err != nil {
			return Signal{}, invalid([]error{err})
		}
	}
	s := Signal{
		Status: Status(plain(given["Status"])), Reason: plain(given["Reason"]),
		UniqueID: plain(given["UniqueId"]), Data: plain(given["Data"]),
	}
	var problems []error
	if s.Status != Success && s.Status != Failure {
		problems = append(problems, fmt.Errorf("Status must be %s or %s", Success, Failure))
	}
	if s.UniqueID == "" {
		problems = append(problems, errors.New("UniqueId is missing"))
	}
	if len(problems) > 0 {
		return Signal{}, invalid(problems)
	}
	return s, nil
}

// checkMembers wants exactly the four, all of them text.
func checkMembers(given map[string]json.RawMessage) error {
	if names := slices.Sorted(maps.Keys(given)); !slices.Equal(names, members) {
		return fmt.Errorf("it must have exactly the members %s, and has %d", strings.Join(members, ", "), len(names))
	}
	for _, name := range members {
		if given[name][0] != '"' {
			return fmt.Errorf("%s must be text", name)
		}
	}
	return nil
}

// plain is a text, or the JSON of anything else; nothing for null and for what is not there.
func plain(value json.RawMessage) string {
	if len(value) == 0 || string(value) == "null" {
		return ""
	}
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value) // it was read as JSON before
	}
	return b.String()
}
