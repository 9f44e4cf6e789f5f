package broker

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// The versions of the API: the first that is understood, and the one that this is written for. Later
// minor versions only add what may be ignored.
const (
	major      = 2
	firstMinor = 13
	thisMinor  = 17
)

// checkVersion refuses a platform that speaks another version of the API, or does not say which.
func checkVersion(header string) error {
	x, y, ok := strings.Cut(header, ".")
	m, err := strconv.Atoi(x)
	n, err2 := strconv.Atoi(y)
	if ok && err == nil && err2 == nil && m == major && n >= firstMinor {
		return nil
	}
	return refuse(http.StatusPreconditionFailed, "PreconditionFailed",
		"the header %s is %q; it must name a version of the API that this broker speaks: %d.%d to %d.%d", headerVersion, header, major, firstMinor, major, thisMinor)
}

// checkIdentity refuses an identity that is not of the form that it must have: a platform, and a JSON
// object in base64.
func checkIdentity(header string) error {
	if header == "" {
		return nil
	}
	platform, value, ok := strings.Cut(header, " ")
	if ok && platform != "" {
		data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value))
		var object map[string]any
		if err == nil && json.Unmarshal(data, &object) == nil && object != nil {
			return nil
		}
	}
	return malformed("the header %s must be the platform, a space, and a JSON object in base64", headerIdentity)
}
