package intrinsics

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

const (
	// True is the literal true.
	True Boolean = "true"
	// False is the literal false. It is written; the zero Boolean is not.
	False Boolean = "false"
	// Empty is an empty string that is written, where "" would be absent.
	Empty String = "\x00\"\"" + sumEmpty + "\x00"
)

// Int returns i as an [Integer]. Int(0) is present and is written as 0.
func Int[N ~int | ~int32 | ~int64](i N) Integer { return Integer(strconv.FormatInt(int64(i), 10)) }

// Num returns f as a [Double]. Num(0) is present and is written as 0. A template cannot hold NaN or
// an infinity: they are an error when the template is written.
func Num(f float64) Double {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Double(fail(fmt.Errorf("%v is not a number that a template can hold", f)))
	}
	return Double(strconv.FormatFloat(f, 'f', -1, 64))
}

// Bool returns b as a [Boolean]: [True] or [False].
func Bool(b bool) Boolean {
	if b {
		return True
	}
	return False
}

// Time returns t as a [Timestamp], in UTC with whole seconds.
func Time(t time.Time) Timestamp { return Timestamp(t.UTC().Format("2006-01-02T15:04:05Z")) }

// appendNumber writes the text of an Integer or Double: bare if it is a number, else as text.
func appendNumber(dst []byte, text string) ([]byte, error) {
	if isNumber(text) {
		return append(dst, text...), nil
	}
	return appendText(dst, text)
}

// appendBoolean writes the text of a Boolean: bare if it is true or false, else as text.
func appendBoolean(dst []byte, text string) ([]byte, error) {
	if text == "true" || text == "false" {
		return append(dst, text...), nil
	}
	return appendText(dst, text)
}

// isNumber reports whether s is a number as JSON writes it.
func isNumber(s string) bool {
	if s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return json.Valid([]byte(s))
		}
	}
	return len(s) == 1 || s[0] != '0'
}
