package intrinsics_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	fn "github.com/updraft-go/updraft/intrinsics"
)

type level int

func (l level) MarshalText() ([]byte, error) {
	if l < 0 {
		return nil, errors.New("below the ground")
	}
	return []byte{'L', '0' + byte(l)}, nil
}

func (l *level) UnmarshalText(text []byte) error {
	*l = level(text[1] - '0')
	return nil
}

type Base struct {
	Name string
	Size float32
}

type Deeper struct{ *Base }

type tagged struct {
	Count int     `json:"count,string"`
	Ratio float64 `json:",string,omitempty"`
	//lint:ignore SA5008 a dash is a name where a comma follows
	Dash    int             `json:"-,"`
	Hidden  string          `json:"-"`
	Empty   []string        `json:"empty,omitempty"`
	Zero    time.Time       `json:"zero,omitzero"`
	When    time.Time       `json:"when"`
	Data    []byte          `json:"data"`
	Array   [2]bool         `json:"array"`
	Inner   struct{ X int } `json:"inner,omitempty"`
	Big     big.Int         `json:"big"`
	Address netip.Addr      `json:"address"`
}

type shadow struct {
	Base
	Other string `json:"Name"` // before Base's, which lies deeper
}

type named struct {
	Base `json:"base"`
}

type pointed struct{ text string }

func (p *pointed) MarshalJSON() ([]byte, error) { return json.Marshal(p.text) }

func (p *pointed) UnmarshalJSON(data []byte) error { return json.Unmarshal(data, &p.text) }

// plainValues are written as encoding/json writes them, and read again.
var plainValues = map[string]any{
	"bytes":                       []byte("hi\xff"),
	"no bytes":                    []byte{},
	"named bytes":                 [][]byte{[]byte("a"), []byte("b")},
	"float32":                     float32(0.1),
	"float64":                     0.1,
	"text":                        netip.MustParsePrefix("10.0.0.0/16"),
	"texts":                       []level{1, 2},
	"keys as text":                map[level]string{2: "b", 1: "a"},
	"whole numbers as keys":       map[int8]string{-2: "b", 10: "a"},
	"keys without a sign":         map[uint64]bool{math.MaxUint64: true},
	"tags":                        &tagged{Count: 3, When: time.Unix(1, 0).UTC(), Data: []byte{1, 2}, Big: *big.NewInt(7), Address: netip.MustParseAddr("::1")},
	"an embedded pointer":         Deeper{&Base{Name: "a", Size: 0.1}},
	"an embedded nil":             Deeper{},
	"a name that hides another":   shadow{Base{"a", 1}, "b"},
	"an embedded struct by name":  named{Base{"a", 1}},
	"a method of the pointer":     map[string]*pointed{"a": {"b"}},
	"a method of a field's":       &struct{ P pointed }{pointed{"b"}},
	"a pointer to a pointer":      new(new(new(1))),
	"an array":                    [3]int8{1, 2, 3},
	"characters that HTML shuns":  "<a & b>",
	"duration":                    time.Minute,
	"any":                         map[string]any{"a": []any{"b", true, nil, 1.5}},
	"a struct that has no fields": struct{}{},
}

func TestPlainDataAsStandard(t *testing.T) {
	for name, v := range plainValues {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		got, err := fn.Append(nil, v)
		if w := strings.TrimSuffix(want.String(), "\n"); err != nil || string(got) != w {
			t.Errorf("%s: written as %s, %v; want %s", name, got, err, w)
		}
	}
}

func TestPlainDataIsReadAgain(t *testing.T) {
	for name, v := range plainValues {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if data[0] == 'n' || strings.Contains(name, "any") {
			continue // what is read has other types, or less in it
		}
		want, got := reflect.New(reflect.TypeOf(v)), reflect.New(reflect.TypeOf(v))
		if err := json.Unmarshal(data, want.Interface()); err != nil {
			t.Fatal(err)
		}
		if err := fn.Decode(data, got.Interface()); err != nil || !reflect.DeepEqual(got.Interface(), want.Interface()) {
			t.Errorf("%s: %s is read as %+v, %v; want %+v", name, data, got.Elem(), err, want.Elem())
		}
	}
}

// A value that has no address is written by the method of its pointer, too. encoding/json forgets it.
func TestMethodOfPointerWithoutAddress(t *testing.T) {
	got, err := fn.Append(nil, map[string]any{"P": pointed{"b"}})
	if err != nil || string(got) != `{"P":"b"}` {
		t.Errorf("written as %s, %v", got, err)
	}
}

func TestPlainDataMistakes(t *testing.T) {
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"a text that fails", map[string]any{"L": level(-1)}, "L: below the ground"},
		{"a key that fails", map[string]any{"M": map[level]int{-1: 1}}, "M: below the ground"},
		{"two keys of one text", map[string]any{"M": map[level]int{1: 1, 257: 2}}, `M: two keys that are both written as "L1"`},
		{"a key of another kind", map[string]any{"M": map[float64]int{1: 1}}, "M: a map[float64]int cannot be written"},
		{"no number", map[string]any{"F": []float32{float32(math.NaN())}}, "F[0]: NaN is not a number"},
		{"a channel", map[string]any{"C": make(chan int)}, "C: a chan int cannot be written"},
	} {
		if _, err := fn.Append(nil, c.v); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
}

func TestPlainDataIsNotRead(t *testing.T) {
	type hidden struct{ *rest }
	for _, c := range []struct {
		name, data string
		into       any
		want       string
	}{
		{"a key that is no number", `{"a":1}`, new(map[int]int), "a: "},
		{"a key that is too large", `{"300":1}`, new(map[int8]int), "300: "},
		{"keys of another kind", `{"1":1}`, new(map[float64]int), "1: a float64 cannot be a key"},
		{"a text where a number is to be", `"x"`, new(int), "json: cannot unmarshal string"},
		{"too many elements", `[1,2,3]`, new([2]int), "3 elements, for which a [2]int has no room"},
		{"an element of another kind", `[1,"a"]`, new([2]int), "[1]: json: cannot unmarshal"},
		{"bytes that are not base64", `"%"`, new([]byte), "illegal base64"},
		{"an embedded struct that cannot be made", `{"Name":"a"}`, new(hidden), "Name: a nil *intrinsics_test.rest"},
	} {
		if err := fn.Decode([]byte(c.data), c.into); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
}

type rest struct{ Name string }

// A template may write numbers and truth values as text.
func TestScalarsAsText(t *testing.T) {
	var v struct {
		Port int
		Open bool
		Part float32
	}
	err := fn.Decode([]byte(`{"Port":"22","Open":"true","Part":"0.5"}`), &v)
	if err != nil || v.Port != 22 || !v.Open || v.Part != 0.5 {
		t.Errorf("read as %+v, %v", v, err)
	}
}
