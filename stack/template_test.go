package stack_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/stack"
)

// queue is a typed resource, as the generated packages have them.
type queue struct {
	fn.Named
	fn.Extra
	QueueName     fn.String
	RedrivePolicy any
}

func (*queue) CloudFormationType() string { return "AWS::SQS::Queue" }

func (q *queue) AttrArn() fn.String { return q.GetAtt("Arn") }

func TestTemplateIsWrittenInTheOrderInWhichItWasFilled(t *testing.T) {
	tpl := &stack.Template{
		FormatVersion: "2010-09-09",
		Description:   "a <test>",
		Transforms:    []string{"AWS::LanguageExtensions"},
	}
	name := tpl.Parameter("Name", stack.Parameter{Default: fn.Empty, MinLength: fn.Int(0), NoEcho: true})
	count := tpl.NumberParameter("Count", stack.Parameter{Default: "3", AllowedValues: []string{"3", "5"}})
	zones := tpl.ListParameter("Zones", stack.Parameter{})
	sizes := tpl.Mapping("Sizes", stack.Mapping{"prod": {"n": 3}, "dev": {"n": 1}})
	prod := tpl.Condition("Prod", fn.Equals(name.Ref(), "prod"))
	dead := stack.Add(tpl, "Dead", &queue{})
	jobs := stack.Add(tpl, "Jobs", &queue{
		QueueName:     fn.StackName + "-jobs",
		RedrivePolicy: map[string]any{"deadLetterTargetArn": dead.AttrArn(), "maxReceiveCount": count.Ref()},
	}, stack.Attributes{DependsOn: stack.After(dead), Condition: prod, DeletionPolicy: stack.Retain})
	stack.Add(tpl, "Seed", &stack.Untyped{Type: "Custom::Seed", Properties: map[string]any{"Zones": zones.Ref(), "N": sizes.Find("dev", "n")}},
		stack.Attributes{CreationPolicy: &stack.CreationPolicy{ResourceSignal: &stack.ResourceSignal{Timeout: "PT5M"}}})
	tpl.Output("URL", stack.Output{Value: jobs.Ref(), Condition: prod})
	tpl.Export("Arn", fn.Sub("${AWS::StackName}-arn", nil), stack.Output{Value: dead.AttrArn(), Description: "d"})

	got, err := tpl.JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Description": "a <test>",
  "Transform": "AWS::LanguageExtensions",
  "Parameters": {
    "Name": {
      "Type": "String",
      "Default": "",
      "MinLength": 0,
      "NoEcho": true
    },
    "Count": {
      "Type": "Number",
      "Default": "3",
      "AllowedValues": [
        "3",
        "5"
      ]
    },
    "Zones": {
      "Type": "CommaDelimitedList"
    }
  },
  "Mappings": {
    "Sizes": {
      "dev": {
        "n": 1
      },
      "prod": {
        "n": 3
      }
    }
  },
  "Conditions": {
    "Prod": {
      "Fn::Equals": [
        {
          "Ref": "Name"
        },
        "prod"
      ]
    }
  },
  "Resources": {
    "Dead": {
      "Type": "AWS::SQS::Queue"
    },
    "Jobs": {
      "Type": "AWS::SQS::Queue",
      "Condition": "Prod",
      "DependsOn": [
        "Dead"
      ],
      "DeletionPolicy": "Retain",
      "Properties": {
        "QueueName": {
          "Fn::Join": [
            "",
            [
              {
                "Ref": "AWS::StackName"
              },
              "-jobs"
            ]
          ]
        },
        "RedrivePolicy": {
          "deadLetterTargetArn": {
            "Fn::GetAtt": [
              "Dead",
              "Arn"
            ]
          },
          "maxReceiveCount": {
            "Ref": "Count"
          }
        }
      }
    },
    "Seed": {
      "Type": "Custom::Seed",
      "CreationPolicy": {
        "ResourceSignal": {
          "Timeout": "PT5M"
        }
      },
      "Properties": {
        "N": {
          "Fn::FindInMap": [
            "Sizes",
            "dev",
            "n"
          ]
        },
        "Zones": {
          "Ref": "Zones"
        }
      }
    }
  },
  "Outputs": {
    "URL": {
      "Condition": "Prod",
      "Value": {
        "Ref": "Jobs"
      }
    },
    "Arn": {
      "Description": "d",
      "Value": {
        "Fn::GetAtt": [
          "Dead",
          "Arn"
        ]
      },
      "Export": {
        "Name": {
          "Fn::Sub": "${AWS::StackName}-arn"
        }
      }
    }
  }
}
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	small, err := tpl.Minified()
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if json.Unmarshal(got, &a) != nil || json.Unmarshal(small, &b) != nil || !cmp.Equal(a, b) {
		t.Errorf("Minified differs from JSON in more than white space: %s", small)
	}
}

func TestIndentLeavesStringsAlone(t *testing.T) {
	tpl := &stack.Template{Description: `a "quoted" {brace}, [x]: \ and \\`}
	got, err := tpl.JSON()
	want := "{\n  \"Description\": \"a \\\"quoted\\\" {brace}, [x]: \\\\ and \\\\\\\\\"\n}\n"
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestEveryMistakeInATemplateIsTold(t *testing.T) {
	tpl := &stack.Template{Description: string(fn.Region)}
	lost := &queue{}
	tpl.Parameter("P", stack.Parameter{})
	tpl.Parameter("P", stack.Parameter{})
	q := stack.Add(tpl, "Q", &queue{QueueName: lost.Ref(), RedrivePolicy: map[string]any{"a": []any{lost.AttrArn()}}},
		stack.Attributes{DependsOn: stack.After(lost)})
	stack.Add(tpl, "Again", q)
	tpl.Output("None", stack.Output{})
	_, err := tpl.JSON()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`Parameters.P: the name "P" stands twice in Parameters; give one of them another name`,
		`Resources.Again: the value was already added, as "Q"; make a struct of its own`,
		"Description: an expression where CloudFormation takes only literal text",
		"Resources.Q.DependsOn: a resource that was not added to a template; add it with stack.Add first",
		"Resources.Q.Properties.QueueName: a Ref to a resource that was not added to a template; add it",
		"Resources.Q.Properties.RedrivePolicy.a[0]: the attribute Arn of a resource that was not added",
		"Outputs.None: an output without a value; set Value",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, err)
		}
	}
}

func TestAddPanicsForATakenLogicalID(t *testing.T) {
	tpl := &stack.Template{}
	stack.Add(tpl, "Q", &queue{})
	defer func() {
		if r, _ := recover().(string); !strings.Contains(r, `logical ID "Q"`) {
			t.Errorf("panic %q, want one that names the ID", r)
		}
	}()
	stack.Add(tpl, "Q", &queue{})
}

func TestSection(t *testing.T) {
	var s stack.Section[int]
	s.Delete("x")
	for i, name := range []string{"b", "a", "c"} {
		s.Set(name, i)
	}
	s.Set("b", 9)
	s.Delete("c")
	if v, ok := s.Get("b"); v != 9 || !ok || s.Len() != 2 {
		t.Errorf("b = %d, %v of %d", v, ok, s.Len())
	}
	var names []string
	for name := range s.All() {
		names = append(names, name)
	}
	s.Sort()
	for name := range s.All() {
		names = append(names, name)
		break
	}
	if diff := cmp.Diff([]string{"b", "a", "a"}, names); diff != "" {
		t.Error(diff)
	}
}

// refuses is a value of a user that cannot be written.
type refuses struct{}

func (refuses) AppendValue([]byte) ([]byte, error) { return nil, errors.New("no such thing") }

func TestValueThatRefuses(t *testing.T) {
	tpl := &stack.Template{}
	for _, id := range []string{"A", "B"} {
		stack.Add(tpl, id, &stack.Untyped{Type: "My::Own::Thing", Properties: map[string]any{"P": refuses{}, "Q": 1}})
	}
	_, err := tpl.JSON()
	for _, want := range []string{"Resources.A.Properties.P: no such thing", "Resources.B.Properties.P: no such thing"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

func TestNilResource(t *testing.T) {
	tpl := &stack.Template{}
	stack.Add[*queue](tpl, "A", nil)
	stack.Add[fn.Resource](tpl, "B", nil)
	stack.Add(tpl, "C", &queue{}, stack.Attributes{DependsOn: stack.After(nil, (*queue)(nil))})
	_, err := tpl.JSON()
	for _, want := range []string{"Resources.A: stack.Add was given nil; ", "Resources.B: stack.Add was given nil; ", "Resources.C.DependsOn: a resource that was not added"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %s", err, want)
		}
	}
}

func TestNilTemplate(t *testing.T) {
	var tpl *stack.Template
	for name, write := range map[string]func() ([]byte, error){"JSON": tpl.JSON, "Minified": tpl.Minified, "YAML": tpl.YAML, "MarshalJSON": tpl.MarshalJSON} {
		if body, err := write(); body != nil || err == nil || !strings.HasPrefix(err.Error(), "nil in place of a template; ") {
			t.Errorf("%s: %q, %v", name, body, err)
		}
	}
}

func TestExportThatWasNotMade(t *testing.T) {
	var nowhere *stack.Export
	made := (&stack.Template{}).Export("A", "a", stack.Output{Value: "x"})
	for _, v := range []fn.String{nowhere.Import(), new(stack.Export).Import(), nowhere.ImportFrom(&stack.Stack{}), made.ImportFrom(nil)} {
		tpl := &stack.Template{}
		tpl.Output("O", stack.Output{Value: v})
		if _, err := tpl.JSON(); err == nil || !strings.HasPrefix(err.Error(), "Outputs.O.Value: ") || !strings.Contains(err.Error(), "export") {
			t.Errorf("got %v", err)
		}
	}
}

// An expression in a key is a mistake, and its path is for people to read.
func TestExpressionInAKey(t *testing.T) {
	tpl := &stack.Template{}
	tpl.Output("O", stack.Output{Value: "x", Extra: fn.Extra{string(fn.Ref("X") + "-id"): 1}})
	o := &stack.Object{}
	o.Set(string(fn.Ref("X")+"-id"), 1)
	tpl.Metadata = o
	_, err := tpl.JSON()
	for _, want := range []string{`Outputs.O.{"Ref":"X"}`, `Metadata.{"Ref":"X"}`} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x00") {
			t.Errorf("%q; want %s", err, want)
		}
	}
}
