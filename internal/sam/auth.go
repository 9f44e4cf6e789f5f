package sam

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// The authorizers that every API has.
const (
	noAuthorizer  = "NONE"
	iamAuthorizer = "AWS_IAM"
)

// authorize writes who may call what into the document of an API: its authorizers, and for each route
// the one that it names, or the default.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-controlling-access-to-apis.html
func (x *expansion) authorize(a *api, body *tree.Node) *tree.Node {
	auth := a.props.Get("Auth")
	if auth == nil && !a.hasAuth() {
		return body
	}
	for _, m := range auth.Members() {
		switch m.Key {
		case "Authorizers", "DefaultAuthorizer", "ApiKeyRequired", "AddDefaultAuthorizerToCorsPreflight", "EnableIamAuthorizer":
		default:
			x.fail(a.id, "The embedded cloud does not expand "+m.Key+" of Auth.")
		}
	}
	schemes := tree.Object()
	for _, m := range auth.Get("Authorizers").Members() {
		schemes = with(schemes, m.Key, x.authorizer(a, m.Key, m.Value))
	}
	for _, r := range a.routes {
		if r.auth.Get("ApiKeyRequired").Str() == "true" || a.rest && auth.Get("ApiKeyRequired").Str() == "true" {
			schemes = with(schemes, "api_key", object("type", "apiKey", "name", "x-api-key", "in", "header"))
		}
		if x.authorizerOf(a, r) == iamAuthorizer {
			schemes = with(schemes, iamAuthorizer, object("type", "apiKey", "name", "Authorization", "in", "header", "x-amazon-apigateway-authtype", "awsSigv4"))
		}
	}
	if len(schemes.Map) == 0 || isFunction(body) {
		return body
	}
	if !a.rest || body.Get("openapi") != nil {
		components := body.Get("components")
		if components == nil {
			components = tree.Object()
		}
		return with(body, "components", with(components, "securitySchemes", merge(components.Get("securitySchemes"), schemes)))
	}
	return with(body, "securityDefinitions", merge(body.Get("securityDefinitions"), schemes))
}

func (a *api) hasAuth() bool {
	for _, r := range a.routes {
		if r.auth != nil {
			return true
		}
	}
	return false
}

// authorizerOf is the name of the authorizer of a route, "" if it has none.
func (x *expansion) authorizerOf(a *api, r route) string {
	name, given := x.literal(r.auth.Get("Authorizer"))
	if !given {
		name, _ = x.literal(a.props.At("Auth", "DefaultAuthorizer"))
	}
	if name == noAuthorizer {
		return ""
	}
	return name
}

// secured adds to an operation who may call it.
func (x *expansion) secured(a *api, r route, operation *tree.Node) *tree.Node {
	for _, m := range r.auth.Members() {
		if m.Key != "Authorizer" && m.Key != "ApiKeyRequired" && m.Key != "AuthorizationScopes" {
			x.fail(a.id, "The embedded cloud does not expand "+m.Key+" of the Auth of an event.")
		}
	}
	security := tree.ListOf()
	if name := x.authorizerOf(a, r); name != "" {
		own := a.props.At("Auth", "Authorizers", name)
		if own == nil && name != iamAuthorizer {
			x.fail(a.id, "Unable to set Authorizer on API method ["+r.method+"] for path ["+r.path+"] because '"+name+"' was not defined in the API's Authorizers.")
		}
		scopes := r.auth.Get("AuthorizationScopes")
		if scopes == nil {
			scopes = own.Get("AuthorizationScopes")
		}
		if scopes == nil {
			scopes = tree.ListOf()
		}
		security.List = append(security.List, object(name, scopes))
	}
	key := r.auth.Get("ApiKeyRequired")
	if key == nil && a.rest {
		key = a.props.At("Auth", "ApiKeyRequired")
	}
	if key.Str() == "true" {
		security.List = append(security.List, object("api_key", tree.ListOf()))
	}
	if len(security.List) == 0 {
		return operation
	}
	return with(operation, "security", security)
}

// authorizer is one as the document has it. One that is a function needs a permission to be called.
func (x *expansion) authorizer(a *api, name string, n *tree.Node) *tree.Node {
	function := n.Get("FunctionArn")
	if function != nil {
		x.add(a.source, a.id+name+"AuthorizerPermission", "AWS::Lambda::Permission", object("Action", "lambda:InvokeFunction", "FunctionName", function, "Principal", "apigateway.amazonaws.com",
			"SourceArn", sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/authorizers/*", "__ApiId__", ref(a.id))))
	}
	if !a.rest {
		return x.httpAuthorizer(a, name, n)
	}
	header := n.At("Identity", "Header")
	if header == nil {
		header = tree.Text("Authorization")
	}
	scheme := object("type", "apiKey", "name", header, "in", "header")
	switch pools := n.Get("UserPoolArn"); {
	case pools != nil:
		if !pools.Is(tree.List) {
			pools = list(pools)
		}
		scheme = with(scheme, "x-amazon-apigateway-authtype", tree.Text("cognito_user_pools"))
		return with(scheme, "x-amazon-apigateway-authorizer", object("type", "cognito_user_pools", "providerARNs", pools))
	case function != nil:
		kind := "token"
		if strings.EqualFold(n.Get("FunctionPayloadType").Str(), "REQUEST") {
			kind = "request"
		}
		scheme = with(scheme, "x-amazon-apigateway-authtype", tree.Text("custom"))
		return with(scheme, "x-amazon-apigateway-authorizer", object("type", kind, "authorizerUri", invocationURI(function),
			"authorizerResultTtlInSeconds", n.At("Identity", "ReauthorizeEvery"), "identityValidationExpression", n.At("Identity", "ValidationExpression")))
	}
	x.fail(a.id, "Authorizer "+name+" needs a UserPoolArn or a FunctionArn.")
	return nil
}

// invocationURI is where API Gateway calls a function of some ARN.
func invocationURI(function *tree.Node) *tree.Node {
	return sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations", "__FunctionArn__", function)
}

func (x *expansion) httpAuthorizer(a *api, name string, n *tree.Node) *tree.Node {
	if function := n.Get("FunctionArn"); function != nil {
		return object("type", "apiKey", "name", "Unused", "in", "header", "x-amazon-apigateway-authorizer", object("type", "request", "authorizerUri", invocationURI(function),
			"authorizerPayloadFormatVersion", n.Get("AuthorizerPayloadFormatVersion"), "enableSimpleResponses", n.Get("EnableSimpleResponses")))
	}
	token := n.Get("JwtConfiguration")
	if token == nil {
		x.fail(a.id, "Authorizer "+name+" needs a JwtConfiguration or a FunctionArn.")
		return nil
	}
	small := tree.Object()
	for _, m := range token.Members() {
		small.Map = append(small.Map, tree.Field(strings.ToLower(m.Key), m.Value))
	}
	return object("type", "oauth2", "x-amazon-apigateway-authorizer", object("type", "jwt", "jwtConfiguration", small, "identitySource", n.Get("IdentitySource")))
}
