package local

import (
	"fmt"
	"net/http"

	"github.com/updraft-go/updraft/internal/query"
)

// refused are CloudFormation's other operations, with why they are not answered.
var refused = unanswered(map[string][]string{
	"nothing in it costs anything": {"EstimateTemplateCost"},
	"it holds AWS's resource types only, and no registry of other extensions": {
		"ActivateType", "BatchDescribeTypeConfigurations", "DeactivateType", "DeregisterType", "DescribePublisher",
		"DescribeTypeRegistration", "ListTypeRegistrations", "PublishType", "RecordHandlerProgress", "RegisterPublisher",
		"RegisterType", "SetTypeConfiguration", "SetTypeDefaultVersion", "TestType",
	},
	"it does not write templates of what an account has": {
		"CreateGeneratedTemplate", "DeleteGeneratedTemplate", "DescribeGeneratedTemplate", "DescribeResourceScan",
		"GetGeneratedTemplate", "ListGeneratedTemplates", "ListResourceScanRelatedResources", "ListResourceScanResources",
		"ListResourceScans", "StartResourceScan", "UpdateGeneratedTemplate",
	},
	"its organization is what a program tells it with Cloud.Organize": {"ActivateOrganizationsAccess", "DeactivateOrganizationsAccess"},
})

// unanswered turns reasons with their operations into operations with their reason.
func unanswered(reasons map[string][]string) map[string]string {
	why := map[string]string{}
	for reason, names := range reasons {
		for _, name := range names {
			why[name] = reason
		}
	}
	return why
}

// notAnswered is the error of an operation that is there at AWS and not here.
func notAnswered(action string) error {
	text := "the embedded cloud does not answer " + action
	if why := refused[action]; why != "" {
		text = fmt.Sprintf("%s: %s", text, why)
	}
	return &query.Error{Code: "NotImplemented", Status: http.StatusNotImplemented, Message: text + "; the documentation of package local lists what it answers"}
}
