package broker

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// Auth is who may use a broker. The zero value lets nobody in.
type Auth struct {
	// Users are the passwords of users, for HTTP basic authentication.
	Users map[string]string
	// Tokens are bearer tokens.
	Tokens []string
}

// permits reports whether a request comes from somebody who may send it. It takes the same time
// whatever part of the secret is wrong.
func (a *Auth) permits(r *http.Request) bool {
	if user, password, ok := r.BasicAuth(); ok {
		want, known := a.Users[user]
		return same(password, want) && known
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	permitted := false
	for _, want := range a.Tokens {
		permitted = same(token, want) && want != "" || permitted
	}
	return ok && permitted
}

func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
