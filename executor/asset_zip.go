package executor

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An asset has so many bytes at most before it is packed: twice what Lambda takes.
const maxAsset = 512 << 20

// packFile reads a file as it is, or, if it is to be a zip archive and is none, in one; a folder always
// becomes one.
func packFile(path string, archive bool) (*pack, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file or folder")
	case err != nil:
		return nil, err
	case info.IsDir():
		return zipped(path, path)
	}
	content, err := readAsset(path, info)
	if err != nil {
		return nil, err
	}
	if archive && !bytes.HasPrefix(content, []byte("PK\x03\x04")) {
		return zipped(path, filepath.Dir(path))
	}
	sum := sha256.Sum256(content)
	return &pack{path: path, key: "assets/" + hex.EncodeToString(sum[:20]) + strings.ToLower(filepath.Ext(path)), content: content}, nil
}

func readAsset(path string, info fs.FileInfo) ([]byte, error) {
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is neither a file nor a folder", path)
	}
	if info.Size() > maxAsset {
		return nil, fmt.Errorf("%s has %d bytes, and an asset %d at most", path, info.Size(), maxAsset)
	}
	return os.ReadFile(path)
}

// zipped packs a file, or all files of a folder, by their names relative to base. The same files give
// the same key, whenever and by whomever they were written.
func zipped(path, base string) (*pack, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	hash := sha256.New()
	size, files := 0, 0
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := os.Stat(file) // of what a link leads to
		if err != nil {
			return err
		}
		content, err := readAsset(file, info)
		if err != nil {
			return err
		}
		if size += len(content); size > maxAsset {
			return fmt.Errorf("its files have more than the %d bytes of an asset", maxAsset)
		}
		files++
		name, err := filepath.Rel(base, file)
		if err != nil {
			return err
		}
		return add(z, hash, filepath.ToSlash(name), info.Mode(), content)
	})
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, err
	}
	if files == 0 {
		return nil, errors.New("the folder has no files")
	}
	return &pack{path: path, key: "assets/" + hex.EncodeToString(hash.Sum(nil)[:20]) + ".zip", content: out.Bytes()}, nil
}

// add puts one file into an archive, and what counts of it into the hash.
func add(z *zip.Writer, hash io.Writer, name string, mode fs.FileMode, content []byte) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	h.SetMode(0o644 | mode&0o111) // which is what a function needs: all may read it
	fmt.Fprintf(hash, "%q %o %d\n", name, h.Mode(), len(content))
	hash.Write(content)
	w, err := z.CreateHeader(h)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
