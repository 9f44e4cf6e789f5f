package broker

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// uuid5 is the UUID of a name within a namespace (RFC 9562, version 5).
func uuid5(namespace [16]byte, name string) [16]byte {
	sum := sha1.Sum(append(namespace[:], name...))
	var id [16]byte
	copy(id[:], sum[:])
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return id
}

func uuidText(id [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// ids makes the IDs of services and plans. They are those of the AWS Service Broker for the same
// account and broker ID, so that a platform that changes over keeps what it knows.
type ids struct{ seed [16]byte }

func newIDs(account, broker string) ids { return ids{uuid5([16]byte{}, account+broker)} }

func (i ids) service(name string) string { return uuidText(uuid5(i.seed, name)) }

func (i ids) plan(service, name string) string {
	return uuidText(uuid5(i.seed, "service__"+service+"__plan__"+name))
}

// instanceName is the name of the stack of an instance. It depends on nothing but the instance's ID, so
// that a repeated request finds the stack whatever else it says.
func (b *Broker) instanceName(instance string) string {
	return stackName("osb-"+b.Name()+"-i", instance)
}

// bindingName is the name of the stack of a binding.
func (b *Broker) bindingName(instance, binding string) string {
	return "osb-" + b.Name() + "-b-" + shortHash(instance+"\x00"+binding)
}

// stackName is an ID as part of a stack's name: as it is where that is possible, else as its hash,
// with another prefix so that the two cannot meet.
func stackName(prefix, id string) string {
	if len(prefix)+1+len(id) <= 100 && id != "" && strings.Trim(id, letters+"-") == "" {
		return prefix + "-" + id
	}
	return prefix + "h-" + shortHash(id)
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:20])
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
