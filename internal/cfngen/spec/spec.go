// Package spec reads the database of npm's @aws-cdk/aws-service-spec.
package spec

import (
	"encoding/json"
	"fmt"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// database is the part of db.json that is read here.
type database struct {
	Schema struct {
		Resource       collection[resource]   `json:"resource"`
		TypeDefinition collection[definition] `json:"typeDefinition"`
		UsesType       struct {
			Forward map[string][]struct {
				ID string `json:"$id"`
			} `json:"forward"`
		} `json:"usesType"`
	} `json:"schema"`
}

type collection[T any] struct {
	Entities []T `json:"entities"`
}

type resource struct {
	ID                  string              `json:"$id"`
	Type                string              `json:"cloudFormationType"`
	PrimaryIdentifier   []string            `json:"primaryIdentifier"`
	RefIdentifier       []string            `json:"cfnRefIdentifier"`
	Properties          map[string]property `json:"properties"`
	Attributes          map[string]property `json:"attributes"`
	ArnTemplate         string              `json:"arnTemplate"`
	IsStateful          bool                `json:"isStateful"`
	Transform           string              `json:"cloudFormationTransform"`
	ReplacingProperties [][]string          `json:"additionalReplacementProperties"`
	TagInformation      *struct {
		PropertyName string `json:"tagPropertyName"`
		Variant      string `json:"variant"`
	} `json:"tagInformation"`
}

type definition struct {
	ID         string              `json:"$id"`
	Name       string              `json:"name"`
	Properties map[string]property `json:"properties"`
}

// Decode reads db.json and returns its resource types in the neutral form.
func Decode(data []byte) ([]*model.Type, error) {
	var db database
	if err := json.Unmarshal(data, &db); err != nil {
		return nil, err
	}
	defs := make(map[string]*definition, len(db.Schema.TypeDefinition.Entities))
	for i := range db.Schema.TypeDefinition.Entities {
		def := &db.Schema.TypeDefinition.Entities[i]
		defs[def.ID] = def
	}
	types := make([]*model.Type, 0, len(db.Schema.Resource.Entities))
	for i := range db.Schema.Resource.Entities {
		res := &db.Schema.Resource.Entities[i]
		c := converter{defs: defs}
		for _, use := range db.Schema.UsesType.Forward[res.ID] {
			c.uses = append(c.uses, use.ID)
		}
		t, err := c.resource(res)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", res.Type, err)
		}
		types = append(types, t)
	}
	return types, nil
}
