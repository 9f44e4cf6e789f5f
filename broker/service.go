package broker

import (
	"time"

	"github.com/updraft-go/updraft/stack"
)

// A Service is what a platform's users can order: a template in several plans. Name, Plans and
// Template are required. A Service must not be changed once a broker has it.
//
// https://github.com/openservicebrokerapi/servicebroker/blob/v2.17/spec.md#service-offering-object
type Service struct {
	// Name is what users type: letters, digits, periods and hyphens.
	Name string
	// ID is what platforms remember the service by. If "", it is made of the broker's account and ID
	// and the service's name, and so is the same in each broker of these.
	ID string
	// Description is one line about it. If "", the description of the template.
	Description string
	// DisplayName, LongDescription, ImageURL, DocumentationURL, SupportURL and ProviderName are shown
	// to users. What is "" is left out.
	DisplayName, LongDescription, ImageURL, DocumentationURL, SupportURL, ProviderName string
	// Tags say what kind of service it is, such as mysql.
	Tags []string
	// Plans are the ways in which it can be had, at least one.
	Plans []Plan
	// Template returns a new template for a plan. It is called for each plan whenever the broker reads
	// its services, and must return the same each time. The template's parameters are what users can
	// set: their types, bounds and descriptions become the plan's JSON schema. Its outputs become
	// credentials.
	Template func(plan string) (*stack.Template, error)
	// Bindings says what a binding gives beside the outputs.
	Bindings Bindings
	// Updatable are the names of the parameters that can be changed later.
	Updatable []string
	// PlanUpdatable allows to change an instance from one plan to another.
	PlanUpdatable bool
	// OutputsAsIs gives credentials the names of the outputs, such as QueueURL; else that is QUEUE_URL.
	OutputsAsIs bool
	// CloudFoundry adds the credentials of databases and buckets under the names that applications on
	// Cloud Foundry look for, such as uri and username, to outputs as they are.
	CloudFoundry bool
}

// A Plan is a way in which a service can be had. Name is required.
//
// https://github.com/openservicebrokerapi/servicebroker/blob/v2.17/spec.md#service-plan-object
type Plan struct {
	// Name is what users type: letters, digits, periods and hyphens.
	Name string
	// ID is what platforms remember the plan by. If "", it is made as the service's is.
	ID string
	// Description is one line about it. If "", its DisplayName, or its name.
	Description string
	// DisplayName, LongDescription and Cost, a link to the prices, are shown to users. What is "" is
	// left out.
	DisplayName, LongDescription, Cost string
	// Costs are what it costs. Nil leaves them out.
	Costs []Cost
	// Bullets are short points about it. Nil leaves them out.
	Bullets []string
	// Free says that it costs nothing.
	Free bool
	// Fixed are parameters that the plan sets, and that users can neither see nor change.
	Fixed map[string]string
	// Defaults are parameters for which the plan has another default than the template.
	Defaults map[string]string
	// AsyncBind makes bindings in the background: for services whose bindings take longer than
	// platforms wait, which is a minute. False makes them while the platform waits.
	AsyncBind bool
	// MaintenanceVersion is the semantic version of the plan's template, for platforms that offer to
	// bring instances up to date; MaintenanceText says what that does to an instance. If "", an
	// instance gets the present template with each update.
	MaintenanceVersion, MaintenanceText string
	// MaximumPolling is how long a platform waits for an instance. If zero, as long as it likes.
	MaximumPolling time.Duration
}

// A Cost is one of the prices of a plan.
type Cost struct {
	// Amount is the price by currency, such as usd.
	Amount map[string]float64 `json:"amount"`
	// Unit is what it is paid for, such as MONTHLY.
	Unit string `json:"unit"`
}

// Bindings say what a binding of a service gives. The zero value gives the template's outputs.
type Bindings struct {
	// Unbindable says that there are no bindings.
	Unbindable bool
	// Keypair gives each binding an IAM user of its own with an access key, and Policies as its rights.
	Keypair bool
	// Policies are what a binding's user may do, or the role that a user names with the parameter
	// RoleName. Expressions in them are those of the instance's template.
	Policies []Policy
	// Outputs are the names of the outputs that become credentials. Nil is all.
	Outputs []string
	// RequiresApp refuses bindings that are not for an application.
	RequiresApp bool
}

// A Policy is one right of a binding.
type Policy struct {
	// Name tells it from the service's other policies. If "", it is made.
	Name string
	// Document is an IAM policy document: a policy.Document, or any value that is written as one. What
	// depends on the instance is an expression of its template, such as
	// fn.GetAtt("Queue", "Arn").
	Document any
}
