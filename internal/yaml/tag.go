package yaml

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/updraft-go/updraft/internal/tree"
)

// shortForms are the functions that have a tag; those that are not called Fn::something by their
// own name.
var shortForms = map[string]string{
	"!Ref": "Ref", "!Condition": "Condition",
	"!And": "Fn::And", "!Base64": "Fn::Base64", "!Cidr": "Fn::Cidr", "!Contains": "Fn::Contains",
	"!EachMemberEquals": "Fn::EachMemberEquals", "!EachMemberIn": "Fn::EachMemberIn",
	"!Equals": "Fn::Equals", "!FindInMap": "Fn::FindInMap", "!GetAtt": "Fn::GetAtt",
	"!GetAZs": "Fn::GetAZs", "!GetStackOutput": "Fn::GetStackOutput", "!If": "Fn::If",
	"!ImportValue": "Fn::ImportValue", "!Join": "Fn::Join", "!Length": "Fn::Length",
	"!Not": "Fn::Not", "!Or": "Fn::Or", "!RefAll": "Fn::RefAll", "!Select": "Fn::Select",
	"!Split": "Fn::Split", "!Sub": "Fn::Sub", "!ToJsonString": "Fn::ToJsonString",
	"!Transform": "Fn::Transform", "!ValueOf": "Fn::ValueOf", "!ValueOfAll": "Fn::ValueOfAll",
}

// rosForms are the functions that have a tag in the templates of Alibaba Cloud only.
var rosForms = map[string]string{
	"!Add": "Fn::Add", "!Any": "Fn::Any", "!Avg": "Fn::Avg", "!Base64Decode": "Fn::Base64Decode",
	"!Base64Encode": "Fn::Base64Encode", "!Calculate": "Fn::Calculate", "!FormatTime": "Fn::FormatTime",
	"!GetJsonValue": "Fn::GetJsonValue", "!Indent": "Fn::Indent", "!Index": "Fn::Index", "!Jq": "Fn::Jq",
	"!ListMerge": "Fn::ListMerge", "!MarketplaceImage": "Fn::MarketplaceImage", "!MatchPattern": "Fn::MatchPattern",
	"!Max": "Fn::Max", "!MergeMapToList": "Fn::MergeMapToList", "!Min": "Fn::Min", "!Replace": "Fn::Replace",
	"!SelectMapList": "Fn::SelectMapList", "!Str": "Fn::Str",
}

// isROS reports whether a document says that it is a template of Alibaba Cloud.
func isROS(y *yaml.Node) bool {
	for i := 0; i+1 < len(y.Content) && y.Kind == yaml.MappingNode; i += 2 {
		if y.Content[i].Value == "ROSTemplateFormatVersion" {
			return true
		}
	}
	return false
}

func functionTag(tag string) bool { return shortForms[tag] != "" }

// functionOf returns the function whose short form tags y, or "".
func (c *converter) functionOf(y *yaml.Node) (string, error) {
	if y.Tag == "" || y.Tag == "!" || strings.HasPrefix(y.Tag, "!!") {
		switch y.Tag {
		case "!!binary", "!!set", "!!omap", "!!pairs":
			return "", errorAt(y, "the tag %s, which a template cannot hold", y.Tag)
		}
		return "", nil
	}
	f, ok := shortForms[y.Tag]
	if !ok && c.ros {
		f, ok = rosForms[y.Tag]
	}
	if !ok {
		return "", errorAt(y, "the tag %s, which is no function of CloudFormation", y.Tag)
	}
	return f, nil
}

// wrap puts the function around its argument. GetAtt in one string becomes a list.
func wrap(function string, n *tree.Node) *tree.Node {
	if function == "" {
		return n
	}
	if function == "Fn::GetAtt" && n.Kind == tree.String {
		if resource, attribute, ok := strings.Cut(n.Text, "."); ok {
			n = &tree.Node{Kind: tree.List, Line: n.Line, Column: n.Column, List: []*tree.Node{
				{Kind: tree.String, Text: resource, Line: n.Line, Column: n.Column},
				{Kind: tree.String, Text: attribute, Line: n.Line, Column: n.Column},
			}}
		}
	}
	return &tree.Node{Kind: tree.Map, Line: n.Line, Column: n.Column, Map: []tree.Member{
		{Key: function, Value: n, Line: n.Line, Column: n.Column},
	}}
}
