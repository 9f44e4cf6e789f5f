package local

import (
	"slices"
	"strings"
)

// isValidated reports whether early validation looks at resources of a type.
func isValidated(typ string) bool {
	service, name, ok := strings.Cut(strings.TrimPrefix(typ, "AWS::"), "::")
	return ok && !slices.Contains(strings.Fields(unvalidated[service]), name)
}

// unvalidated are the types, by service, of which the manual says that early validation does not look at
// them. It lists IAM's Policy and Role and the LogGroup of Logs too; these have been seen to be
// validated.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html
var unvalidated = map[string]string{
	"AmazonMQ":               "ConfigurationAssociation",
	"ApiGateway":             "BasePathMapping DomainNameAccessAssociation GatewayResponse",
	"ApiGatewayV2":           "ApiGatewayManagedOverrides DomainName Stage",
	"AppConfig":              "ExtensionAssociation",
	"AppMesh":                "GatewayRoute Mesh Route VirtualGateway VirtualNode VirtualRouter VirtualService",
	"AppStream":              "ApplicationEntitlementAssociation ApplicationFleetAssociation Fleet Stack StackFleetAssociation StackUserAssociation User",
	"AppSync":                "ApiCache ApiKey DomainNameApiAssociation GraphQLSchema SourceApiAssociation",
	"ApplicationAutoScaling": "ScalableTarget",
	"AutoScalingPlans":       "ScalingPlan",
	"Budgets":                "Budget",
	"CertificateManager":     "Certificate",
	"CleanRooms":             "ConfiguredTableAssociation IdNamespaceAssociation",
	"Cloud9":                 "EnvironmentEC2",
	"CloudFormation":         "CustomResource Macro Stack WaitCondition WaitConditionHandle",
	"CloudFront":             "CachePolicy OriginRequestPolicy RealtimeLogConfig StreamingDistribution",
	"CloudWatch":             "AnomalyDetector CompositeAlarm InsightRule MetricStream",
	"CodeArtifact":           "Domain Repository",
	"CodeBuild":              "Project ReportGroup SourceCredential",
	"CodeCommit":             "Repository",
	"CodeDeploy":             "DeploymentGroup",
	"CodeGuruProfiler":       "ProfilingGroup",
	"CodeGuruReviewer":       "RepositoryAssociation",
	"CodeStar":               "GitHubRepository",
	"CodeStarConnections":    "Connection",
	"Cognito":                "IdentityPoolRoleAttachment UserPoolRiskConfigurationAttachment UserPoolUICustomizationAttachment UserPoolUserToGroupAttachment",
	"Config":                 "ConfigurationAggregator ConfigurationRecorder ConformancePack DeliveryChannel OrganizationConfigRule OrganizationConformancePack RemediationConfiguration",
	"Connect":                "ApprovedOrigin IntegrationAssociation",
	"DAX":                    "Cluster ParameterGroup SubnetGroup",
	"DLM":                    "LifecyclePolicy",
	"DMS":                    "Certificate Endpoint EventSubscription ReplicationInstance ReplicationSubnetGroup ReplicationTask",
	"Deadline":               "QueueFleetAssociation QueueLimitAssociation",
	"Detective":              "Graph MemberInvitation",
	"DirectoryService":       "MicrosoftAD",
	"DocDB":                  "DBCluster DBClusterParameterGroup DBInstance DBSubnetGroup EventSubscription",
	"EC2": "CarrierGateway ClientVpnAuthorizationRule ClientVpnEndpoint ClientVpnRoute ClientVpnTargetNetworkAssociation EC2Fleet EIPAssociation " +
		"EnclaveCertificateIamRoleAssociation FlowLog GatewayRouteTableAssociation IPAMResourceDiscoveryAssociation IpPoolRouteTableAssociation " +
		"LocalGatewayRoute LocalGatewayRouteTableVPCAssociation LocalGatewayRouteTableVirtualInterfaceGroupAssociation NetworkAclEntry " +
		"NetworkInterfaceAttachment NetworkInterfacePermission PrefixList RouteServerAssociation SecurityGroup SecurityGroupEgress SecurityGroupIngress " +
		"SecurityGroupVpcAssociation SubnetNetworkAclAssociation SubnetRouteTableAssociation TransitGatewayAttachment TransitGatewayMulticastDomainAssociation " +
		"TransitGatewayPeeringAttachment TransitGatewayRouteTableAssociation TransitGatewayVpcAttachment VPCDHCPOptionsAssociation VPCGatewayAttachment " +
		"VPNGatewayRoutePropagation VolumeAttachment",
	"ECR":                    "Repository",
	"ECS":                    "CapacityProvider Cluster ClusterCapacityProviderAssociations PrimaryTaskSet Service TaskDefinition TaskSet",
	"EFS":                    "AccessPoint FileSystem",
	"EKS":                    "Cluster FargateProfile PodIdentityAssociation",
	"EMR":                    "Cluster InstanceFleetConfig InstanceGroupConfig",
	"ElastiCache":            "CacheCluster ReplicationGroup SecurityGroup SecurityGroupIngress SubnetGroup",
	"ElasticLoadBalancing":   "LoadBalancer",
	"ElasticLoadBalancingV2": "Listener ListenerCertificate",
	"Elasticsearch":          "Domain",
	"EventSchemas":           "RegistryPolicy",
	"FMS":                    "NotificationChannel Policy",
	"FSx":                    "DataRepositoryAssociation FileSystem S3AccessPointAttachment Snapshot StorageVirtualMachine Volume",
	"GameLift":               "Alias GameServerGroup",
	"GlobalAccelerator":      "Accelerator CrossAccountAttachment EndpointGroup Listener",
	"Glue": "Classifier Connection CustomEntityType DataCatalogEncryptionSettings DataQualityRuleset DevEndpoint MLTransform Partition " +
		"SecurityConfiguration Table TableOptimizer Workflow",
	"Greengrass": "ConnectorDefinition ConnectorDefinitionVersion CoreDefinition CoreDefinitionVersion DeviceDefinition DeviceDefinitionVersion " +
		"FunctionDefinition FunctionDefinitionVersion Group GroupVersion LoggerDefinition LoggerDefinitionVersion ResourceDefinition " +
		"ResourceDefinitionVersion SubscriptionDefinition SubscriptionDefinitionVersion",
	"GroundStation":      "Config DataflowEndpointGroup MissionProfile",
	"IAM":                "AccessKey Group InstanceProfile User UserToGroupAddition",
	"IVS":                "Channel PlaybackKeyPair StreamKey",
	"ImageBuilder":       "Component DistributionConfiguration Image ImagePipeline ImageRecipe InfrastructureConfiguration",
	"IoT":                "Authorizer Certificate PolicyPrincipalAttachment ProvisioningTemplate ThingPrincipalAttachment",
	"IoTSiteWise":        "Asset AssetModel Gateway",
	"IoTThingsGraph":     "FlowTemplate",
	"KMS":                "Alias Key",
	"Kendra":             "DataSource Faq Index",
	"KinesisAnalytics":   "Application ApplicationOutput ApplicationReferenceDataSource",
	"KinesisAnalyticsV2": "ApplicationCloudWatchLoggingOption ApplicationOutput ApplicationReferenceDataSource",
	"KinesisFirehose":    "DeliveryStream",
	"LakeFormation":      "DataLakeSettings Permissions Resource TagAssociation",
	"Lambda":             "CodeSigningConfig EventInvokeConfig EventSourceMapping",
	"Macie":              "CustomDataIdentifier FindingsFilter Session",
	"ManagedBlockchain":  "Member Node",
	"MediaConvert":       "JobTemplate Preset Queue",
	"MediaLive":          "Channel Input InputSecurityGroup",
	"MediaPackage":       "Asset Channel OriginEndpoint PackagingConfiguration PackagingGroup",
	"MediaStore":         "Container",
	"Neptune":            "DBCluster DBClusterParameterGroup DBInstance DBParameterGroup DBSubnetGroup",
	"NetworkFirewall":    "VpcEndpointAssociation",
	"NetworkManager": "ConnectAttachment CustomerGatewayAssociation Device DirectConnectGatewayAttachment GlobalNetwork Link LinkAssociation Site " +
		"SiteToSiteVpnAttachment TransitGatewayRegistration TransitGatewayRouteTableAttachment VpcAttachment",
	"Notifications": "ChannelAssociation ManagedNotificationAccountContactAssociation ManagedNotificationAdditionalChannelAssociation OrganizationalUnitAssociation",
	"OpsWorks":      "App ElasticLoadBalancerAttachment Instance Layer Stack UserProfile Volume",
	"OpsWorksCM":    "Server",
	"Pinpoint": "ADMChannel APNSChannel APNSSandboxChannel APNSVoipChannel APNSVoipSandboxChannel App ApplicationSettings BaiduChannel Campaign " +
		"EmailChannel EmailTemplate EventStream GCMChannel PushTemplate SMSChannel Segment SmsTemplate VoiceChannel",
	"PinpointEmail": "ConfigurationSet ConfigurationSetEventDestination DedicatedIpPool Identity",
	"QLDB":          "Ledger Stream",
	"RDS": "DBCluster DBClusterParameterGroup DBInstance DBParameterGroup DBProxy DBProxyTargetGroup DBSecurityGroup DBSecurityGroupIngress " +
		"DBSubnetGroup EventSubscription GlobalCluster OptionGroup",
	"Redshift": "Cluster ClusterParameterGroup ClusterSecurityGroup ClusterSecurityGroupIngress ClusterSubnetGroup EndpointAccess EndpointAuthorization " +
		"EventSubscription ScheduledAction",
	"ResourceExplorer2": "DefaultViewAssociation",
	"ResourceGroups":    "Group",
	"Route53":           "HealthCheck HostedZone RecordSet RecordSetGroup",
	"Route53Profiles":   "ProfileAssociation ProfileResourceAssociation",
	"Route53Resolver":   "FirewallRuleGroupAssociation ResolverQueryLoggingConfig ResolverQueryLoggingConfigAssociation ResolverRuleAssociation",
	"S3":                "AccessPoint BucketPolicy",
	"SDB":               "Domain",
	"SES":               "ConfigurationSet ReceiptFilter ReceiptRule ReceiptRuleSet",
	"SNS":               "Subscription Topic TopicPolicy",
	"SQS":               "QueuePolicy",
	"SSM":               "Association MaintenanceWindow MaintenanceWindowTarget MaintenanceWindowTask",
	"SSO":               "Assignment PermissionSet",
	"SageMaker":         "CodeRepository EndpointConfig Model MonitoringSchedule NotebookInstance NotebookInstanceLifecycleConfig Workteam",
	"SecretsManager":    "SecretTargetAttachment",
	"SecurityHub":       "PolicyAssociation",
	"ServiceCatalog": "AcceptedPortfolioShare CloudFormationProvisionedProduct LaunchRoleConstraint Portfolio PortfolioPrincipalAssociation " +
		"PortfolioProductAssociation ServiceActionAssociation StackSetConstraint TagOptionAssociation",
	"ServiceCatalogAppRegistry": "AttributeGroupAssociation ResourceAssociation",
	"ServiceDiscovery":          "HttpNamespace Instance PrivateDnsNamespace PublicDnsNamespace Service",
	"StepFunctions":             "StateMachine",
	"Synthetics":                "Canary",
	"Timestream":                "Database Table",
	"VpcLattice":                "ServiceNetworkResourceAssociation ServiceNetworkServiceAssociation ServiceNetworkVpcAssociation",
	"WAF":                       "ByteMatchSet IPSet Rule SizeConstraintSet SqlInjectionMatchSet WebACL XssMatchSet",
	"WAFRegional": "ByteMatchSet GeoMatchSet IPSet RateBasedRule RegexPatternSet Rule SizeConstraintSet SqlInjectionMatchSet WebACL WebACLAssociation " +
		"XssMatchSet",
	"WAFv2":               "IPSet RegexPatternSet RuleGroup WebACL WebACLAssociation",
	"Wisdom":              "AssistantAssociation",
	"WorkSpaces":          "ConnectionAlias Workspace",
	"WorkspacesInstances": "VolumeAssociation",
}
