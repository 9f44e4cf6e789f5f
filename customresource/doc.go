// Package customresource is for those who write custom resources: what stands behind a resource of a
// stack that neither CloudFormation of AWS nor ROS, the Resource Orchestration Service of Alibaba
// Cloud, makes itself. A [Provider] is written once, on a struct of typed properties, and serves both.
//
//	h := &customresource.Handler[Properties]{Provider: seeds{}}
//	lambda.Start(h)                    // AWS Lambda; aws-lambda-go takes it as a lambda.Handler
//	http.ListenAndServe(":9000", h)    // Function Compute of Alibaba Cloud, or any HTTP endpoint
//	cloud.HandleCustom(serviceToken, h) // the embedded cloud, in this process
//
// # What a handler sees to
//
// Each request gets one response, whatever becomes of it: a panic, properties that cannot be read, a
// function that runs out of time are answered FAILED with a reason. The response has the method, the
// headers and the size that its [Dialect] wants; the reason is shortened to make it fit, and data that
// does not fit is a failure that says so, never cut. Sending is tried again after network errors and
// answers of 5xx only.
//
// A creation that failed before there was anything is given a physical ID that says so; when the stack
// is rolled back and the deletion of that ID is asked, it succeeds and the provider is not called. The
// same request, delivered twice, runs once and is answered twice with the same.
//
// # Events
//
// The dialect is found in the event, and so is what it came wrapped in: nothing, a notification of SNS
// as Lambda or an HTTP endpoint gets it, or a message of MNS, in its formats SIMPLIFIED, JSON and XML and in
// Base64. Signatures of notifications are not checked; an HTTP endpoint that others can reach needs a
// check of who calls it in front.
//
// # Secrets
//
// The URL that a response is sent to is a secret, since whoever has it may answer. It and every
// property of type [Secret] print as "[secret]", and are taken out of reasons and log records.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html and
// https://www.alibabacloud.com/help/en/ros/user-guide/overview-of-custom-resources
package customresource
