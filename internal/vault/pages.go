package vault

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"os"
)

// bbolt trusts the pages of a file: bytes that it did not write make it fault, or run in circles. So the
// tree of pages is checked before bbolt is let at it.
//
// https://github.com/etcd-io/bbolt/tree/main/internal/common

const (
	pageHeader  = 16
	element     = 16
	boltMagic   = 0xED0CDAED
	boltVersion = 2
	metaLength  = 64
	maxPage     = 1 << 16
	flagBranch  = 1
	flagLeaf    = 2
	flagBucket  = 1 // of an element
	bucketRoot  = 16
)

// pages walks the tree of pages of one file.
type pages struct {
	file *os.File
	size uint64 // of a page
	high uint64 // no page has this number or a higher one
	seen map[uint64]bool
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// verifyPages checks that each page of a file is one, is inside the file, and is led to once.
func verifyPages(f *os.File, length int64) error {
	p := &pages{file: f, seen: map[uint64]bool{}}
	root, err := p.meta()
	if err != nil {
		return err
	}
	if p.high > uint64(length)/p.size {
		return damaged("it ends after %d bytes of %d", length, p.high*p.size)
	}
	return p.tree(root)
}

// meta reads the two pages that begin a file. The newer one that is whole counts.
func (p *pages) meta() (root uint64, err error) {
	sizes := []uint64{uint64(os.Getpagesize())}
	first := make([]byte, pageHeader+metaLength)
	if _, err := p.file.ReadAt(first, 0); err == nil {
		sizes = append([]uint64{uint64(binary.NativeEndian.Uint32(first[pageHeader+8:]))}, sizes...)
	}
	best, found := uint64(0), false
	for _, size := range sizes {
		if size < 512 || size > maxPage || found {
			continue
		}
		for i := range uint64(2) {
			m := make([]byte, metaLength)
			if _, err := p.file.ReadAt(m, int64(i*size+pageHeader)); err != nil || !wholeMeta(m) {
				continue
			}
			if tx := binary.NativeEndian.Uint64(m[48:]); !found || tx > best {
				best, found = tx, true
				p.size, p.high = uint64(binary.NativeEndian.Uint32(m[8:])), binary.NativeEndian.Uint64(m[40:])
				root = binary.NativeEndian.Uint64(m[16:])
			}
		}
	}
	if !found || p.size < 512 || p.size > maxPage {
		return 0, damaged("it does not begin as a state file does")
	}
	return root, nil
}

func wholeMeta(m []byte) bool {
	sum := fnv.New64a()
	_, _ = sum.Write(m[:56]) // a hash does not fail
	return binary.NativeEndian.Uint32(m) == boltMagic && binary.NativeEndian.Uint32(m[4:]) == boltVersion && binary.NativeEndian.Uint64(m[56:]) == sum.Sum64()
}

// tree checks a page and those below it.
func (p *pages) tree(id uint64) error {
	body, err := p.read(id)
	if err != nil {
		return err
	}
	return p.elements(id, body)
}

// read reads a page with those that it flows over into.
func (p *pages) read(id uint64) ([]byte, error) {
	if id < 2 || id >= p.high || p.seen[id] {
		return nil, damaged("page %d is out of place", id)
	}
	p.seen[id] = true
	head := make([]byte, pageHeader)
	if _, err := p.file.ReadAt(head, int64(id*p.size)); err != nil {
		return nil, damaged("page %d: %v", id, err)
	}
	over := uint64(binary.NativeEndian.Uint32(head[12:]))
	if binary.NativeEndian.Uint64(head) != id || over >= p.high-id {
		return nil, damaged("page %d is not itself", id)
	}
	for i := range over {
		p.seen[id+i+1] = true
	}
	body := make([]byte, (over+1)*p.size)
	if _, err := p.file.ReadAt(body, int64(id*p.size)); err != nil {
		return nil, damaged("page %d: %v", id, err)
	}
	return body, nil
}

// elements checks what stands on a page, which may be one inside another.
func (p *pages) elements(id uint64, page []byte) error {
	if len(page) < pageHeader {
		return damaged("page %d is cut off", id)
	}
	flags, count := binary.NativeEndian.Uint16(page[8:]), int(binary.NativeEndian.Uint16(page[10:]))
	if flags != flagBranch && flags != flagLeaf || pageHeader+count*element > len(page) {
		return damaged("page %d is of no kind", id)
	}
	last := ""
	for i := range count {
		at := uint64(pageHeader + i*element)
		e := page[at : at+element]
		check := p.leaf
		if flags == flagBranch {
			check = p.branch
		}
		key, err := check(id, page, at, e)
		if err != nil {
			return err
		}
		if i > 0 && key <= last {
			return damaged("page %d is out of order", id)
		}
		last = key
	}
	return nil
}

// cut returns a part of a page.
func cut(page []byte, from, length uint64) ([]byte, bool) {
	if from > uint64(len(page)) || length > uint64(len(page))-from {
		return nil, false
	}
	return page[from : from+length], true
}

func (p *pages) branch(id uint64, page []byte, at uint64, e []byte) (string, error) {
	key, ok := cut(page, at+uint64(binary.NativeEndian.Uint32(e)), uint64(binary.NativeEndian.Uint32(e[4:])))
	if !ok {
		return "", damaged("page %d leads out of itself", id)
	}
	return string(key), p.tree(binary.NativeEndian.Uint64(e[8:]))
}

func (p *pages) leaf(id uint64, page []byte, at uint64, e []byte) (string, error) {
	pos, keySize, size := at+uint64(binary.NativeEndian.Uint32(e[4:])), uint64(binary.NativeEndian.Uint32(e[8:])), uint64(binary.NativeEndian.Uint32(e[12:]))
	key, ok := cut(page, pos, keySize)
	value, whole := cut(page, pos+keySize, size)
	if !ok || !whole {
		return "", damaged("page %d leads out of itself", id)
	}
	if binary.NativeEndian.Uint32(e)&flagBucket == 0 {
		return string(key), nil
	}
	if len(value) < bucketRoot {
		return "", damaged("page %d holds half a bucket", id)
	}
	if root := binary.NativeEndian.Uint64(value); root != 0 {
		return string(key), p.tree(root)
	}
	return string(key), p.elements(id, value[bucketRoot:])
}
