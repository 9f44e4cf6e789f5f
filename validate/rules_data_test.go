package validate_test

const table = "AttributeDefinitions: [{AttributeName: a, AttributeType: S}], KeySchema: [{AttributeName: a, KeyType: HASH}], BillingMode: PAY_PER_REQUEST"

// tableOf is a table of two attributes with a key and more.
func tableOf(key, more string) string {
	return "BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: a, AttributeType: S}, {AttributeName: b, AttributeType: S}], KeySchema: [" + key + "]" + more
}

const (
	hashA  = "{AttributeName: a, KeyType: HASH}"
	rangeB = "{AttributeName: b, KeyType: RANGE}"
)

var dataRows = []row{
	{"s3-name", "S3::Bucket", "BucketName", "BucketName: My_Bucket", "BucketName: my-bucket"},
	{"s3-lifecycle", "S3::Bucket", "LifecycleConfiguration.Rules[0]", "LifecycleConfiguration: {Rules: [{Status: Enabled}]}", "LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: 1}]}"},
	{"s3-lifecycle-date", "S3::Bucket", "LifecycleConfiguration.Rules[0].ExpirationInDays", "LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: 1, ExpirationDate: '2030-01-01'}]}", "LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationDate: '2030-01-01'}]}"},
	{"s3-lifecycle-transition", "S3::Bucket", "LifecycleConfiguration.Rules[0].Transitions[0]", "LifecycleConfiguration: {Rules: [{Status: Enabled, Transitions: [{StorageClass: GLACIER}]}]}", "LifecycleConfiguration: {Rules: [{Status: Enabled, Transitions: [{StorageClass: GLACIER, TransitionInDays: 1}]}]}"},
	{"s3-lifecycle-twice", "S3::Bucket", "LifecycleConfiguration.Rules[1].Id", "LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, ExpirationInDays: 1}, {Id: a, Status: Enabled, ExpirationInDays: 1}]}", "LifecycleConfiguration: {Rules: [{Id: a, Status: Enabled, ExpirationInDays: 1}, {Id: b, Status: Enabled, ExpirationInDays: 1}]}"},
	{"s3-encryption-key", "S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID", "BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: AES256, KMSMasterKeyID: k}}]}", "BucketEncryption: {ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: k}}]}"},
	{"s3-website", "S3::Bucket", "WebsiteConfiguration.IndexDocument", "WebsiteConfiguration: {IndexDocument: i, RedirectAllRequestsTo: {HostName: h}}", "WebsiteConfiguration: {RedirectAllRequestsTo: {HostName: h}}"},
	{"s3-replication", "S3::Bucket", "ReplicationConfiguration", "ReplicationConfiguration: {Role: 'arn:aws:iam::1:role/x', Rules: [{Status: Enabled, Destination: {Bucket: b}}]}", "VersioningConfiguration: {Status: Enabled}, ReplicationConfiguration: {Role: 'arn:aws:iam::1:role/x', Rules: [{Status: Enabled, Destination: {Bucket: b}}]}"},
	{"s3-acl", "S3::Bucket", "AccessControl", "AccessControl: PublicRead", "AccessControl: PublicRead, OwnershipControls: {Rules: [{ObjectOwnership: ObjectWriter}]}"},
	{"s3-lock", "S3::Bucket", "ObjectLockEnabled", "ObjectLockEnabled: false, ObjectLockConfiguration: {ObjectLockEnabled: Enabled}", "ObjectLockEnabled: true, ObjectLockConfiguration: {ObjectLockEnabled: Enabled}"},
	{"s3-notification-order", "S3::Bucket", "NotificationConfiguration.LambdaConfigurations[0].Function", "NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]} & F: {Type: AWS::Lambda::Function, Properties: {" + zip + "Code: {ZipFile: x}}}", "NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]} & F: {Type: AWS::Lambda::Function, Properties: {" + zip + "Code: {ZipFile: x}}} & P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceAccount: !Ref AWS::AccountId}}"},

	{"sqs-fifo-name", "SQS::Queue", "QueueName", "FifoQueue: true, QueueName: q", "FifoQueue: true, QueueName: q.fifo"},
	{"sqs-fifo-property", "SQS::Queue", "ContentBasedDeduplication", "ContentBasedDeduplication: true", "FifoQueue: true, ContentBasedDeduplication: true"},
	{"sqs-redrive", "SQS::Queue", "RedrivePolicy", "RedrivePolicy: {maxReceiveCount: 3}", "RedrivePolicy: {maxReceiveCount: 3, deadLetterTargetArn: 'arn:x'}"},
	{"sqs-redrive-fifo", "SQS::Queue", "RedrivePolicy.deadLetterTargetArn", "FifoQueue: true, RedrivePolicy: {maxReceiveCount: 3, deadLetterTargetArn: !GetAtt D.Arn} & D: {Type: AWS::SQS::Queue}", "FifoQueue: true, RedrivePolicy: {maxReceiveCount: 3, deadLetterTargetArn: !GetAtt D.Arn} & D: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true}}"},
	{"sqs-encryption", "SQS::Queue", "KmsMasterKeyId", "KmsMasterKeyId: k, SqsManagedSseEnabled: true", "KmsMasterKeyId: k, SqsManagedSseEnabled: false"},
	{"sns-fifo-name", "SNS::Topic", "TopicName", "TopicName: t.fifo", "TopicName: t.fifo, FifoTopic: true"},
	{"sns-fifo-property", "SNS::Topic", "ContentBasedDeduplication", "ContentBasedDeduplication: true", "FifoTopic: true, ContentBasedDeduplication: true"},
	{"sns-endpoint", "SNS::Subscription", "", "TopicArn: 'arn:t', Protocol: email", "TopicArn: 'arn:t', Protocol: email, Endpoint: a@b"},
	{"sns-endpoint-syntax", "SNS::Subscription", "Endpoint", "TopicArn: 'arn:t', Protocol: https, Endpoint: 'http://b'", "TopicArn: 'arn:t', Protocol: https, Endpoint: 'https://b'"},
	{"sns-firehose-role", "SNS::Subscription", "", "TopicArn: 'arn:t', Protocol: firehose, Endpoint: 'arn:f'", "TopicArn: 'arn:t', Protocol: firehose, Endpoint: 'arn:f', SubscriptionRoleArn: 'arn:r'"},
	{"events-trigger", "Events::Rule", "", "Name: n", "Name: n, EventPattern: {source: [aws.ec2]}"},
	{"events-schedule", "Events::Rule", "ScheduleExpression", "ScheduleExpression: rate(5 minute)", "ScheduleExpression: 'cron(0 12 * * ? *)'"},
	{"events-targets", "Events::Rule", "Targets", "ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: x}, {Id: b, Arn: x}, {Id: c, Arn: x}, {Id: d, Arn: x}, {Id: e, Arn: x}, {Id: f, Arn: x}]", "ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: x}]"},
	{"events-target-twice", "Events::Rule", "Targets[1].Id", "ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: x}, {Id: a, Arn: x}]", "ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: x}, {Id: b, Arn: x}]"},
	{"events-target-input", "Events::Rule", "Targets[0].InputPath", "ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: x, Input: '{}', InputPath: $}]", "ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: x, Input: '{}'}]"},
	{"scheduler-expression", "Scheduler::Schedule", "ScheduleExpression", "ScheduleExpression: daily, FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: x, RoleArn: 'arn:r'}", "ScheduleExpression: at(2030-01-01T00:00:00), FlexibleTimeWindow: {Mode: 'OFF'}, Target: {Arn: x, RoleArn: 'arn:r'}"},
	{"scheduler-window", "Scheduler::Schedule", "FlexibleTimeWindow", "ScheduleExpression: rate(1 day), FlexibleTimeWindow: {Mode: FLEXIBLE}, Target: {Arn: x, RoleArn: 'arn:r'}", "ScheduleExpression: rate(1 day), FlexibleTimeWindow: {Mode: FLEXIBLE, MaximumWindowInMinutes: 5}, Target: {Arn: x, RoleArn: 'arn:r'}"},
	{"kinesis-shards", "Kinesis::Stream", "ShardCount", "ShardCount: 1, StreamModeDetails: {StreamMode: ON_DEMAND}", "ShardCount: 1"},

	{"dynamodb-key-attribute", "DynamoDB::Table", "KeySchema[0].AttributeName", "AttributeDefinitions: [], KeySchema: [" + hashA + "], BillingMode: PAY_PER_REQUEST", table},
	{"dynamodb-attribute-unused", "DynamoDB::Table", "AttributeDefinitions[1]", tableOf(hashA, ""), tableOf(hashA+", "+rangeB, "")},
	{"dynamodb-key-schema", "DynamoDB::Table", "KeySchema[0].KeyType", tableOf(rangeB+", "+hashA, ""), tableOf(hashA+", "+rangeB, "")},
	{"dynamodb-throughput", "DynamoDB::Table", "", "AttributeDefinitions: [{AttributeName: a, AttributeType: S}], KeySchema: [" + hashA + "]", table},
	{"dynamodb-throughput-demand", "DynamoDB::Table", "ProvisionedThroughput", table + ", ProvisionedThroughput: {ReadCapacityUnits: 1, WriteCapacityUnits: 1}", table},
	{"dynamodb-projection", "DynamoDB::Table", "GlobalSecondaryIndexes[0].Projection", tableOf(hashA, ", GlobalSecondaryIndexes: [{IndexName: idx, KeySchema: [{AttributeName: b, KeyType: HASH}], Projection: {ProjectionType: INCLUDE}}]"), tableOf(hashA, ", GlobalSecondaryIndexes: [{IndexName: idx, KeySchema: [{AttributeName: b, KeyType: HASH}], Projection: {ProjectionType: ALL}}]")},
	{"dynamodb-index-twice", "DynamoDB::Table", "GlobalSecondaryIndexes[1].IndexName", tableOf(hashA, ", GlobalSecondaryIndexes: [{IndexName: idx, KeySchema: [{AttributeName: b, KeyType: HASH}], Projection: {ProjectionType: ALL}}, {IndexName: idx, KeySchema: [{AttributeName: b, KeyType: HASH}], Projection: {ProjectionType: ALL}}]"), tableOf(hashA, ", GlobalSecondaryIndexes: [{IndexName: idx, KeySchema: [{AttributeName: b, KeyType: HASH}], Projection: {ProjectionType: ALL}}]")},
	{"dynamodb-attribute-twice", "DynamoDB::Table", "AttributeDefinitions[1].AttributeName", "BillingMode: PAY_PER_REQUEST, AttributeDefinitions: [{AttributeName: a, AttributeType: S}, {AttributeName: a, AttributeType: N}], KeySchema: [" + hashA + "]", table},
	{"dynamodb-local-index", "DynamoDB::Table", "LocalSecondaryIndexes", tableOf(hashA, ", LocalSecondaryIndexes: [{IndexName: idx, KeySchema: ["+hashA+", "+rangeB+"], Projection: {ProjectionType: ALL}}]"), tableOf(hashA+", "+rangeB, ", LocalSecondaryIndexes: [{IndexName: idx, KeySchema: ["+hashA+", "+rangeB+"], Projection: {ProjectionType: ALL}}]")},
	{"dynamodb-key-encryption", "DynamoDB::Table", "SSESpecification.KMSMasterKeyId", table + ", SSESpecification: {SSEEnabled: false, KMSMasterKeyId: k}", table + ", SSESpecification: {SSEEnabled: true, KMSMasterKeyId: k}"},

	{"rds-storage", "RDS::DBInstance", "", "DBInstanceClass: c, Engine: mysql, MasterUsername: u, ManageMasterUserPassword: true", "DBInstanceClass: c, Engine: mysql, MasterUsername: u, ManageMasterUserPassword: true, AllocatedStorage: '20'"},
	{"rds-user", "RDS::DBInstance", "", "DBInstanceClass: c, Engine: mysql, AllocatedStorage: '20'", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s"},
	{"rds-password", "RDS::DBInstance", "MasterUserPassword", "DBInstanceClass: c, Engine: mysql, AllocatedStorage: '20', MasterUsername: u, MasterUserPassword: '{{resolve:ssm:x}}', ManageMasterUserPassword: true", "DBInstanceClass: c, Engine: mysql, AllocatedStorage: '20', MasterUsername: u, ManageMasterUserPassword: true"},
	{"rds-password-missing", "RDS::DBInstance", "", "DBInstanceClass: c, Engine: mysql, AllocatedStorage: '20', MasterUsername: u", "DBInstanceClass: c, Engine: mysql, AllocatedStorage: '20', MasterUsername: u, MasterUserPassword: '{{resolve:ssm:x}}'"},
	{"rds-password-length", "RDS::DBCluster", "MasterUserPassword", "Engine: aurora, MasterUserPassword: short", "Engine: aurora, MasterUserPassword: longer-than-that"},
	{"rds-iops", "RDS::DBInstance", "", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, StorageType: io1", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, StorageType: io1, Iops: 1000"},
	{"rds-monitoring", "RDS::DBInstance", "", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, MonitoringInterval: 60", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, MonitoringInterval: 60, MonitoringRoleArn: 'arn:r'"},
	{"rds-monitoring-interval", "RDS::DBInstance", "MonitoringInterval", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, MonitoringRoleArn: 'arn:r', MonitoringInterval: 7", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, MonitoringInterval: 0"},
	{"rds-zone", "RDS::DBInstance", "AvailabilityZone", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, MultiAZ: true, AvailabilityZone: a", "DBInstanceClass: c, Engine: mysql, DBSnapshotIdentifier: s, MultiAZ: true"},
	{"rds-cluster-instance", "RDS::DBInstance", "AllocatedStorage", "DBInstanceClass: c, Engine: aurora-mysql, DBClusterIdentifier: d, AllocatedStorage: '20'", "DBInstanceClass: c, Engine: aurora-mysql, DBClusterIdentifier: d"},
	{"rds-key", "RDS::DBCluster", "KmsKeyId", "Engine: aurora-mysql, StorageEncrypted: false, KmsKeyId: k", "Engine: aurora-mysql, StorageEncrypted: true, KmsKeyId: k"},
	{"rds-serverless", "RDS::DBCluster", "ServerlessV2ScalingConfiguration.MinCapacity", "Engine: aurora-mysql, ServerlessV2ScalingConfiguration: {MinCapacity: 4, MaxCapacity: 1}", "Engine: aurora-mysql, ServerlessV2ScalingConfiguration: {MinCapacity: 0.5, MaxCapacity: 1}"},
	{"rds-subnets", "RDS::DBSubnetGroup", "SubnetIds", "DBSubnetGroupDescription: d, SubnetIds: [subnet-1]", "DBSubnetGroupDescription: d, SubnetIds: [subnet-1, subnet-2]"},

	{"kms-alias", "KMS::Alias", "AliasName", "AliasName: jobs, TargetKeyId: k", "AliasName: alias/jobs, TargetKeyId: k"},
	{"kms-alias-reserved", "KMS::Alias", "AliasName", "AliasName: alias/aws/s3, TargetKeyId: k", "AliasName: alias/s3, TargetKeyId: k"},
	{"kms-rotation", "KMS::Key", "EnableKeyRotation", "KeySpec: RSA_2048, KeyUsage: SIGN_VERIFY, EnableKeyRotation: true", "KeySpec: SYMMETRIC_DEFAULT, EnableKeyRotation: true"},
	{"kms-usage", "KMS::Key", "", "KeySpec: ECC_NIST_P256", "KeySpec: ECC_NIST_P256, KeyUsage: SIGN_VERIFY"},
	{"secretsmanager-value", "SecretsManager::Secret", "SecretString", "SecretString: '{{resolve:ssm:x}}', GenerateSecretString: {}", "GenerateSecretString: {}"},
	{"secretsmanager-template", "SecretsManager::Secret", "GenerateSecretString", "GenerateSecretString: {SecretStringTemplate: '{}'}", "GenerateSecretString: {SecretStringTemplate: '{}', GenerateStringKey: k}"},
	{"secretsmanager-template-json", "SecretsManager::Secret", "GenerateSecretString.SecretStringTemplate", "GenerateSecretString: {SecretStringTemplate: '{', GenerateStringKey: k}", "GenerateSecretString: {SecretStringTemplate: '{}', GenerateStringKey: k}"},
	{"secretsmanager-rotation", "SecretsManager::RotationSchedule", "RotationLambdaARN", "SecretId: s, RotationLambdaARN: 'arn:l', HostedRotationLambda: {RotationType: MySQLSingleUser}", "SecretId: s, RotationLambdaARN: 'arn:l'"},
	{"secretsmanager-rotation-rule", "SecretsManager::RotationSchedule", "RotationRules.ScheduleExpression", "SecretId: s, RotationRules: {AutomaticallyAfterDays: 1, ScheduleExpression: rate(1 day)}", "SecretId: s, RotationRules: {AutomaticallyAfterDays: 1}"},
	{"acm-domain", "CertificateManager::Certificate", "DomainValidationOptions[0].ValidationDomain", "DomainName: d, ValidationMethod: DNS, DomainValidationOptions: [{DomainName: d, HostedZoneId: z, ValidationDomain: d}]", "DomainName: d, ValidationMethod: DNS, DomainValidationOptions: [{DomainName: d, HostedZoneId: z}]"},
}
