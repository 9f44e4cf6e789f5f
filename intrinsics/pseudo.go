package intrinsics

// Pseudo parameters, which CloudFormation knows without being told. They are constants, so that a
// name built of them and literals is one too.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
const (
	// AccountID is the ID of the account in which the stack is, such as 123456789012.
	AccountID String = "\x00{\"Ref\":\"AWS::AccountId\"}" + sumAccountID + "\x00"
	// Partition is aws, aws-cn, aws-us-gov or another: the second part of every ARN.
	Partition String = "\x00{\"Ref\":\"AWS::Partition\"}" + sumPartition + "\x00"
	// Region is the region in which the stack is, such as eu-central-1.
	Region String = "\x00{\"Ref\":\"AWS::Region\"}" + sumRegion + "\x00"
	// StackID is the stack's ARN.
	StackID String = "\x00{\"Ref\":\"AWS::StackId\"}" + sumStackID + "\x00"
	// StackName is the stack's name.
	StackName String = "\x00{\"Ref\":\"AWS::StackName\"}" + sumStackName + "\x00"
	// URLSuffix is the domain of the partition's endpoints, usually amazonaws.com.
	URLSuffix String = "\x00{\"Ref\":\"AWS::URLSuffix\"}" + sumURLSuffix + "\x00"
	// NoValue removes the property or element in whose place it stands, as an arm of [If].
	NoValue String = "\x00{\"Ref\":\"AWS::NoValue\"}" + sumNoValue + "\x00"
)

// NotificationARNs is the list of the topics that are told of the stack's events.
func NotificationARNs() []String { return RefOf[[]String]("AWS::NotificationARNs") }

// The checksums that the constants carry; a test holds them to appendChecksum.
const (
	sumEmpty     = "8f0677"
	sumAccountID = "a247ea"
	sumPartition = "a07cda"
	sumRegion    = "554dcc"
	sumStackID   = "f3af27"
	sumStackName = "4b2468"
	sumURLSuffix = "6fea05"
	sumNoValue   = "d08115"
)
