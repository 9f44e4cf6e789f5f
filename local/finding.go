package local

import (
	"slices"
	"strings"
)

// A finding is what early validation has against a resource, before anything is done to it.
type finding struct {
	logicalID, physicalID, typ string

	name   string // of the validation
	path   string // to what is wrong in the template
	reason string
}

// The validations.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
const (
	propertyValidation = "PROPERTY_VALIDATION"
	nameConflict       = "NAME_CONFLICT_VALIDATION"
	bucketEmptiness    = "BUCKET_EMPTINESS_VALIDATION"
)

// warns reports whether a finding lets what it was found in pass.
func (f *finding) warns() bool { return f.name == bucketEmptiness }

// mode is how DescribeEvents tells what follows from a finding.
func (f *finding) mode() string {
	if f.warns() {
		return "WARN"
	}
	return "FAIL"
}

// failedChecks says which validations do not let a change set pass, "" if all do.
func failedChecks(found []*finding) string {
	var failed []string
	for _, check := range []struct{ name, hook string }{
		{nameConflict, "AWS::EarlyValidation::ResourceExistenceCheck"},
		{propertyValidation, "AWS::EarlyValidation::PropertyValidation"},
	} {
		if slices.ContainsFunc(found, func(f *finding) bool { return f.name == check.name }) {
			failed = append(failed, check.hook)
		}
	}
	if len(failed) == 0 {
		return ""
	}
	return "The following hook(s)/validation failed: [" + strings.Join(failed, ", ") + "]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information."
}
