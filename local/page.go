package local

import (
	"encoding/base64"
	"slices"
)

// pageSize is how many things one answer lists.
const pageSize = 100

// page returns the part of a list that a token asks for, and the token of the next part, "" if there
// is none. A token names the item that it begins with, so that what is added meanwhile to the front of
// the list does not shift the pages.
func page[T any](list []T, token string, key func(T) string) (part []T, next string, err error) {
	return pageOfSize(pageSize, list, token, key)
}

// pageOfSize is page for pages of some size.
func pageOfSize[T any](size int, list []T, token string, key func(T) string) (part []T, next string, err error) {
	if token != "" {
		from, decodeErr := base64.RawURLEncoding.DecodeString(token)
		at := slices.IndexFunc(list, func(item T) bool { return key(item) == string(from) })
		if decodeErr != nil || at < 0 {
			return nil, "", invalid("The NextToken is not valid; begin again without one")
		}
		list = list[at:]
	}
	if len(list) <= size {
		return list, "", nil
	}
	return list[:size], base64.RawURLEncoding.EncodeToString([]byte(key(list[size]))), nil
}
