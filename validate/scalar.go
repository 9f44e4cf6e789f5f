package validate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

// timestamp is a date, or a date with a time, of ISO 8601; or the seconds since 1970, which some
// services take.
var timestamp = regexp.MustCompile(`^(\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?|\d{8}T\d{6}Z|\d{9,13})$`)

// scalar checks a literal value against its kind and limits.
func (v *properties) scalar(p *place, n *tree.Node, prop *schema.Property, kind schema.Kind) {
	text, ok := n.Scalar()
	if !ok || strings.Contains(text, "{{resolve:") {
		return
	}
	switch kind {
	case schema.Boolean:
		if !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false") {
			v.report("property-boolean", p, n, fmt.Sprintf("%s is neither true nor false", shown(text)), "give true or false")
		}
		return
	case schema.Integer:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || f != float64(int64(f)) {
			v.report("property-integer", p, n, fmt.Sprintf("%s is no whole number", shown(text)), "give a whole number")
			return
		}
		v.bounds(p, n, prop, f)
	case schema.Number:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			v.report("property-number", p, n, fmt.Sprintf("%s is no number", shown(text)), "give a number")
			return
		}
		v.bounds(p, n, prop, f)
	case schema.Timestamp:
		if !timestamp.MatchString(text) {
			v.report("property-timestamp", p, n, fmt.Sprintf("%s is no point in time", shown(text)), "write it as in 2006-01-02T15:04:05Z")
		}
	case schema.String:
		v.text(p, n, prop, text)
		v.identifier(p, n, prop, text)
	}
	v.enumerated(p, n, prop, text)
}

func (v *properties) bounds(p *place, n *tree.Node, prop *schema.Property, f float64) {
	switch {
	case prop.Minimum != nil && f < *prop.Minimum:
		v.report("property-range", p, n, fmt.Sprintf("%s is %v; it must be at least %v", prop.Name, f, *prop.Minimum), "raise it")
	case prop.Maximum != nil && f > *prop.Maximum:
		v.report("property-range", p, n, fmt.Sprintf("%s is %v; it must be at most %v", prop.Name, f, *prop.Maximum), "lower it")
	}
}

func (v *properties) text(p *place, n *tree.Node, prop *schema.Property, text string) {
	if prop.MinLength != nil || prop.MaxLength != nil {
		length := utf8.RuneCountInString(text)
		switch {
		case prop.MinLength != nil && length < *prop.MinLength:
			v.report("property-length", p, n, fmt.Sprintf("%s has %d characters; it must have at least %d", prop.Name, length, *prop.MinLength), "lengthen it")
		case prop.MaxLength != nil && length > *prop.MaxLength:
			v.report("property-length", p, n, fmt.Sprintf("%s has %d characters; it must have at most %d", prop.Name, length, *prop.MaxLength), "shorten it")
		}
	}
	if len(text) <= 4096 && !prop.Matches(text) {
		v.report("property-pattern", p, n, fmt.Sprintf("%s is %s, which does not match %s", prop.Name, shown(text), prop.Pattern), "change it")
	}
	switch name := prop.Name; {
	case len(prop.Enum) > 0:
	case (strings.HasSuffix(name, "CidrBlock") || name == "CidrIp" || name == "CidrIpv6" || name == "Ipv6CidrBlock") && !isCidr(text) && strings.HasPrefix(v.t.Name, "AWS::EC2::") && text != "":
		v.report("cidr", p, n, fmt.Sprintf("%s is no block of addresses", shown(text)), "write it as in 10.0.0.0/16")
	case strings.HasSuffix(name, "RoleArn") || strings.HasSuffix(name, "RoleARN") || name == "TopicArn" || name == "CertificateArn" || name == "TargetGroupArn" || name == "LoadBalancerArn":
		if text != "" && !strings.HasPrefix(text, "arn:") {
			v.report("arn", p, n, fmt.Sprintf("%s is %s, which is no ARN", name, shown(text)), "give an ARN, which begins with arn:")
		}
	}
}

// enumerated warns of a value that the schema does not list.
func (v *properties) enumerated(p *place, n *tree.Node, prop *schema.Property, text string) {
	if len(prop.Enum) == 0 || slices.Contains(prop.Enum, text) || prop.Name == "Runtime" {
		return
	}
	cure := nearest(text, prop.Enum, "")
	if cure == "" {
		most := min(len(prop.Enum), 12)
		cure = "the values are " + strings.Join(prop.Enum[:most], ", ")
		if most < len(prop.Enum) {
			cure += ", …"
		}
	}
	v.report("property-value", p, n, fmt.Sprintf("%s is not known to take %s", prop.Name, shown(text)), cure)
}
