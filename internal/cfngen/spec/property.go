package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

type property struct {
	Type              typeOf         `json:"type"`
	Required          bool           `json:"required"`
	CausesReplacement string         `json:"causesReplacement"`
	DefaultValue      string         `json:"defaultValue"`
	Deprecated        string         `json:"deprecated"`
	RelationshipRefs  []relationship `json:"relationshipRefs"`
}

type typeOf struct {
	Type      string   `json:"type"`
	Element   *typeOf  `json:"element"`
	Types     []typeOf `json:"types"`
	Reference struct {
		ID string `json:"$ref"`
	} `json:"reference"`
	AllowedValues []json.RawMessage `json:"allowedValues"`
}

type relationship struct {
	Type     string `json:"cloudFormationType"`
	Property string `json:"propertyName"`
}

func (c *converter) property(p property) (*model.Property, error) {
	e, err := c.expr(p.Type)
	if err != nil {
		return nil, err
	}
	q := &model.Property{Type: e, Required: p.Required, Deprecated: p.Deprecated != ""}
	switch p.CausesReplacement {
	case "", "no":
	case "yes", "maybe":
		q.Replacement = p.CausesReplacement
	default:
		return nil, fmt.Errorf("causesReplacement %q is not known", p.CausesReplacement)
	}
	if q.Enum, err = enum(p.Type, nil); err != nil {
		return nil, err
	}
	for _, r := range p.RelationshipRefs {
		q.Targets = append(q.Targets, r.Type+"."+strings.ReplaceAll(r.Property, "/", "."))
	}
	q.Default = defaultOf(p.DefaultValue, e.Kind)
	return q, nil
}

// expr converts a type. Allowed values are collected by enum.
func (c *converter) expr(t typeOf) (model.Expr, error) {
	switch t.Type {
	case "string", "integer", "number", "boolean", "json", "tag":
		return model.Expr{Kind: model.Kind(t.Type)}, nil
	case "date-time":
		return model.Expr{Kind: model.Timestamp}, nil
	case "array", "map":
		elem, err := c.expr(*t.Element)
		kind := model.List
		if t.Type == "map" {
			kind = model.Map
		}
		return model.Expr{Kind: kind, Elem: &elem}, err
	case "ref":
		def := c.defs[t.Reference.ID]
		if def == nil {
			return model.Expr{}, fmt.Errorf("definition %s does not exist", t.Reference.ID)
		}
		return model.Expr{Kind: model.Object, Name: def.Name}, nil
	case "union":
		return c.union(t.Types)
	}
	return model.Expr{}, fmt.Errorf("type %q is not known", t.Type)
}

// union converts the arms, each once, in the order of their texts.
func (c *converter) union(types []typeOf) (model.Expr, error) {
	u := model.Expr{Kind: model.Union}
	for _, t := range types {
		arm, err := c.expr(t)
		if err != nil {
			return u, err
		}
		u.Arms = append(u.Arms, arm)
	}
	slices.SortFunc(u.Arms, func(a, b model.Expr) int { return strings.Compare(a.String(), b.String()) })
	u.Arms = slices.CompactFunc(u.Arms, func(a, b model.Expr) bool { return a.String() == b.String() })
	if len(u.Arms) == 1 {
		return u.Arms[0], nil
	}
	return u, nil
}

// enum appends the allowed values inside t, in their order, each once.
// Numbers are written as their digits.
func enum(t typeOf, values []string) ([]string, error) {
	var err error
	for _, raw := range t.AllowedValues {
		value := string(raw)
		if strings.HasPrefix(value, `"`) {
			if err := json.Unmarshal(raw, &value); err != nil {
				return nil, err
			}
		}
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	if t.Element != nil {
		return enum(*t.Element, values)
	}
	for _, arm := range t.Types {
		if values, err = enum(arm, values); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// defaultOf returns the default if it is a JSON scalar of the property's kind.
// Other texts in the database describe a default and are no value.
func defaultOf(text string, kind model.Kind) json.RawMessage {
	var value any
	if text == "" || json.Unmarshal([]byte(text), &value) != nil {
		return nil
	}
	ok := false
	switch value := value.(type) {
	case string:
		ok = kind == model.String && value != "" && value != "-" && !strings.HasPrefix(value, "No ")
	case float64:
		ok = kind == model.Number || kind == model.Integer && value == float64(int64(value))
	case bool:
		ok = kind == model.Boolean
	}
	if !ok {
		return nil
	}
	return json.RawMessage(text)
}
