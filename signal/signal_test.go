package signal_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/signal"
)

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	good := signal.Signal{Status: signal.Success, UniqueID: "a", Data: strings.Repeat("x", signal.MaxData)}
	if err := good.Check(); err != nil {
		t.Errorf("%v", err)
	}
	bad := signal.Signal{Status: "OK", Data: strings.Repeat("x", signal.MaxData+1), Reason: "\xff"}
	err := bad.Check()
	if !errors.Is(err, signal.ErrInvalid) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{`the status is "OK"`, "no unique ID", "the data has 4097 bytes", "the reason is not UTF-8"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	long := signal.Signal{Status: signal.Failure, UniqueID: "a", Reason: strings.Repeat("x", signal.MaxBody)}
	if err := long.Check(); !errors.Is(err, signal.ErrInvalid) || !strings.Contains(err.Error(), "shorten its reason") {
		t.Errorf("got %v", err)
	}
}

func TestAnExitCodeIsAStatus(t *testing.T) {
	for code, want := range map[int]signal.Status{0: signal.Success, 1: signal.Failure, 137: signal.Failure, -1: signal.Failure} {
		if got := signal.StatusOf(code); got != want {
			t.Errorf("%d: %s, want %s", code, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	full := signal.Signal{Status: signal.Failure, Reason: "no disk", UniqueID: "i-1", Data: "x"}
	for _, tt := range []struct {
		name, text      string
		lenient, strict any // a Signal, or what the error says
	}{
		{"all four", `{"Status":"FAILURE","Reason":"no disk","UniqueId":"i-1","Data":"x"}`, full, full},
		{"one more", `{"Status":"FAILURE","Reason":"no disk","UniqueId":"i-1","Data":"x","More":1}`, full, "exactly the members Data, Reason, Status, UniqueId, and has 5"},
		{"one less", `{"Status":"SUCCESS","UniqueId":"i-1","Data":"x"}`, signal.Signal{Status: signal.Success, UniqueID: "i-1", Data: "x"}, "exactly the members"},
		{"an object as data", `{"Status":"SUCCESS","Reason":"","UniqueId":"7","Data":{"a": [1]}}`, signal.Signal{Status: signal.Success, UniqueID: "7", Data: `{"a":[1]}`}, "Data must be text"},
		{"a number as the ID", `{"Status":"SUCCESS","Reason":null,"UniqueId":7,"Data":"x"}`, signal.Signal{Status: signal.Success, UniqueID: "7", Data: "x"}, "Reason must be text"},
		{"small letters", `{"status":"SUCCESS","reason":"","uniqueId":"7","data":""}`, "UniqueId is missing", "exactly the members"},
		{"no status", `{"UniqueId":"7"}`, "Status must be SUCCESS or FAILURE", "exactly"},
		{"another status", `{"Status":"success","Reason":"","UniqueId":"7","Data":""}`, "Status must be", "Status must be"},
		{"no ID", `{"Status":"SUCCESS","Reason":"","UniqueId":"","Data":""}`, "UniqueId is missing", "UniqueId is missing"},
		{"no object", `[1]`, "no JSON object", "no JSON object"},
		{"null", `null`, "UniqueId is missing", "exactly the members"},
		{"nothing", ``, "no JSON object", "no JSON object"},
		{"two of them", `{"Status":"SUCCESS","UniqueId":"7"}{}`, "no JSON object", "no JSON object"},
		{"too long", `{"Status":"SUCCESS","UniqueId":"7","Data":"` + strings.Repeat("x", 1<<20) + `"}`, "it has 1048621 bytes, and may have 65536", "bytes"},
	} {
		for rule, want := range map[signal.Rule]any{signal.Lenient: tt.lenient, signal.Strict: tt.strict} {
			got, err := signal.Decode([]byte(tt.text), rule)
			if text, bad := want.(string); bad {
				if !errors.Is(err, signal.ErrInvalid) || !strings.Contains(err.Error(), text) || got != (signal.Signal{}) {
					t.Errorf("%s, rule %d: %v, %v; want an error with %q", tt.name, rule, got, err, text)
				}
				continue
			}
			if diff := cmp.Diff(want, any(got)); diff != "" || err != nil {
				t.Errorf("%s, rule %d: %v (-want +got)\n%s", tt.name, rule, err, diff)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"Status":"SUCCESS","Reason":"","UniqueId":"a","Data":""}`, `{"Status":"FAILURE","UniqueId":1,"Data":{"a":[null]}}`,
		`{"Status":"SUCCESS","UniqueId":"\ud800","Data":"\u0000"}`, `null`, `[]`, `{`, "\xff", `{"Status":"SUCCESS","Status":"FAILURE","UniqueId":" "}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		strict, strictErr := signal.Decode(text, signal.Strict)
		got, err := signal.Decode(text, signal.Lenient)
		if err != nil {
			if got != (signal.Signal{}) || strictErr == nil {
				t.Fatalf("%v with %v; strict %v", got, err, strictErr)
			}
			return
		}
		if strictErr == nil && strict != got {
			t.Fatalf("strict %v, lenient %v", strict, got)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if len(again) > signal.MaxBody {
			return
		}
		if back, err := signal.Decode(again, signal.Strict); err != nil || back != got {
			t.Fatalf("%v, %v; want %v", back, err, got)
		}
	})
}
