package validate

import (
	"fmt"
	"slices"
)

func dynamoDBChecks() []check {
	table := on("DynamoDB::Table", "DynamoDB::GlobalTable")
	return []check{
		{Rule{"dynamodb-key-attribute", fails, "the attribute of a key is defined"}, table, keyAttributes},
		{Rule{"dynamodb-attribute-unused", fails, "an attribute that is defined is that of a key"}, table, unusedAttributes},
		{Rule{"dynamodb-key-schema", fails, "a key is a HASH, and perhaps a RANGE after it"}, table, keySchemas},
		{Rule{"dynamodb-throughput", fails, "a table that is provisioned has a throughput"}, on("DynamoDB::Table"), func(s *subject) {
			if mode := s.props.get("BillingMode"); mode.missing() || mode.is("PROVISIONED") {
				demand(s, s.props, []string{"ProvisionedThroughput"}, "the table is provisioned")
			}
		}},
		{Rule{"dynamodb-throughput-demand", fails, "a table on demand has no throughput"}, on("DynamoDB::Table"), func(s *subject) {
			if !s.props.get("BillingMode").is("PAY_PER_REQUEST") {
				return
			}
			if v := s.props.get("ProvisionedThroughput"); v.there() {
				s.flag(v, "ProvisionedThroughput is set for a table on demand", "leave it out")
			}
			s.each("GlobalSecondaryIndexes[]", func(v value) {
				if w := v.get("ProvisionedThroughput"); w.there() {
					s.flag(w, "ProvisionedThroughput is set for a table on demand", "leave it out")
				}
			})
		}},
		{Rule{"dynamodb-projection", fails, "a projection names attributes if it includes some, and only then"}, table, projections},
		{Rule{"dynamodb-index-twice", fails, "the name of an index stands once"}, table, func(s *subject) {
			distinct("GlobalSecondaryIndexes[]", "IndexName")(s)
			distinct("LocalSecondaryIndexes[]", "IndexName")(s)
		}},
		{Rule{"dynamodb-attribute-twice", fails, "an attribute is defined once"}, table, distinct("AttributeDefinitions[]", "AttributeName")},
		{Rule{"dynamodb-local-index", fails, "a local index needs a table with a RANGE key"}, table, func(s *subject) {
			keys, all := s.props.get("KeySchema").items()
			if v := s.props.get("LocalSecondaryIndexes"); v.there() && all && len(keys) == 1 {
				s.flag(v, "the table has a local index and no RANGE key", "add a RANGE key, or make the index global")
			}
		}},
		{Rule{"dynamodb-key-encryption", fails, "only encryption by KMS has a key"}, on("DynamoDB::Table"), func(s *subject) {
			v := s.props.get("SSESpecification")
			if w := v.get("KMSMasterKeyId"); w.there() && v.get("SSEEnabled").is("false") {
				s.flag(w, "KMSMasterKeyId is set where SSEEnabled is false", "leave it out, or turn encryption on")
			}
		}},
	}
}

// keys calls do for each key of a table and of its indexes.
func keys(s *subject, do func(v value)) {
	s.each("KeySchema[]", do)
	s.each("GlobalSecondaryIndexes[].KeySchema[]", do)
	s.each("LocalSecondaryIndexes[].KeySchema[]", do)
}

// definedAttributes returns the names in AttributeDefinitions, and whether those are all.
func definedAttributes(s *subject) ([]string, bool) {
	items, all := s.props.get("AttributeDefinitions").items()
	var names []string
	for _, item := range items {
		name, ok := item.get("AttributeName").text()
		all = all && ok
		names = append(names, name)
	}
	return names, all
}

func keyAttributes(s *subject) {
	names, known := definedAttributes(s)
	if !known {
		return
	}
	keys(s, func(v value) {
		if name, ok := v.get("AttributeName").text(); ok && !slices.Contains(names, name) {
			s.flag(v.get("AttributeName"), fmt.Sprintf("the attribute %s is not defined", shown(name)), nearest(name, names, "define it in AttributeDefinitions"))
		}
	})
}

func unusedAttributes(s *subject) {
	used, sure := map[string]bool{}, true
	keys(s, func(v value) {
		name, ok := v.get("AttributeName").text()
		sure = sure && ok
		used[name] = true
	})
	for _, list := range []string{"KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"} {
		items, all := s.props.get(list).items()
		sure = sure && all
		for _, item := range items {
			_, _, function := item.n.Function()
			if inner := item.get("KeySchema"); function || list != "KeySchema" {
				_, all := inner.items()
				sure = sure && all && !function
			}
		}
	}
	if !sure {
		return
	}
	s.each("AttributeDefinitions[]", func(v value) {
		if name, ok := v.get("AttributeName").text(); ok && !used[name] {
			s.flag(v, fmt.Sprintf("the attribute %s is that of no key", shown(name)), "leave it out; other attributes are not declared")
		}
	})
}

func keySchemas(s *subject) {
	wrong := func(v value) {
		items, all := v.items()
		if !v.there() || !all {
			return
		}
		for i, item := range items {
			if i > 1 {
				s.flag(item, fmt.Sprintf("the key has %d attributes", len(items)), "use a HASH and at most a RANGE")
				return
			}
			if kind := item.get("KeyType"); kind.is("HASH", "RANGE") && !kind.is([]string{"HASH", "RANGE"}[i]) {
				s.flag(kind, fmt.Sprintf("the key's attribute %d is not %s", i+1, []string{"HASH", "RANGE"}[i]), "put the HASH first")
			}
		}
	}
	wrong(s.props.get("KeySchema"))
	s.each("LocalSecondaryIndexes[]", func(v value) { wrong(v.get("KeySchema")) })
}

func projections(s *subject) {
	for _, list := range []string{"GlobalSecondaryIndexes[]", "LocalSecondaryIndexes[]"} {
		where(list+".Projection", "ProjectionType", "INCLUDE", "NonKeyAttributes")(s)
		never(list+".Projection", "ProjectionType", "ALL|KEYS_ONLY", "NonKeyAttributes")(s)
	}
}
