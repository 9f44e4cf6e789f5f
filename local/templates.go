package local

import (
	"cmp"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
	"github.com/updraft-go/updraft/stack"
)

type getTemplateInput struct{ StackName, ChangeSetName, TemplateStage string }

type getTemplateResult struct {
	TemplateBody    string
	StagesAvailable []string
}

func getTemplate(c *call, in *getTemplateInput) (any, error) {
	t, err := in.find(c)
	if err != nil {
		return nil, err
	}
	if in.TemplateStage != "" && in.TemplateStage != "Original" && in.TemplateStage != "Processed" {
		return nil, invalid("1 validation error detected: Value '%s' at 'templateStage' failed to satisfy constraint: Member must satisfy enum value set: [Original, Processed]", in.TemplateStage)
	}
	if t == nil {
		return &getTemplateResult{StagesAvailable: []string{}}, nil
	}
	body := t.body
	if in.TemplateStage == "Processed" && t.source != nil {
		body = t.root.JSON()
	}
	return &getTemplateResult{body, []string{"Original", "Processed"}}, nil
}

// find returns the template that a request names, nil for a stack that has only change sets.
func (in *getTemplateInput) find(c *call) (*template, error) {
	if in.ChangeSetName != "" {
		set, err := (&setInput{in.StackName, in.ChangeSetName}).find(c)
		if err != nil {
			return nil, err
		}
		return set.next.template, nil
	}
	if in.StackName == "" {
		return nil, invalid("StackName is required if ChangeSetName is not specified.")
	}
	s := c.region.find(in.StackName)
	if s == nil {
		return nil, invalid("Stack with id %s does not exist", in.StackName)
	}
	return s.template, nil
}

type parameterDeclaration struct {
	ParameterKey         string
	DefaultValue         *string
	ParameterType        string
	NoEcho               bool
	Description          string
	ParameterConstraints parameterConstraints
}

type parameterConstraints struct{ AllowedValues []string }

// declarations lists what a template declares of its parameters.
func (t *template) declarations() []parameterDeclaration {
	list := []parameterDeclaration{}
	declared := t.root.Get("Parameters")
	if declared == nil {
		return list
	}
	for _, m := range declared.Map {
		p := parameterDeclaration{
			ParameterKey: m.Key, ParameterType: m.Value.Get("Type").Str(), Description: m.Value.Get("Description").Str(),
			NoEcho: strings.EqualFold(m.Value.Get("NoEcho").Str(), "true"),
		}
		if d, ok := m.Value.Get("Default").Scalar(); ok {
			if p.NoEcho {
				d = mask
			}
			p.DefaultValue = &d
		}
		if allowed := m.Value.Get("AllowedValues"); allowed.Is(tree.List) {
			p.ParameterConstraints.AllowedValues = names(allowed)
		}
		list = append(list, p)
	}
	return list
}

type summaryInput struct {
	StackName, StackSetName, TemplateBody, TemplateURL string
}

type identifierSummary struct {
	ResourceType        string
	LogicalResourceIds  []string
	ResourceIdentifiers []string
}

type templateSummary struct {
	Parameters                  []parameterDeclaration
	Description                 string
	Capabilities                []string
	CapabilitiesReason          string
	ResourceTypes               []string
	Version                     string
	Metadata                    string
	ResourceIdentifierSummaries []identifierSummary
	DeclaredTransforms          []string
}

func getTemplateSummary(c *call, in *summaryInput) (any, error) {
	t, err := in.find(c)
	if err != nil {
		return nil, err
	}
	s := &templateSummary{
		Parameters: t.declarations(), Description: t.description(), Version: t.root.Get("AWSTemplateFormatVersion").Str(),
		ResourceTypes: []string{}, ResourceIdentifierSummaries: t.identifiers(),
	}
	if s.Version == "" {
		s.Version = formatVersion
	}
	if m := t.root.Get("Metadata"); m != nil {
		s.Metadata = m.JSON()
	}
	for _, d := range t.resources {
		if !slices.Contains(s.ResourceTypes, d.typ) {
			s.ResourceTypes = append(s.ResourceTypes, d.typ)
		}
	}
	s.Capabilities, s.CapabilitiesReason = t.capabilities()
	s.DeclaredTransforms = transformNames(t.root)
	return s, nil
}

// formatVersion is the only version of templates that there is.
const formatVersion = "2010-09-09"

func (t *template) capabilities() (list []string, reason string) {
	capability, types := neededCapability(t)
	if transforms := transformNames(t.root); len(transforms) > 0 {
		list, reason = []string{capabilityAutoExpand}, "The following transform(s) require capabilities: ["+strings.Join(transforms, ", ")+"]"
	}
	if capability == "" {
		return list, reason
	}
	return append([]string{capability}, list...), "The following resource(s) require capabilities: [" + strings.Join(types, ", ") + "]"
}

func (in *summaryInput) find(c *call) (*template, error) {
	if in.StackSetName != "" {
		set, err := (&setName{StackSetName: in.StackSetName}).find(c)
		if err != nil {
			return nil, err
		}
		return set.template, nil
	}
	if in.StackName == "" {
		return c.region.readGiven(in.TemplateBody, in.TemplateURL)
	}
	if in.TemplateBody != "" || in.TemplateURL != "" {
		return nil, invalid("Only one of StackName, StackSetName, TemplateURL and TemplateBody can be specified")
	}
	s := c.region.find(in.StackName)
	switch {
	case s == nil:
		return nil, invalid("Stack with id %s does not exist", in.StackName)
	case s.status == stack.ReviewInProgress:
		return nil, invalid("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.")
	}
	return s.template.original(), nil
}

func (r *region) readGiven(body, url string) (*template, error) {
	body, err := r.bodyOf(body, url)
	if err != nil {
		return nil, err
	}
	if body == "" {
		return nil, invalid("Either Template URL or Template Body must be specified.")
	}
	t, err := readTemplate(body)
	if err != nil {
		return nil, err
	}
	if t.isRaw() {
		return t, nil
	}
	return t, t.checkReferences()
}

// identifiers lists, for each type, what identifies a resource that is to be imported.
func (t *template) identifiers() []identifierSummary {
	list := []identifierSummary{}
	for _, d := range t.resources {
		i := slices.IndexFunc(list, func(s identifierSummary) bool { return s.ResourceType == d.typ })
		if i < 0 {
			i = len(list)
			list = append(list, identifierSummary{ResourceType: d.typ, ResourceIdentifiers: importIdentifiers(d.typ)})
		}
		list[i].LogicalResourceIds = append(list[i].LogicalResourceIds, d.id)
	}
	slices.SortFunc(list, func(a, b identifierSummary) int { return cmp.Compare(a.ResourceType, b.ResourceType) })
	return list
}

func importIdentifiers(typ string) []string {
	t, ok := schema.Lookup(typ)
	if !ok {
		return nil
	}
	return t.PrimaryIdentifier
}

type validateParameter struct {
	ParameterKey string
	DefaultValue *string
	NoEcho       bool
	Description  string
}

type validateResult struct {
	Parameters         []validateParameter
	Description        string
	Capabilities       []string
	CapabilitiesReason string
	DeclaredTransforms []string
}

func validateTemplate(c *call, in *struct{ TemplateBody, TemplateURL string }) (any, error) {
	t, err := c.region.readGiven(in.TemplateBody, in.TemplateURL)
	if err != nil {
		return nil, err
	}
	result := &validateResult{Parameters: []validateParameter{}, Description: t.description()}
	for _, p := range t.declarations() {
		result.Parameters = append(result.Parameters, validateParameter{p.ParameterKey, p.DefaultValue, p.NoEcho, p.Description})
	}
	result.Capabilities, result.CapabilitiesReason = t.capabilities()
	result.DeclaredTransforms = transformNames(t.root)
	return result, nil
}
