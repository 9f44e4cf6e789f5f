package goimport

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"
)

// namer gives out Go names, each once.
type namer struct{ used map[string]bool }

// predeclared are the names that every Go program has and that generated code may need.
const predeclared = " any append bool byte cap clear close comparable complex copy delete error false float32 float64 imag int int64 iota len make map max min new nil panic print println real recover rune string true uint "

// own are the names that the generated program uses for itself.
const own = " t fn stack policy main os fmt err source p init "

// taken says whether a name has a meaning in every generated program.
func taken(name string) bool {
	return token.IsKeyword(name) || strings.Contains(predeclared, " "+name+" ") || strings.Contains(own, " "+name+" ")
}

// free says whether a name can be given out.
func (n *namer) free(name string) bool { return !n.used[name] && !taken(name) }

// pick gives out the first name that is free: that of id, that with one of the suffixes, or with
// a number.
func (n *namer) pick(id string, suffixes ...string) string {
	base := lowerCamel(id)
	name := base
	for i := 0; !n.free(name); i++ {
		if i < len(suffixes) {
			name = base + suffixes[i]
		} else {
			name = base + strconv.Itoa(i-len(suffixes)+2)
		}
	}
	n.used[name] = true
	return name
}

// lowerCamel turns a logical ID into the name of a Go variable: ECSCluster becomes ecsCluster, VpcId
// vpcID.
func lowerCamel(id string) string {
	words := wordsOf(id)
	if len(words) == 0 {
		return "x"
	}
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
			b.WriteString(strings.ToLower(w))
		case w == "Id" || w == "Url" || w == "Ip":
			b.WriteString(strings.ToUpper(w))
		default:
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		}
	}
	name := b.String()
	if unicode.IsDigit(rune(name[0])) {
		name = "x" + name
	}
	return name
}

// wordsOf splits a logical ID where a capital follows a small letter, and before the last capital of
// several; what is no letter or digit parts words too.
func wordsOf(id string) []string {
	var words []string
	start := 0
	flush := func(end int) {
		if end > start {
			words = append(words, id[start:end])
		}
		start = end
	}
	upper := func(i int) bool { return i < len(id) && id[i] >= 'A' && id[i] <= 'Z' }
	lower := func(i int) bool { return i < len(id) && id[i] >= 'a' && id[i] <= 'z' }
	digit := func(i int) bool { return i < len(id) && id[i] >= '0' && id[i] <= '9' }
	for i := 0; i < len(id); i++ {
		switch {
		case !upper(i) && !lower(i) && !digit(i):
			flush(i)
			start = i + 1
		case i > start && upper(i) && (lower(i-1) || lower(i+1) || digit(i-1) && lower(start)):
			flush(i)
		}
	}
	flush(len(id))
	return words
}
