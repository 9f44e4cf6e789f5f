package broker

import (
	"regexp"
	"time"
)

// The catalog as it is sent.
//
// https://github.com/openservicebrokerapi/servicebroker/blob/v2.17/spec.md#catalog-management
type wireService struct {
	Name                 string         `json:"name"`
	ID                   string         `json:"id"`
	Description          string         `json:"description"`
	Tags                 []string       `json:"tags,omitempty"`
	Bindable             bool           `json:"bindable"`
	InstancesRetrievable bool           `json:"instances_retrievable"`
	BindingsRetrievable  bool           `json:"bindings_retrievable"`
	AllowContextUpdates  bool           `json:"allow_context_updates"`
	PlanUpdateable       bool           `json:"plan_updateable"`
	Metadata             map[string]any `json:"metadata,omitempty"`
	Plans                []wirePlan     `json:"plans"`
}

type wirePlan struct {
	Name                   string           `json:"name"`
	ID                     string           `json:"id"`
	Description            string           `json:"description"`
	Free                   bool             `json:"free"`
	Bindable               bool             `json:"bindable"`
	BindingRotatable       bool             `json:"binding_rotatable"`
	PlanUpdateable         bool             `json:"plan_updateable"`
	Metadata               map[string]any   `json:"metadata,omitempty"`
	Schemas                wireSchemas      `json:"schemas"`
	MaximumPollingDuration int              `json:"maximum_polling_duration,omitempty"`
	MaintenanceInfo        *maintenanceInfo `json:"maintenance_info,omitempty"`
}

type wireSchemas struct {
	Instance struct {
		Create *wireSchema `json:"create,omitempty"`
		Update *wireSchema `json:"update,omitempty"`
	} `json:"service_instance"`
	Binding *wireBindingSchema `json:"service_binding,omitempty"`
}

type wireBindingSchema struct {
	Create *wireSchema `json:"create,omitempty"`
}

type wireSchema struct {
	Parameters map[string]any `json:"parameters"`
}

type maintenanceInfo struct {
	Version     string `json:"version"`
	Description string `json:"description,omitempty"`
}

var (
	semver     = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$`)
	quickStart = regexp.MustCompile(`\(qs-[a-z0-9]{9}\)`)
)

func (o *offering) wire() wireService {
	w := wireService{
		Name: o.Name, ID: o.id, Description: o.Description, Tags: o.Tags,
		Bindable: !o.Bindings.Unbindable, InstancesRetrievable: true, BindingsRetrievable: !o.Bindings.Unbindable,
		AllowContextUpdates: true, PlanUpdateable: o.PlanUpdatable,
		Metadata: filled(map[string]any{
			"displayName": o.DisplayName, "longDescription": o.LongDescription, "imageUrl": o.ImageURL,
			"documentationUrl": o.DocumentationURL, "supportUrl": o.SupportURL, "providerDisplayName": o.ProviderName,
		}),
	}
	w.Metadata["outputsAsIs"], w.Metadata["cloudFoundry"] = o.OutputsAsIs, o.CloudFoundry
	for _, p := range o.order {
		w.Plans = append(w.Plans, p.wire())
	}
	return w
}

func (p *offer) wire() wirePlan {
	w := wirePlan{
		Name: p.Name, ID: p.id, Description: p.Description, Free: p.Free,
		Bindable: !p.service.Bindings.Unbindable, BindingRotatable: !p.service.Bindings.Unbindable, PlanUpdateable: p.service.PlanUpdatable,
		MaximumPollingDuration: int(p.MaximumPolling / time.Second),
		Metadata: filled(map[string]any{
			"displayName": p.DisplayName, "longDescription": p.LongDescription, "cost": p.Cost,
		}),
	}
	if w.Description == "" {
		w.Description = p.DisplayName
	}
	if w.Description == "" {
		w.Description = p.Name
	}
	if len(p.Costs) > 0 {
		w.Metadata["costs"] = p.Costs
	}
	if len(p.Bullets) > 0 {
		w.Metadata["bullets"] = p.Bullets
	}
	if p.MaintenanceVersion != "" {
		w.MaintenanceInfo = &maintenanceInfo{Version: p.MaintenanceVersion, Description: p.MaintenanceText}
	}
	w.Schemas.Instance.Create = &wireSchema{p.create.schema(false)}
	if len(p.update.order) > 0 {
		w.Schemas.Instance.Update = &wireSchema{p.update.schema(true)}
	}
	if !p.service.Bindings.Unbindable {
		w.Schemas.Binding = &wireBindingSchema{&wireSchema{p.bind.schema(false)}}
	}
	return w
}

// filled is a map without the texts that are empty.
func filled(m map[string]any) map[string]any {
	for key, value := range m {
		if value == "" {
			delete(m, key)
		}
	}
	return m
}
