package intrinsics

// checksum is a hash of s in 24 bits. It finds what changed by accident; it is no defence against
// intent.
func checksum[T string | []byte](s T) uint32 {
	const prime = 0x9E3779B97F4A7C15
	h := uint64(len(s)) * prime
	for len(s) >= 8 {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		h = (h ^ w) * prime
		h ^= h >> 32
		s = s[8:]
	}
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * prime
	}
	return uint32(h>>40) & 0xffffff
}

// appendChecksum appends the checksum of s in hexadecimal.
func appendChecksum[T string | []byte](dst []byte, s T) []byte {
	h := checksum(s)
	const hex = "0123456789abcdef"
	return append(dst, hex[h>>20&15], hex[h>>16&15], hex[h>>12&15], hex[h>>8&15], hex[h>>4&15], hex[h&15])
}
