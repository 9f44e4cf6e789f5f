package services

import (
	"github.com/updraft-go/updraft/broker"
	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/resources/dynamodb"
	"github.com/updraft-go/updraft/stack"
)

// DynamoDB is a table, in the plans ondemand and provisioned. A binding may read and write its items.
func DynamoDB() *broker.Service {
	arn := fn.GetAtt("Table", "Arn")
	return &broker.Service{
		Name: "dynamodb", DisplayName: "Amazon DynamoDB", Description: "A table of Amazon DynamoDB", ProviderName: provider,
		LongDescription:  "A table of items that are found by their key, encrypted, with a backup of each moment of the last 35 days.",
		DocumentationURL: "https://docs.aws.amazon.com/dynamodb/", Tags: []string{"AWS", "DynamoDB", "no-sql"},
		Plans: []broker.Plan{
			{Name: "ondemand", DisplayName: "On demand", Description: "Paid by what is read and written", Cost: "https://aws.amazon.com/dynamodb/pricing/on-demand/"},
			{Name: "provisioned", DisplayName: "Provisioned", Description: "Paid by what can be read and written each second", Cost: "https://aws.amazon.com/dynamodb/pricing/provisioned/"},
		},
		Template:  tableTemplate,
		Updatable: []string{"ReadCapacityUnits", "WriteCapacityUnits"},
		Bindings: rights([]fn.String{arn, arn + "/index/*"},
			"dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:DescribeTable",
			"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"),
	}
}

func tableTemplate(plan string) (*stack.Template, error) {
	t := &stack.Template{Description: "a table of a service broker"}
	types := []string{"S", "N", "B"}
	name := func(parameter, description string, fallback fn.String) fn.String {
		return t.Parameter(parameter, stack.Parameter{Description: description, MaxLength: fn.Int(255), Default: fallback}).Ref()
	}
	kind := func(parameter, description string) fn.String {
		return t.Parameter(parameter, stack.Parameter{Description: description, AllowedValues: types, Default: "S"}).Ref()
	}
	hash, hashType := name("HashAttributeName", "Name of the partition key", "id"), kind("HashAttributeType", "Type of the partition key: text, number or binary")
	sort, sortType := name("RangeAttributeName", "Name of the sort key; empty for none", fn.Empty), kind("RangeAttributeType", "Type of the sort key")
	sorted := t.Condition("IsSorted", fn.Not(fn.Equals(sort, fn.Empty)))
	table := &dynamodb.Table{
		AttributeDefinitions: []dynamodb.Table_AttributeDefinition{
			{AttributeName: hash, AttributeType: hashType},
			fn.IfOf(sorted, dynamodb.Table_AttributeDefinition{AttributeName: sort, AttributeType: sortType}, dynamodb.Table_AttributeDefinition{}),
		},
		KeySchema: []dynamodb.Table_KeySchema{
			{AttributeName: hash, KeyType: "HASH"},
			fn.IfOf(sorted, dynamodb.Table_KeySchema{AttributeName: sort, KeyType: "RANGE"}, dynamodb.Table_KeySchema{}),
		},
		SSESpecification:                 &dynamodb.Table_SSESpecification{SSEEnabled: fn.True},
		PointInTimeRecoverySpecification: &dynamodb.Table_PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: fn.True},
		BillingMode:                      "PAY_PER_REQUEST",
	}
	if plan == "provisioned" {
		units := func(parameter, description string) fn.Integer {
			return t.NumberParameter(parameter, stack.Parameter{Description: description, MinValue: fn.Num(1), MaxValue: fn.Num(40000), Default: "5"}).Ref()
		}
		table.BillingMode = "PROVISIONED"
		table.ProvisionedThroughput = &dynamodb.Table_ProvisionedThroughput{
			ReadCapacityUnits:  units("ReadCapacityUnits", "Items of 4 KB that can be read each second"),
			WriteCapacityUnits: units("WriteCapacityUnits", "Items of 1 KB that can be written each second"),
		}
	}
	stack.Add(t, "Table", table)
	t.Output("TableName", stack.Output{Description: "Name of the table", Value: table.Ref()})
	t.Output("TableARN", stack.Output{Description: "ARN of the table", Value: table.AttrArn()})
	return t, nil
}
