package local

import "fmt"

const (
	hexDigits = "0123456789abcdef"
	digits    = "0123456789"
	letters   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)

// pick returns n characters of an alphabet by chance. The lock is held.
func (c *Cloud) pick(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[c.random.IntN(len(alphabet))]
	}
	return string(b)
}

// uuid returns a new UUID of version 4. The lock is held.
func (c *Cloud) uuid() string {
	a, b := c.random.Uint64(), c.random.Uint64()
	a = a&^(0xf<<12) | 4<<12
	b = b&^(3<<62) | 2<<62
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0xffff, b>>48, b&0xffffffffffff)
}
