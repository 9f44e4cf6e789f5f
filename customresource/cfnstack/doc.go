// Package cfnstack is a custom resource that is a stack of AWS CloudFormation: a stack of ROS, on
// Alibaba Cloud, can so have one on AWS in it, and a stack of AWS one in another account or region.
// The outputs of the stack are the attributes of the resource.
//
//	h := &customresource.Handler[cfnstack.Properties]{Provider: &cfnstack.Provider{}}
//
// In a template of ROS it is used as
//
//	AwsStack:
//	  Type: ALIYUN::ROS::CustomResource
//	  Properties:
//	    ServiceToken: acs:fc:cn-hangzhou:1234567890123456:functions/aws-stack
//	    Timeout: 3600
//	    Parameters:
//	      AccessKeyId: {Ref: AwsAccessKeyId}
//	      AccessKeySecret: {Ref: AwsAccessKeySecret}
//	      RegionId: us-east-1
//	      Stack:
//	        Name: stack-by-ros
//	        Parameters: {BucketName: {Ref: BucketName}}
//	        Template: |
//	          Parameters: {BucketName: {Type: String}}
//	          Resources: {MyBucket: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref BucketName}}}
//	          Outputs: {MyBucketArn: {Value: !GetAtt MyBucket.Arn}}
//
// # What it answers
//
// The physical ID is the ARN of the stack. A stack of the name that is there already is somebody
// else's, and the creation fails without touching it; nor is anything deleted but what was made for
// the resource, which a tag on the stack tells. A stack that was rolled back is a failure, with what
// failed first as its reason; a stack in which nothing had to change is a success. Outputs that are too
// large for a response are a failure that names them.
//
// Another Stack.Name or RegionId is another stack: on AWS it replaces the one before, on ROS, where a
// physical ID stays for good, it is refused.
//
// What takes longer than one run of the function goes on in another: see [customresource.Handler.Again].
package cfnstack
