package local

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// A launchTemplate is a launch template with its versions.
type launchTemplate struct {
	id, name       string
	created        time.Time
	versions       []*templateVersion // by their numbers
	latest, chosen int                // the number of the last version ever made; that of the default one
}

// A templateVersion is a version of a launch template.
type templateVersion struct {
	number      int
	description string
	created     time.Time
	data        *tree.Node // with launchMembers
}

// The versions of a launch template that are not called by their number.
const (
	versionLatest  = "$Latest"
	versionDefault = "$Default"
)

// newest is the number of the newest version that is there.
func (t *launchTemplate) newest() int { return t.versions[len(t.versions)-1].number }

// version returns a version by its number, $Latest or $Default; an empty text is the default one.
func (t *launchTemplate) version(text string) *templateVersion {
	number, err := strconv.Atoi(text)
	switch text {
	case versionLatest:
		number, err = t.newest(), nil
	case versionDefault, "":
		number, err = t.chosen, nil
	}
	if err != nil {
		return nil
	}
	for _, v := range t.versions {
		if v.number == number {
			return v
		}
	}
	return nil
}

// add adds a version.
func (t *launchTemplate) add(now time.Time, description string, data *tree.Node) *templateVersion {
	t.latest++
	v := &templateVersion{t.latest, description, now, data}
	t.versions = append(t.versions, v)
	return v
}

// templateName is how a request tells which launch template it is about.
type templateName struct{ LaunchTemplateId, LaunchTemplateName string }

// find returns the launch template.
func (n templateName) find(r *region) (*launchTemplate, error) {
	switch {
	case n.LaunchTemplateId != "" && n.LaunchTemplateName != "":
		return nil, ec2Error("InvalidParameterCombination", "Either the launch template ID or launch template name can be specified, but not both.")
	case n.LaunchTemplateId != "":
		if err := checkID("lt", n.LaunchTemplateId, "InvalidLaunchTemplateId.Malformed"); err != nil {
			return nil, err
		}
		if t := r.fleet.templates[n.LaunchTemplateId]; t != nil {
			return t, nil
		}
		return nil, notFound(n.LaunchTemplateId)
	case n.LaunchTemplateName == "":
		return nil, ec2Error("MissingParameter", "Either the launch template ID or launch template name must be specified.")
	}
	if t := r.templateNamed(n.LaunchTemplateName); t != nil {
		return t, nil
	}
	return nil, ec2Error("InvalidLaunchTemplateName.NotFoundException", "The specified launch template, with template name %s, does not exist.", n.LaunchTemplateName)
}

func (r *region) templateNamed(name string) *launchTemplate {
	for _, t := range r.fleet.templates {
		if t.name == name {
			return t
		}
	}
	return nil
}

// need returns a version, or the error that there is none.
func (t *launchTemplate) need(text string) (*templateVersion, error) {
	if v := t.version(text); v != nil {
		return v, nil
	}
	if _, err := strconv.Atoi(text); err != nil {
		return nil, ec2Error("InvalidParameterValue", "Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed.")
	}
	return nil, ec2Error("InvalidLaunchTemplateId.VersionNotFound", "Could not find the specified version %s for the launch template with ID %s.", text, t.id)
}

type launchTemplateDescription struct {
	LaunchTemplateId     string
	LaunchTemplateName   string
	CreateTime           time.Time
	CreatedBy            string
	DefaultVersionNumber int
	LatestVersionNumber  int
	Tags                 []tag `query:"tagSet"`
}

func (t *launchTemplate) describe(r *region) launchTemplateDescription {
	return launchTemplateDescription{t.id, t.name, t.created, r.rootArn(), t.chosen, t.newest(), r.tagsOf(t.id)}
}

// rootArn is who does everything.
func (r *region) rootArn() string { return fmt.Sprintf("arn:%s:iam::%s:root", r.partition, r.account) }

type templateAnswer struct {
	LaunchTemplate launchTemplateDescription
	Warning        *templateWarning
}

type templateWarning struct {
	Errors []templateFault `query:"errorSet"`
}

type templateFault struct{ Code, Message string }

// warn tells what is wrong with launch data, which is kept all the same.
func (r *region) warn(data *tree.Node) *templateWarning {
	w := &templateWarning{}
	id, err := r.resolveImage(data.Get("ImageId").Str())
	if err == nil && id != "" {
		err = checkID("ami", id, "InvalidAMIID.Malformed")
		if err == nil && r.image(id) == nil && r.made(id) {
			err = notFound(id)
		}
	}
	if known, ok := err.(*query.Error); ok {
		w.Errors = append(w.Errors, templateFault{known.Code, known.Message})
	}
	for _, id := range names(data.Get("SecurityGroupIds")) {
		if err := checkID("sg", id, "InvalidGroupId.Malformed"); err != nil {
			w.Errors = append(w.Errors, templateFault{"InvalidGroupId.Malformed", textOf(err)})
		}
	}
	if len(w.Errors) == 0 {
		return nil
	}
	return w
}

// launchData reads the launch data of a request, which must be there.
func (c *call) launchData() (*tree.Node, error) {
	v := c.request.Parameters.Get("LaunchTemplateData")
	if v == nil {
		return nil, needs("LaunchTemplateData", "")
	}
	data, err := decodeMembers("LaunchTemplateData.", launchMembers, v)
	if err == nil && len(data.Map) == 0 {
		err = ec2Error("InvalidRequest", "The launch template data must not be empty")
	}
	return data, err
}

var launchTemplateName = regexp.MustCompile(`^[a-zA-Z0-9().\-/_]{3,128}$`)

func createLaunchTemplate(c *call, in *struct {
	LaunchTemplateName, ClientToken, VersionDescription string
	TagSpecifications                                   []tagSpecification `query:"TagSpecification"`
}) (any, error) {
	r := c.region
	made, err := c.once(in.ClientToken, "IdempotentParameterMismatch")
	if err != nil {
		return nil, err
	}
	if t := r.fleet.templates[made]; t != nil {
		return &templateAnswer{LaunchTemplate: t.describe(r)}, nil
	}
	if err := needs("LaunchTemplateName", in.LaunchTemplateName); err != nil {
		return nil, err
	}
	if !launchTemplateName.MatchString(in.LaunchTemplateName) {
		return nil, ec2Error("InvalidLaunchTemplateName.MalformedException", "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.")
	}
	data, err := c.launchData()
	if err != nil {
		return nil, err
	}
	if err := checkSpecifications(in.TagSpecifications, "launch-template"); err != nil {
		return nil, err
	}
	if r.templateNamed(in.LaunchTemplateName) != nil {
		return nil, ec2Error("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
	}
	id := c.cloud.ec2ID("lt")
	r.found(typeLaunchTemplate, id, tree.Object(tree.Field("LaunchTemplateName", tree.Text(in.LaunchTemplateName)),
		tree.Field("LaunchTemplateData", data), tree.Field("VersionDescription", tree.Text(in.VersionDescription))))
	c.did(in.ClientToken, id)
	if err := r.tagged(id, in.TagSpecifications); err != nil {
		return nil, err
	}
	return &templateAnswer{r.fleet.templates[id].describe(r), r.warn(data)}, nil
}

// followTemplate makes a launch template what its resource says. A resource that changes has another
// version; which one is the default stays as it is.
func (r *region) followTemplate(a *asset) {
	t := r.fleet.templates[a.physicalID]
	data := a.properties.Get("LaunchTemplateData")
	description := a.properties.Get("VersionDescription").Str()
	if t == nil {
		t = &launchTemplate{id: a.physicalID, name: a.text("LaunchTemplateName"), created: r.now(), chosen: 1}
		r.fleet.templates[t.id] = t
	} else if before := a.revisions[len(a.revisions)-2]; tree.Equal(before.Get("LaunchTemplateData"), data) && before.Get("VersionDescription").Str() == description {
		return
	}
	t.add(r.now(), description, data)
}

func describeLaunchTemplates(c *call, in *struct {
	LaunchTemplateIds   []string `query:"LaunchTemplateId"`
	LaunchTemplateNames []string `query:"LaunchTemplateName"`
	Filters             []filter `query:"Filter"`
	paging
}) (any, error) {
	r := c.region
	for _, id := range in.LaunchTemplateIds {
		if _, err := (templateName{LaunchTemplateId: id}).find(r); err != nil {
			return nil, err
		}
	}
	for _, name := range in.LaunchTemplateNames {
		if r.templateNamed(name) == nil {
			return nil, ec2Error("InvalidLaunchTemplateName.NotFoundException", "At least one of the launch templates specified in the request does not exist.")
		}
	}
	all := []launchTemplateDescription{}
	for _, t := range ordered(r.fleet.templates) {
		if len(in.LaunchTemplateIds)+len(in.LaunchTemplateNames) > 0 && !slices.Contains(in.LaunchTemplateIds, t.id) && !slices.Contains(in.LaunchTemplateNames, t.name) {
			continue
		}
		d := t.describe(r)
		ok, err := passes(in.Filters, sieve{"launch-template-name": oneText(t.name), "create-time": oneText(t.created.UTC().Format(time.RFC3339))}, d.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, d)
		}
	}
	part, next, err := pageOf(all, in.paging, func(d launchTemplateDescription) string { return d.LaunchTemplateId })
	if err != nil {
		return nil, err
	}
	return &struct {
		LaunchTemplates []launchTemplateDescription
		NextToken       string
	}{part, next}, nil
}

func modifyLaunchTemplate(c *call, in *struct {
	templateName
	DefaultVersion string `query:"SetDefaultVersion"`
	ClientToken    string
}) (any, error) {
	t, err := in.find(c.region)
	if err != nil {
		return nil, err
	}
	if in.DefaultVersion != "" {
		v, err := t.need(in.DefaultVersion)
		if err != nil {
			return nil, err
		}
		t.chosen = v.number
	}
	return &templateAnswer{LaunchTemplate: t.describe(c.region)}, nil
}

func deleteLaunchTemplate(c *call, in *struct{ templateName }) (any, error) {
	t, err := in.find(c.region)
	if err != nil {
		return nil, err
	}
	d := t.describe(c.region)
	c.region.disown(c.region.asset(typeLaunchTemplate, t.id).resource)
	return &templateAnswer{LaunchTemplate: d}, nil
}

// forgetTemplate removes a launch template whose resource is gone.
func (r *region) forgetTemplate(id string) {
	delete(r.fleet.templates, id)
	delete(r.fleet.tags, id)
}
