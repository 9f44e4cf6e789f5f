package intrinsics

import "testing"

// The constants carry their checksums as literals, since a constant cannot be computed.
func TestConstantsCarryTheirChecksum(t *testing.T) {
	for _, c := range []String{Empty, AccountID, Partition, Region, StackID, StackName, URLSuffix, NoValue} {
		body := string(c[1 : len(c)-1-checksumLen])
		if want := mint("", []byte(body)); string(c) != want {
			t.Errorf("constant %q: want the checksum %s", body, want[len(want)-1-checksumLen:len(want)-1])
		}
	}
}
