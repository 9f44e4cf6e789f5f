package local

import (
	"os"
	"regexp"
	"testing"
)

// The documentation lists every operation that is answered, and every other one of the API's ninety is
// known to be refused.
func TestTheDocumentationListsTheOperations(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for name := range answered {
		if !regexp.MustCompile(`\b` + name + `\b`).Match(doc) {
			t.Errorf("doc.go does not say that %s is answered", name)
		}
		if refused[name] != "" {
			t.Errorf("%s is answered and refused", name)
		}
	}
	for name := range refused {
		if !regexp.MustCompile(`\b` + name + `\b`).Match(doc) {
			t.Errorf("doc.go does not say that %s is refused", name)
		}
	}
	const api = 90 // operations of version 2010-05-15 in the SDK that go.mod names
	if n := len(answered) + len(refused); n != api {
		t.Errorf("%d operations are answered or refused; the API has %d", n, api)
	}
}
