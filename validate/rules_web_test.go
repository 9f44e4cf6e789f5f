package validate_test

// distribution is one with an origin o and more.
func distribution(behavior, more string) string {
	return "DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: d, S3OriginConfig: {}}], DefaultCacheBehavior: {" + behavior + ", ViewerProtocolPolicy: allow-all}" + more + "}"
}

const (
	behavior = "TargetOriginId: o, CachePolicyId: p"
	record   = "HostedZoneId: z, Name: n., Type: A, "
	metric   = "MetricName: m, Namespace: n, Period: 60, Statistic: Sum, Threshold: 1"
	project  = "ServiceRole: 'arn:r', Environment: {ComputeType: BUILD_GENERAL1_SMALL, Image: i, Type: LINUX_CONTAINER}, "
	source   = "{Name: S, Actions: [{Name: a, ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: 1}, OutputArtifacts: [{Name: src}]}]}"
	build    = "{Name: B, Actions: [{Name: a, ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: 1}, InputArtifacts: [{Name: src}]}]}"
	pipeline = "RoleArn: 'arn:r', ArtifactStore: {Type: S3, Location: bkt}, "
	rest     = "RestApiId: r, ResourceId: s, HttpMethod: GET, "
)

// states is a machine with a definition of states.
func states(definition string) string {
	return "RoleArn: 'arn:r', Definition: {" + definition + "}"
}

var webRows = []row{
	{"cloudfront-origin", "CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior.TargetOriginId", distribution("TargetOriginId: x, CachePolicyId: p", ""), distribution(behavior, "")},
	{"cloudfront-origin-twice", "CloudFront::Distribution", "DistributionConfig.Origins[1].Id", "DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: d, S3OriginConfig: {}}, {Id: o, DomainName: d, S3OriginConfig: {}}], DefaultCacheBehavior: {" + behavior + ", ViewerProtocolPolicy: allow-all}}", distribution(behavior, "")},
	{"cloudfront-origin-kind", "CloudFront::Distribution", "DistributionConfig.Origins[0].S3OriginConfig", "DistributionConfig: {Enabled: true, Origins: [{Id: o, DomainName: d, S3OriginConfig: {}, CustomOriginConfig: {OriginProtocolPolicy: https-only}}], DefaultCacheBehavior: {" + behavior + ", ViewerProtocolPolicy: allow-all}}", distribution(behavior, "")},
	{"cloudfront-certificate", "CloudFront::Distribution", "DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate", distribution(behavior, ", ViewerCertificate: {AcmCertificateArn: 'arn:c', SslSupportMethod: sni-only, CloudFrontDefaultCertificate: true}"), distribution(behavior, ", ViewerCertificate: {CloudFrontDefaultCertificate: true}")},
	{"cloudfront-certificate-method", "CloudFront::Distribution", "DistributionConfig.ViewerCertificate", distribution(behavior, ", ViewerCertificate: {AcmCertificateArn: 'arn:c'}"), distribution(behavior, ", ViewerCertificate: {AcmCertificateArn: 'arn:c', SslSupportMethod: sni-only}")},
	{"cloudfront-aliases", "CloudFront::Distribution", "DistributionConfig.Aliases", distribution(behavior, ", Aliases: [a.b]"), distribution(behavior, ", Aliases: [a.b], ViewerCertificate: {AcmCertificateArn: 'arn:c', SslSupportMethod: sni-only}")},
	{"cloudfront-cache", "CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior", distribution("TargetOriginId: o", ""), distribution(behavior, "")},
	{"cloudfront-cache-time", "CloudFront::Distribution", "DistributionConfig.DefaultCacheBehavior.MinTTL", distribution(behavior+", MinTTL: 5, MaxTTL: 1", ""), distribution(behavior+", MinTTL: 1, MaxTTL: 5", "")},
	{"route53-alias", "Route53::RecordSet", "", record + "TTL: 60", record + "AliasTarget: {DNSName: d, HostedZoneId: z}"},
	{"route53-alias-ttl", "Route53::RecordSet", "TTL", record + "TTL: 60, AliasTarget: {DNSName: d, HostedZoneId: z}", record + "AliasTarget: {DNSName: d, HostedZoneId: z}"},
	{"route53-ttl", "Route53::RecordSet", "", record + "ResourceRecords: [10.0.0.1]", record + "TTL: 60, ResourceRecords: [10.0.0.1]"},
	{"route53-zone", "Route53::RecordSet", "", "Name: n., Type: A, TTL: 60, ResourceRecords: [10.0.0.1]", record + "TTL: 60, ResourceRecords: [10.0.0.1]"},
	{"route53-zone-name", "Route53::RecordSet", "HostedZoneName", "HostedZoneName: n, Name: n., Type: A, TTL: 60, ResourceRecords: [10.0.0.1]", "HostedZoneName: n., Name: n., Type: A, TTL: 60, ResourceRecords: [10.0.0.1]"},
	{"route53-routing", "Route53::RecordSet", "", record + "TTL: 60, ResourceRecords: [10.0.0.1], Weight: 1", record + "TTL: 60, ResourceRecords: [10.0.0.1], Weight: 1, SetIdentifier: s"},
	{"route53-routing-one", "Route53::RecordSet", "Weight", record + "TTL: 60, ResourceRecords: [10.0.0.1], Weight: 1, Failover: PRIMARY, SetIdentifier: s", record + "TTL: 60, ResourceRecords: [10.0.0.1], Failover: PRIMARY, SetIdentifier: s"},
	{"route53-value", "Route53::RecordSet", "ResourceRecords[0]", record + "TTL: 60, ResourceRecords: [here]", record + "TTL: 60, ResourceRecords: [10.0.0.1]"},
	{"route53-cname", "Route53::RecordSet", "ResourceRecords", "HostedZoneId: z, Name: n., Type: CNAME, TTL: 60, ResourceRecords: [a, b]", "HostedZoneId: z, Name: n., Type: CNAME, TTL: 60, ResourceRecords: [a]"},

	{"apigateway-name", "ApiGateway::RestApi", "", "Description: d", "Name: n"},
	{"apigateway-body", "ApiGateway::RestApi", "BodyS3Location", "Body: {}, BodyS3Location: {Bucket: b, Key: k}", "Body: {}"},
	{"apigateway-authorizer-pool", "ApiGateway::Authorizer", "", "RestApiId: r, Name: n, Type: COGNITO_USER_POOLS, IdentitySource: s", "RestApiId: r, Name: n, Type: COGNITO_USER_POOLS, IdentitySource: s, ProviderARNs: ['arn:p']"},
	{"apigateway-authorizer-function", "ApiGateway::Authorizer", "", "RestApiId: r, Name: n, Type: TOKEN, IdentitySource: s", "RestApiId: r, Name: n, Type: TOKEN, IdentitySource: s, AuthorizerUri: u"},
	{"apigateway-authorizer-source", "ApiGateway::Authorizer", "", "RestApiId: r, Name: n, Type: TOKEN, AuthorizerUri: u", "RestApiId: r, Name: n, Type: TOKEN, IdentitySource: s, AuthorizerUri: u"},
	{"apigateway-method-authorizer", "ApiGateway::Method", "", rest + "AuthorizationType: CUSTOM", rest + "AuthorizationType: CUSTOM, AuthorizerId: a"},
	{"apigateway-method-integration", "ApiGateway::Method", "Integration", rest + "Integration: {Type: HTTP, IntegrationHttpMethod: GET}", rest + "Integration: {Type: HTTP, IntegrationHttpMethod: GET, Uri: u}"},
	{"apigateway-method-verb", "ApiGateway::Method", "Integration.IntegrationHttpMethod", rest + "Integration: {Type: AWS_PROXY, IntegrationHttpMethod: GET, Uri: !Sub 'arn:${F.Arn}'} & F: {Type: AWS::Lambda::Function, Properties: {" + zip + "Code: {ZipFile: x}}}", rest + "Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:${F.Arn}'} & F: {Type: AWS::Lambda::Function, Properties: {" + zip + "Code: {ZipFile: x}}}"},
	{"apigateway-deployment", "ApiGateway::Deployment", "", "RestApiId: !Ref R & R: {Type: AWS::ApiGateway::RestApi, Properties: {Name: n}} & M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref R, ResourceId: !GetAtt R.RootResourceId, HttpMethod: GET}}", "RestApiId: r"},
	{"apigateway-stage", "ApiGateway::Deployment", "", "RestApiId: r, StageDescription: {CachingEnabled: true}", "RestApiId: r, StageName: s, StageDescription: {CachingEnabled: true}"},
	{"apigatewayv2-protocol", "ApiGatewayV2::Api", "", "Name: n", "Name: n, ProtocolType: HTTP"},
	{"apigatewayv2-websocket", "ApiGatewayV2::Api", "", "Name: n, ProtocolType: WEBSOCKET", "Name: n, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action"},
	{"apigatewayv2-proxy", "ApiGatewayV2::Integration", "", "ApiId: a, IntegrationType: HTTP_PROXY", "ApiId: a, IntegrationType: HTTP_PROXY, IntegrationUri: u"},
	{"apigatewayv2-jwt", "ApiGatewayV2::Authorizer", "", "ApiId: a, Name: n, AuthorizerType: JWT", "ApiId: a, Name: n, AuthorizerType: JWT, IdentitySource: [s], JwtConfiguration: {}"},

	{"states-definition", "StepFunctions::StateMachine", "", "RoleArn: 'arn:r'", "RoleArn: 'arn:r', DefinitionString: '{}'"},
	{"states-json", "StepFunctions::StateMachine", "DefinitionString", "RoleArn: 'arn:r', DefinitionString: '{'", "RoleArn: 'arn:r', DefinitionString: '{}'"},
	{"states-start", "StepFunctions::StateMachine", "Definition", states("StartAt: X, States: {A: {Type: Succeed}}"), states("StartAt: A, States: {A: {Type: Succeed}}")},
	{"states-next", "StepFunctions::StateMachine", "DefinitionString", `RoleArn: 'arn:r', DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}'`, `RoleArn: 'arn:r', DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'`},
	{"states-type", "StepFunctions::StateMachine", "Definition", states("StartAt: A, States: {A: {Type: Job, End: true}}"), states("StartAt: A, States: {A: {Type: Task, End: true}}")},
	{"states-end", "StepFunctions::StateMachine", "Definition", states("StartAt: A, States: {A: {Type: Task}}"), states("StartAt: A, States: {A: {Type: Task, End: true}}")},

	{"codebuild-pipeline", "CodeBuild::Project", "Artifacts.Type", project + "Source: {Type: CODEPIPELINE}, Artifacts: {Type: NO_ARTIFACTS}", project + "Source: {Type: CODEPIPELINE}, Artifacts: {Type: CODEPIPELINE}"},
	{"codebuild-location", "CodeBuild::Project", "Source", project + "Source: {Type: GITHUB}, Artifacts: {Type: NO_ARTIFACTS}", project + "Source: {Type: GITHUB, Location: l}, Artifacts: {Type: NO_ARTIFACTS}"},
	{"codebuild-artifacts", "CodeBuild::Project", "Artifacts", project + "Source: {Type: GITHUB, Location: l}, Artifacts: {Type: S3}", project + "Source: {Type: GITHUB, Location: l}, Artifacts: {Type: S3, Location: l}"},
	{"codebuild-buildspec", "CodeBuild::Project", "Source", project + "Source: {Type: NO_SOURCE}, Artifacts: {Type: NO_ARTIFACTS}", project + "Source: {Type: NO_SOURCE, BuildSpec: b}, Artifacts: {Type: NO_ARTIFACTS}"},
	{"codebuild-vpc", "CodeBuild::Project", "VpcConfig", project + "Source: {Type: CODEPIPELINE}, Artifacts: {Type: CODEPIPELINE}, VpcConfig: {VpcId: vpc-1}", project + "Source: {Type: CODEPIPELINE}, Artifacts: {Type: CODEPIPELINE}, VpcConfig: {VpcId: vpc-1, Subnets: [s], SecurityGroupIds: [g]}"},
	{"codebuild-variable-twice", "CodeBuild::Project", "Environment.EnvironmentVariables[1].Name", "ServiceRole: 'arn:r', Source: {Type: CODEPIPELINE}, Artifacts: {Type: CODEPIPELINE}, Environment: {ComputeType: BUILD_GENERAL1_SMALL, Image: i, Type: LINUX_CONTAINER, EnvironmentVariables: [{Name: a, Value: b}, {Name: a, Value: c}]}", project + "Source: {Type: CODEPIPELINE}, Artifacts: {Type: CODEPIPELINE}"},
	{"codepipeline-stages", "CodePipeline::Pipeline", "Stages", pipeline + "Stages: [" + source + "]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"codepipeline-source", "CodePipeline::Pipeline", "Stages[0].Actions[0].ActionTypeId.Category", pipeline + "Stages: [" + build + ", " + source + "]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"codepipeline-stage-twice", "CodePipeline::Pipeline", "Stages[2].Name", pipeline + "Stages: [" + source + ", " + build + ", " + build + "]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"codepipeline-action-twice", "CodePipeline::Pipeline", "Stages[0].Actions[1].Name", pipeline + "Stages: [{Name: S, Actions: [{Name: a, ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: 1}, OutputArtifacts: [{Name: src}]}, {Name: a, ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: 1}}]}, " + build + "]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"codepipeline-artifact", "CodePipeline::Pipeline", "Stages[1].Actions[0].InputArtifacts[0].Name", pipeline + "Stages: [" + source + ", {Name: B, Actions: [{Name: a, ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: 1}, InputArtifacts: [{Name: other}]}]}]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"codepipeline-artifact-twice", "CodePipeline::Pipeline", "Stages[1].Actions[0].OutputArtifacts[0].Name", pipeline + "Stages: [" + source + ", {Name: B, Actions: [{Name: a, ActionTypeId: {Category: Build, Owner: AWS, Provider: CodeBuild, Version: 1}, OutputArtifacts: [{Name: src}]}]}]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"codepipeline-store", "CodePipeline::Pipeline", "", "RoleArn: 'arn:r', Stages: [" + source + ", " + build + "]", pipeline + "Stages: [" + source + ", " + build + "]"},
	{"ecr-lifecycle", "ECR::Repository", "LifecyclePolicy.LifecyclePolicyText", "LifecyclePolicy: {LifecyclePolicyText: '{'}", "LifecyclePolicy: {LifecyclePolicyText: '{\"rules\": [{\"rulePriority\": 1, \"selection\": {\"tagStatus\": \"any\", \"countType\": \"imageCountMoreThan\", \"countNumber\": 5}, \"action\": {\"type\": \"expire\"}}]}'}"},
	{"ecr-encryption", "ECR::Repository", "EncryptionConfiguration.KmsKey", "EncryptionConfiguration: {EncryptionType: AES256, KmsKey: k}", "EncryptionConfiguration: {EncryptionType: KMS, KmsKey: k}"},

	{"cloudwatch-metric", "CloudWatch::Alarm", "", alarm + "Threshold: 1", alarm + metric},
	{"cloudwatch-metric-parts", "CloudWatch::Alarm", "Namespace", alarm + "Namespace: n, Threshold: 1, Metrics: [{Id: m, Expression: x}]", alarm + "Threshold: 1, Metrics: [{Id: m, Expression: x}]"},
	{"cloudwatch-statistic", "CloudWatch::Alarm", "", alarm + "MetricName: m, Namespace: n, Period: 60, Threshold: 1", alarm + metric},
	{"cloudwatch-namespace", "CloudWatch::Alarm", "", alarm + "MetricName: m, Period: 60, Statistic: Sum, Threshold: 1", alarm + metric},
	{"cloudwatch-period", "CloudWatch::Alarm", "Period", alarm + "MetricName: m, Namespace: n, Period: 90, Statistic: Sum, Threshold: 1", alarm + metric},
	{"cloudwatch-datapoints", "CloudWatch::Alarm", "DatapointsToAlarm", alarm + metric + ", DatapointsToAlarm: 3", alarm + metric + ", DatapointsToAlarm: 2"},
	{"cloudwatch-threshold", "CloudWatch::Alarm", "", alarm + "MetricName: m, Namespace: n, Period: 60, Statistic: Sum", alarm + metric},
	{"cloudwatch-actions", "CloudWatch::Alarm", "OKActions", alarm + metric + ", OKActions: [a, b, c, d, e, f]", alarm + metric + ", OKActions: [a]"},
	{"cloudwatch-dashboard", "CloudWatch::Dashboard", "DashboardBody", "DashboardBody: '{'", "DashboardBody: '{}'"},
	{"logs-retention", "Logs::LogGroup", "RetentionInDays", "RetentionInDays: 10", "RetentionInDays: 14"},
	{"logs-filter-role", "Logs::SubscriptionFilter", "", "LogGroupName: g, FilterPattern: '', DestinationArn: !GetAtt S.Arn & S: {Type: AWS::Kinesis::Stream}", "LogGroupName: g, FilterPattern: '', RoleArn: 'arn:r', DestinationArn: !GetAtt S.Arn & S: {Type: AWS::Kinesis::Stream}"},
	{"logs-metric-one", "Logs::MetricFilter", "MetricTransformations", "LogGroupName: g, FilterPattern: '', MetricTransformations: [{MetricName: m, MetricNamespace: n, MetricValue: '1'}, {MetricName: m, MetricNamespace: n, MetricValue: '1'}]", "LogGroupName: g, FilterPattern: '', MetricTransformations: [{MetricName: m, MetricNamespace: n, MetricValue: '1'}]"},
	{"ssm-parameter-type", "SSM::Parameter", "Type", "Type: SecureString, Value: v", "Type: String, Value: v"},
	{"ssm-parameter-name", "SSM::Parameter", "Name", "Name: /aws/x, Type: String, Value: v", "Name: /jobs/x, Type: String, Value: v"},
}
