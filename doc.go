// Package updraft is the porch of an infrastructure-as-code library for CloudFormation: typed
// builders write templates, an executor deploys them, a waiter watches them, and an embedded cloud
// runs them with no account. This package itself has no API; its example is a whole program.
//
// The way of a template, and the packages on it:
//
//   - [github.com/updraft-go/updraft/stack]: templates and stacks, what they are made of, and their
//     order.
//   - [github.com/updraft-go/updraft/intrinsics]: what a property may say, imported as fn.
//   - github.com/updraft-go/updraft/resources/…: a package for each service, a type for each
//     resource.
//   - [github.com/updraft-go/updraft/policy]: IAM policy documents.
//   - [github.com/updraft-go/updraft/validate]: what CloudFormation would refuse, found before.
//   - [github.com/updraft-go/updraft/executor]: plan, deploy, delete; one stack or many.
//   - [github.com/updraft-go/updraft/waiter]: watches stacks until they rest.
//   - [github.com/updraft-go/updraft/customresource]: what stands behind custom resources.
//   - [github.com/updraft-go/updraft/local]: the embedded cloud.
//   - [github.com/updraft-go/updraft/schema]: what is known of each resource type.
package updraft
