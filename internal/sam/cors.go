package sam

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// allow answers preflight requests: each path of a REST API gets a method OPTIONS.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-corsconfiguration.html
func (x *expansion) allow(a *api, body *tree.Node) *tree.Node {
	cors := a.props.Get("Cors")
	if cors == nil || isFunction(body) {
		return body
	}
	if !cors.Is(tree.Map) || isFunction(cors) {
		cors = object("AllowOrigin", cors)
	}
	paths := body.Get("paths")
	for _, p := range paths.Members() {
		if p.Value.Is(tree.Map) && p.Value.Get("options") == nil && !isFunction(p.Value) {
			paths = with(paths, p.Key, with(p.Value, "options", preflight(cors, p.Value)))
		}
	}
	return with(body, "paths", paths)
}

// preflight is the method OPTIONS of a path.
func preflight(cors, path *tree.Node) *tree.Node {
	methods := cors.Get("AllowMethods")
	if methods == nil {
		methods = tree.Text("'" + strings.Join(methodsOf(path), ",") + "'")
	}
	parameters, headers := tree.Object(), tree.Object()
	for _, h := range []struct {
		name  string
		value *tree.Node
	}{
		{"Allow-Headers", cors.Get("AllowHeaders")}, {"Allow-Methods", methods}, {"Allow-Origin", cors.Get("AllowOrigin")},
		{"Max-Age", cors.Get("MaxAge")}, {"Allow-Credentials", credentials(cors)},
	} {
		if h.value != nil {
			parameters = with(parameters, "method.response.header.Access-Control-"+h.name, h.value)
			headers = with(headers, "Access-Control-"+h.name, object("type", "string"))
		}
	}
	answer := object("statusCode", "200", "responseParameters", parameters, "responseTemplates", object("application/json", "{}\n"))
	return object("summary", "CORS support", "consumes", list("application/json"), "produces", list("application/json"),
		"x-amazon-apigateway-integration", object("type", "mock", "requestTemplates", object("application/json", "{\n  \"statusCode\" : 200\n}\n"), "responses", object("default", answer)),
		"responses", object("200", object("description", "Default response for CORS method", "headers", headers)))
}

func credentials(cors *tree.Node) *tree.Node {
	if cors.Get("AllowCredentials").Str() == "true" {
		return tree.Text("'true'")
	}
	return nil
}

// methodsOf are the methods of a path, and OPTIONS.
func methodsOf(path *tree.Node) []string {
	names := []string{"OPTIONS"}
	for _, m := range path.Members() {
		if m.Key == "x-amazon-apigateway-any-method" {
			return []string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
		}
		names = append(names, strings.ToUpper(m.Key))
	}
	slices.Sort(names)
	return names
}
