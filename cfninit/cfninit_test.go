package cfninit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/cfninit"
	fn "github.com/updraft-go/updraft/intrinsics"
)

const document = `{"AWS::CloudFormation::Init":{` +
	`"base":{"packages":{"rpm":{"epel":"https://x/e.rpm"},"yum":{"nginx":["1.2","1.3"],"git":[]}},"groups":{"g":{},"h":{"gid":"501"}},` +
	`"users":{"u":{"uid":"50","groups":["g"],"homeDir":"/tmp"}},"sources":{"/etc/app":{"Fn::Sub":"https://${B}/a.zip"}},"unknown":{"a":1}},` +
	`"configSets":{"all":["base",{"ConfigSet":"late"}],"late":["run"]},` +
	`"run":{"files":{"/etc/a.json":{"content":{"name":{"Ref":"AWS::StackName"}},"mode":"000644"},"/etc/b":{"content":"x","owner":"root"}},` +
	`"commands":{"01":{"command":["a","b"],"env":{"K":"v"},"test":"test -f x","ignoreErrors":"true"}},` +
	`"services":{"systemd":{"nginx":{"ensureRunning":true,"enabled":"true","files":["/etc/b"],"commands":["01"]}}}}},` +
	`"AWS::CloudFormation::Authentication":{"s3":{"type":"S3","roleName":{"Ref":"Role"},"buckets":["b"]}},"other":1}`

func TestWhatIsReadIsWritten(t *testing.T) {
	var m cfninit.Metadata
	if err := fn.Decode([]byte(document), &m); err != nil {
		t.Fatal(err)
	}
	run := m.Init.Configs["run"]
	if run.Commands["01"].Env["K"] != "v" || run.Services.Systemd["nginx"].EnsureRunning != fn.True || len(m.Init.ConfigSets["all"]) != 2 {
		t.Errorf("read %+v", m.Init)
	}
	got, err := fn.Append(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	var a, b any
	if fn.Decode([]byte(document), &a) != nil || fn.Decode(got, &b) != nil {
		t.Fatal("not JSON")
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("(-read +written):\n%s", diff)
	}
}

func TestMistakes(t *testing.T) {
	_, err := fn.Append(nil, cfninit.Metadata{Init: &cfninit.Init{Configs: map[string]cfninit.Config{"configSets": {}}}})
	if err == nil || !strings.Contains(err.Error(), "AWS::CloudFormation::Init: a config with the name configSets") {
		t.Errorf("got %v", err)
	}
	var m cfninit.Metadata
	err = fn.Decode([]byte(`{"AWS::CloudFormation::Init":{"a":{"groups":{"g":{"gid":"\u0000"}}}}}`), &m)
	if err == nil || !strings.Contains(err.Error(), "a.groups.g.gid: text with a NUL") {
		t.Errorf("got %v", err)
	}
}

func ExampleInit() {
	m := cfninit.Metadata{Init: &cfninit.Init{
		ConfigSets: map[string][]fn.String{"boot": {"install", "start"}, "all": {cfninit.ConfigSet("boot")}},
		Configs: map[string]cfninit.Config{
			"install": {Packages: &cfninit.Packages{Yum: map[string][]fn.String{"nginx": {}}}},
			"start": {Services: &cfninit.Services{Systemd: map[string]cfninit.Service{
				"nginx": {EnsureRunning: fn.True, Files: []fn.String{"/etc/nginx/nginx.conf"}},
			}}},
		},
	}}
	body, err := fn.Append(nil, m)
	fmt.Println(string(body), err)
	// Output:
	// {"AWS::CloudFormation::Init":{"configSets":{"all":[{"ConfigSet":"boot"}],"boot":["install","start"]},"install":{"packages":{"yum":{"nginx":[]}}},"start":{"services":{"systemd":{"nginx":{"ensureRunning":true,"files":["/etc/nginx/nginx.conf"]}}}}}} <nil>
}
