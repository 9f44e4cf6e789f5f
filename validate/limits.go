package validate

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// The quotas of CloudFormation.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	maxTemplate    = 1 << 20 // bytes, by way of S3
	maxDescription = 1024    // bytes
	maxResources   = 500
	maxOthers      = 200 // parameters, mappings, outputs
	maxName        = 255
)

func tooLarge(size int) stack.Diagnostic {
	return stack.Diagnostic{
		Code:    "template-size",
		Summary: fmt.Sprintf("the template has %d bytes; CloudFormation takes at most %d", size, maxTemplate),
		Cure:    "split it into stacks that import each other's exports",
	}
}

// size checks the bytes of the document as it is sent.
func (c *checker) size() {
	if n := len(c.doc.JSON()); n > maxTemplate {
		c.found = append(c.found, tooLarge(n))
	}
}

// limits checks counts and lengths.
func (c *checker) limits() {
	if d := c.doc.Get("Description"); len(d.Str()) > maxDescription {
		c.report("description-size", "Description", d, fmt.Sprintf("the description has %d bytes; at most %d are allowed", len(d.Text), maxDescription), "shorten it; Metadata holds longer text")
	}
	if c.doc.Get("Resources") == nil {
		c.report("no-resources", "Resources", nil, "the template has no resources", "add one with stack.Add")
	}
	for _, s := range []struct {
		section string
		most    int
	}{{"Parameters", maxOthers}, {"Mappings", maxOthers}, {"Resources", maxResources}, {"Outputs", maxOthers}} {
		if n := len(c.doc.Get(s.section).Members()); n > s.most {
			c.report("too-many", s.section, nil, fmt.Sprintf("the template has %d %s; at most %d are allowed", n, s.section, s.most), "split it into several stacks")
		}
	}
}

var alphanumeric = regexp.MustCompile(`^[a-zA-Z0-9]+$`)

// names checks the logical names of every section that has such.
func (c *checker) names() {
	for _, section := range []string{"Parameters", "Mappings", "Conditions", "Resources", "Outputs"} {
		for _, m := range c.doc.Get(section).Members() {
			path := section + "." + m.Key
			switch {
			case len(m.Key) > maxName:
				c.report("name-length", path, m.Value, fmt.Sprintf("the name has %d characters; at most %d are allowed", len(m.Key), maxName), "shorten it")
			case section == "Mappings" || section == "Conditions":
			case strings.HasPrefix(m.Key, "Fn::ForEach::"): // a loop, which the transform unfolds
			case !alphanumeric.MatchString(m.Key):
				c.report("name", path, m.Value, fmt.Sprintf("%q is no logical name", m.Key), "use letters and digits only")
			}
		}
	}
}
