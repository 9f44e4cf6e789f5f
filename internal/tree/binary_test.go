package tree

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestANodeIsReadAsItWasWritten(t *testing.T) {
	for name, n := range map[string]*Node{
		"null": {}, "empty text": Text(""), "secret": {Kind: String, Text: "s3cret", Secret: true},
		"unknown": {Kind: Unknown, Text: "later"}, "absent": {Kind: Absent}, "empty list": {Kind: List}, "empty map": {Kind: Map},
		"nested": Object(Field("a", ListOf(Int(1), Boolean(true), &Node{})), Field("", Object(Field("b", Text("\x00\xff"))))),
	} {
		t.Run(name, func(t *testing.T) {
			b, err := n.AppendBinary(nil)
			if err != nil {
				t.Fatal(err)
			}
			var got Node
			if err := got.UnmarshalBinary(b); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(n, &got); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}

func FuzzUnmarshalBinary(f *testing.F) {
	for _, n := range []*Node{Text("x"), ListOf(Int(1)), Object(Field("a", ListOf()))} {
		b, _ := n.AppendBinary(nil)
		f.Add(b)
	}
	f.Add([]byte{8, 255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, data []byte) {
		var n, again Node
		if n.UnmarshalBinary(data) != nil {
			return
		}
		b, _ := n.AppendBinary(nil)
		if err := again.UnmarshalBinary(b); err != nil || !cmp.Equal(n, again) {
			t.Errorf("%x is read as %v and then as %v: %v", data, n, again, err)
		}
	})
}
