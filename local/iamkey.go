package local

import (
	"net/http"
	"strings"

	"github.com/updraft-go/updraft/internal/query"
)

const (
	typeUser      = "AWS::IAM::User"
	typeAccessKey = "AWS::IAM::AccessKey"
)

// errNoKey is the answer to a request that is signed with an access key that is no more.
var errNoKey = &query.Error{Code: "InvalidClientTokenId", Message: "The security token included in the request is invalid.", Status: http.StatusForbidden}

// holder is the account of an access key that the cloud gave out, "" if it knows none of that ID.
// gone says that the key is deleted, or inactive.
func (c *Cloud) holder(key string) (account string, gone bool) {
	if !strings.HasPrefix(key, "AKIA") && !strings.HasPrefix(key, "ASIA") {
		return "", false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start()
	if c.revoked[key] {
		return "", true
	}
	if s, ok := c.sessions[key]; ok {
		return s.account, false
	}
	if a := c.global("", typeAccessKey, key); a != nil {
		return a.state.region.account, a.text("Status") == "Inactive"
	}
	return "", false
}
