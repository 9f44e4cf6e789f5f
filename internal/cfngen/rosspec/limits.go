package rosspec

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

var (
	allowed = regexp.MustCompile(`allowedValues: (\[.*\]),\n`)
	pattern = regexp.MustCompile(`reg: /(.*)/\n`)
	bound   = regexp.MustCompile(`(min|max): (-?[\d.e+]+),\n`)
)

// limits reads what the body of a validator says of one property.
func limits(p *model.Property, body, name string) error {
	p.Required = strings.Contains(body, "('"+name+"', ros.requiredValidator)")
	if text := argument(body, name, "validateAllowedValues"); text != "" {
		if err := enum(p, text); err != nil {
			return err
		}
	}
	if text := argument(body, name, "validateAllowedPattern"); text != "" && p.Type.Kind == model.String {
		m := pattern.FindStringSubmatch(text)
		if m == nil {
			return fmt.Errorf("a pattern that is not known: %s", text)
		}
		p.Pattern = m[1]
	}
	if text := argument(body, name, "validateLength"); text != "" && p.Type.Kind == model.String {
		for which, n := range bounds(text) {
			whole := int(n)
			if which == "min" {
				p.MinLength = &whole
			} else {
				p.MaxLength = &whole
			}
		}
	}
	if text := argument(body, name, "validateRange"); text != "" && p.Type.Kind == model.Number {
		for which, n := range bounds(text) {
			if which == "min" {
				p.Minimum = &n
			} else {
				p.Maximum = &n
			}
		}
	}
	return nil
}

// argument returns the object that a check of a property is called with.
func argument(body, name, check string) string {
	_, rest, ok := strings.Cut(body, "('"+name+"', ros."+check+")({")
	if !ok {
		return ""
	}
	text, _, _ := strings.Cut(rest, "}));")
	return text
}

// enum reads the allowed values, which are a list as JSON has it.
func enum(p *model.Property, text string) error {
	m := allowed.FindStringSubmatch(text)
	if m == nil {
		return fmt.Errorf("allowed values that are not known: %s", text)
	}
	var values []any
	if err := json.Unmarshal([]byte(m[1]), &values); err != nil {
		return fmt.Errorf("allowed values %s: %w", m[1], err)
	}
	for _, v := range values {
		p.Enum = append(p.Enum, fmt.Sprint(v))
	}
	return nil
}

func bounds(text string) map[string]float64 {
	found := map[string]float64{}
	for _, m := range bound.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.ParseFloat(m[2], 64); err == nil {
			found[m[1]] = n
		}
	}
	return found
}
