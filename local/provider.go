package local

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/updraft-go/updraft/internal/tree"
)

// A Provider is what stands behind the resources of a type. Its methods are called without any lock,
// for different resources at the same time; the context ends when the deployment no longer wants the
// resource, or the cloud is closed. An error's text becomes the reason of the resource's failure; a
// resource that was created with an error may be returned with it, and is deleted by the roll-back.
type Provider interface {
	Create(ctx context.Context, r *Request) (*Resource, error)
	// Update changes a resource in place. Changes that the schema says replace it do not come here.
	Update(ctx context.Context, r *Request) (*Resource, error)
	Delete(ctx context.Context, r *Request) error
}

// A Request is what a [Provider] is asked to do.
type Request struct {
	// Type and LogicalID are the resource's, as in the template.
	Type, LogicalID string
	// PhysicalID is empty for a creation.
	PhysicalID string
	// Properties are the resource's, with every function evaluated, as package encoding/json would
	// read them. What came from a NoEcho parameter is in clear.
	Properties map[string]any
	// Previous are the properties before an update.
	Previous map[string]any
	// StackID and StackName are the stack's, and Account and Region where it is.
	StackID, StackName, Account, Region string
}

// A Resource is what a [Provider] made.
type Resource struct {
	// PhysicalID identifies it, and is what Ref returns. If empty, one is made up by the schema.
	PhysicalID string
	// Attributes are what Fn::GetAtt returns: text, numbers, booleans, lists and maps. Those that are
	// missing are made up by the schema.
	Attributes map[string]any
}

// Provide puts a provider behind a resource type, in all accounts and regions, in place of what the
// cloud does by itself. A nil Provider takes it away again. The type must be one that the schema
// holds, or one of custom resources, such as Custom::Thing.
func (c *Cloud) Provide(resourceType string, p Provider) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p == nil {
		delete(c.providers, resourceType)
		return
	}
	if c.providers == nil {
		c.providers = map[string]Provider{}
	}
	c.providers[resourceType] = p
}

// provides reports whether a program has put a provider behind a type. The lock is held.
func (c *Cloud) provides(typ string) bool { return c.providers[typ] != nil }

// requestFor makes the request for a resource. The lock is held.
func requestFor(s *stackState, r *resource, previous *tree.Node) *Request {
	return &Request{
		Type: r.typ, LogicalID: r.id, PhysicalID: r.physicalID,
		Properties: plain(r.live()), Previous: plain(previous),
		StackID: s.id, StackName: s.name, Account: s.region.account, Region: s.region.name,
	}
}

// plain returns a map as package encoding/json reads it.
func plain(n *tree.Node) map[string]any {
	if n == nil {
		return nil
	}
	var m map[string]any
	if json.Unmarshal(n.AppendJSON(nil), &m) != nil {
		return nil // a node always gives JSON, and properties are a map
	}
	return m
}

// take takes over what a provider returned.
func (r *resource) take(made *Resource) error {
	if made == nil {
		return nil
	}
	if made.PhysicalID != "" {
		r.physicalID, r.provided = made.PhysicalID, true
	}
	if len(made.Attributes) == 0 {
		return nil
	}
	r.attributes = map[string]*tree.Node{}
	for name, value := range made.Attributes {
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("attribute %s: %w", name, err)
		}
		r.attributes[name] = tree.FromJSON(string(text))
	}
	return nil
}
