package customresource

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// MakePhysicalID makes a physical ID that is the same whenever the event comes, or another of the same
// resource: of the name of the stack, the logical ID, and a hash of the stack's ID, the logical ID and
// the salt. Its characters are letters, digits and hyphens, and most is how many there may be: names
// are cut, the 12 of the hash are not. A salt tells resources apart that replace each other: the value
// of a property, say, whose change replaces.
func (e *Event) MakePhysicalID(most int, salt ...string) string {
	h := sha256.New()
	for _, part := range append([]string{e.StackID, e.LogicalResourceID}, salt...) {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	hash := hex.EncodeToString(h.Sum(nil))[:12]
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, e.StackName+"-"+e.LogicalResourceID)
	room := max(0, most-len(hash)-1)
	name = strings.Trim(name[:min(len(name), room)], "-")
	if name == "" {
		return hash
	}
	return name + "-" + hash
}

// never begins the physical ID of what was never created.
const never = "updraft-never-created-"

// NeverCreated reports whether a physical ID is that of a resource whose creation failed before there
// was anything. A [Handler] answers its deletion itself.
func NeverCreated(physicalID string) bool { return strings.HasPrefix(physicalID, never) }

// neverCreated is the physical ID of a resource that was not created.
func (e *Event) neverCreated() string { return never + e.MakePhysicalID(100) }
