package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/ec2"
	"github.com/updraft-go/updraft/resources/elasticache"
	"github.com/updraft-go/updraft/resources/secretsmanager"
	"github.com/updraft-go/updraft/stack"
)

// ElastiCache is a cache that speaks Redis's protocol (Valkey), in the plans development and
// production. All bindings get its password, which is in Secrets Manager only.
func ElastiCache() *broker.Service {
	return &broker.Service{
		Name: "elasticache", DisplayName: "Amazon ElastiCache", Description: "A cache of Amazon ElastiCache", ProviderName: provider,
		LongDescription:  "A cache that speaks the protocol of Redis, encrypted, with a password, in a VPC.",
		DocumentationURL: "https://docs.aws.amazon.com/elasticache/", Tags: []string{"AWS", "ElastiCache", "redis", "valkey", "cache"},
		Plans: []broker.Plan{
			{Name: "development", DisplayName: "Development", Description: "One small node", Cost: "https://aws.amazon.com/elasticache/pricing/"},
			{Name: "production", DisplayName: "Production", Description: "Two nodes in two zones", Cost: "https://aws.amazon.com/elasticache/pricing/",
				Defaults: map[string]string{"CacheNodeType": "cache.m7g.large"}},
		},
		Template:  cacheTemplate,
		Updatable: []string{"CacheNodeType"},
	}
}

func cacheTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a cache of a service broker"}
	vpc := t.Parameter("VpcId", stack.Parameter{Type: "AWS::EC2::VPC::Id", Description: "The VPC in which the cache is"})
	subnets := t.ListParameter("Subnets", stack.Parameter{Type: "List<AWS::EC2::Subnet::Id>", Description: "Subnets of the VPC, with commas between"})
	from := t.Parameter("AccessCidr", stack.Parameter{
		Description: "The addresses that reach the cache", Default: "10.0.0.0/8",
		AllowedPattern: `(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})`, ConstraintDescription: "must be a block of addresses such as 10.0.0.0/8",
	})
	node := t.Parameter("CacheNodeType", stack.Parameter{Description: "Size of a node", Default: "cache.t4g.micro", AllowedPattern: `cache\.[a-z0-9]+\.[a-z0-9]+`, ConstraintDescription: "must be a type such as cache.t4g.micro"})
	secret := stack.Add(t, "Secret", &secretsmanager.Secret{
		Description:          "the password of the cache",
		GenerateSecretString: &secretsmanager.Secret_GenerateSecretString{PasswordLength: fn.Int(40), ExcludePunctuation: fn.True},
	})
	group := stack.Add(t, "SubnetGroup", &elasticache.SubnetGroup{Description: "subnets of the cache", SubnetIds: subnets.Ref()})
	wall := stack.Add(t, "SecurityGroup", &ec2.SecurityGroup{
		GroupDescription: "who reaches the cache", VpcId: vpc.Ref(),
		SecurityGroupIngress: []ec2.SecurityGroup_Ingress{{IpProtocol: "tcp", FromPort: fn.Int(6379), ToPort: fn.Int(6379), CidrIp: from.Ref()}},
	})
	production := plan == "production"
	nodes := 1
	if production {
		nodes = 2
	}
	cache := stack.Add(t, "Cache", &elasticache.ReplicationGroup{
		ReplicationGroupDescription: "cache of a service instance", Engine: "valkey", CacheNodeType: node.Ref(), NumCacheClusters: fn.Int(nodes),
		AutomaticFailoverEnabled: fn.Bool(production), MultiAZEnabled: fn.Bool(production), Port: fn.Int(6379),
		AtRestEncryptionEnabled: fn.True, TransitEncryptionEnabled: fn.True, AuthToken: fn.ResolveSecret(fn.Secret{ID: secret.Ref()}),
		CacheSubnetGroupName: group.Ref(), SecurityGroupIds: []fn.String{wall.AttrGroupId()},
	})
	t.Output("EndpointAddress", stack.Output{Description: "Host name of the cache", Value: cache.AttrPrimaryEndPoint_Address()})
	t.Output("Port", stack.Output{Description: "Port of the cache", Value: cache.AttrPrimaryEndPoint_Port()})
	t.Output("Password", stack.Output{Description: "Where the password is", Value: "secretsmanager:" + secret.Ref()})
	return t, nil
}
