// Package broker is a service broker: a platform such as Kubernetes or Cloud Foundry orders services
// from it, and gets CloudFormation stacks. A [Broker] is an [http.Handler] with the Open Service
// Broker API, of which it speaks 2.13 to 2.17.
//
//	b := &broker.Broker{
//		Home: &broker.Place{
//			Account: account, Region: region,
//			API: cloudformation.NewFromConfig(cfg), Secrets: secretsmanager.NewFromConfig(cfg),
//		},
//		Sources: []broker.Source{services.All()},
//		Auth:    &broker.Auth{Users: map[string]string{"platform": password}},
//	}
//	http.ListenAndServe("127.0.0.1:8080", b)
//
// # What becomes of a request
//
// A service is a template, and its plans set some of the template's parameters. To provision an
// instance creates a stack, to update it updates the stack, to deprovision it deletes the stack. A
// binding is a stack as well: it holds what belongs to the binding alone, such as an IAM user with
// an access key, and it imports a name that the instance exports, so that CloudFormation itself keeps
// the two in order. Credentials are the outputs of both stacks.
//
// # No database
//
// The broker stores nothing. All that it knows of an instance is in the stack's name, which is made of
// the instance's ID, in its tags (see [TagBroker] and the others), in its parameters and its state. So any number of
// brokers can run side by side, and one that is killed has nothing to recover: CloudFormation makes
// a stack, with its name and all its tags, or it does not, and of two that create the same one,
// one is told that it exists. What a request changes is one call, and a roll-back restores the tags
// together with what they tell of.
//
// # Secrets
//
// An access key's secret is put into Secrets Manager by the binding's stack, and read from there when
// a platform asks for the credentials. It is in no output, no tag and no log. Values of NoEcho
// parameters are sent to CloudFormation and nowhere else; a salted, slow hash of them in a tag tells
// whether a repeated request is the same.
//
// https://github.com/openservicebrokerapi/servicebroker/blob/v2.17/spec.md
package broker
