package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// A row shows a rule: that it fires in a bad template, at a path, and is silent in a good one.
// Templates are YAML. In the rows of resources they are the properties of the resource A of a type,
// and the path is below those.
type row struct{ code, kind, path, bad, good string }

// template returns the whole template of a row's text: of a part that begins with a resource, or of
// properties.
func (r row) template(text string) string {
	if r.kind == "" {
		if !strings.Contains(text, "Resources:") {
			text += "\nResources: {Q: {Type: AWS::SNS::Topic}}"
		}
		return text
	}
	text, rest, _ := strings.Cut(text, " & ")
	t := "Resources:\n  A: {Type: 'AWS::" + r.kind + "', Properties: {" + text + "}}\n"
	for other := range strings.SplitSeq(rest, " & ") {
		if other != "" {
			t += "  " + other + "\n"
		}
	}
	return t
}

func (r row) at() string {
	if r.kind == "" {
		return r.path
	}
	if r.path == "" || r.path[0] == '[' {
		return "Resources.A.Properties" + r.path
	}
	return "Resources.A.Properties." + r.path
}

// rows are all the rows.
func rows() []row {
	return slices.Concat(templateRows, parameterRows, functionRows, resourceRows, policyRows, outputRows, computeRows, dataRows, networkRows, webRows)
}

func TestRules(t *testing.T) {
	severity := map[string]stack.Severity{}
	for _, r := range validate.Rules() {
		if _, twice := severity[r.Code]; twice {
			t.Errorf("two rules are called %s", r.Code)
		}
		severity[r.Code] = r.Severity
	}
	shown := map[string]bool{}
	for _, r := range rows() {
		shown[r.code] = true
		ds := validate.Document([]byte(r.template(r.bad)), nil)
		i := slices.IndexFunc(ds, func(d stack.Diagnostic) bool { return d.Code == r.code })
		switch {
		case i < 0:
			t.Errorf("%s is silent in\n%s\n%v", r.code, r.template(r.bad), ds)
		case !slices.ContainsFunc(ds, func(d stack.Diagnostic) bool { return d.Code == r.code && d.Path == r.at() }):
			t.Errorf("%s is at %s, not at %s, in\n%s", r.code, ds[i].Path, r.at(), r.template(r.bad))
		case ds[i].Severity != severity[r.code] || ds[i].Line == 0 && r.path != "" || ds[i].Summary == "" || ds[i].Cure == "":
			t.Errorf("%s is told as %+v", r.code, ds[i])
		}
		for _, d := range validate.Document([]byte(r.template(r.good)), nil) {
			if d.Code == r.code || d.Severity == stack.SeverityError {
				t.Errorf("%s: %s: %v: in the good\n%s", r.code, d.Code, d, r.template(r.good))
			}
		}
	}
	for _, r := range validate.Rules() {
		if !shown[r.Code] && !slices.Contains(elsewhere, r.Code) {
			t.Errorf("no row shows %s: %s", r.Code, r.Description)
		}
	}
	t.Logf("%d rules, %d shown", len(severity), len(shown))
}

// elsewhere are the rules that other tests show, since they need more than a document.
var elsewhere = []string{
	"syntax", "template", "template-size", "template-inline-size", "too-many-resources", "too-many-parameters", "too-many-mappings",
	"too-many-outputs", "name-length", "mapping-size", "description-size", "parameter-description-size", "parameter-size",
	"output-description-size", "parameter-unknown", "parameter-value", "suppression-unknown", "suppression-unused",
	"policy-size", "lambda-code-size", "lambda-variable-size", "ssm-parameter-size", "tag-count", "tag-length",
}
