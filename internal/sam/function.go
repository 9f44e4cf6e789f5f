package sam

import (
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// A handler is a function, or what stands for it: what events invoke.
type handler struct {
	*source
	arn, name *tree.Node
	// path stands in the URIs of integrations: the function's ARN as Fn::Sub writes it.
	path string
	// managed and inline are policies that events ask for.
	managed []string
	inline  []*tree.Node
}

// passed are the properties that a function hands on as they are.
var passed = []string{
	"FunctionName", "Handler", "Runtime", "Description", "MemorySize", "Timeout", "Environment", "VpcConfig", "Layers", "Architectures",
	"EphemeralStorage", "PackageType", "ImageConfig", "FileSystemConfigs", "LoggingConfig", "CodeSigningConfigArn",
	"RuntimeManagementConfig", "SnapStart", "RecursiveLoop", "ReservedConcurrentExecutions", "KmsKeyArn",
}

// function expands AWS::Serverless::Function.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
func (x *expansion) function(s *source) {
	x.known(s, append([]string{
		"CodeUri", "InlineCode", "ImageUri", "Role", "Policies", "RolePath", "PermissionsBoundary", "AssumeRolePolicyDocument", "Tags",
		"Tracing", "DeadLetterQueue", "Events", "AutoPublishAlias", "AutoPublishCodeSha256", "VersionDescription",
		"VersionDeletionPolicy", "ProvisionedConcurrencyConfig", "EventInvokeConfig", "FunctionUrlConfig", "PropagateTags",
	}, passed...)...)
	code := x.code(s)
	props := tree.Object(take(s.props, passed...)...)
	props = with(props, "Code", code)
	h := &handler{source: s, arn: getAtt(s.id, "Arn"), name: ref(s.id), path: "${" + s.id + ".Arn}"}
	if s.props.Get("PackageType").Str() != "Image" {
		for _, name := range []string{"Handler", "Runtime"} {
			if s.props.Get(name) == nil {
				x.fail(s.id, "Missing required property '"+name+"'.")
			}
		}
	}
	props = with(props, "Tags", tags("lambda:createdBy", s.props.Get("Tags")))
	if mode := s.props.Get("Tracing"); mode != nil {
		props = with(props, "TracingConfig", object("Mode", mode))
	}
	if q := s.props.Get("DeadLetterQueue"); q != nil {
		props = with(props, "DeadLetterConfig", object("TargetArn", q.Get("TargetArn")))
		h.inline = append(h.inline, deadLetters(q))
	}
	x.versions(h, code)
	x.functionURL(h)
	x.invocations(h)
	x.eventsOf(h)
	role := s.props.Get("Role")
	if role == nil {
		role = getAtt(s.id+"Role", "Arn")
		x.role(h, s.id+"Role", "lambda.amazonaws.com", "lambda:createdBy", x.functionPolicies(h))
	}
	x.add(s, s.id, "AWS::Lambda::Function", with(props, "Role", role), s.attributes()...)
}

// code is where the code of a function is.
func (x *expansion) code(s *source) *tree.Node {
	switch uri := s.props.Get("CodeUri"); {
	case s.props.Get("InlineCode") != nil:
		return object("ZipFile", s.props.Get("InlineCode"))
	case s.props.Get("ImageUri") != nil:
		return object("ImageUri", s.props.Get("ImageUri"))
	case uri == nil:
		x.fail(s.id, "One of ['CodeUri', 'InlineCode', 'ImageUri'] must be given.")
		return nil
	default:
		return x.location(s, "CodeUri", uri, "S3Bucket", "S3Key", "S3ObjectVersion")
	}
}

// location is an object in S3, by an s3 URI or a map of Bucket, Key and Version, under other names.
func (x *expansion) location(s *source, property string, uri *tree.Node, bucket, key, version string) *tree.Node {
	if uri.Is(tree.Map) && !isFunction(uri) {
		if uri.Get("Bucket") == nil || uri.Get("Key") == nil {
			x.fail(s.id, "'"+property+"' requires Bucket and Key properties to be specified.")
		}
		return object(bucket, uri.Get("Bucket"), key, uri.Get("Key"), version, uri.Get("Version"))
	}
	text, _ := x.literal(uri)
	at, isURI := strings.CutPrefix(text, "s3://")
	at, query, _ := strings.Cut(at, "?")
	b, k, _ := strings.Cut(at, "/")
	if !isURI || b == "" || k == "" {
		x.fail(s.id, "'"+property+"' is not a valid S3 Uri of the form 's3://bucket/key' with optional versionId query parameter.")
		return nil
	}
	out := object(bucket, b, key, k)
	if v, ok := strings.CutPrefix(query, "versionId="); ok {
		out = with(out, version, tree.Text(v))
	}
	return out
}

func deadLetters(q *tree.Node) *tree.Node {
	action := "sqs:SendMessage"
	if q.Get("Type").Str() == "SNS" {
		action = "sns:Publish"
	}
	return inlinePolicy("DeadLetterQueuePolicy", statement(list(action), q.Get("TargetArn")))
}

// versions publishes a version and an alias of it, if the function asks for that; events then invoke the
// alias.
func (x *expansion) versions(h *handler, code *tree.Node) {
	s := h.source
	given := s.props.Get("AutoPublishAlias")
	if given == nil {
		if s.props.Get("ProvisionedConcurrencyConfig") != nil {
			x.fail(s.id, "To set ProvisionedConcurrencyConfig AutoPublishALias must be defined on the function")
		}
		return
	}
	name, ok := x.literal(given)
	if !ok || !isAlphanumeric(strings.NewReplacer("-", "", "_", "").Replace(name)) {
		x.fail(s.id, "'AutoPublishAlias' must be a string or a Ref to a template parameter")
		return
	}
	hash := digest(code)
	if sum, ok := x.literal(s.props.Get("AutoPublishCodeSha256")); ok && len(sum) >= 10 {
		hash = sum[:10]
	}
	version := s.id + "Version" + hash
	alias := s.id + "Alias" + strings.NewReplacer("-", "D", "_", "U").Replace(name)
	policy := s.props.Get("VersionDeletionPolicy")
	if policy == nil {
		policy = tree.Text("Retain")
	}
	x.add(s, version, "AWS::Lambda::Version", object("FunctionName", ref(s.id), "Description", s.props.Get("VersionDescription")), tree.Field("DeletionPolicy", policy))
	x.add(s, alias, "AWS::Lambda::Alias", object("Name", name, "FunctionName", ref(s.id), "FunctionVersion", getAtt(version, "Version"),
		"ProvisionedConcurrencyConfig", s.props.Get("ProvisionedConcurrencyConfig")))
	x.names[s.id+".Version"], x.names[s.id+".Alias"] = version, alias
	h.arn, h.name, h.path = ref(alias), ref(alias), "${"+alias+"}"
}

func (x *expansion) functionURL(h *handler) {
	url := h.props.Get("FunctionUrlConfig")
	if url == nil {
		return
	}
	props := object("TargetFunctionArn", ref(h.id), "AuthType", url.Get("AuthType"), "Cors", url.Get("Cors"), "InvokeMode", url.Get("InvokeMode"))
	if alias := x.names[h.id+".Alias"]; alias != "" {
		name, _ := x.literal(h.props.Get("AutoPublishAlias"))
		props = with(props, "Qualifier", tree.Text(name))
		props = with(props, "TargetFunctionArn", ref(h.id))
	}
	auth, ok := x.literal(url.Get("AuthType"))
	if !ok || auth != "NONE" && auth != "AWS_IAM" {
		x.fail(h.id, "AuthType is required to configure function property `FunctionUrlConfig`. Please provide either AWS_IAM or NONE.")
		return
	}
	x.add(h.source, h.id+"Url", "AWS::Lambda::Url", props)
	if auth == "NONE" {
		x.add(h.source, h.id+"UrlPublicPermissions", "AWS::Lambda::Permission", object(
			"Action", "lambda:InvokeFunctionUrl", "FunctionName", h.name, "Principal", "*", "FunctionUrlAuthType", "NONE"))
	}
}

// invocations says what becomes of asynchronous invocations.
func (x *expansion) invocations(h *handler) {
	c := h.props.Get("EventInvokeConfig")
	if c == nil {
		return
	}
	qualifier := tree.Text("$LATEST")
	if name, ok := x.literal(h.props.Get("AutoPublishAlias")); ok {
		qualifier = tree.Text(name)
	}
	destinations := tree.Object()
	for _, m := range c.Get("DestinationConfig").Members() {
		to := m.Value.Get("Destination")
		if to == nil {
			x.fail(h.id, "The embedded cloud does not make destinations of asynchronous invocations; give "+m.Key+" a Destination.")
			continue
		}
		destinations = with(destinations, m.Key, object("Destination", to))
		actions := map[string]string{"SQS": "sqs:SendMessage", "SNS": "sns:Publish", "Lambda": "lambda:InvokeFunction", "EventBridge": "events:PutEvents"}
		if action := actions[m.Value.Get("Type").Str()]; action != "" {
			h.inline = append(h.inline, inlinePolicy(h.id+"EventInvokeConfig"+m.Key+"Policy", statement(list(action), to)))
		}
	}
	props := object("FunctionName", ref(h.id), "Qualifier", qualifier, "MaximumEventAgeInSeconds", c.Get("MaximumEventAgeInSeconds"), "MaximumRetryAttempts", c.Get("MaximumRetryAttempts"))
	if len(destinations.Map) > 0 {
		props = with(props, "DestinationConfig", destinations)
	}
	x.add(h.source, h.id+"EventInvokeConfig", "AWS::Lambda::EventInvokeConfig", props)
}
