package vault

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustOpen(t *testing.T, path string) *Vault {
	t.Helper()
	v, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func fill(t *testing.T, v *Vault, records map[uint64][]byte) {
	t.Helper()
	if err := v.Write(maps.All(records)); err != nil {
		t.Fatal(err)
	}
}

func TestRecordsAreThereWhenTheFileIsOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	v := mustOpen(t, path)
	fill(t, v, map[uint64][]byte{1: []byte("a"), 2: {}, 1 << 60: []byte("c")})
	fill(t, v, map[uint64][]byte{1: nil, 2: []byte("b"), 77: nil})
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := mustOpen(t, path).Records()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[uint64][]byte{2: []byte("b"), 1 << 60: []byte("c")}, got); diff != "" {
		t.Error("(-want +got)", diff)
	}
}

func TestNothingReadableStandsInTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	v := mustOpen(t, path)
	fill(t, v, map[uint64][]byte{1: bytes.Repeat([]byte("a secret password "), 1000)})
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil || bytes.Contains(b, []byte("password")) {
		t.Errorf("the file holds the secret (%v)", err)
	}
	for _, name := range []string{path, path + ".key"} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
}

// whole returns the bytes of a file that has some records, and of its key.
func whole(t *testing.T) (state, key []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state")
	v := mustOpen(t, path)
	records := map[uint64][]byte{}
	for n := range uint64(300) {
		records[n] = bytes.Repeat([]byte{byte(n)}, int(n)*7)
	}
	fill(t, v, records)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	state, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	key, err = os.ReadFile(path + ".key")
	if err != nil {
		t.Fatal(err)
	}
	return state, key
}

// openBytes opens a file of bytes and reads it, and checks that a file which is refused stays as it is.
func openBytes(t *testing.T, dir string, state, key []byte) (map[uint64][]byte, error) {
	t.Helper()
	path := filepath.Join(dir, "state")
	_ = os.Remove(path + ".key")
	if err := errors.Join(os.WriteFile(path, state, 0o600), os.WriteFile(path+".key", key, 0o600)); err != nil {
		t.Fatal(err)
	}
	v, err := Open(path)
	if err == nil {
		var records map[uint64][]byte
		records, err = v.Records()
		if closeErr := v.Close(); closeErr != nil {
			t.Error(closeErr)
		}
		if err == nil {
			return records, nil
		}
	}
	if after, readErr := os.ReadFile(path); readErr != nil || !bytes.Equal(after, state) {
		t.Errorf("the file was changed though it was refused with %v", err)
	}
	return nil, err
}

func TestADamagedFileIsRefusedAndLeftAsItIs(t *testing.T) {
	state, key := whole(t)
	page := os.Getpagesize()
	for name, change := range map[string]func([]byte) []byte{
		"text":       func([]byte) []byte { return []byte("stacks:\n") },
		"zeros":      func(b []byte) []byte { return make([]byte, len(b)) },
		"cut off":    func(b []byte) []byte { return b[:len(b)/2] },
		"two pages":  func(b []byte) []byte { return b[:2*page] },
		"bytes lost": func(b []byte) []byte { return append(b[:3*page], b[3*page+100:]...) },
		"both metas": func(b []byte) []byte { b[40] ^= 1; b[page+40] ^= 1; return b },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openBytes(t, t.TempDir(), change(bytes.Clone(state)), key)
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAFileIsRefusedForItsKey(t *testing.T) {
	state, key := whole(t)
	for name, test := range map[string]struct {
		key  []byte
		mode os.FileMode
		want string
	}{
		"another":             {bytes.Repeat([]byte("0"), 64), 0o600, "it was not written with the key that stands beside it"},
		"torn":                {key[:20], 0o600, "is not one of 64 hexadecimal digits"},
		"readable by others":  {key, 0o644, "may be read by others; make it yours alone with chmod 600"},
		"not there (no file)": {nil, 0, "state.key is missing, and it cannot be read without"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state")
			if err := os.WriteFile(path, state, 0o600); err != nil {
				t.Fatal(err)
			}
			if test.key != nil {
				if err := os.WriteFile(path+".key", test.key, test.mode); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Open(path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestAFileHasOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	mustOpen(t, path)
	if _, err := Open(path); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
}

// Every byte of a file is changed in turn: either it is refused, or what was written is read.
func TestAChangedByteIsNeverTakenForWhatWasWritten(t *testing.T) {
	state, key := whole(t)
	dir := t.TempDir()
	want, err := openBytes(t, dir, state, key)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(state); at += 1 + at/16 {
		torn := bytes.Clone(state)
		torn[at] ^= 0x41
		got, err := openBytes(t, dir, torn, key)
		if err == nil && !maps.EqualFunc(want, got, bytes.Equal) {
			t.Errorf("byte %d: other records are read", at)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(uint32(16), []byte{1})
	f.Add(uint32(8192), []byte{3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0})
	f.Add(uint32(4096*3), bytes.Repeat([]byte{255}, 40))
	f.Fuzz(func(t *testing.T, at uint32, with []byte) {
		state, key := whole(t)
		begin := int(at) % len(state)
		copy(state[begin:], with)
		records, err := openBytes(t, t.TempDir(), state, key)
		if err == nil && len(records) != 300 && len(records) != 0 {
			t.Errorf("%d records are read", len(records))
		}
	})
}
