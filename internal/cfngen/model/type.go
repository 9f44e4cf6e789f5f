// Package model is the neutral form of what is known of resource types: the
// form that cfngen commits, amends by hand-written facts, and generates from.
package model

import (
	"encoding/json"
	"strings"
)

// Type is one resource type. The fields after Transform are filled by the
// overlay only.
type Type struct {
	Name        string                `json:"name"`
	Properties  Properties            `json:"properties,omitempty"`
	Definitions map[string]Properties `json:"definitions,omitempty"`
	Attributes  map[string]*Attribute `json:"attributes,omitempty"`
	Identifier  []string              `json:"identifier,omitempty"`
	Ref         *Ref                  `json:"ref,omitempty"`
	Arn         string                `json:"arn,omitempty"`
	TagProperty string                `json:"tagProperty,omitempty"`
	TagShape    string                `json:"tagShape,omitempty"`
	Stateful    bool                  `json:"stateful,omitempty"`
	Transform   string                `json:"transform,omitempty"`

	Deprecated  string    `json:"deprecated,omitempty"`
	DeleteFirst bool      `json:"deleteFirst,omitempty"`
	PhysicalID  string    `json:"physicalID,omitempty"`
	NameRule    *NameRule `json:"nameRule,omitempty"`
}

// Properties maps a property's CloudFormation name to what is known of it.
type Properties map[string]*Property

// Property is one property of a resource type or of a nested definition.
// Enum, Pattern and the limits speak of the scalar inside Type: of the
// elements if the property is a list. The fields from Pattern on are filled by
// the overlay only.
type Property struct {
	Type        Expr            `json:"type"`
	Required    bool            `json:"required,omitempty"`
	Replacement string          `json:"replacement,omitempty"`
	Enum        []string        `json:"enum,omitempty"`
	Default     json.RawMessage `json:"default,omitempty"`
	Deprecated  bool            `json:"deprecated,omitempty"`
	Targets     []string        `json:"targets,omitempty"`

	Pattern   string   `json:"pattern,omitempty"`
	MinLength *int     `json:"minLength,omitempty"`
	MaxLength *int     `json:"maxLength,omitempty"`
	Minimum   *float64 `json:"minimum,omitempty"`
	Maximum   *float64 `json:"maximum,omitempty"`
}

// Attribute is one attribute for GetAtt. Shape is filled by the overlay only.
type Attribute struct {
	Type  Expr   `json:"type"`
	Shape string `json:"shape,omitempty"`
}

// Ref says what the intrinsic Ref returns: the value of one name, or of
// several names joined by Separator.
type Ref struct {
	Names     []string `json:"names"`
	Separator string   `json:"separator,omitempty"`
	Guess     bool     `json:"guess,omitempty"`
}

// NameRule says how CloudFormation names a resource whose Property is absent.
type NameRule struct {
	Property string `json:"property,omitempty"`
	Shape    string `json:"shape"`
	Max      int    `json:"max,omitempty"`
	Lower    bool   `json:"lower,omitempty"`
}

// Service returns the second part of the type's name, such as "ECS".
func (t *Type) Service() string { return t.part(1) }

// Short returns the part of the type's name after the service, such as
// "TaskDefinition".
func (t *Type) Short() string { return t.part(2) }

// IsROS reports whether the type is one of Alibaba Cloud's Resource Orchestration Service.
func (t *Type) IsROS() bool { return t.part(0) == "ALIYUN" }

func (t *Type) part(i int) string {
	parts := strings.Split(t.Name, "::")
	if i >= len(parts) {
		return ""
	}
	return parts[i]
}
