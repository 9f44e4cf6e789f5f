package policy_test

import (
	"strings"
	"testing"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/policy"
)

func TestDocuments(t *testing.T) {
	for _, tt := range []struct {
		doc  policy.Document
		want string
	}{
		{policy.Trust("ecs.amazonaws.com"),
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["ecs.amazonaws.com"]},"Action":["sts:AssumeRole"]}]}`},
		{policy.Document{Compact: true, Statement: []policy.Statement{policy.AssumeRole("ec2.amazonaws.com")}},
			`{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`},
		{policy.Document{ID: "d", Compact: true, Statement: []policy.Statement{{
			Sid: "s", Effect: policy.Deny, NotPrincipal: &policy.Principal{AWS: []fn.String{fn.AccountID, "b"}},
			NotAction: []fn.String{"s3:*"}, NotResource: fn.Split(",", "a,b"),
			Condition: policy.Conditions{"StringEquals": {"aws:SourceArn": {fn.Ref("Q")}, "aws:x": {"a", "b"}}},
		}}}, `{"Id":"d","Statement":[{"Sid":"s","Effect":"Deny","NotPrincipal":{"AWS":[{"Ref":"AWS::AccountId"},"b"]},"NotAction":"s3:*",` +
			`"NotResource":{"Fn::Split":[",","a,b"]},"Condition":{"StringEquals":{"aws:SourceArn":{"Ref":"Q"},"aws:x":["a","b"]}}}]}`},
		{policy.Document{Statement: []policy.Statement{{Principal: &policy.Principal{Everybody: true}, Action: []fn.String{"s3:GetObject"}, Resource: []fn.String{"*"}}}},
			`{"Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],"Resource":["*"]}]}`},
		{policy.Document{Statement: []policy.Statement{{Action: []fn.String{"s3:*"}, Resource: policy.One("*"), Condition: policy.Conditions{"Bool": {"aws:x": policy.One("true")}}}}},
			`{"Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":"*","Condition":{"Bool":{"aws:x":"true"}}}]}`},
	} {
		got, err := fn.Append(nil, map[string]any{"Doc": tt.doc})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if want := `{"Doc":` + tt.want + `}`; string(got) != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	one := []fn.String{"*"}
	for _, tt := range []struct {
		doc  policy.Document
		want string
	}{
		{policy.Document{}, "Doc: a policy document without a statement"},
		{policy.Document{Statement: []policy.Statement{{}}}, "Doc.Statement[0]: a statement without an action"},
		{policy.Document{Statement: []policy.Statement{{Action: one, NotAction: one}}}, "both Action and NotAction"},
		{policy.Document{Statement: []policy.Statement{{Action: one, Resource: one, NotResource: one}}}, "both Resource and NotResource"},
		{policy.Document{Statement: []policy.Statement{{Action: one, Principal: &policy.Principal{}, NotPrincipal: &policy.Principal{}}}}, "both Principal and NotPrincipal"},
		{policy.Document{Statement: []policy.Statement{{Action: one, Resource: []fn.String{fn.Region[:4]}}}}, "Doc.Statement[0].Resource[0]: a torn expression"},
	} {
		_, err := fn.Append(nil, map[string]any{"Doc": tt.doc})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want an error with %q", err, tt.want)
		}
	}
	if _, err := fn.Append(nil, policy.One("x")); err == nil || !strings.Contains(err.Error(), "policy.One outside a policy document") {
		t.Errorf("got %v, want an error that One is out of place", err)
	}
}
