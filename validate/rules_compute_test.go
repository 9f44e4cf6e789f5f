package validate_test

const (
	alarm     = "ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 2, "
	asg       = "MinSize: 1, MaxSize: 2, AvailabilityZones: !GetAZs '', "
	launch    = "LaunchTemplate: {LaunchTemplateId: lt-1, Version: 1}, "
	container = "Name: c, Image: i, Memory: 8"
	awsTask   = "T: {Type: AWS::ECS::TaskDefinition, Properties: {NetworkMode: awsvpc, ContainerDefinitions: [{Name: c, Image: i, Memory: 8, PortMappings: [{ContainerPort: 80}]}]}}"
	function  = "Role: 'arn:aws:iam::1:role/x', "
	zip       = function + "Handler: a.b, Runtime: python3.13, "
	subnets   = "NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [subnet-1]}}"
)

var computeRows = []row{
	{"autoscaling-size", "AutoScaling::AutoScalingGroup", "MinSize", "MinSize: 3, MaxSize: 2, AvailabilityZones: !GetAZs '', InstanceId: i-1", "MinSize: 1, MaxSize: 2, AvailabilityZones: !GetAZs '', InstanceId: i-1"},
	{"autoscaling-size-number", "AutoScaling::AutoScalingGroup", "MinSize", "MinSize: few, MaxSize: 2, InstanceId: i-1", "MinSize: '1', MaxSize: 2, InstanceId: i-1"},
	{"autoscaling-desired", "AutoScaling::AutoScalingGroup", "DesiredCapacity", asg + "InstanceId: i-1, DesiredCapacity: 3", asg + "InstanceId: i-1, DesiredCapacity: '2'"},
	{"autoscaling-launch", "AutoScaling::AutoScalingGroup", "", "MinSize: 1, MaxSize: 2, AvailabilityZones: !GetAZs ''", asg + "InstanceId: i-1"},
	{"autoscaling-launch", "AutoScaling::AutoScalingGroup", "LaunchTemplate", asg + launch + "InstanceId: i-1", asg + launch},
	{"autoscaling-zones", "AutoScaling::AutoScalingGroup", "", "MinSize: 1, MaxSize: 2, InstanceId: i-1", "MinSize: 1, MaxSize: 2, InstanceId: i-1, VPCZoneIdentifier: [subnet-1]"},
	{"autoscaling-template", "AutoScaling::AutoScalingGroup", "LaunchTemplate", asg + "LaunchTemplate: {Version: 1}", asg + launch},
	{code: "autoscaling-rolling", path: "Resources.A.UpdatePolicy.AutoScalingRollingUpdate.MinInstancesInService", bad: "Resources: {A: {Type: AWS::AutoScaling::AutoScalingGroup, UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 2}}, Properties: {" + asg + "InstanceId: i-1}}}", good: "Resources: {A: {Type: AWS::AutoScaling::AutoScalingGroup, UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 1}}, Properties: {" + asg + "InstanceId: i-1}}}"},
	{"autoscaling-configuration", "AutoScaling::LaunchConfiguration", "", "InstanceType: t3.micro", "InstanceType: t3.micro, ImageId: ami-1"},
	{"autoscaling-configuration-public", "AutoScaling::LaunchConfiguration", "SpotPrice", "InstanceType: t3.micro, ImageId: ami-1, PlacementTenancy: dedicated, SpotPrice: '1'", "InstanceType: t3.micro, ImageId: ami-1, SpotPrice: '1'"},
	{"autoscaling-policy-target", "AutoScaling::ScalingPolicy", "", "AutoScalingGroupName: g, PolicyType: TargetTrackingScaling", "AutoScalingGroupName: g, PolicyType: TargetTrackingScaling, TargetTrackingConfiguration: {TargetValue: 1, PredefinedMetricSpecification: {PredefinedMetricType: ASGAverageCPUUtilization}}"},
	{"autoscaling-policy-step", "AutoScaling::ScalingPolicy", "", "AutoScalingGroupName: g, PolicyType: StepScaling, AdjustmentType: ExactCapacity", "AutoScalingGroupName: g, PolicyType: StepScaling, AdjustmentType: ExactCapacity, StepAdjustments: [{ScalingAdjustment: 1}]"},
	{"autoscaling-policy-simple", "AutoScaling::ScalingPolicy", "", "AutoScalingGroupName: g, PolicyType: SimpleScaling, AdjustmentType: ExactCapacity", "AutoScalingGroupName: g, PolicyType: SimpleScaling, AdjustmentType: ExactCapacity, ScalingAdjustment: 1"},
	{"autoscaling-tracking", "AutoScaling::ScalingPolicy", "TargetTrackingConfiguration", "AutoScalingGroupName: g, PolicyType: TargetTrackingScaling, TargetTrackingConfiguration: {TargetValue: 1}", "AutoScalingGroupName: g, PolicyType: TargetTrackingScaling, TargetTrackingConfiguration: {TargetValue: 1, PredefinedMetricSpecification: {PredefinedMetricType: ASGAverageCPUUtilization}}"},
	{"autoscaling-schedule", "AutoScaling::ScheduledAction", "", "AutoScalingGroupName: g, Recurrence: 0 0 * * *", "AutoScalingGroupName: g, Recurrence: 0 0 * * *, MinSize: 1"},
	{"autoscaling-target", "ApplicationAutoScaling::ScalableTarget", "MinCapacity", "MinCapacity: 3, MaxCapacity: 2, ResourceId: x, ScalableDimension: 'ecs:service:DesiredCount', ServiceNamespace: ecs", "MinCapacity: 1, MaxCapacity: 2, ResourceId: x, ScalableDimension: 'ecs:service:DesiredCount', ServiceNamespace: ecs"},
	{"autoscaling-target-policy", "ApplicationAutoScaling::ScalingPolicy", "", "PolicyName: p, PolicyType: StepScaling, ScalingTargetId: t", "PolicyName: p, PolicyType: StepScaling, ScalingTargetId: t, StepScalingPolicyConfiguration: {AdjustmentType: ExactCapacity}"},
	{"autoscaling-target-resource", "ApplicationAutoScaling::ScalingPolicy", "", "PolicyName: p, PolicyType: PredictiveScaling", "PolicyName: p, PolicyType: PredictiveScaling, ScalingTargetId: t"},

	{"ecs-fargate-size", "ECS::TaskDefinition", "Memory", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256, Memory: 4096", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: '512', Memory: '3072'"},
	{"ecs-fargate-required", "ECS::TaskDefinition", "", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256, Memory: 512"},
	{"ecs-fargate-network", "ECS::TaskDefinition", "NetworkMode", "RequiresCompatibilities: [FARGATE], NetworkMode: bridge, Cpu: 256, Memory: 512", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256, Memory: 512"},
	{"ecs-fargate-role", "ECS::TaskDefinition", "", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256, Memory: 512, ContainerDefinitions: [{" + container + ", LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: g, awslogs-region: r}}}]", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256, Memory: 512, ExecutionRoleArn: 'arn:aws:iam::1:role/x', ContainerDefinitions: [{" + container + ", LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: g, awslogs-region: r}}}]"},
	{"ecs-fargate-properties", "ECS::TaskDefinition", "PlacementConstraints", "RequiresCompatibilities: [FARGATE], NetworkMode: awsvpc, Cpu: 256, Memory: 512, PlacementConstraints: [{Type: memberOf}]", "PlacementConstraints: [{Type: memberOf}]"},
	{"ecs-container-essential", "ECS::TaskDefinition", "ContainerDefinitions", "ContainerDefinitions: [{" + container + ", Essential: false}]", "ContainerDefinitions: [{" + container + "}]"},
	{"ecs-container-twice", "ECS::TaskDefinition", "ContainerDefinitions[1].Name", "ContainerDefinitions: [{" + container + "}, {" + container + "}]", "ContainerDefinitions: [{" + container + "}, {Name: d, Image: i, Memory: 8}]"},
	{"ecs-container-memory", "ECS::TaskDefinition", "ContainerDefinitions[0]", "ContainerDefinitions: [{Name: c, Image: i}]", "Memory: 512, ContainerDefinitions: [{Name: c, Image: i}]"},
	{"ecs-container-reservation", "ECS::TaskDefinition", "ContainerDefinitions[0].MemoryReservation", "ContainerDefinitions: [{" + container + ", MemoryReservation: 9}]", "ContainerDefinitions: [{" + container + ", MemoryReservation: 8}]"},
	{"ecs-container-image", "ECS::TaskDefinition", "ContainerDefinitions[0]", "ContainerDefinitions: [{Name: c, Memory: 8}]", "ContainerDefinitions: [{" + container + "}]"},
	{"ecs-container-depends", "ECS::TaskDefinition", "ContainerDefinitions[0].DependsOn[0].ContainerName", "ContainerDefinitions: [{" + container + ", DependsOn: [{ContainerName: d}]}]", "ContainerDefinitions: [{" + container + ", DependsOn: [{ContainerName: d}]}, {Name: d, Image: i, Memory: 8}]"},
	{"ecs-container-logs", "ECS::TaskDefinition", "ContainerDefinitions[0].LogConfiguration", "ContainerDefinitions: [{" + container + ", LogConfiguration: {LogDriver: awslogs}}]", "ContainerDefinitions: [{" + container + ", LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: g, awslogs-region: r}}}]"},
	{"ecs-host-port", "ECS::TaskDefinition", "ContainerDefinitions[0].PortMappings[0].HostPort", "NetworkMode: awsvpc, ContainerDefinitions: [{" + container + ", PortMappings: [{ContainerPort: 80, HostPort: 81}]}]", "NetworkMode: bridge, ContainerDefinitions: [{" + container + ", PortMappings: [{ContainerPort: 80, HostPort: 81}]}]"},
	{"ecs-mount", "ECS::TaskDefinition", "ContainerDefinitions[0].MountPoints[0].SourceVolume", "ContainerDefinitions: [{" + container + ", MountPoints: [{SourceVolume: v}]}]", "Volumes: [{Name: v}], ContainerDefinitions: [{" + container + ", MountPoints: [{SourceVolume: v}]}]"},
	{"ecs-environment-twice", "ECS::TaskDefinition", "ContainerDefinitions[0].Environment[1].Name", "ContainerDefinitions: [{" + container + ", Environment: [{Name: a, Value: b}, {Name: a, Value: c}]}]", "ContainerDefinitions: [{" + container + ", Environment: [{Name: a, Value: b}, {Name: d, Value: c}]}]"},
	{"ecs-volume", "ECS::TaskDefinition", "Volumes[0].Host", "Volumes: [{Name: v, Host: {SourcePath: /}, EFSVolumeConfiguration: {FilesystemId: f}}]", "Volumes: [{Name: v, Host: {SourcePath: /}}]"},
	{"ecs-service-launch", "ECS::Service", "LaunchType", "TaskDefinition: t, LaunchType: EC2, CapacityProviderStrategy: [{CapacityProvider: p}]", "TaskDefinition: t, LaunchType: EC2"},
	{"ecs-service-task", "ECS::Service", "", "DesiredCount: 1", "DesiredCount: 1, DeploymentController: {Type: EXTERNAL}"},
	{"ecs-service-network", "ECS::Service", "", "TaskDefinition: !Ref T & " + awsTask, "TaskDefinition: !Ref T, " + subnets + " & " + awsTask},
	{"ecs-service-daemon", "ECS::Service", "DesiredCount", "TaskDefinition: t, SchedulingStrategy: DAEMON, DesiredCount: 1", "TaskDefinition: t, SchedulingStrategy: DAEMON"},
	{"ecs-service-fargate-daemon", "ECS::Service", "SchedulingStrategy", "TaskDefinition: t, SchedulingStrategy: DAEMON, LaunchType: FARGATE, " + subnets, "TaskDefinition: t, SchedulingStrategy: REPLICA, LaunchType: FARGATE, " + subnets},
	{"ecs-service-fargate", "ECS::Service", "LaunchType", "TaskDefinition: !Ref T, LaunchType: FARGATE, " + subnets + " & " + awsTask, "TaskDefinition: !Ref T, LaunchType: EC2, " + subnets + " & " + awsTask},
	{"ecs-service-target", "ECS::Service", "LoadBalancers[0].ContainerPort", "TaskDefinition: !Ref T, LoadBalancers: [{ContainerName: c, ContainerPort: 81, TargetGroupArn: 'arn:x'}], " + subnets + " & " + awsTask, "TaskDefinition: !Ref T, LoadBalancers: [{ContainerName: c, ContainerPort: 80, TargetGroupArn: 'arn:x'}], " + subnets + " & " + awsTask},
	{"ecs-service-target", "ECS::Service", "LoadBalancers[0].ContainerName", "TaskDefinition: !Ref T, LoadBalancers: [{ContainerName: d, ContainerPort: 80, TargetGroupArn: 'arn:x'}], " + subnets + " & " + awsTask, "TaskDefinition: t"},
	{"ecs-service-target-type", "ECS::Service", "LoadBalancers[0].TargetGroupArn", "TaskDefinition: !Ref T, LoadBalancers: [{ContainerName: c, ContainerPort: 80, TargetGroupArn: !Ref G}], " + subnets + " & " + awsTask + " & G: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-1}}", "TaskDefinition: !Ref T, LoadBalancers: [{ContainerName: c, ContainerPort: 80, TargetGroupArn: !Ref G}], " + subnets + " & " + awsTask + " & G: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-1, TargetType: ip}}"},
	{"ecs-service-balancer", "ECS::Service", "LoadBalancers[0].TargetGroupArn", "TaskDefinition: t, LoadBalancers: [{ContainerName: c, ContainerPort: 80, TargetGroupArn: 'arn:x', LoadBalancerName: b}]", "TaskDefinition: t, LoadBalancers: [{ContainerName: c, ContainerPort: 80, LoadBalancerName: b}]"},
	{"ecs-service-percent", "ECS::Service", "DeploymentConfiguration.MinimumHealthyPercent", "TaskDefinition: t, DeploymentConfiguration: {MinimumHealthyPercent: 100, MaximumPercent: 50}", "TaskDefinition: t, DeploymentConfiguration: {MinimumHealthyPercent: 50, MaximumPercent: 100}"},
	{"ecs-service-grace", "ECS::Service", "HealthCheckGracePeriodSeconds", "TaskDefinition: t, HealthCheckGracePeriodSeconds: 9", "TaskDefinition: t, HealthCheckGracePeriodSeconds: 9, LoadBalancers: [{ContainerName: c, ContainerPort: 80, LoadBalancerName: b}]"},

	{"lambda-runtime", "Lambda::Function", "Runtime", function + "Handler: a.b, Runtime: nodejs12.x, Code: {ZipFile: x}", zip + "Code: {ZipFile: x}"},
	{"lambda-runtime-unknown", "Lambda::Function", "Runtime", function + "Handler: a.b, Runtime: python9.9, Code: {ZipFile: x}", zip + "Code: {ZipFile: x}"},
	{"lambda-zip", "Lambda::Function", "", function + "Handler: a.b, Code: {ZipFile: x}", zip + "Code: {ZipFile: x}"},
	{"lambda-image", "Lambda::Function", "Handler", function + "PackageType: Image, Handler: a.b, Code: {ImageUri: x}", function + "PackageType: Image, Code: {ImageUri: x}"},
	{"lambda-code", "Lambda::Function", "Code.ZipFile", zip + "Code: {ZipFile: x, S3Bucket: b, S3Key: k}", zip + "Code: {S3Bucket: b, S3Key: k}"},
	{"lambda-code-key", "Lambda::Function", "Code", zip + "Code: {S3Bucket: b}", zip + "Code: {S3Bucket: b, S3Key: k}"},
	{"lambda-code-inline", "Lambda::Function", "Code.ZipFile", function + "Handler: a.b, Runtime: java21, Code: {ZipFile: x}", function + "Handler: a.b, Runtime: java21, Code: {S3Bucket: b, S3Key: k}"},
	{"lambda-variable", "Lambda::Function", "Environment.Variables.AWS_REGION", zip + "Code: {ZipFile: x}, Environment: {Variables: {AWS_REGION: x}}", zip + "Code: {ZipFile: x}, Environment: {Variables: {MY_REGION: x}}"},
	{"lambda-layers", "Lambda::Function", "Layers", zip + "Code: {ZipFile: x}, Layers: [a, b, c, d, e, f]", zip + "Code: {ZipFile: x}, Layers: [a, b, c, d, e]"},
	{"lambda-architectures", "Lambda::Function", "Architectures", zip + "Code: {ZipFile: x}, Architectures: [x86_64, arm64]", zip + "Code: {ZipFile: x}, Architectures: [arm64]"},
	{"lambda-snapstart", "Lambda::Function", "SnapStart", zip + "Code: {ZipFile: x}, SnapStart: {ApplyOn: PublishedVersions}", zip + "Code: {ZipFile: x}, SnapStart: {ApplyOn: PublishedVersions} & V: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref A}}"},
	{"lambda-source-position", "Lambda::EventSourceMapping", "", "FunctionName: f, EventSourceArn: !GetAtt S.Arn & S: {Type: AWS::Kinesis::Stream}", "FunctionName: f, StartingPosition: LATEST, EventSourceArn: !GetAtt S.Arn & S: {Type: AWS::Kinesis::Stream}"},
	{"lambda-source-queue", "Lambda::EventSourceMapping", "StartingPosition", "FunctionName: f, StartingPosition: LATEST, EventSourceArn: !GetAtt S.Arn & S: {Type: AWS::SQS::Queue}", "FunctionName: f, EventSourceArn: !GetAtt S.Arn & S: {Type: AWS::SQS::Queue}"},
	{"lambda-source-timeout", "Lambda::EventSourceMapping", "", "FunctionName: !Ref F, EventSourceArn: !GetAtt S.Arn & S: {Type: AWS::SQS::Queue} & F: {Type: AWS::Lambda::Function, Properties: {" + zip + "Timeout: 60, Code: {ZipFile: x}}}", "FunctionName: !Ref F, EventSourceArn: !GetAtt S.Arn & S: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 360}} & F: {Type: AWS::Lambda::Function, Properties: {" + zip + "Timeout: 60, Code: {ZipFile: x}}}"},
	{"lambda-permission-account", "Lambda::Permission", "", "FunctionName: f, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com", "FunctionName: f, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId"},
	{"lambda-url-cors", "Lambda::Url", "Cors.AllowOrigins", "TargetFunctionArn: f, AuthType: NONE, Cors: {AllowCredentials: true, AllowOrigins: ['*']}", "TargetFunctionArn: f, AuthType: NONE, Cors: {AllowOrigins: ['*']}"},

	{"ec2-instance-image", "EC2::Instance", "", "InstanceType: t3.micro", "ImageId: ami-1"},
	{"ec2-instance-interfaces", "EC2::Instance", "SubnetId", "ImageId: ami-1, SubnetId: subnet-1, NetworkInterfaces: [{DeviceIndex: 0}]", "ImageId: ami-1, NetworkInterfaces: [{DeviceIndex: 0}]"},
	{"ec2-instance-groups", "EC2::Instance", "SecurityGroups", "ImageId: ami-1, SecurityGroups: [a], SecurityGroupIds: [sg-1]", "ImageId: ami-1, SecurityGroups: [a]"},
	{"ec2-launch-template", "EC2::Instance", "LaunchTemplate", "LaunchTemplate: {Version: 1}", "LaunchTemplate: {LaunchTemplateName: n, Version: 1}"},
	{"ec2-launch-template-version", "EC2::Instance", "LaunchTemplate", "LaunchTemplate: {LaunchTemplateName: n}", "LaunchTemplate: {LaunchTemplateName: n, Version: 1}"},
	{"ec2-block-device", "EC2::Instance", "BlockDeviceMappings[0].VirtualName", "ImageId: ami-1, BlockDeviceMappings: [{DeviceName: a, Ebs: {VolumeSize: 1}, VirtualName: v}]", "ImageId: ami-1, BlockDeviceMappings: [{DeviceName: a, Ebs: {VolumeSize: 1}}]"},
	{"ec2-block-device-twice", "EC2::Instance", "BlockDeviceMappings[1].DeviceName", "ImageId: ami-1, BlockDeviceMappings: [{DeviceName: a}, {DeviceName: a}]", "ImageId: ami-1, BlockDeviceMappings: [{DeviceName: a}, {DeviceName: b}]"},
	{"ec2-volume-size", "EC2::Volume", "", "AvailabilityZone: !Select [0, !GetAZs '']", "AvailabilityZone: !Select [0, !GetAZs ''], SnapshotId: s"},
	{"ec2-volume-iops", "EC2::Volume", "", "AvailabilityZone: a, Size: 1, VolumeType: io1", "AvailabilityZone: a, Size: 1, VolumeType: io1, Iops: 100"},
	{"ec2-volume-throughput", "EC2::Volume", "Throughput", "AvailabilityZone: a, Size: 1, VolumeType: gp2, Throughput: 200", "AvailabilityZone: a, Size: 1, VolumeType: gp3, Throughput: 200"},
	{"ec2-ebs-iops", "EC2::Instance", "BlockDeviceMappings[0].Ebs", "ImageId: ami-1, BlockDeviceMappings: [{DeviceName: a, Ebs: {VolumeType: io2}}]", "ImageId: ami-1, BlockDeviceMappings: [{DeviceName: a, Ebs: {VolumeType: gp3}}]"},
	{"ec2-user-data", "EC2::Instance", "UserData", "ImageId: ami-1, UserData: '#!/bin/sh'", "ImageId: ami-1, UserData: !Base64 '#!/bin/sh'"},
	{"ec2-group-ports", "EC2::SecurityGroupIngress", "FromPort", "GroupId: g, IpProtocol: tcp, FromPort: 90, ToPort: 80, CidrIp: 10.0.0.0/8", "GroupId: g, IpProtocol: tcp, FromPort: 80, ToPort: 90, CidrIp: 10.0.0.0/8"},
	{"ec2-group-ports-missing", "EC2::SecurityGroup", "SecurityGroupIngress[0]", "GroupDescription: x, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 90, CidrIp: 10.0.0.0/8}]", "GroupDescription: x, SecurityGroupIngress: [{IpProtocol: '-1', CidrIp: 10.0.0.0/8}]"},
	{"ec2-group-source", "EC2::SecurityGroup", "SecurityGroupIngress[0]", "GroupDescription: x, SecurityGroupIngress: [{IpProtocol: '-1'}]", "GroupDescription: x, SecurityGroupEgress: [{IpProtocol: '-1', CidrIpv6: '::/0'}]"},
	{"ec2-group-owner", "EC2::SecurityGroupIngress", "", "IpProtocol: '-1', CidrIp: 10.0.0.0/8", "GroupName: g, IpProtocol: '-1', CidrIp: 10.0.0.0/8"},
	{"ec2-eip-association", "EC2::EIPAssociation", "", "AllocationId: x", "AllocationId: x, InstanceId: i-1"},
	{"ec2-launch-template-groups", "EC2::LaunchTemplate", "LaunchTemplateData.SecurityGroupIds", "LaunchTemplateData: {NetworkInterfaces: [{DeviceIndex: 0}], SecurityGroupIds: [sg-1]}", "LaunchTemplateData: {SecurityGroupIds: [sg-1]}"},

	{"elbv2-subnets", "ElasticLoadBalancingV2::LoadBalancer", "Subnets", "Subnets: [a, b], SubnetMappings: [{SubnetId: subnet-1}, {SubnetId: subnet-2}]", "Subnets: [a, b]"},
	{"elbv2-subnets-two", "ElasticLoadBalancingV2::LoadBalancer", "Subnets", "Subnets: [a]", "Subnets: [a], Type: network"},
	{"elbv2-name", "ElasticLoadBalancingV2::LoadBalancer", "Name", "Name: internal-a, Subnets: [a, b]", "Name: a-b, Subnets: [a, b]"},
	{"elbv2-listener-protocol", "ElasticLoadBalancingV2::Listener", "Protocol", "LoadBalancerArn: !Ref L, Port: 80, Protocol: TCP, DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}] & L: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [a, b]}}", "LoadBalancerArn: !Ref L, Port: 80, Protocol: HTTP, DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}] & L: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [a, b]}}"},
	{"elbv2-listener-certificate", "ElasticLoadBalancingV2::Listener", "", "LoadBalancerArn: 'arn:l', Port: 443, Protocol: HTTPS, DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}]", "LoadBalancerArn: 'arn:l', Port: 443, Protocol: HTTPS, Certificates: [{CertificateArn: 'arn:c'}], DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}]"},
	{"elbv2-listener-plain", "ElasticLoadBalancingV2::Listener", "SslPolicy", "LoadBalancerArn: 'arn:l', Port: 80, Protocol: HTTP, SslPolicy: p, DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}]", "LoadBalancerArn: 'arn:l', Port: 80, Protocol: HTTP, DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}]"},
	{"elbv2-action", "ElasticLoadBalancingV2::Listener", "DefaultActions[0]", "LoadBalancerArn: 'arn:l', Port: 80, Protocol: HTTP, DefaultActions: [{Type: redirect}]", "LoadBalancerArn: 'arn:l', Port: 80, Protocol: HTTP, DefaultActions: [{Type: redirect, RedirectConfig: {StatusCode: HTTP_301}}]"},
	{"elbv2-rule-priority", "ElasticLoadBalancingV2::ListenerRule", "Priority", "ListenerArn: 'arn:l', Priority: 0, Conditions: [{Field: path-pattern}], Actions: [{Type: forward, TargetGroupArn: 'arn:x'}]", "ListenerArn: 'arn:l', Priority: 1, Conditions: [{Field: path-pattern}], Actions: [{Type: forward, TargetGroupArn: 'arn:x'}]"},
	{code: "elbv2-rule-twice", path: "Resources.C.Properties.Priority", bad: twoRules("1"), good: twoRules("2")},
	{"elbv2-group-required", "ElasticLoadBalancingV2::TargetGroup", "", "Port: 80, Protocol: HTTP", "Port: 80, Protocol: HTTP, VpcId: vpc-1"},
	{"elbv2-group-lambda", "ElasticLoadBalancingV2::TargetGroup", "Port", "TargetType: lambda, Port: 80", "TargetType: lambda"},
	{"elbv2-health-time", "ElasticLoadBalancingV2::TargetGroup", "HealthCheckTimeoutSeconds", "Port: 80, Protocol: HTTP, VpcId: vpc-1, HealthCheckTimeoutSeconds: 10, HealthCheckIntervalSeconds: 10", "Port: 80, Protocol: HTTP, VpcId: vpc-1, HealthCheckTimeoutSeconds: 5, HealthCheckIntervalSeconds: 10"},
	{"elbv2-health-path", "ElasticLoadBalancingV2::TargetGroup", "HealthCheckPath", "Port: 80, Protocol: TCP, VpcId: vpc-1, HealthCheckProtocol: TCP, HealthCheckPath: /", "Port: 80, Protocol: TCP, VpcId: vpc-1, HealthCheckProtocol: HTTP, HealthCheckPath: /"},
	{"elb-listeners", "ElasticLoadBalancing::LoadBalancer", "Subnets", "Listeners: [{InstancePort: 80, LoadBalancerPort: 80, Protocol: HTTP}], Subnets: [a], AvailabilityZones: [b]", "Listeners: [{InstancePort: '80', LoadBalancerPort: '80', Protocol: HTTP}], Subnets: [a]"},

	{"iam-policy-attached", "IAM::Policy", "", "PolicyName: x, PolicyDocument: {Statement: []}", "PolicyName: x, Users: [u], PolicyDocument: {Statement: []}"},
	{"iam-path", "IAM::Role", "Path", "Path: team, AssumeRolePolicyDocument: {}", "Path: /team/, AssumeRolePolicyDocument: {}"},
	{"iam-profile-roles", "IAM::InstanceProfile", "Roles", "Roles: [a, b]", "Roles: [a]"},
	{"iam-session", "IAM::Role", "MaxSessionDuration", "MaxSessionDuration: 60, AssumeRolePolicyDocument: {}", "MaxSessionDuration: 3600, AssumeRolePolicyDocument: {}"},
	{"iam-managed-arn", "IAM::Role", "ManagedPolicyArns[0]", "ManagedPolicyArns: [ReadOnlyAccess], AssumeRolePolicyDocument: {}", "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess'], AssumeRolePolicyDocument: {}"},
	{"iam-managed-count", "IAM::Role", "ManagedPolicyArns", "ManagedPolicyArns: [!Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P, !Ref P], AssumeRolePolicyDocument: {} & P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {}}}", "ManagedPolicyArns: [!Ref P], AssumeRolePolicyDocument: {} & P: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {}}}"},
	{"iam-policy-twice", "IAM::Role", "Policies[1].PolicyName", "AssumeRolePolicyDocument: {}, Policies: [{PolicyName: a, PolicyDocument: {}}, {PolicyName: a, PolicyDocument: {}}]", "AssumeRolePolicyDocument: {}, Policies: [{PolicyName: a, PolicyDocument: {}}, {PolicyName: b, PolicyDocument: {}}]"},
	{"iam-assume-action", "IAM::Role", "AssumeRolePolicyDocument.Statement", "AssumeRolePolicyDocument: {Statement: []}", "AssumeRolePolicyDocument: {}"},
}

// twoRules is a template with two rules of one listener, the second of that priority.
func twoRules(priority string) string {
	rule := func(priority string) string {
		return "{Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref L, Priority: " + priority + ", Conditions: [{Field: path-pattern}], Actions: [{Type: forward, TargetGroupArn: 'arn:x'}]}}"
	}
	return "Resources: {L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: 'arn:l', DefaultActions: [{Type: forward, TargetGroupArn: 'arn:x'}]}}, B: " + rule("1") + ", C: " + rule(priority) + "}"
}
