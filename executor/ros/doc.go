// Package ros deploys stacks to Alibaba Cloud's Resource Orchestration Service (ROS): templates that are
// written with packages intrinsics/ros and resources/ros.
//
//	api, err := ros.NewAPI(&openapiutil.Config{AccessKeyId: …, AccessKeySecret: …}, nil)
//	…
//	client := &ros.Client{API: api, RegionID: "cn-hangzhou"}
//	result, err := client.Deploy(ctx, &stack.Stack{Name: "demo", Template: t}, nil)
//
// Requests are signed by Alibaba Cloud's own client for Go, darabonba-openapi. It is a package of its own
// so that who deploys to AWS alone does not link that.
//
// https://www.alibabacloud.com/help/en/ros/developer-reference/api-ros-2019-09-10-overview
package ros
