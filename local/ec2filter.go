package local

import (
	"cmp"
	"encoding/base64"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A filter is a condition on what is listed.
type filter struct {
	Name   string
	Values []string `query:"Value"`
}

// A sieve tells what filters see of a thing: the texts behind each name that can be asked for.
type sieve map[string][]string

// passes reports whether a thing passes all filters. A filter that the thing does not know is refused.
func passes(filters []filter, s sieve, tags []tag) (bool, error) {
	for _, f := range filters {
		texts, ok := s.texts(f.Name, tags)
		if !ok {
			return false, ec2Error("InvalidParameterValue", "The filter '%s' is invalid", f.Name)
		}
		if !slices.ContainsFunc(texts, func(text string) bool {
			return slices.ContainsFunc(f.Values, func(pattern string) bool { return wild(pattern, text) })
		}) {
			return false, nil
		}
	}
	return true, nil
}

func (s sieve) texts(name string, tags []tag) (texts []string, ok bool) {
	key, tagged := strings.CutPrefix(name, "tag:")
	for _, t := range tags {
		switch {
		case tagged && t.Key == key:
			texts = append(texts, t.Value)
		case name == "tag-key":
			texts = append(texts, t.Key)
		case name == "tag-value":
			texts = append(texts, t.Value)
		}
	}
	if tagged || name == "tag-key" || name == "tag-value" {
		return texts, true
	}
	texts, ok = s[name]
	return texts, ok
}

// wild matches a text against a pattern in which * stands for any characters and ? for one.
func wild(pattern, text string) bool {
	if !strings.ContainsAny(pattern, `*?\`) {
		return pattern == text
	}
	// path.Match has the same wildcards, but does not let them stand for a slash, and has classes.
	quote := strings.NewReplacer("[", `\[`, "/", "\x01")
	ok, err := path.Match(quote.Replace(pattern), strings.ReplaceAll(text, "/", "\x01"))
	return err == nil && ok
}

// paging is how much of a list is wanted.
type paging struct {
	MaxResults *int
	NextToken  string
}

// cut returns a page of a list, and the token of the next one.
func pageOf[T any](list []T, p paging, key func(T) string) (part []T, next string, err error) {
	if p.NextToken != "" {
		from, decodeErr := base64.RawURLEncoding.DecodeString(p.NextToken)
		at := slices.IndexFunc(list, func(item T) bool { return key(item) == string(from) })
		if decodeErr != nil || at < 0 {
			return nil, "", ec2Error("InvalidNextToken", "The token '%s' is invalid; begin again without one", p.NextToken)
		}
		list = list[at:]
	}
	size := len(list)
	if p.MaxResults != nil {
		if *p.MaxResults < 1 {
			return nil, "", ec2Error("InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value greater than 0.", *p.MaxResults)
		}
		size = *p.MaxResults
	}
	if size >= len(list) {
		return list, "", nil
	}
	return list[:size], base64.RawURLEncoding.EncodeToString([]byte(key(list[size]))), nil
}

// ordered returns the values of a map by their keys.
func ordered[K cmp.Ordered, V any](m map[K]V) []V {
	all := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, m[k])
	}
	return all
}

func oneText(s string) []string { return []string{s} }

func boolText(b bool) []string { return []string{strconv.FormatBool(b)} }
