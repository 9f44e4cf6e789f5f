package record

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A town is a root with every kind of thing in it.
type town struct {
	name    string
	founded time.Time
	people  map[string]*person
	streets map[where][]float64
	mayor   *person
	motto   *string
	rules   []rule
	seal    []byte
	trouble error
	houses  int
	open    bool
	size    uint8
	crest   *struct{ colours []string }
	gate    chan int `record:"-"`
	revived bool     `record:"-"`
}

type where struct{ x, y int }

type rule struct {
	text  string
	since *time.Time
	parts []rule
}

type person struct {
	name   string
	friend *person
	home   *town
	books  []*book
}

type book struct{ title string }

type plague struct{ Name string }

func (p *plague) Error() string { return p.Name }

func (t *town) Revive() { t.revived, t.gate = true, make(chan int) }

func schemaOf(t *testing.T) *Schema {
	t.Helper()
	s, err := New((*town)(nil), &Options{Cold: []any{(*person)(nil)}, Fixed: []any{(*book)(nil)}, Held: []any{(*plague)(nil)}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func someTown() *town {
	motto, since := "", time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)
	ann, bob := &person{name: "Ann"}, &person{name: "Bob", books: []*book{{"Odes"}}}
	ann.friend, bob.friend = bob, ann
	t := &town{
		name: "Ghent\x00\xff", founded: since, people: map[string]*person{"ann": ann, "bob": bob}, mayor: bob, motto: &motto,
		streets: map[where][]float64{{1, -2}: {0.5, 0}, {}: nil}, rules: []rule{{text: "a", since: &since, parts: []rule{{}}}},
		seal: []byte{0, 1}, trouble: &plague{"rats"}, houses: -3, open: true, size: 255, crest: &struct{ colours []string }{[]string{"red"}},
	}
	ann.home = t
	return t
}

// file applies batches as a file would.
type file map[uint64][]byte

func (f file) store(t *testing.T, b *Batch, err error) int {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.Changes {
		if f[c.Number] = c.Data; c.Data == nil {
			delete(f, c.Number)
		}
	}
	b.Stored()
	return len(b.Changes)
}

func (f file) read(t *testing.T) *town {
	t.Helper()
	g, err := schemaOf(t).Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return g.Root().(*town)
}

// plain is a town without its circles.
func plain(t *town) string {
	ann := t.people["ann"]
	return fmt.Sprintf("%q %v %q %v %v %q %v %v %v %v %d %v %d %v %v", t.name, t.founded.UTC(), *t.motto, t.streets, t.rules[0].since.UTC(), t.rules[0].text,
		t.rules[0].parts, t.seal, t.trouble, t.houses, t.size, t.open, len(t.people), t.crest.colours, []any{ann.name, ann.friend == t.mayor, ann.home == t, t.mayor.books[0].title})
}

func TestAGraphIsReadAsItWasWritten(t *testing.T) {
	want, f := someTown(), file{}
	g := schemaOf(t).NewGraph(want)
	b, err := g.Changes(nil)
	if n := f.store(t, b, err); n != 4 {
		t.Errorf("%d objects were written, want 4", n)
	}
	got := f.read(t)
	if diff := cmp.Diff(plain(want), plain(got)); diff != "" {
		t.Error("(-want +got)", diff)
	}
	if _, ok := errors.AsType[*plague](got.trouble); !ok || !got.revived || got.gate == nil {
		t.Errorf("the error is a %T, revived %v", got.trouble, got.revived)
	}
}

func TestOnlyWhatChangedIsWritten(t *testing.T) {
	w, f := someTown(), file{}
	g := schemaOf(t).NewGraph(w)
	b, err := g.Changes(nil)
	f.store(t, b, err)
	ann := w.people["ann"]
	for _, step := range []struct {
		what    string
		change  func()
		touched []any
		want    int
	}{
		{"nothing", func() {}, []any{ann}, 0},
		{"the root", func() { w.houses++ }, nil, 1},
		{"a cold object that nobody touched", func() { ann.name = "Anna" }, nil, 0},
		{"one that was touched", func() {}, []any{ann}, 1},
		{"a new one behind a touched one", func() { ann.books = []*book{{"Hymns"}} }, []any{ann}, 2},
		{"a new one behind the root", func() { w.people["eve"] = &person{name: "Eve"} }, nil, 2},
	} {
		step.change()
		b, err := g.Changes(step.touched)
		if n := f.store(t, b, err); n != step.want {
			t.Errorf("%s: %d records were written, want %d", step.what, n, step.want)
		}
	}
	if got := f.read(t); got.people["ann"].books[0].title != "Hymns" || got.people["eve"].name != "Eve" {
		t.Errorf("read %v", plain(got))
	}
}

func TestWhatWasNotStoredIsWrittenAgain(t *testing.T) {
	w, f := someTown(), file{}
	g := schemaOf(t).NewGraph(w)
	if _, err := g.Changes(nil); err != nil {
		t.Fatal(err)
	}
	b, err := g.Changes(nil)
	if n := f.store(t, b, err); n != 4 {
		t.Errorf("%d records were written, want all 4", n)
	}
}

func TestASweepTakesAwayWhatNothingLeadsTo(t *testing.T) {
	w, f := someTown(), file{}
	g := schemaOf(t).NewGraph(w)
	b, err := g.Changes(nil)
	f.store(t, b, err)
	bob := w.mayor
	delete(w.people, "bob")
	w.mayor, w.people["ann"].friend = nil, nil
	b, err = g.Sweep(nil)
	if f.store(t, b, err); len(f) != 2 {
		t.Errorf("%d records are left, want 2", len(f))
	}
	w.mayor = bob
	b, err = g.Changes(nil)
	if f.store(t, b, err); f.read(t).mayor.name != "Bob" {
		t.Error("what came back was not written again")
	}
}

func TestTypesThatCannotBeWrittenAreRefused(t *testing.T) {
	type inner struct{ F func() }
	type outer struct{ List map[string][]*inner }
	_, err := New((*outer)(nil), nil)
	if err == nil || !strings.Contains(err.Error(), "outer.List[][].F: a func() cannot be written") {
		t.Errorf("got %v", err)
	}
}

func TestAFieldThatIsGoneIsPassedOver(t *testing.T) {
	f := file{}
	type town struct {
		name  string
		extra struct {
			a map[string][]float64
			b *rule
		}
	}
	old := &town{name: "Bruges"}
	old.extra.a, old.extra.b = map[string][]float64{"x": {1.5}}, &rule{text: "y"}
	s, err := New(old, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.NewGraph(old).Changes(nil)
	f.store(t, b, err)
	delete(f, 2) // a rule, which the new town does not have
	if got := f.read(t); got.name != "Bruges" || got.people == nil {
		t.Errorf("got %+v", got)
	}
}

func FuzzRead(f *testing.F) {
	s, err := New((*town)(nil), &Options{Held: []any{(*plague)(nil)}})
	if err != nil {
		f.Fatal(err)
	}
	b, err := s.NewGraph(someTown()).Changes(nil)
	if err != nil {
		f.Fatal(err)
	}
	records := map[uint64][]byte{}
	for _, c := range b.Changes {
		records[c.Number] = c.Data
	}
	for n, data := range records {
		f.Add(uint8(n), data)
	}
	f.Fuzz(func(t *testing.T, n uint8, data []byte) {
		torn := maps.Clone(records)
		torn[uint64(n)] = data
		g, err := s.Read(torn)
		if (g == nil) == (err == nil) {
			t.Errorf("a graph %v with the error %v", g, err)
		}
		if err != nil {
			return
		}
		if _, err := g.Sweep(nil); err != nil {
			t.Error(err)
		}
	})
}
