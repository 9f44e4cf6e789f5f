package eval

import "fmt"

// An awsText is a mistake in CloudFormation's own words, capitals and full stops included.
type awsText string

func (t awsText) Error() string { return string(t) }

// awsf formats an error in CloudFormation's words.
func awsf(format string, args ...any) error { return awsText(fmt.Sprintf(format, args...)) }

// templatef is awsf for the commonest beginning.
func templatef(format string, args ...any) error {
	return awsText("Template error: " + fmt.Sprintf(format, args...))
}
