package ros

import fn "github.com/updraft-go/updraft/intrinsics"

// FormatVersion is the version of ROS's templates.
const FormatVersion = "2015-09-01"

// Format returns the member by which ROS knows that a template is for it.
//
// https://www.alibabacloud.com/help/en/ros/user-guide/template-structure
func Format() fn.Extra { return fn.Extra{"ROSTemplateFormatVersion": FormatVersion} }

// Pseudo parameters, which ROS knows without being told. They are constants.
//
// https://www.alibabacloud.com/help/en/ros/user-guide/pseudo-parameters
const (
	// AccountID is the ID of the account that calls: a RAM user's, or TenantID.
	AccountID fn.String = "\x00{\"Ref\":\"ALIYUN::AccountId\"}1f08e2\x00"
	// TenantID is the ID of the account that owns the stack.
	TenantID fn.String = "\x00{\"Ref\":\"ALIYUN::TenantId\"}693898\x00"
	// Region is the region in which the stack is, such as cn-hangzhou.
	Region fn.String = "\x00{\"Ref\":\"ALIYUN::Region\"}b19fe1\x00"
	// StackID is the stack's ID.
	StackID fn.String = "\x00{\"Ref\":\"ALIYUN::StackId\"}f1cbea\x00"
	// StackName is the stack's name.
	StackName fn.String = "\x00{\"Ref\":\"ALIYUN::StackName\"}993640\x00"
	// ResourceGroupID is the ID of the resource group in which the stack is.
	ResourceGroupID fn.String = "\x00{\"Ref\":\"ALIYUN::ResourceGroupId\"}fbcc0e\x00"
	// NoValue removes the property in whose place it stands; one that its type requires gets the zero
	// value of its kind.
	NoValue fn.String = "\x00{\"Ref\":\"ALIYUN::NoValue\"}c60046\x00"
	// Index is the number of a resource among those that its Count makes, from 0.
	Index fn.Integer = "\x00{\"Ref\":\"ALIYUN::Index\"}3c1a4a\x00"
)
