package local

import (
	"maps"
	"path/filepath"
	"testing"
)

// A type that cannot be kept is named with the fields that lead to it. What is missing is most often the
// tag record:"-" at something that only lives as long as the process does; see keeper.
func TestEveryPieceOfStateCanBeKept(t *testing.T) {
	if _, err := stateSchema(); err != nil {
		t.Fatal(err)
	}
}

// Records that the cloud did not write are an error, and nothing worse.
func FuzzState(f *testing.F) {
	schema, err := stateSchema()
	if err != nil {
		f.Fatal(err)
	}
	s := openSaga(f, filepath.Join(f.TempDir(), "state"), nil)
	for n := range 2 {
		if err := s.begin(); err != nil {
			f.Fatal(err)
		}
		if err := s.step(f.Context(), n); err != nil {
			f.Fatal(err)
		}
		s.rest()
	}
	records, err := s.cloud.keeper.vault.Records()
	if err != nil {
		f.Fatal(err)
	}
	for n, data := range records {
		f.Add(n, data)
	}
	f.Fuzz(func(t *testing.T, n uint64, data []byte) {
		torn := maps.Clone(records)
		torn[n] = data
		if g, err := schema.Read(torn); (g == nil) == (err == nil) {
			t.Errorf("a graph %v with the error %v", g, err)
		}
	})
}
