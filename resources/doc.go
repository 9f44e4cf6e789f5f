// Package resources is the parent of the packages of CloudFormation's resource types: one package a
// service, named as the service in the type's name, and one file a type. AWS::ECS::Service is
// ecs.Service in resources/ecs.
//
// A field has the name of its property, a nested type that of its resource and its own with an
// underscore between (ecs.Service_LoadBalancer), an allowed value a constant
// (ecs.Service_LaunchType_FARGATE), an attribute a method (Service.AttrServiceArn). What the
// generated types do not know goes into their embedded Extra.
//
// Everything below is generated from the schema; a program compiles only the services that it
// imports. What else is known of a type is in package schema.
package resources
