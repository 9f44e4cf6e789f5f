package local

import (
	"slices"
	"strings"
)

// required refuses a parameter that is missing.
func required(name, value string) error {
	if value == "" {
		return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", name)
	}
	return nil
}

// checkName refuses what cannot be the name of a stack or change set.
func checkName(name, value string) error {
	if err := required(name, value); err != nil {
		return err
	}
	const pattern = "[a-zA-Z][-a-zA-Z0-9]*"
	if len(value) > 128 {
		return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to 128", value, name)
	}
	if strings.Trim(value, letters+"-") != "" || strings.ContainsAny(value[:1], digits+"-") {
		return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", value, name, pattern)
	}
	return nil
}

// checkEnum refuses a value that is none of those that there are; "" is none given.
func checkEnum(name, value string, values ...string) error {
	if value == "" || slices.Contains(values, value) {
		return nil
	}
	return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, name, strings.Join(values, ", "))
}
