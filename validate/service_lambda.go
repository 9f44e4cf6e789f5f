package validate

import (
	"fmt"
	"slices"
	"strings"
)

// oldRuntimes are the runtimes with which no function can be created any more, or not for long.
var oldRuntimes = []string{
	"dotnet5.0", "dotnet6", "dotnet7", "dotnet8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x", "java8",
	"nodejs", "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs4.3", "nodejs4.3-edge",
	"nodejs6.10", "nodejs8.10", "provided", "provided.al2", "python2.7", "python3.10", "python3.11", "python3.6", "python3.7", "python3.8", "python3.9", "ruby2.5", "ruby2.7", "ruby3.2",
}

var runtimes = []string{
	"dotnet10", "dotnet9", "java11", "java17", "java21", "java25", "java8.al2", "nodejs22.x", "nodejs24.x",
	"provided.al2023", "python3.12", "python3.13", "python3.14", "ruby3.3", "ruby3.4",
}

var reservedVariables = []string{
	"AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER",
}

func lambdaChecks() []check {
	function, source := on("Lambda::Function"), on("Lambda::EventSourceMapping")
	return []check{
		{Rule{"lambda-runtime", warns, "a runtime is one that AWS supports"}, on("Lambda::Function", "Lambda::LayerVersion"), oldRuntime},
		{Rule{"lambda-runtime-unknown", warns, "a runtime is one that is known"}, function, textual("", "Runtime", "check its name in the manual", func(text string) string {
			if slices.Contains(runtimes, text) || slices.Contains(oldRuntimes, text) {
				return ""
			}
			return fmt.Sprintf("the runtime %s is not known", shown(text))
		})},
		{Rule{"lambda-zip", fails, "a function of a zip file has a handler and a runtime"}, function, func(s *subject) {
			kind := s.props.get("PackageType")
			if (kind.missing() || kind.is("Zip")) && s.props.get("Code", "ImageUri").missing() {
				demand(s, s.props, []string{"Handler", "Runtime"}, "the function is a zip file")
			}
		}},
		{Rule{"lambda-image", fails, "a function of an image has no handler, runtime or layers"}, function, never("", "PackageType", "Image", "Handler", "Runtime", "Layers")},
		{Rule{"lambda-code", fails, "the code of a function comes from one place"}, function, one("Code", "ImageUri", "S3Bucket", "ZipFile")},
		{Rule{"lambda-code-key", fails, "code in a bucket has a key"}, function, together("Code", "S3Bucket", "S3Key")},
		{Rule{"lambda-code-inline", fails, "only Node.js and Python take code in the template"}, function, func(s *subject) {
			v := s.props.get("Code", "ZipFile")
			runtime, ok := s.props.get("Runtime").text()
			if v.there() && ok && !strings.HasPrefix(runtime, "nodejs") && !strings.HasPrefix(runtime, "python") {
				s.flag(v, fmt.Sprintf("the code stands in the template, and the runtime is %s", runtime), "put the code into a bucket")
			}
		}},
		{Rule{"lambda-code-size", fails, "code in the template has at most 4 MB"}, function, textual("Code", "ZipFile", "put the code into a bucket", func(text string) string {
			if len(text) > 4<<20 {
				return fmt.Sprintf("the code has %d bytes", len(text))
			}
			return ""
		})},
		{Rule{"lambda-variable", fails, "a function sets no variable that Lambda sets"}, function, func(s *subject) {
			v := s.props.get("Environment", "Variables")
			for _, m := range v.n.Members() {
				if slices.Contains(reservedVariables, m.Key) {
					s.flag(v.get(m.Key), fmt.Sprintf("Lambda sets the variable %s itself", m.Key), "leave it out")
				}
			}
		}},
		{Rule{"lambda-variable-size", fails, "the variables of a function have at most 4 KB"}, function, func(s *subject) {
			v, n := s.props.get("Environment", "Variables"), 0
			for _, m := range v.n.Members() {
				n += len(m.Key) + len(m.Value.Str())
			}
			if n > 4096 {
				s.flag(v, fmt.Sprintf("the variables have %d bytes", n), "put them into a parameter or a bucket")
			}
		}},
		{Rule{"lambda-layers", fails, "a function has at most 5 layers"}, function, most("", "Layers", 5)},
		{Rule{"lambda-architectures", fails, "a function has one architecture"}, function, most("", "Architectures", 1)},
		{Rule{"lambda-snapstart", warns, "SnapStart works with versions only"}, function, snapStart},
		{Rule{"lambda-source-position", fails, "a stream is read from a position"}, source, func(s *subject) {
			for _, kind := range []string{"Kinesis::Stream", "DynamoDB::Table"} {
				if _, ok := s.props.get("EventSourceArn").resource(kind); ok {
					demand(s, s.props, []string{"StartingPosition"}, "the source is a stream")
				}
			}
		}},
		{Rule{"lambda-source-queue", fails, "a queue has no position from which it is read"}, source, func(s *subject) {
			if _, ok := s.props.get("EventSourceArn").resource("SQS::Queue"); ok {
				for _, name := range []string{"StartingPosition", "BisectBatchOnFunctionError", "ParallelizationFactor", "TumblingWindowInSeconds"} {
					if v := s.props.get(name); v.there() {
						s.flag(v, name+" is set for a queue", "leave it out")
					}
				}
			}
		}},
		{Rule{"lambda-source-timeout", fails, "a queue hides messages for longer than its function runs"}, source, queueTimeout},
		{Rule{"lambda-permission-account", warns, "a permission for S3 names the account of the bucket"}, on("Lambda::Permission"), func(s *subject) {
			if s.props.get("Principal").is("s3.amazonaws.com") && s.props.get("SourceAccount").missing() {
				s.flag(s.props, "SourceAccount is missing; the name of a bucket does not say whose it is", "set SourceAccount to AWS::AccountId")
			}
		}},
		{Rule{"lambda-url-cors", fails, "a URL of a function that shares credentials names its origins"}, on("Lambda::Url"), func(s *subject) {
			v := s.props.get("Cors", "AllowOrigins")
			items, _ := v.items()
			if s.props.get("Cors", "AllowCredentials").isTrue() && slices.ContainsFunc(items, func(o value) bool { return o.is("*") }) {
				s.flag(v, "AllowOrigins is * where AllowCredentials is true", "name the origins")
			}
		}},
	}
}

func oldRuntime(s *subject) {
	values := []value{s.props.get("Runtime")}
	if s.node.Get("Type").Str() == "AWS::Lambda::LayerVersion" {
		values, _ = s.props.get("CompatibleRuntimes").items()
	}
	for _, v := range values {
		if text, ok := v.text(); ok && slices.Contains(oldRuntimes, text) {
			s.flag(v, fmt.Sprintf("the runtime %s is not supported any more, or not for long", text), "use a newer one")
		}
	}
}

func snapStart(s *subject) {
	v := s.props.get("SnapStart")
	if !v.get("ApplyOn").is("PublishedVersions") {
		return
	}
	for id, r := range s.resources {
		if r == s.node {
			for _, other := range s.resources {
				if other.Get("Type").Str() == "AWS::Lambda::Version" && refersIn(other.Get("Properties"), id) {
					return
				}
			}
		}
	}
	s.flag(v, "SnapStart is on, and no version of the function is published", "add an AWS::Lambda::Version")
}

func queueTimeout(s *subject) {
	queue, qok := s.props.get("EventSourceArn").resource("SQS::Queue")
	function, fok := s.props.get("FunctionName").resource("Lambda::Function")
	if !qok || !fok {
		return
	}
	timeout, ok := function.get("Timeout").number()
	hidden, set := queue.get("VisibilityTimeout").number()
	if v := queue.get("VisibilityTimeout"); v.missing() {
		hidden, set = 30, true
	}
	if ok && set && hidden < timeout {
		s.flag(s.props, fmt.Sprintf("the queue hides a message for %v seconds, and the function may run for %v", hidden, timeout), "raise VisibilityTimeout to six times the function's Timeout")
	}
}
