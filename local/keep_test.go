package local

import "testing"

// A type that cannot be kept is named with the fields that lead to it. What is missing is most often the
// tag record:"-" at something that only lives as long as the process does; see keeper.
func TestEveryPieceOfStateCanBeKept(t *testing.T) {
	if _, err := stateSchema(); err != nil {
		t.Fatal(err)
	}
}
