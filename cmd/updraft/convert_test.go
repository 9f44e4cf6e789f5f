package main

import (
	"strings"
	"testing"
)

const queueJSON = `{
  "Resources": {
    "Jobs": {
      "Type": "AWS::SQS::Queue",
      "Properties": {
        "VisibilityTimeout": "30"
      }
    }
  },
  "Outputs": {
    "URL": {
      "Value": {
        "Ref": "Jobs"
      }
    }
  }
}
`

func TestConvert(t *testing.T) {
	code, out, errs := updraft(t, queueYAML, "convert", "-")
	if code != 0 || errs != "" || out != queueJSON {
		t.Errorf("YAML: code %d, %s:\n%s", code, errs, out)
	}
	code, yaml, errs := updraft(t, queueJSON, "convert", "-")
	if code != 0 || errs != "" || !strings.Contains(yaml, "Value: !Ref Jobs") {
		t.Errorf("JSON: code %d, %s:\n%s", code, errs, yaml)
	}
	if _, again, _ := updraft(t, yaml, "convert", "-"); again != queueJSON {
		t.Errorf("JSON to YAML and back:\n%s", again)
	}
	if _, same, _ := updraft(t, queueJSON, "convert", "--to", "json", "-"); same != queueJSON {
		t.Errorf("JSON to JSON:\n%s", same)
	}
	if _, same, _ := updraft(t, yaml, "convert", "--to", "yaml", "-"); same != yaml {
		t.Errorf("YAML to YAML:\n%s", same)
	}
}

// Order, the digits of numbers and the kinds of scalars stay.
func TestConvertLosesNothing(t *testing.T) {
	const doc = `{"Z":1.50,"A":[1e3,-0,123456789012345678901,"1","true","null","2012-10-17","0777","",null,true,{},[]],` +
		`"T":"a\nb\n","U":"  x","V":"#","W":": ","é":"\u2028","k: ey":{"Fn::GetAtt":["A","B.C"]},"Fn::If":["C",{"Fn::Sub":["${A}",{}]},{"Ref":"AWS::NoValue"}],` +
		`"Fn::GetAtt":"a.b","X":{"Condition":"C"},"Y":{"Fn::Transform":{"Name":"M"}}}`
	_, yaml, _ := updraft(t, doc, "convert", "-")
	_, want, _ := updraft(t, doc, "convert", "--to", "json", "-")
	code, got, errs := updraft(t, yaml, "convert", "-")
	if code != 0 || got != want {
		t.Errorf("code %d, %s:\n%s\n%s\nwant %s", code, errs, yaml, got, want)
	}
}

func TestConvertRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, stdin string
		args        []string
		code        int
		want        string
	}{
		{"no file", "", []string{"convert"}, 2, "convert takes one template file"},
		{"form", queueYAML, []string{"convert", "--to", "toml", "-"}, 2, "written as json or yaml"},
		{"missing file", "", []string{"convert", "/no/such/file"}, 2, "no such file"},
		{"list", "[1]", []string{"convert", "-"}, 1, "standard input:1:1: a list"},
		{"twice", `{"A":1,"A":2}`, []string{"convert", "-"}, 1, `standard input:1:8: the key "A" stands twice`},
		{"tab", "a:\n\tb: 1", []string{"convert", "-"}, 1, "standard input:2:"},
		{"binary", "\x7fELF\x00\x01", []string{"convert", "-"}, 1, "standard input:1:"},
		{"deep", strings.Repeat("[", 10_000), []string{"convert", "-"}, 1, "standard input:"},
	} {
		code, out, errs := updraft(t, tt.stdin, tt.args...)
		if code != tt.code || out != "" || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: code %d, want %d and %q:\n%s%s", tt.name, code, tt.code, tt.want, out, errs)
		}
	}
}
