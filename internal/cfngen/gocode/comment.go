package gocode

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// lineWidth is where comments break.
const lineWidth = 96

// comment writes sentences as a comment that breaks between words.
func (w *writer) comment(sentences ...string) {
	line := "//"
	for word := range strings.FieldsSeq(strings.Join(sentences, " ")) {
		if len(line)+1+len(word) > lineWidth && line != "//" {
			w.printf("%s\n", line)
			line = "//"
		}
		line += " " + word
	}
	if line != "//" {
		w.printf("%s\n", line)
	}
}

// typeFacts says what is known of a type as a whole.
func typeFacts(t *model.Type) []string {
	facts := []string{t.Short() + " is " + t.Name + "."}
	facts = append(facts, refFact(t))
	if t.Stateful {
		facts = append(facts, "It keeps data that its deletion destroys.")
	}
	if t.DeleteFirst {
		facts = append(facts, "A replacement deletes the old one first.")
	}
	if t.Transform != "" {
		facts = append(facts, "The template must name the transform "+t.Transform+".")
	}
	return facts
}

func refFact(t *model.Type) string {
	if t.Ref == nil {
		return "Ref returns its physical ID."
	}
	verb := "returns"
	if t.Ref.Guess {
		verb = "most likely returns"
	}
	if len(t.Ref.Names) > 1 {
		return fmt.Sprintf("Ref %s %s.", verb, strings.Join(t.Ref.Names, t.Ref.Separator))
	}
	name := t.Ref.Names[0]
	if _, ok := t.Attributes[name]; ok {
		return fmt.Sprintf("Ref %s the attribute %s.", verb, name)
	}
	return fmt.Sprintf("Ref %s its %s.", verb, strings.ReplaceAll(name, "/", "."))
}

// propertyFacts says of a property what its Go type does not.
func propertyFacts(constants string, p *model.Property) []string {
	var facts []string
	add := func(format string, args ...any) { facts = append(facts, fmt.Sprintf(format, args...)) }
	if arms := unionOf(p.Type); arms != "" {
		add("%s.", arms)
	}
	if p.Required {
		add("Required.")
	}
	switch p.Replacement {
	case "yes":
		add("Changing it replaces the resource.")
	case "maybe":
		add("Changing it may replace the resource.")
	}
	if text := limits(p); text != "" {
		add("%s.", text)
	}
	if len(p.Enum) > 0 {
		add("%s.", allowed(constants, p))
	}
	if p.Default != nil {
		add("Default %s.", p.Default)
	}
	if p.Deprecated {
		add("No longer in use.")
	}
	if p.Pattern != "" {
		add("Matches %s", p.Pattern) // last, since no full stop may follow it
	}
	return facts
}

// allowed lists few short values, and points to the constants for more.
func allowed(constants string, p *model.Property) string {
	list := strings.Join(p.Enum, ", ")
	if len(list) <= 60 || !holdsString(p.Type) {
		return "One of " + list
	}
	return "One of the constants " + constants + "_*"
}

func limits(p *model.Property) string {
	each := ""
	if p.Type.Elem != nil {
		each = "Each "
	}
	if text := span(p.MinLength, p.MaxLength, strconv.Itoa); text != "" {
		return each + text + " characters"
	}
	if text := span(p.Minimum, p.Maximum, number); text != "" {
		return each + text
	}
	return ""
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func span[T any](low, high *T, text func(T) string) string {
	switch {
	case low != nil && high != nil:
		return text(*low) + " to " + text(*high)
	case low != nil:
		return "At least " + text(*low)
	case high != nil:
		return "At most " + text(*high)
	}
	return ""
}

// unionOf names the arms of the union in e, and says so if e is free JSON;
// "" if Go's type says it all.
func unionOf(e model.Expr) string {
	for e.Elem != nil {
		e = *e.Elem
	}
	if e.Kind == model.JSON {
		return "JSON"
	}
	words := make([]string, len(e.Arms))
	for i, arm := range e.Arms {
		words[i] = armName(arm)
	}
	return strings.Join(words, " or ")
}

func armName(e model.Expr) string {
	switch e.Kind {
	case model.JSON:
		return "JSON"
	case model.Object:
		return e.Name
	case model.List:
		return "List of " + armName(*e.Elem)
	case model.Map:
		return "Map of " + armName(*e.Elem)
	case model.Union:
		words := make([]string, len(e.Arms))
		for i, arm := range e.Arms {
			words[i] = armName(arm)
		}
		return "(" + strings.Join(words, " or ") + ")"
	}
	return fieldName(string(e.Kind))
}
