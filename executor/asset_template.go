package executor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// A place of a template that may name a local file or folder, and how it names it when it is stored.
type localProperty struct {
	path   string // below Properties
	form   func(*Asset) *tree.Node
	zip    bool // it must be an archive
	nested bool // it is a template itself
}

func asS3URL(a *Asset) *tree.Node { return tree.Text(a.S3URL()) }
func asURL(a *Asset) *tree.Node   { return tree.Text(a.URL) }

// asObject is the form of properties that name the bucket, key and version apart.
func asObject(bucket, key, version string) func(*Asset) *tree.Node {
	return func(a *Asset) *tree.Node {
		n := tree.Object(tree.Field(bucket, tree.Text(a.Bucket)), tree.Field(key, tree.Text(a.Key)))
		if a.Version != "" && version != "" {
			n.Map = append(n.Map, tree.Field(version, tree.Text(a.Version)))
		}
		return n
	}
}

// localProperties are the properties that take local paths, as with "aws cloudformation package". It is
// never written.
//
// https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html
var localProperties = map[string][]localProperty{
	"AWS::ApiGateway::RestApi":                  {{path: "BodyS3Location", form: asObject("Bucket", "Key", "Version")}},
	"AWS::AppSync::FunctionConfiguration":       appSyncCode,
	"AWS::AppSync::GraphQLSchema":               {{path: "DefinitionS3Location", form: asS3URL}},
	"AWS::AppSync::Resolver":                    appSyncCode,
	"AWS::CloudFormation::ModuleVersion":        {{path: "ModulePackage", form: asS3URL, zip: true}},
	"AWS::CloudFormation::ResourceVersion":      {{path: "SchemaHandlerPackage", form: asS3URL, zip: true}},
	"AWS::CloudFormation::Stack":                {{path: "TemplateURL", form: asURL, nested: true}},
	"AWS::CloudFormation::StackSet":             {{path: "TemplateURL", form: asURL, nested: true}},
	"AWS::CodeCommit::Repository":               {{path: "Code.S3", form: asObject("Bucket", "Key", "ObjectVersion"), zip: true}},
	"AWS::ElasticBeanstalk::ApplicationVersion": {{path: "SourceBundle", form: asObject("S3Bucket", "S3Key", ""), zip: true}},
	"AWS::Glue::Job":                            {{path: "Command.ScriptLocation", form: asS3URL}},
	"AWS::Lambda::Function":                     {{path: "Code", form: asObject("S3Bucket", "S3Key", "S3ObjectVersion"), zip: true}},
	"AWS::Lambda::LayerVersion":                 {{path: "Content", form: asObject("S3Bucket", "S3Key", "S3ObjectVersion"), zip: true}},
	"AWS::Serverless::Api":                      {{path: "DefinitionUri", form: asS3URL}},
	"AWS::Serverless::Application":              {{path: "Location", form: asURL, nested: true}},
	"AWS::Serverless::Function":                 {{path: "CodeUri", form: asS3URL, zip: true}},
	"AWS::Serverless::HttpApi":                  {{path: "DefinitionUri", form: asS3URL}},
	"AWS::Serverless::LayerVersion":             {{path: "ContentUri", form: asS3URL, zip: true}},
	"AWS::Serverless::StateMachine":             {{path: "DefinitionUri", form: asS3URL}},
	"AWS::StepFunctions::StateMachine":          {{path: "DefinitionS3Location", form: asObject("Bucket", "Key", "Version")}},
}

var appSyncCode = []localProperty{
	{path: "RequestMappingTemplateS3Location", form: asS3URL},
	{path: "ResponseMappingTemplateS3Location", form: asS3URL},
	{path: "CodeS3Location", form: asS3URL},
}

// A bundle is a template with what it names by local paths.
type bundle struct {
	root  *tree.Node
	parts []part
}

// A part is one local path of a template: a file or folder, or a template that may have parts itself.
type part struct {
	localProperty
	file  string
	node  *tree.Node // in the template
	pack  *pack
	inner *bundle
}

// Templates are nested so deep at most, as CloudFormation allows.
const deepestTemplate = 20

// bundled reads a template of a file in dir and all that it names by local paths, and puts places in
// their stead that look like those where it will be stored: so it can be checked before.
func bundled(stackName string, template []byte, dir string) (*bundle, error) {
	b, ds := gather(template, dir, nil)
	for i := range ds {
		ds[i].Stack = stackName
	}
	if err := ds.Err(); err != nil {
		return nil, err
	}
	return b, nil
}

func gather(template []byte, dir string, above []string) (*bundle, stack.Diagnostics) {
	t, err := stack.Parse(template)
	if err != nil {
		return nil, stack.Diagnostics{{Code: "syntax", Summary: "the template cannot be read: " + err.Error(), Cure: "correct it there"}}
	}
	body, err := t.Minified()
	if err != nil {
		return nil, stack.Diagnostics{{Code: "syntax", Summary: err.Error()}}
	}
	b := &bundle{}
	if b.root, err = tree.Parse(body); err != nil {
		return nil, stack.Diagnostics{{Code: "syntax", Summary: err.Error()}}
	}
	var ds stack.Diagnostics
	for _, r := range b.root.Get("Resources").Members() {
		for _, p := range localProperties[r.Value.Get("Type").Str()] {
			node := r.Value.Get("Properties").At(strings.Split(p.path, ".")...)
			ds = append(ds, b.take(p, "Resources."+r.Key+".Properties."+p.path, node, dir, above)...)
		}
	}
	ds = append(ds, b.includes("", b.root, dir)...)
	for _, p := range b.parts { // not before all were found: a place could be taken for a path
		*p.node = *p.form(&Asset{URL: "https://s3.amazonaws.com/bucket/" + p.pack.key, Bucket: "bucket", Key: p.pack.key})
	}
	return b, ds
}

// includes finds the files that AWS::Include is to put in.
func (b *bundle) includes(path string, n *tree.Node, dir string) stack.Diagnostics {
	var ds stack.Diagnostics
	include := localProperty{form: asS3URL}
	for _, m := range n.Members() {
		at := strings.TrimPrefix(path+"."+m.Key, ".")
		transform := m.Key == "Fn::Transform" || path == "" && m.Key == "Transform"
		for i, t := range append([]*tree.Node{m.Value}, m.Value.Items()...) {
			if transform && t.Get("Name").Str() == "AWS::Include" {
				where := at
				if i > 0 {
					where = fmt.Sprintf("%s[%d]", at, i-1)
				}
				ds = append(ds, b.take(include, where+".Parameters.Location", t.At("Parameters", "Location"), dir, nil)...)
			}
		}
		ds = append(ds, b.includes(at, m.Value, dir)...)
	}
	for i, item := range n.Items() {
		ds = append(ds, b.includes(fmt.Sprintf("%s[%d]", path, i), item, dir)...)
	}
	return ds
}

// take adds a part, if the value at a place of the template is a local path.
func (b *bundle) take(p localProperty, path string, n *tree.Node, dir string, above []string) stack.Diagnostics {
	if !n.Is(tree.String) || n.Text == "" || remote(n.Text) {
		return nil
	}
	x := part{localProperty: p, file: inside(dir, n.Text), node: n}
	var ds stack.Diagnostics
	err := error(nil)
	switch {
	case p.nested:
		ds = x.template(above)
	default:
		x.pack, err = packFile(x.file, p.zip)
		if err == nil && !p.zip && strings.HasSuffix(x.pack.key, ".zip") && !strings.HasSuffix(x.file, ".zip") {
			err = fmt.Errorf("it is a folder, and a file is needed here")
		}
	}
	if err != nil {
		ds = stack.Diagnostics{{Summary: fmt.Sprintf("%s (%s): %v", n.Text, x.file, err), Cure: "give a path relative to the template, or the URL of what is stored already"}}
	}
	for i := range ds {
		ds[i].Code, ds[i].Path = "asset", path
	}
	if len(ds) == 0 {
		b.parts = append(b.parts, x)
	}
	return ds
}

// template reads a part that is a template.
func (x *part) template(above []string) stack.Diagnostics {
	name, err := filepath.Abs(x.file)
	switch {
	case err != nil:
	case slices.Contains(above, name):
		return stack.Diagnostics{{Summary: x.file + " is nested in itself", Cure: "name another template"}}
	case len(above) == deepestTemplate:
		return stack.Diagnostics{{Summary: fmt.Sprintf("templates are nested more than %d deep", deepestTemplate), Cure: "divide them into several stacks"}}
	}
	text, err := os.ReadFile(x.file)
	if err != nil {
		return stack.Diagnostics{{Summary: err.Error(), Cure: "give a path relative to the template, or the URL of what is stored already"}}
	}
	inner, ds := gather(text, filepath.Dir(x.file), append(slices.Clone(above), name))
	for i := range ds {
		ds[i].Summary = x.file + ": " + strings.TrimPrefix(ds[i].Path+": ", ": ") + ds[i].Summary
	}
	if len(ds) > 0 {
		return ds
	}
	body := inner.root.AppendJSON(nil)
	if len(body) > maxStored {
		return stack.Diagnostics{{Summary: fmt.Sprintf("%s has %d bytes, and CloudFormation takes %d at most", x.file, len(body), maxStored), Cure: "divide it into several stacks"}}
	}
	x.inner, x.pack = inner, templatePack(x.file, body)
	return nil
}

func templatePack(file string, body []byte) *pack {
	return &pack{path: file, key: "assets/" + digest(string(body)) + ".json", content: body}
}

// store stores all parts, the innermost first, and returns the template with their places.
func (b *bundle) store(ctx context.Context, up Uploader) ([]byte, []Asset, error) {
	var stored []Asset
	for i := range b.parts {
		p := &b.parts[i]
		if p.inner != nil {
			body, assets, err := p.inner.store(ctx, up)
			if err != nil {
				return nil, stored, err
			}
			stored = append(stored, assets...)
			p.pack = templatePack(p.file, body)
		}
		a, err := p.pack.store(ctx, up)
		if err != nil {
			return nil, stored, err
		}
		stored = append(stored, *a)
		*p.node = *p.form(a)
	}
	return b.root.AppendJSON(nil), stored, nil
}
