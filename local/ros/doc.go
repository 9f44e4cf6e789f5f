// Package ros is an embedded Alibaba Cloud: its Resource Orchestration Service (ROS), in this process,
// with no account. A [Cloud] is an [http.Handler] that speaks the real wire protocol, API version
// 2019-09-10, and an [http.RoundTripper] that answers without a network.
//
//	cloud := &ros.Cloud{}
//	defer cloud.Close()
//	cloud.Handle("acs:fc:cn-hangzhou:123456789012:functions/deploy", handler)
//
// # What it answers
//
// CreateStack, UpdateStack, DeleteStack, GetStack, ListStacks, ListStackEvents, ListStackResources,
// GetStackResource, GetTemplate, PreviewStack and ValidateTemplate, as signed requests of both of
// Alibaba Cloud's styles: with the action in a header, or among the parameters. Signatures are not
// verified. Regions are kept apart by the parameter RegionId.
//
// Stacks run as ROS runs them: in the order of their dependencies and otherwise at once, with
// parameters, mappings, conditions, Count, functions, roll-back of creations and updates, retained
// resources, and outputs. Behind a custom resource, of the types ALIYUN::ROS::CustomResource and
// Custom::*, stands a Go function, a provider of package customresource, or an HTTP endpoint. A
// resource of any other ALIYUN type gets a physical ID and attributes, and nothing stands behind it.
//
// # What it refuses
//
// Other operations are refused with HTTP status 501 and a message that names them; so are templates by
// URL or ID, stack policies, the sections Transform, Rules and Locals, the function MarketplaceImage, and
// the types that act while a stack is deployed, such as wait conditions and nested stacks. A change of
// properties updates a resource in place, whatever the property.
//
// https://www.alibabacloud.com/help/en/ros/developer-reference/api-ros-2019-09-10-overview
package ros
