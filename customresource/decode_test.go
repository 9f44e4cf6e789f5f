package customresource_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/customresource"
)

func TestPropertiesAreDecodedLeniently(t *testing.T) {
	want := Props{
		Name: "5", Size: -3, On: true, Ratio: 0.5, Tags: []string{"1", "true"}, Nested: &Nested{7}, Labels: map[string]string{"a": "2"},
		Any: map[string]any{"b": json.Number("1")}, Raw: json.RawMessage(`{"z":1,"a":2}`), Password: "p", renamed: renamed{"k"},
	}
	for name, text := range map[string]string{
		"as text": `{"Name": "5", "Size": "-3", "On": "true", "Ratio": "0.5", "Tags": ["1", "true"], "Nested": {"Deep": "7"}, "Labels": {"a": "2"}, "Any": {"b": 1}, "Raw": {"z":1,"a":2}, "Password": "p", "kind-of": "k", "ServiceToken": "t", "ServiceTimeout": "3"}`,
		"as such": `{"Name": 5, "Size": -3.0, "On": true, "Ratio": 5e-1, "Tags": [1, true], "Nested": {"Deep": 7}, "Labels": {"a": 2}, "Any": {"b": 1}, "Raw": {"z":1,"a":2}, "Password": "p", "kind-of": "k"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var got Props
			if err := customresource.Decode(json.RawMessage(text), &got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(want, got, cmp.AllowUnexported(Props{})); d != "" {
				t.Error(d)
			}
		})
	}
	absent := Props{Size: 1, On: true, Nested: &Nested{}}
	if err := customresource.Decode(json.RawMessage(`{"Size": "", "On": "", "Ratio": null, "Nested": null}`), &absent); err != nil {
		t.Fatal(err)
	}
	equal(t, true, absent.Size == 0 && !absent.On && absent.Nested == nil)
}

func TestAllMistakesInPropertiesAreToldAndNoValue(t *testing.T) {
	var got Props
	err := customresource.Decode(json.RawMessage(`{"Name": ["geheim"], "Size": "geheim", "On": "geheim", "Tags": "geheim", "Nested": {"Deep": 256, "Extra": "geheim"}, "Labels": 3, "Nmae": "geheim"}`), &got)
	if err == nil {
		t.Fatal("no error")
	}
	wantIn(t, err.Error(), "property Name: it is a list where a text is wanted", "property Size: its text of 6 characters is no int", "property On: its text of 6 characters is no bool",
		"property Tags: it is a text where a list is wanted", "property Nested.Deep: its text of 3 characters is no uint8", "property Nested.Extra: there is no such property; there are Deep",
		"property Labels: it is a number where an object is wanted", "property Nmae: there is no such property; there are Any, Labels, Name,")
	if strings.Contains(err.Error(), "geheim") {
		t.Errorf("a value is in %v", err)
	}
	for _, text := range []string{`{`, `"a"`, `[]`, `3`} {
		if customresource.Decode(json.RawMessage(text), &Props{}) == nil {
			t.Errorf("%s was taken", text)
		}
	}
	if customresource.Decode(nil, nil) == nil || customresource.Decode(nil, Props{}) == nil {
		t.Error("what cannot be set was taken")
	}
	if err := customresource.Decode(nil, &Props{}); err != nil {
		t.Error(err)
	}
}

type checked struct{ N int }

func (c *checked) Validate() error {
	if c.N < 1 {
		return errors.New("N must be 1 or more")
	}
	return nil
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{}`, `{"Name": 1, "Any": [{}], "Raw": 1}`, `{"Nested": {"Deep": "1e2"}}`, `{"Size": 1e400, "Ratio": "NaN"}`, `{"Tags": [null, {}], "Labels": {"": null}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var a, b Props
		errA, errB := customresource.Decode(data, &a), customresource.Decode(data, &b)
		if (errA == nil) != (errB == nil) {
			t.Fatal(errA, errB)
		}
	})
}
