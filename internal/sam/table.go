package sam

import (
	"github.com/updraft-go/updraft/internal/tree"
)

// table expands AWS::Serverless::SimpleTable.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html
func (x *expansion) table(s *source) {
	x.known(s, "PrimaryKey", "ProvisionedThroughput", "TableName", "Tags", "SSESpecification", "PointInTimeRecoverySpecification")
	name, kind := tree.Text("id"), "S"
	if key := s.props.Get("PrimaryKey"); key != nil {
		kinds := map[string]string{"String": "S", "Number": "N", "Binary": "B"}
		text, _ := x.literal(key.Get("Type"))
		name, kind = key.Get("Name"), kinds[text]
		if name == nil || kind == "" {
			x.fail(s.id, "'PrimaryKey' is missing required Property 'Name' or 'Type', or its Type is none of [String, Number, Binary].")
			return
		}
	}
	props := object(
		"AttributeDefinitions", list(object("AttributeName", name, "AttributeType", kind)),
		"KeySchema", list(object("AttributeName", name, "KeyType", "HASH")),
	)
	if t := s.props.Get("ProvisionedThroughput"); t != nil {
		props = with(props, "ProvisionedThroughput", t)
	} else {
		props = with(props, "BillingMode", tree.Text("PAY_PER_REQUEST"))
	}
	props.Map = append(props.Map, take(s.props, "TableName", "SSESpecification", "PointInTimeRecoverySpecification")...)
	x.add(s, s.id, "AWS::DynamoDB::Table", with(props, "Tags", tags("", s.props.Get("Tags"))), s.attributes()...)
}

// layer expands AWS::Serverless::LayerVersion, whose logical ID changes with what it is.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-layerversion.html
func (x *expansion) layer(s *source) {
	x.known(s, "ContentUri", "LayerName", "Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo", "RetentionPolicy", "PublishLambdaVersion")
	if s.props.Get("ContentUri") == nil {
		x.fail(s.id, "Missing required property 'ContentUri'.")
		return
	}
	name := s.props.Get("LayerName")
	if name == nil {
		name = tree.Text(s.id)
	}
	props := object("Content", x.location(s, "ContentUri", s.props.Get("ContentUri"), "S3Bucket", "S3Key", "S3ObjectVersion"), "LayerName", name)
	props.Map = append(props.Map, take(s.props, "Description", "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo")...)
	policy := "Retain"
	if text, ok := x.literal(s.props.Get("RetentionPolicy")); ok && text == "Delete" {
		policy = "Delete"
	}
	id := s.id + digest(object("Type", prefix+s.kind, "Properties", s.props))
	x.names[s.id] = id
	attributes := []tree.Member{tree.Field("DeletionPolicy", tree.Text(policy))}
	for _, m := range s.attributes() {
		if m.Key != "DeletionPolicy" {
			attributes = append(attributes, m)
		}
	}
	x.add(s, id, "AWS::Lambda::LayerVersion", props, attributes...)
}

// application expands AWS::Serverless::Application with a template by URL; the Serverless Application
// Repository is not emulated.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html
func (x *expansion) application(s *source) {
	x.known(s, "Location", "Parameters", "NotificationARNs", "Tags", "TimeoutInMinutes")
	url := s.props.Get("Location")
	if !url.Is(tree.String) && !isFunction(url) {
		x.fail(s.id, "The embedded cloud has no Serverless Application Repository; Location must be the URL of a template.")
		return
	}
	props := object("TemplateURL", url)
	props.Map = append(props.Map, take(s.props, "Parameters", "NotificationARNs", "TimeoutInMinutes")...)
	x.add(s, s.id, "AWS::CloudFormation::Stack", with(props, "Tags", tags("lambda:createdBy", s.props.Get("Tags"))), s.attributes()...)
}
