package tree

import (
	"encoding/binary"
	"errors"
)

// AppendBinary appends a node in a form that UnmarshalBinary reads: all but the places in the source.
// A nil Node is written as null.
func (n *Node) AppendBinary(b []byte) ([]byte, error) {
	if n == nil {
		n = &Node{}
	}
	head := byte(n.Kind) << 1
	if n.Secret {
		head |= 1
	}
	b = append(b, head)
	switch n.Kind {
	case List:
		b = binary.AppendUvarint(b, uint64(len(n.List)))
		for _, e := range n.List {
			b, _ = e.AppendBinary(b) // it does not fail
		}
	case Map:
		b = binary.AppendUvarint(b, uint64(len(n.Map)))
		for i := range n.Map {
			b = appendText(b, n.Map[i].Key)
			b, _ = n.Map[i].Value.AppendBinary(b)
		}
	default:
		b = appendText(b, n.Text)
	}
	return b, nil
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// maxBinaryDepth is how deep the nodes may be nested that UnmarshalBinary reads.
const maxBinaryDepth = 10_000

var errBinary = errors.New("tree: the bytes are not those of a node")

// UnmarshalBinary reads what AppendBinary wrote.
//
// # Errors
//
// Bytes that AppendBinary does not write; n is as it was then.
func (n *Node) UnmarshalBinary(data []byte) error {
	in := binaryReader{data: data}
	read := in.node(0)
	if in.bad || len(in.data) > 0 {
		return errBinary
	}
	*n = *read
	return nil
}

// A binaryReader reads nodes off the front of data. Once bad, it reads nothing any more.
type binaryReader struct {
	data []byte
	bad  bool
}

func (in *binaryReader) node(depth int) *Node {
	if len(in.data) == 0 || depth > maxBinaryDepth || in.data[0]>>1 > byte(Unknown) {
		in.bad = true
		return &Node{}
	}
	n := &Node{Kind: Kind(in.data[0] >> 1), Secret: in.data[0]&1 == 1}
	in.data = in.data[1:]
	switch n.Kind {
	case List:
		for range in.length() {
			n.List = append(n.List, in.node(depth+1))
		}
	case Map:
		for range in.length() {
			n.Map = append(n.Map, Member{Key: in.text(), Value: in.node(depth + 1)})
		}
	default:
		n.Text = in.text()
	}
	return n
}

// length reads a length, which is not more than the bytes that are left.
func (in *binaryReader) length() int {
	n, size := binary.Uvarint(in.data)
	if size <= 0 || in.bad || n > uint64(len(in.data)-size) {
		in.bad = true
		return 0
	}
	in.data = in.data[size:]
	return int(n)
}

func (in *binaryReader) text() string {
	n := in.length()
	s := string(in.data[:n])
	in.data = in.data[n:]
	return s
}
