package goformation_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/awslabs/goformation/v7/cloudformation"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/interop/goformation"
	"github.com/updraft-go/updraft/stack"
)

func parse(t *testing.T, text string) *stack.Template {
	t.Helper()
	tpl, err := stack.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

func templateJSON(t *testing.T, tpl *stack.Template) string {
	t.Helper()
	body, err := tpl.Minified()
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// resourceJSON writes one resource.
func resourceJSON(t *testing.T, r *stack.Resource) string {
	t.Helper()
	tpl := &stack.Template{}
	tpl.Resources.Set("R", r)
	body := templateJSON(t, tpl)
	return strings.TrimSuffix(strings.TrimPrefix(body, `{"Resources":{"R":`), "}}")
}

func equalJSON(t *testing.T, a, b string) bool {
	t.Helper()
	return cmp.Equal(object(t, a), object(t, b))
}

func object(t *testing.T, text string) (v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	// An object without members is as good as none where goformation writes one.
	if m, ok := v.(map[string]any); ok {
		prune(m)
	}
	return v
}

func prune(m map[string]any) {
	for k, v := range m {
		if e, ok := v.(map[string]any); ok {
			if len(e) == 0 && k == "Properties" {
				delete(m, k)
			}
			prune(e)
		}
	}
}

// Every section, and each kind of value in which goformation carries an expression.
const everything = `
AWSTemplateFormatVersion: '2010-09-09'
Description: everything that goformation can carry
Transform: [AWS::LanguageExtensions, Mine]
Metadata:
  AWS::CloudFormation::Interface: {ParameterGroups: [{Label: {default: a}, Parameters: [Stage]}]}
  Free: {n: 1.5, b: false, e: !Ref Stage, l: [!GetAtt Jobs.Arn, x], u: {Fn::ToJsonString: {a: !Ref Stage}}}
Parameters:
  Stage: {Type: String, Default: prod, AllowedValues: [prod, staging], AllowedPattern: '[a-z]+', MinLength: 1, MaxLength: 9, ConstraintDescription: c, Description: d}
  Size: {Type: Number, Default: 3, MinValue: 0.5, MaxValue: 10, NoEcho: true}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
Mappings:
  M: {a: {x: 1, y: [p, q], z: t}}
Globals: {Function: {Timeout: 3, Runtime: !Ref Stage, Environment: {Variables: {A: !Ref Stage}}}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Not: !Not [!Condition IsProd]
  Both: !And [!Condition Not, {Condition: IsProd}, !Or [!Equals [a, b], !Not [!Equals [c, !Ref Stage]]]]
  Same: !Condition IsProd
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Condition: IsProd
    DependsOn: Topic
    DeletionPolicy: Retain
    UpdateReplacePolicy: !If [IsProd, Retain, Delete]
    Metadata: {a: !Sub '${Stage}-a'}
    Properties:
      QueueName: !Join ['-', [!Ref AWS::StackName, !Select [0, !Split [',', !ImportValue a]], '{{resolve:ssm:/a:1}}']]
      VisibilityTimeout: 30
      FifoQueue: false
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 5}
      Tags: [{Key: a, Value: !FindInMap [M, !Ref Stage, x, {DefaultValue: !Ref Stage}]}]
  Dead: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, DependsOn: [Dead, Group], Properties: {TopicName: !Sub ['${A}', {A: !GetAtt [Dead, Arn]}]}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    CreationPolicy: {ResourceSignal: {Count: 2, Timeout: PT5M}, AutoScalingCreationPolicy: {MinSuccessfulInstancesPercent: 50}}
    UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatchSize: 2, PauseTime: PT1M, SuspendProcesses: [AZRebalance], WaitOnResourceSignals: true}}
    Properties: {MinSize: '1', MaxSize: '3', VPCZoneIdentifier: [!Select [0, !Ref Subnets], b]}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: !Sub 'a ${Stage}'}
      Role: !ImportValue {Fn::Sub: '${Stage}-role'}
      Environment: {Variables: {A: !Ref Stage, B: b}}
  Custom: {Type: Custom::Seed, DeletionPolicy: Delete, Properties: {ServiceToken: !GetAtt Function.Arn, List: [1, !Ref Stage]}}
Outputs:
  URL: {Value: !Ref Jobs, Description: d, Condition: IsProd, Export: {Name: !Sub '${AWS::StackName}-url'}}
  Cidr: {Value: !Select [0, !Cidr [10.0.0.0/16, 6, 8]]}
  AZ: {Value: !Select [0, !GetAZs '']}
  Data: {Value: !Base64 'a'}
`

// Theirs says what ours does when goformation writes it, and gives ours again.
func TestRoundTripOfEverySection(t *testing.T) {
	ours := parse(t, everything)
	theirs, err := goformation.ToTemplate(ours)
	if err != nil {
		t.Fatal(err)
	}
	again, err := goformation.FromTemplate(theirs)
	if err != nil {
		t.Fatal(err)
	}
	want := object(t, strings.Replace(templateJSON(t, ours), `"DependsOn":"Topic"`, `"DependsOn":["Topic"]`, 1))
	if diff := cmp.Diff(want, object(t, templateJSON(t, again))); diff != "" {
		t.Errorf("ours after both ways (-want +got):\n%s", diff)
	}
	twice, err := goformation.ToTemplate(again)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written(t, theirs), written(t, twice)); diff != "" {
		t.Errorf("theirs (-once +twice):\n%s", diff)
	}
}

// written is what goformation writes.
func written(t *testing.T, theirs *cloudformation.Template) any {
	t.Helper()
	body, err := theirs.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return object(t, string(body))
}

// Every type of goformation can be made from its name alone, unless a property is required.
func TestEachType(t *testing.T) {
	carried := 0
	for name := range cloudformation.AllResources() {
		if !strings.Contains(name, "::") {
			continue // kinds of Globals
		}
		tpl := &stack.Template{}
		tpl.Resources.Set("R", &stack.Resource{Type: name})
		theirs, err := goformation.ToTemplate(tpl)
		if err != nil {
			if !strings.Contains(err.Error(), "required") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		carried++
		if _, err := goformation.FromTemplate(theirs); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if carried < 100 {
		t.Errorf("%d types without a required property, want some hundred", carried)
	}
}
