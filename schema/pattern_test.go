package schema_test

import (
	"testing"

	"github.com/updraft-go/updraft/schema"
)

func TestPropertiesMatch(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "anything", true},
		{"^[a-z]+$", "abc", true},
		{"^[a-z]+$", "ABC", false},
		{"b", "abc", true},        // somewhere
		{"^(?!aws)", "aws", true}, // Go does not read it
	} {
		for range 2 { // the second time it is compiled already
			if got := (&schema.Property{Pattern: tt.pattern}).Matches(tt.text); got != tt.want {
				t.Errorf("%q, %q: got %v", tt.pattern, tt.text, got)
			}
		}
	}
}
