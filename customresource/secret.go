package customresource

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

// A Secret is text that is not to be seen: however it is printed, logged or written as JSON, it is
// "[secret]". [Secret.Reveal] gives the text. The zero value is no secret, and prints as nothing.
type Secret string

const hidden = "[secret]"

// Reveal returns the text.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format prints "[secret]", whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue is what is logged.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText makes encoders write "[secret]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// secretsIn collects the secrets in a value.
func secretsIn(v reflect.Value, into []string) []string {
	if v.IsValid() && v.Type() == reflect.TypeFor[Secret]() {
		return append(into, v.String())
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			into = secretsIn(v.Elem(), into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			into = secretsIn(v.Field(i), into)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			into = secretsIn(v.Index(i), into)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			into = secretsIn(v.MapIndex(key), into)
		}
	}
	return into
}

// redact takes secrets out of a text. Those of fewer than four characters are left: they would tear
// holes into any text.
func redact(text string, secrets []string) string {
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, s, hidden)
		}
	}
	return text
}
