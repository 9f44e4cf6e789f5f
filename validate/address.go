package validate

import "net/netip"

// isCidr reports whether a text is a block of addresses.
func isCidr(text string) bool {
	_, err := netip.ParsePrefix(text)
	return err == nil
}

// block returns a literal block of addresses.
func (v value) block() (netip.Prefix, bool) {
	text, ok := v.text()
	if !ok {
		return netip.Prefix{}, false
	}
	p, err := netip.ParsePrefix(text)
	return p.Masked(), err == nil
}
