package goimport_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/updraft-go/updraft/internal/goimport"
	"github.com/updraft-go/updraft/internal/tree"
)

// Functions nested as deep as a document may be take no time that grows with a power of the depth.
func TestDeepNesting(t *testing.T) {
	for _, layer := range []string{
		`{"Fn::Join":["",[%s,"x"]]}`, `{"Fn::Join":[",",%s]}`, `{"Fn::Select":[0,%s]}`, `{"Fn::Select":[0,[%s]]}`, `{"Fn::If":["C",%s,"x"]}`, `{"Fn::If":["C",%s,{"Ref":"AWS::NoValue"}]}`,
		`{"Fn::Sub":["${A}",{"A":%s}]}`, `{"Fn::FindInMap":["a",%s,"c"]}`, `{"Fn::FindInMap":["a","b","c",{"DefaultValue":%s}]}`, `{"Fn::Length":%s}`, `{"Fn::Cidr":[%s,1,2]}`,
		`{"Fn::ToJsonString":{"a":%s}}`, `{"Fn::New":%s}`, `{"Statement":[{"Effect":"Allow","Action":"x","Resource":%s}]}`, `[%s]`, `{"a":%s}`, `{"Fn::Not":[%s]}`, `{"Fn::Equals":[%s,"a"]}`,
		`{"Fn::Transform":{"Name":"M","Parameters":{"a":%s}}}`, `{"Fn::Contains":[%s,"a"]}`, `{"Fn::GetAtt":["A",%s]}`,
	} {
		value := `"end"`
		for depth := 0; depth < 170; depth += strings.Count(strings.Split(layer, "%s")[0], "[") + strings.Count(strings.Split(layer, "%s")[0], "{") {
			value = fmt.Sprintf(layer, value)
		}
		for _, template := range []string{
			`{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":{"TopicName":%s}}}}`,
			`{"Resources":{"A":{"Type":"AWS::SNS::Topic","Properties":{"Subscription":%s}}}}`,
			`{"Resources":{"A":{"Type":"Custom::A","Properties":{"P":%s}}}}`,
			`{"Conditions":{"C":%s}}`,
			`{"Outputs":{"O":{"Value":%s}}}`,
		} {
			doc, err := tree.Parse(fmt.Appendf(nil, template, value))
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			if _, err := goimport.Program(doc, nil); err != nil && !strings.HasPrefix(layer, "[") {
				t.Errorf("%s in %s: %v", layer, template, err)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("%s in %s: %v", layer, template, d)
			}
		}
	}
}
