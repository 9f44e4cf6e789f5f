package executor

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// An identity makes the names and tokens of one deployment. The same deployment of the same content
// gets the same ones, whoever asks: that is how one that was interrupted is found again.
type identity struct {
	deployment string
	fixed      bool // the caller chose the deployment, so it may have begun before
	content    string
}

// identify makes the identity of a deployment of what is sent. Empty deployment is a new one.
func identify(deployment, stackName string, sent any) (identity, error) {
	id := identity{deployment: deployment, fixed: deployment != ""}
	if !id.fixed {
		id.deployment = rand.Text()
	}
	body, err := json.Marshal(sent)
	if err != nil {
		return id, err
	}
	id.content = digest(stackName, string(body))
	return id, nil
}

// token returns the token of a step, which is also a legal name of a change set: a letter first,
// then letters, digits and hyphens, at most 128. Attempts count the steps that ended badly before.
func (id identity) token(step string, attempt int) string {
	return "updraft-" + step + "-" + digest(id.deployment, id.content, step, string(rune('0'+attempt)))
}

// digest is the hash of parts, none of which can run into the next.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:40]
}
