package model

import "strings"

// ManualURL returns the address of the type's page in the manual.
func (t *Type) ManualURL() string {
	short := strings.ToLower(t.Short())
	if t.IsROS() {
		return "https://www.alibabacloud.com/help/ros/developer-reference/aliyun-" + strings.ToLower(t.Service()) + "-" + short
	}
	if t.Transform != "" {
		return "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-" + short + ".html"
	}
	return "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-" +
		strings.ToLower(t.Service()) + "-" + short + ".html"
}
