package signal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// A Handle is the URL of a wait condition handle. It is a secret, so however it is printed, its query,
// which holds the signature, is left out. The zero value is no handle.
type Handle struct {
	at *address // two pointers deep, where package fmt does not look
}

type address struct{ url *url.URL }

var errHandle = errors.New("the handle is no URL that begins with http:// or https://, nor one in base64; give what Ref returns for the wait condition handle")

// ParseHandle reads the URL of a handle, as it is or in base64. No error says what was given.
func ParseHandle(text string) (Handle, error) {
	text = strings.TrimSpace(text)
	if !isURL(text) {
		plain, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return Handle{}, errHandle
		}
		text = strings.TrimSpace(string(plain))
	}
	u, err := url.Parse(text)
	if err != nil || !isURL(text) || u.Host == "" {
		return Handle{}, errHandle
	}
	return Handle{&address{u}}, nil
}

func isURL(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

// URL is the whole URL, with its secret.
func (h Handle) URL() string {
	if h.at == nil {
		return ""
	}
	return h.at.url.String()
}

// String is where the handle is, without what makes it valid.
func (h Handle) String() string {
	switch {
	case h.at == nil:
		return "no handle"
	case h.at.url.RawQuery == "":
		return (&url.URL{Scheme: h.at.url.Scheme, Host: h.at.url.Host, Path: h.at.url.Path}).String()
	}
	return (&url.URL{Scheme: h.at.url.Scheme, Host: h.at.url.Host, Path: h.at.url.Path}).String() + "?…"
}

// Format prints String, for any verb.
func (h Handle) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(h.String())) }

// LogValue is String.
func (h Handle) LogValue() slog.Value { return slog.StringValue(h.String()) }

// redact takes the secrets of a handle out of what somebody else says.
func (h Handle) redact(text string) string {
	const hidden = "…"
	text = strings.ReplaceAll(text, h.URL(), hidden)
	if h.at.url.RawQuery != "" {
		text = strings.ReplaceAll(text, h.at.url.RawQuery, hidden)
	}
	for _, values := range h.at.url.Query() {
		for _, v := range values {
			if len(v) >= 16 { // shorter ones are dates and words
				text = strings.ReplaceAll(text, v, hidden)
				text = strings.ReplaceAll(text, url.QueryEscape(v), hidden)
			}
		}
	}
	return text
}
