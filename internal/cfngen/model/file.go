package model

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
)

// Write writes types, sorted by name, as gzipped lines of JSON. Equal types
// give equal bytes: the gzip header carries no time and no name.
func Write(w io.Writer, types []*Type) error {
	types = slices.Clone(types)
	slices.SortFunc(types, func(a, b *Type) int { return cmp.Compare(a.Name, b.Name) })
	zip, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(zip)
	enc.SetEscapeHTML(false)
	for _, t := range types {
		if err := enc.Encode(t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return zip.Close()
}

// Read reads what Write wrote.
func Read(data []byte) ([]*Type, error) {
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var types []*Type
	dec := json.NewDecoder(bufio.NewReader(zip))
	for {
		t := new(Type)
		switch err := dec.Decode(t); err {
		case nil:
			types = append(types, t)
		case io.EOF:
			return types, nil
		default:
			return nil, fmt.Errorf("line %d: %w", len(types)+1, err)
		}
	}
}
