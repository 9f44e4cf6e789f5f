package validate

import "strings"

func apiChecks() []check {
	authorizer := on("ApiGateway::Authorizer")
	return []check{
		{Rule{"apigateway-name", fails, "an API has a name, or a body that has one"}, on("ApiGateway::RestApi"), some("", "Body", "BodyS3Location", "CloneFrom", "Name")},
		{Rule{"apigateway-body", fails, "the body of an API stands in one place"}, on("ApiGateway::RestApi"), exclusive("", "Body", "BodyS3Location")},
		{Rule{"apigateway-authorizer-pool", fails, "an authorizer of Cognito has user pools"}, authorizer, where("", "Type", "COGNITO_USER_POOLS", "ProviderARNs")},
		{Rule{"apigateway-authorizer-function", fails, "an authorizer that is a function has its URI"}, authorizer, where("", "Type", "TOKEN|REQUEST", "AuthorizerUri")},
		{Rule{"apigateway-authorizer-source", fails, "an authorizer of a token says where the token is"}, authorizer, where("", "Type", "TOKEN|COGNITO_USER_POOLS", "IdentitySource")},
		{Rule{"apigateway-method-authorizer", fails, "a method with an authorizer names it"}, on("ApiGateway::Method"), where("", "AuthorizationType", "CUSTOM|COGNITO_USER_POOLS", "AuthorizerId")},
		{Rule{"apigateway-method-integration", fails, "an integration that is no mock has its URI"}, on("ApiGateway::Method"), where("Integration", "Type", "AWS|AWS_PROXY|HTTP|HTTP_PROXY", "Uri")},
		{Rule{"apigateway-method-verb", fails, "the integration of a function is called by POST"}, on("ApiGateway::Method"), func(s *subject) {
			v := s.props.get("Integration")
			if verb := v.get("IntegrationHttpMethod"); v.get("Type").is("AWS_PROXY") && verb.there() && refersToFunction(s, v.get("Uri")) {
				if text, ok := verb.text(); ok && text != "POST" && text != "ANY" {
					s.flag(verb, "IntegrationHttpMethod is "+text+" for a function", "use POST")
				}
			}
		}},
		{Rule{"apigateway-deployment", warns, "a deployment waits for the methods of its API"}, on("ApiGateway::Deployment"), deploymentOrder},
		{Rule{"apigateway-stage", fails, "a deployment that describes a stage names it"}, on("ApiGateway::Deployment"), together("", "StageDescription", "StageName")},
		{Rule{"apigatewayv2-protocol", fails, "an API has a protocol, or a body"}, on("ApiGatewayV2::Api"), some("", "Body", "BodyS3Location", "ProtocolType")},
		{Rule{"apigatewayv2-websocket", fails, "a WebSocket API selects its routes"}, on("ApiGatewayV2::Api"), where("", "ProtocolType", "WEBSOCKET", "RouteSelectionExpression")},
		{Rule{"apigatewayv2-proxy", fails, "an integration of a function says the version of its payload"}, on("ApiGatewayV2::Integration"), func(s *subject) {
			if s.props.get("IntegrationType").is("HTTP_PROXY") {
				demand(s, s.props, []string{"IntegrationUri"}, "IntegrationType is HTTP_PROXY")
			}
		}},
		{Rule{"apigatewayv2-jwt", fails, "an authorizer of tokens has its configuration"}, on("ApiGatewayV2::Authorizer"), where("", "AuthorizerType", "JWT", "JwtConfiguration", "IdentitySource")},
	}
}

func refersToFunction(s *subject, v value) bool {
	for id, r := range s.resources {
		if r.Get("Type").Str() == "AWS::Lambda::Function" && refersIn(v.n, id) {
			return true
		}
	}
	return false
}

// deploymentOrder warns of a deployment that may be made before there is a method.
func deploymentOrder(s *subject) {
	api := s.props.get("RestApiId").refersTo()
	if api == "" || s.node.Get("DependsOn") != nil {
		return
	}
	if body := s.resources[api].Get("Properties"); body.Get("Body") != nil || body.Get("BodyS3Location") != nil || !strings.HasPrefix(s.resources[api].Get("Type").Str(), "AWS::ApiGateway::") {
		return
	}
	for _, r := range s.resources {
		if r.Get("Type").Str() == "AWS::ApiGateway::Method" && refersIn(r.Get("Properties").Get("RestApiId"), api) {
			s.flag(s.props, "the deployment may be made before the methods of its API", "name a method in DependsOn")
			return
		}
	}
}
