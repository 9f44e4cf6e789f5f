package broker

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// slowness is how many rounds a hash takes that covers a secret: enough that a weak password cannot
// be found from the tag of a stack.
const slowness = 200_000

// digest tells requests apart that are for the same thing. Only what a request says counts, in any
// order; salt is the thing's own ID. What it says in secret fields is hashed slowly.
func (f *form) digest(salt string, values map[string]string, attributes ...string) string {
	var open, secret strings.Builder
	for _, a := range attributes {
		open.WriteString(strconv.Quote(a) + ",")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		line := strconv.Quote(name) + "=" + strconv.Quote(values[name]) + ","
		if x := f.fields[name]; x != nil && x.secret {
			secret.WriteString(line)
			continue
		}
		open.WriteString(line)
	}
	sum := sha256.Sum256([]byte(salt + "\x00" + open.String()))
	if secret.Len() == 0 {
		return hex.EncodeToString(sum[:20])
	}
	// The key has a length that the algorithm allows, and its other conditions hold only where FIPS
	// 140 is enforced and the salt is short; the salt here is a whole hash.
	slow, err := pbkdf2.Key(sha256.New, secret.String(), sum[:], slowness, 20)
	if err != nil {
		slow = sum[:20]
	}
	return hex.EncodeToString(slow)
}
