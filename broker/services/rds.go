package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/resources/rds"
	"github.com/updraft-go/updraft/resources/secretsmanager"
	"github.com/updraft-go/updraft/stack"
)

// An engine is a kind of database.
type engine struct{ service, title, engine, version, port, tag string }

// RDSMySQL is a MySQL database, in the plans development and production. All bindings get its master
// user, whose password is in Secrets Manager only. In production, a last snapshot is kept.
func RDSMySQL() *broker.Service {
	return database(engine{"rdsmysql", "Amazon RDS for MySQL", "mysql", "8.4", "3306", "mysql"})
}

// RDSPostgreSQL is a PostgreSQL database, in all else as [RDSMySQL].
func RDSPostgreSQL() *broker.Service {
	return database(engine{"rdspostgresql", "Amazon RDS for PostgreSQL", "postgres", "17", "5432", "postgresql"})
}

func database(e engine) *broker.Service {
	return &broker.Service{
		Name: e.service, DisplayName: e.title, Description: "A database of " + e.title, ProviderName: provider,
		LongDescription:  "A database server of its own, encrypted, in a VPC.",
		DocumentationURL: "https://docs.aws.amazon.com/rds/", Tags: []string{"AWS", "RDS", e.tag, "relational"},
		Plans: []broker.Plan{
			{Name: "development", DisplayName: "Development", Description: "One small server, which leaves nothing behind", Cost: "https://aws.amazon.com/rds/pricing/",
				Defaults: map[string]string{"AllocatedStorage": "20", "DBInstanceClass": "db.t4g.micro"}},
			{Name: "production", DisplayName: "Production", Description: "A server and its stand-in in another zone, with backups of two weeks", Cost: "https://aws.amazon.com/rds/pricing/",
				Defaults: map[string]string{"AllocatedStorage": "100", "DBInstanceClass": "db.m7g.large"}},
		},
		Template:  func(plan string) (*stack.Template, error) { return databaseTemplate(e, plan == "production") },
		Updatable: []string{"AllocatedStorage", "DBInstanceClass"},
	}
}

func databaseTemplate(e engine, production bool) (*stack.Template, error) {
	t := &stack.Template{Description: "a database of a service broker"}
	vpc := t.Parameter("VpcId", stack.Parameter{Type: "AWS::EC2::VPC::Id", Description: "The VPC in which the database is"})
	subnets := t.ListParameter("Subnets", stack.Parameter{Type: "List<AWS::EC2::Subnet::Id>", Description: "Subnets of the VPC in two zones or more, with commas between"})
	from := t.Parameter("AccessCidr", stack.Parameter{
		Description: "The addresses that reach the database", Default: "10.0.0.0/8",
		AllowedPattern: `(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})`, ConstraintDescription: "must be a block of addresses such as 10.0.0.0/8",
	})
	name := t.Parameter("DBName", stack.Parameter{Description: "Name of the database", Default: "app", AllowedPattern: "[a-zA-Z][a-zA-Z0-9]*", MaxLength: fn.Int(60), ConstraintDescription: "must be letters and digits, beginning with a letter"})
	storage := t.NumberParameter("AllocatedStorage", stack.Parameter{Description: "Gigabytes of storage", MinValue: fn.Num(20), MaxValue: fn.Num(65536), Default: "20"})
	class := t.Parameter("DBInstanceClass", stack.Parameter{Description: "Size of the server", AllowedPattern: `db\.[a-z0-9]+\.[a-z0-9]+`, Default: "db.t4g.micro", ConstraintDescription: "must be a class such as db.t4g.micro"})

	secret := stack.Add(t, "Secret", &secretsmanager.Secret{
		Description: "the master user of the database",
		GenerateSecretString: &secretsmanager.Secret_GenerateSecretString{
			SecretStringTemplate: `{"username": "master"}`, GenerateStringKey: "password", PasswordLength: fn.Int(32), ExcludePunctuation: fn.True,
		},
	})
	group := stack.Add(t, "SubnetGroup", &rds.DBSubnetGroup{DBSubnetGroupDescription: "subnets of the database", SubnetIds: subnets.Ref()})
	wall := stack.Add(t, "SecurityGroup", &ec2.SecurityGroup{
		GroupDescription: "who reaches the database", VpcId: vpc.Ref(),
		SecurityGroupIngress: []ec2.SecurityGroup_Ingress{{IpProtocol: "tcp", FromPort: fn.Integer(e.port), ToPort: fn.Integer(e.port), CidrIp: from.Ref()}},
	})
	server := &rds.DBInstance{
		Engine: fn.String(e.engine), EngineVersion: fn.String(e.version), DBInstanceClass: class.Ref(), DBName: name.Ref(), Port: fn.String(e.port),
		AllocatedStorage: fn.String(storage.Ref()), StorageType: "gp3", StorageEncrypted: fn.True, CopyTagsToSnapshot: fn.True,
		MasterUsername: "master", MasterUserPassword: fn.ResolveSecret(fn.Secret{ID: secret.Ref(), Key: "password"}),
		DBSubnetGroupName: group.Ref(), VPCSecurityGroups: []fn.String{wall.AttrGroupId()}, PubliclyAccessible: fn.False,
		MultiAZ: fn.Bool(production), BackupRetentionPeriod: fn.Int(1),
	}
	keep := stack.Attributes{DeletionPolicy: stack.Delete, UpdateReplacePolicy: stack.Snapshot}
	if production {
		server.BackupRetentionPeriod = fn.Int(14)
		keep.DeletionPolicy = stack.Snapshot
	}
	stack.Add(t, "Server", server, keep)
	t.Output("EndpointAddress", stack.Output{Description: "Host name of the database", Value: server.AttrEndpoint_Address()})
	t.Output("Port", stack.Output{Description: "Port of the database", Value: server.AttrEndpoint_Port()})
	t.Output("DBName", stack.Output{Description: "Name of the database", Value: name.Ref()})
	t.Output("MasterUsername", stack.Output{Description: "Name of the user", Value: "master"})
	t.Output("MasterPassword", stack.Output{Description: "Where the user's password is", Value: "secretsmanager:" + secret.Ref() + "#password"})
	return t, nil
}
