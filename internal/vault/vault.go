// Package vault keeps numbered records in one file, each encrypted and authenticated with a key that
// stands in a file beside it. What is written in one call is there as a whole or not at all, also if the
// process is killed.
package vault

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// format is what a file says of itself. Another format gets another name.
const format = "updraft state 1"

var (
	bucketMeta    = []byte("meta")
	bucketRecords = []byte("records")
	keyFormat     = []byte("format") // sealed with the key, so that a wrong one shows
	keyCount      = []byte("count")  // of records
)

// ErrDamaged is a file that is not whole, or no file of this package.
var ErrDamaged = errors.New("the file is damaged")

// ErrInUse is a file that another process has open.
var ErrInUse = errors.New("another process has the file open")

// A Vault is an open file. It is safe for concurrent use.
type Vault struct {
	db   *bbolt.DB
	aead cipher.AEAD
}

// lockWait is how long to wait for another process to close the file.
const lockWait = time.Second

// Open opens a file, or makes it, with its key in a file of the same name and .key at its end.
//
// # Errors
//
// [ErrDamaged] and [ErrInUse]; a key that is missing, does not fit, or may be read by others than its
// owner; those of the file system. A file that is refused stays as it is.
func Open(path string) (*Vault, error) {
	v, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", path, err)
	}
	return v, nil
}

func open(path string) (v *Vault, err error) {
	exists, err := verifyFile(path)
	if err != nil {
		return nil, err
	}
	aead, err := openKey(path+".key", !exists)
	if err != nil {
		return nil, err
	}
	err = guard(func() error {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, NoFreelistSync: true})
		if errors.Is(err, bolterrors.ErrTimeout) {
			err = ErrInUse
		}
		if err != nil {
			return err
		}
		v = &Vault{db, aead}
		if err = v.begin(); err != nil {
			_ = db.Close() // the first error counts
		}
		return err
	})
	return v, err
}

// guard makes errors of the panics and faults with which bbolt answers bytes that it did not write.
func guard(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return f()
}

// begin checks whose file it is, and gives a new one its form.
func (v *Vault) begin() error {
	isNew := false
	err := v.db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(bucketMeta)
		if meta == nil || tx.Bucket(bucketRecords) == nil {
			name, _ := tx.Cursor().First()
			if isNew = name == nil; !isNew {
				return fmt.Errorf("%w: it is not one of the embedded cloud's", ErrDamaged)
			}
			return nil
		}
		is, err := v.aead.Open(nil, nil, meta.Get(keyFormat), keyFormat)
		if err != nil {
			return errors.New("it was not written with the key that stands beside it")
		}
		if string(is) != format {
			return fmt.Errorf("it has the form %q, and this version reads %q", is, format)
		}
		return nil
	})
	if err != nil || !isNew {
		return err
	}
	return v.db.Update(func(tx *bbolt.Tx) error {
		meta, err := tx.CreateBucket(bucketMeta)
		if err == nil {
			_, err = tx.CreateBucket(bucketRecords)
		}
		if err == nil {
			err = meta.Put(keyFormat, v.aead.Seal(nil, nil, []byte(format), keyFormat))
		}
		return err
	})
}

// Records reads all records.
//
// # Errors
//
// [ErrDamaged].
func (v *Vault) Records() (map[uint64][]byte, error) {
	all := map[uint64][]byte{}
	err := guard(func() error {
		return v.db.View(func(tx *bbolt.Tx) error {
			records := tx.Bucket(bucketRecords)
			err := records.ForEach(func(key, sealed []byte) error {
				data, err := v.aead.Open(nil, nil, sealed, key)
				if err != nil || len(key) != 8 {
					return fmt.Errorf("%w: record %x is not what was written", ErrDamaged, key)
				}
				all[binary.BigEndian.Uint64(key)] = data
				return nil
			})
			if count := countOf(tx); err == nil && count != uint64(len(all)) {
				err = fmt.Errorf("%w: %d records are there, and %d were written", ErrDamaged, len(all), count)
			}
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", v.db.Path(), err)
	}
	return all, nil
}

func countOf(tx *bbolt.Tx) uint64 {
	if b := tx.Bucket(bucketMeta).Get(keyCount); len(b) == 8 {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

// Write writes records, and takes those away that are nil: all of them, or none if it fails. When it
// returns, they are on the disk.
func (v *Vault) Write(records iter.Seq2[uint64, []byte]) error {
	err := v.db.Update(func(tx *bbolt.Tx) error {
		bucket, count := tx.Bucket(bucketRecords), countOf(tx)
		for n, data := range records {
			key := binary.BigEndian.AppendUint64(nil, n)
			had := bucket.Get(key) != nil
			switch {
			case data == nil && had:
				count--
			case data != nil && !had:
				count++
			}
			if err := v.put(bucket, key, data); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketMeta).Put(keyCount, binary.BigEndian.AppendUint64(nil, count))
	})
	if err != nil {
		return fmt.Errorf("state file %s: %w", v.db.Path(), err)
	}
	return nil
}

func (v *Vault) put(bucket *bbolt.Bucket, key, data []byte) error {
	if data == nil {
		return bucket.Delete(key)
	}
	return bucket.Put(key, v.aead.Seal(nil, nil, data, key))
}

// Close closes the file.
func (v *Vault) Close() error { return v.db.Close() }

// verifyFile reports whether a file is there that has something in it, and refuses one that is not whole.
func verifyFile(path string) (exists bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return false, errors.New("it is not a regular file")
	}
	if info.Size() == 0 {
		return false, nil
	}
	return true, verifyPages(f, info.Size())
}
