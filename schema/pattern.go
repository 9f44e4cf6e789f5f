package schema

import "regexp"

// Matches reports whether a text matches Pattern. Where there is no pattern, or one that Go does not read
// (AWS's are Java's), every text does.
func (p *Property) Matches(text string) bool {
	if p.Pattern == "" {
		return true
	}
	re := table().pattern(p.Pattern)
	return re == nil || re.MatchString(text)
}

// pattern returns a pattern, compiled the first time; nil is one that Go does not read.
func (t *types) pattern(text string) *regexp.Regexp {
	if re, ok := t.patterns.Load(text); ok {
		return re.(*regexp.Regexp)
	}
	re, err := regexp.Compile(text)
	if err != nil {
		re = nil
	}
	t.patterns.Store(text, re)
	return re
}
