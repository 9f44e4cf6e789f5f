package sam

import (
	"slices"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// An api is a REST or HTTP API, with the routes that events give it.
type api struct {
	*source          // of an implicit API: one that has only what the Globals say
	rest     bool    // a REST API
	declared bool    // the template has it
	routes   []route // in the order of the functions
}

// A route is a path and a method that a function answers.
type route struct {
	path, method string
	uri          *tree.Node
	format       string // the version of the payload, of HTTP APIs
	timeout      *tree.Node
	auth         *tree.Node
	condition    *tree.Node // of the function; nil if it has none
}

// The APIs that events make that name none.
const (
	implicitREST = "ServerlessRestApi"
	implicitHTTP = "ServerlessHttpApi"
)

// findAPIs lists the APIs that the template declares.
func (x *expansion) findAPIs(sources []*source) {
	for _, s := range sources {
		if s.kind == "Api" || s.kind == "HttpApi" {
			x.apis = append(x.apis, &api{source: s, rest: s.kind == "Api", declared: true})
		}
	}
}

// api finds the API of an event: the one that it refers to, or the implicit one.
func (x *expansion) api(e *occurrence, rest bool) *api {
	property, id := "ApiId", implicitHTTP
	if rest {
		property, id = "RestApiId", implicitREST
	}
	if given := e.props.Get(property); given != nil {
		name, arg, _ := given.Function()
		id = arg.Str()
		if given.Is(tree.String) {
			name, id = "Ref", given.Text
		}
		if name != "Ref" {
			id = ""
		}
	}
	for _, a := range x.apis {
		if a.id == id && a.rest == rest {
			return a
		}
	}
	if id != implicitREST && id != implicitHTTP {
		x.fail(e.h.id, "Event with id ["+e.name+"] is invalid. "+property+" must be a valid reference to an "+prefix+map[bool]string{true: "Api", false: "HttpApi"}[rest]+" resource in same template.")
		return nil
	}
	props := merge(x.globals.Get("HttpApi"), tree.Object())
	if rest {
		props = merge(x.globals.Get("Api"), object("StageName", "Prod"))
	}
	a := &api{source: &source{id: id, kind: "Api", node: tree.Object(), props: props}, rest: rest}
	if !props.Is(tree.Map) {
		return nil // a mistake that is told elsewhere
	}
	x.apis = append(x.apis, a)
	return a
}

// apiEvent gives a route of an API to a function.
func (x *expansion) apiEvent(e *occurrence, rest bool) {
	path, method := e.props.Get("Path"), e.props.Get("Method")
	if rest && !x.needs(e, "Path", "Method") {
		return
	}
	a := x.api(e, rest)
	if a == nil {
		return
	}
	r := route{path: path.Str(), method: strings.ToLower(method.Str()), timeout: e.props.Get("TimeoutInMillis"), auth: e.props.Get("Auth"), format: "2.0"}
	r.uri = sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/" + e.h.path + "/invocations")
	if v := e.props.Get("PayloadFormatVersion"); v != nil {
		r.format = v.Str()
	}
	r.condition = e.h.node.Get("Condition")
	if r.method == "any" || r.method == "" {
		r.method = "x-amazon-apigateway-any-method"
	}
	if path == nil {
		r.path = "$default"
	}
	a.routes = append(a.routes, r)
	id := e.id + "Permission"
	if rest {
		id += x.stageSuffix(a)
	}
	x.add(e.h.source, id, "AWS::Lambda::Permission", object("Action", "lambda:InvokeFunction", "FunctionName", e.h.name, "Principal", "apigateway.amazonaws.com",
		"SourceArn", sub("arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}/"+permitted(method.Str(), path.Str()), "__ApiId__", ref(a.id), "__Stage__", "*")))
}

// permitted is a route as ARNs have it: without leading slash, and with * for each variable and for any
// method.
func permitted(method, path string) string {
	if path == "" || path == "$default" {
		return "*"
	}
	if method = strings.ToUpper(method); method == "ANY" || method == "" {
		method = "*"
	}
	var parts []string
	for _, part := range strings.Split(strings.TrimPrefix(path, "/"), "/") {
		if strings.HasPrefix(part, "{") {
			part = "*"
		}
		parts = append(parts, part)
	}
	return method + "/" + strings.Join(parts, "/")
}

// stageSuffix is how a stage's name stands in logical IDs.
func (x *expansion) stageSuffix(a *api) string {
	if name, ok := x.literal(a.props.Get("StageName")); ok && isAlphanumeric(name) {
		return name
	}
	return "Stage"
}

// paths are the routes as a document of Swagger or OpenAPI has them.
func (a *api) paths(integrate func(route) *tree.Node) *tree.Node {
	paths := tree.Object()
	for _, r := range a.routes {
		methods := paths.Get(r.path)
		if methods == nil {
			methods = tree.Object()
		}
		operation := integrate(r)
		if r.condition != nil {
			operation = object("Fn::If", list(r.condition, operation, ref("AWS::NoValue")))
		}
		paths = with(paths, r.path, with(methods, r.method, operation))
	}
	return paths
}

// body is the document of an API: the template's own with the routes of events laid over it, or one that
// is made of them.
func (a *api) body(head *tree.Node, integrate func(route) *tree.Node) *tree.Node {
	own := a.props.Get("DefinitionBody")
	if own == nil {
		return with(head, "paths", a.paths(integrate))
	}
	if isFunction(own) || len(a.routes) == 0 {
		return own // what AWS::Include takes in has been taken in
	}
	return with(own, "paths", merge(own.Get("paths"), a.paths(integrate)))
}

// condition is that of an implicit API: there is one if there is a function that answers a route.
func (x *expansion) condition(a *api) {
	var conditions []*tree.Node
	for _, r := range a.routes {
		if r.condition == nil {
			return
		}
		if !slices.ContainsFunc(conditions, func(have *tree.Node) bool { return tree.Equal(have.Get("Condition"), r.condition) }) {
			conditions = append(conditions, object("Condition", r.condition))
		}
	}
	switch len(conditions) {
	case 0:
	case 1:
		a.node = conditions[0]
	default:
		name := a.id + "Condition"
		x.conditions = append(x.conditions, tree.Field(name, object("Fn::Or", tree.ListOf(conditions...))))
		a.node = object("Condition", name)
	}
}

// expandAPIs makes the APIs, now that all routes are known.
func (x *expansion) expandAPIs() {
	for _, a := range x.apis {
		if !a.declared {
			x.condition(a)
		}
		if a.rest {
			x.restAPI(a)
			continue
		}
		x.httpAPI(a)
	}
}

// restAPI expands AWS::Serverless::Api.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-api.html
func (x *expansion) restAPI(a *api) {
	handed := []string{"Name", "Description", "BinaryMediaTypes", "MinimumCompressionSize", "DisableExecuteApiEndpoint", "ApiKeySourceType", "FailOnWarnings", "Mode", "Policy"}
	staged := []string{"CacheClusterEnabled", "CacheClusterSize", "Variables", "MethodSettings", "AccessLogSetting", "CanarySetting", "TracingEnabled"}
	x.known(a.source, append(append([]string{"StageName", "DefinitionBody", "DefinitionUri", "EndpointConfiguration", "Tags", "Cors", "Auth", "OpenApiVersion", "AlwaysDeploy", "PropagateTags", "MergeDefinitions"}, handed...), staged...)...)
	if a.declared && a.props.Get("StageName") == nil {
		x.fail(a.id, "Missing required property 'StageName'.")
		return
	}
	props := tree.Object(take(a.props, handed...)...)
	if uri := a.props.Get("DefinitionUri"); uri != nil {
		props = with(props, "BodyS3Location", x.location(a.source, "DefinitionUri", uri, "Bucket", "Key", "Version"))
	} else {
		body := a.body(a.swaggerHead(), func(r route) *tree.Node {
			integration := object("x-amazon-apigateway-integration", object("type", "aws_proxy", "httpMethod", "POST", "uri", r.uri, "timeoutInMillis", r.timeout), "responses", tree.Object())
			return x.secured(a, r, integration)
		})
		props = with(props, "Body", x.allow(a, x.authorize(a, body)))
	}
	switch c := a.props.Get("EndpointConfiguration"); {
	case c.Is(tree.Map) && !isFunction(c):
		endpoint := object("Types", list(c.Get("Type")))
		endpoint.Map = append(endpoint.Map, tree.Object(take(c, "VPCEndpointIds", "IpAddressType")...).Map...)
		props = with(props, "EndpointConfiguration", rename(endpoint, "VPCEndpointIds", "VpcEndpointIds"))
	case c != nil:
		props = with(with(props, "EndpointConfiguration", object("Types", list(c))), "Parameters", object("endpointConfigurationTypes", c))
	}
	props = with(props, "Tags", tags("", a.props.Get("Tags")))
	x.add(a.source, a.id, "AWS::ApiGateway::RestApi", props, a.attributes()...)
	hash := digest(props)
	deployment := a.id + "Deployment" + hash
	x.add(a.source, deployment, "AWS::ApiGateway::Deployment", object("RestApiId", ref(a.id), "Description", "RestApi deployment id: "+hash, "StageName", "Stage"))
	stage := a.id + x.stageSuffix(a) + "Stage"
	if x.stageSuffix(a) == "Stage" {
		stage = a.id + "Stage"
	}
	at := object("DeploymentId", ref(deployment), "RestApiId", ref(a.id), "StageName", a.props.Get("StageName"))
	at.Map = append(at.Map, take(a.props, staged...)...)
	x.add(a.source, stage, "AWS::ApiGateway::Stage", with(at, "Tags", tags("", a.props.Get("Tags"))))
	x.names[a.id+".Stage"], x.names[a.id+".Deployment"] = stage, deployment
}

// rename gives a member of n another key.
func rename(n *tree.Node, from, to string) *tree.Node {
	out := tree.Object()
	for _, m := range n.Map {
		if m.Key == from {
			m.Key = to
		}
		out.Map = append(out.Map, m)
	}
	return out
}

func (a *api) swaggerHead() *tree.Node {
	info := object("version", "1.0", "title", ref("AWS::StackName"))
	if v := a.props.Get("OpenApiVersion").Str(); strings.HasPrefix(v, "3") {
		return object("openapi", v, "info", info)
	}
	return object("swagger", "2.0", "info", info)
}

// httpAPI expands AWS::Serverless::HttpApi.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-httpapi.html
func (x *expansion) httpAPI(a *api) {
	staged := []string{"AccessLogSettings", "DefaultRouteSettings", "RouteSettings", "StageVariables"}
	x.known(a.source, append([]string{"StageName", "DefinitionBody", "DefinitionUri", "Tags", "Name", "Description", "Auth", "CorsConfiguration", "DisableExecuteApiEndpoint", "FailOnWarnings", "PropagateTags"}, staged...)...)
	info := object("version", "1.0", "title", ref("AWS::StackName"))
	if name := a.props.Get("Name"); name != nil {
		info = with(info, "title", name)
	}
	info = with(info, "description", a.props.Get("Description"))
	props := object("FailOnWarnings", a.props.Get("FailOnWarnings"), "DisableExecuteApiEndpoint", a.props.Get("DisableExecuteApiEndpoint"))
	if uri := a.props.Get("DefinitionUri"); uri != nil {
		props = with(props, "BodyS3Location", x.location(a.source, "DefinitionUri", uri, "Bucket", "Key", "Version"))
	} else {
		head := object("openapi", "3.0.1", "info", info, "tags", list(object("name", "httpapi:createdBy", "x-amazon-apigateway-tag-value", "SAM")))
		if cors := a.props.Get("CorsConfiguration"); cors != nil {
			head = with(head, "x-amazon-apigateway-cors", corsOf(cors))
		}
		body := a.body(head, func(r route) *tree.Node {
			operation := object("x-amazon-apigateway-integration", object("type", "aws_proxy", "httpMethod", "POST", "uri", r.uri, "payloadFormatVersion", r.format, "timeoutInMillis", r.timeout), "responses", tree.Object())
			if r.path == "$default" {
				operation = with(operation, "isDefaultRoute", tree.Boolean(true))
			}
			return x.secured(a, r, operation)
		})
		props = with(props, "Body", x.authorize(a, body))
	}
	x.add(a.source, a.id, "AWS::ApiGatewayV2::Api", props, a.attributes()...)
	stage, id := a.props.Get("StageName"), a.id+"ApiGatewayDefaultStage"
	if stage == nil {
		stage = tree.Text("$default")
	} else if name, ok := x.literal(stage); ok && isAlphanumeric(name) {
		id = a.id + name + "Stage"
	} else if name != "$default" {
		id = a.id + "Stage"
	}
	at := object("ApiId", ref(a.id), "StageName", stage, "AutoDeploy", true, "Tags", object("httpapi:createdBy", "SAM"))
	for _, m := range a.props.Get("Tags").Members() {
		at = with(at, "Tags", with(at.Get("Tags"), m.Key, m.Value))
	}
	at.Map = append(at.Map, take(a.props, staged...)...)
	x.add(a.source, id, "AWS::ApiGatewayV2::Stage", at)
	x.names[a.id+".Stage"] = id
}

// corsOf is a configuration of CORS as OpenAPI documents have it.
func corsOf(c *tree.Node) *tree.Node {
	if c.Str() == "true" {
		return object("allowOrigins", list("*"))
	}
	if isFunction(c) {
		return c
	}
	out := tree.Object()
	for _, m := range c.Members() {
		out.Map = append(out.Map, tree.Field(small(m.Key), m.Value))
	}
	return out
}
