package userdata_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/google/go-cmp/cmp"

	fn "github.com/updraft-go/updraft/intrinsics"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/userdata"
)

// nasty are words that a shell would like to do something with.
var nasty = []string{
	"plain", "", " ", "a b", "'", `"`, `\`, "$HOME", "`id`", "$(id)", "a'b'c", `'"'"'`, "*", "~", "#x", "!x", "-n", "a\nb", "a;b&c|d<e>f", "%s", "ä€😀", "\\'", "'; touch /tmp/owned; '", "--", "a=b", "{a,b}", "[x]", "\ttab",
}

// evaluated is what CloudFormation makes of a text, with a parameter.
func evaluated(t *testing.T, text fn.String, parameter string) string {
	t.Helper()
	template := &stack.Template{}
	template.Parameters.Set("P", &stack.Parameter{Type: "String"})
	stack.Add(template, "Q", &stack.Untyped{Type: "AWS::SQS::Queue"})
	template.Output("Text", stack.Output{Value: text})
	body, err := template.JSON()
	if err != nil {
		t.Fatal(err)
	}
	api := cloudformation.NewFromConfig(localtest.New(t).Config())
	_, err = api.CreateStack(t.Context(), &cloudformation.CreateStackInput{
		StackName: aws.String("web"), TemplateBody: aws.String(string(body)), Parameters: []types.Parameter{{ParameterKey: aws.String("P"), ParameterValue: &parameter}},
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := api.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("web")})
	if err != nil || len(out.Stacks[0].Outputs) == 0 {
		t.Fatalf("%v, %v", out, err)
	}
	return aws.ToString(out.Stacks[0].Outputs[0].OutputValue)
}

// shells are those that are here.
func shells(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, name := range []string{"sh", "bash", "dash"} {
		if _, err := exec.LookPath(name); err == nil {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		t.Skip("no shell is here")
	}
	return all
}

// words are what a shell gives a program of a command.
func words(t *testing.T, shell, command string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), shell, "-c", "show() { for w; do printf '%s\\0' \"$w\"; done; }\nshow "+command).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s\n%s", shell, err, out, command)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
}

func TestTextReachesAProgramAsItIs(t *testing.T) {
	var all []fn.String
	for _, w := range nasty {
		all = append(all, fn.String(w))
	}
	command, _ := userdata.Command(all...).Literal()
	for _, shell := range shells(t) {
		if diff := cmp.Diff(nasty, words(t, shell, command)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", shell, diff)
		}
	}
}

func TestExpressionsReachAProgramAsTheyAre(t *testing.T) {
	for _, w := range nasty {
		if w == "" {
			continue // a parameter without a value has a default
		}
		command := evaluated(t, userdata.Command("a", fn.Ref("P"), "'"+fn.Ref("P")+"$x", fn.Region), w)
		for _, shell := range shells(t) {
			if diff := cmp.Diff([]string{"a", w, "'" + w + "$x", "us-east-1"}, words(t, shell, command)); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", shell, diff)
			}
		}
	}
}

func FuzzQuote(f *testing.F) {
	for _, w := range nasty {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, w string) {
		if strings.Contains(w, "\x00") {
			return // no word of a shell holds it
		}
		quoted, ok := userdata.Quote(fn.String(w)).Literal()
		if !ok {
			t.Fatalf("%q is not literal", quoted)
		}
		if got := words(t, "sh", quoted); len(got) != 1 || got[0] != w {
			t.Errorf("%q came as %q", w, got)
		}
	})
}

// A machine has a program cfn-signal that writes down how it is called.
type machine struct {
	*testing.T
	dir string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	shells(t)
	m := &machine{t, t.TempDir()}
	m.write("cfn-signal", m.program())
	return m
}

func (m *machine) program() string {
	return "#!/bin/sh\nfor w; do printf '<%s>' \"$w\" >> " + m.dir + "/signals; done\necho >> " + m.dir + "/signals\n"
}

func (m *machine) write(name, text string) {
	m.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o700); err != nil {
		m.Fatal(err)
	}
}

// boot runs a script; it returns its exit code and the signals.
func (m *machine) boot(script string) (code int, signals string) {
	m.Helper()
	m.write("script", script)
	cmd := exec.CommandContext(m.Context(), filepath.Join(m.dir, "script"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		m.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(m.dir, "signals"))
	if err != nil && !os.IsNotExist(err) {
		m.Fatal(err)
	}
	m.Logf("%s", &out)
	return cmd.ProcessState.ExitCode(), string(text)
}

func TestAScriptSignalsHoweverItEnds(t *testing.T) {
	for _, tt := range []struct {
		name    string
		lines   []fn.String
		code    int
		signals string
	}{
		{"well", []fn.String{"true", "ADDRESS='10.0.0.1 \"x\"'"}, 0, `<-e><0><-i><web 1><-d><10.0.0.1 "x"><http://h/?a=b&c='d'>`},
		{"at a failure", []fn.String{"sh -c 'exit 7'", "true"}, 7, `<-e><7><-i><web 1><-d><><http://h/?a=b&c='d'>`},
		{"by itself", []fn.String{"exit 3"}, 3, `<-e><3><-i><web 1><-d><><http://h/?a=b&c='d'>`},
		{"at a variable that is not set", []fn.String{`echo "$NOTHING"`}, -1, ""},
		{"in a pipe", []fn.String{"true | sh -c 'exit 4'"}, 4, `<-e><4>`},
	} {
		for _, shell := range []string{"", "/bin/sh"} {
			t.Run(tt.name+shell, func(t *testing.T) {
				m := newMachine(t)
				script := userdata.Script{Shell: shell, Lines: tt.lines, Signal: &userdata.Signal{Handle: fn.Ref("P"), ID: "web 1", DataVariable: "ADDRESS", Program: m.dir + "/cfn-signal"}}
				code, signals := m.boot(evaluated(t, script.Text(), "http://h/?a=b&c='d'"))
				if tt.code >= 0 && code != tt.code || tt.code < 0 && code == 0 || !strings.Contains(signals, tt.signals) || strings.Count(signals, "\n") != 1 {
					t.Errorf("exit %d, %q", code, signals)
				}
			})
		}
	}
}

func TestAProgramIsFetchedOnlyIfItIsTheRightOne(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not here")
	}
	m := newMachine(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(m.program())) }))
	defer server.Close()
	sum := sha256.Sum256([]byte(m.program()))
	for name, tt := range map[string]struct {
		sum  string
		code int
		want string
	}{
		"the right one": {hex.EncodeToString(sum[:]), 0, "<-e><0><--stack><web><--resource><Web><--region><us-east-1>\n"},
		"another":       {strings.Repeat("0", 64), 1, ""},
	} {
		_ = os.Remove(filepath.Join(m.dir, "signals"))
		script := userdata.Script{Signal: &userdata.Signal{Resource: "Web", Program: m.dir + "/fetched", Fetch: &userdata.Fetch{URL: fn.String(server.URL + "/cfn-signal?a&b"), SHA256: tt.sum}}}
		if code, signals := m.boot(evaluated(t, script.Text(), "x")); code != tt.code || signals != tt.want {
			t.Errorf("%s: exit %d, %q", name, code, signals)
		}
	}
}

func TestMistakesAreToldWhenTheTemplateIsWritten(t *testing.T) {
	for want, script := range map[string]userdata.Script{
		"the script has at least 16405 bytes, and user data may have 16384":  {Lines: []fn.String{fn.String(strings.Repeat("x", 16384))}},
		"a signal goes to a handle or to a resource; give one of them":       {Signal: &userdata.Signal{}},
		"a signal to a resource has neither data nor a reason":               {Signal: &userdata.Signal{Resource: "Web", DataVariable: "X"}},
		"the signal has Data and a DataVariable":                             {Signal: &userdata.Signal{Handle: "http://x", Data: "a", DataVariable: "X"}},
		"the DataVariable must be the name of a shell variable":              {Signal: &userdata.Signal{Handle: "http://x", DataVariable: "X}; id; {"}},
		"what is fetched needs a URL, and a SHA256 of 64 hexadecimal digits": {Signal: &userdata.Signal{Resource: "Web", Fetch: &userdata.Fetch{URL: "http://x", SHA256: "12"}}},
		"cfn-init needs a resource":                                          {Lines: []fn.String{userdata.Init{}.Command()}},
	} {
		template := &stack.Template{}
		stack.Add(template, "Web", &stack.Untyped{Type: "AWS::EC2::Instance", Properties: map[string]any{"UserData": script.UserData()}})
		if _, err := template.JSON(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "Resources.Web.Properties.UserData") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	whole := userdata.Script{Lines: []fn.String{fn.String(strings.Repeat("x", 16384-len("#!/bin/bash\nset -eu\n\n"))) + fn.Ref("P")}}
	if got := evaluated(t, whole.UserData(), "")[:16]; got != base64.StdEncoding.EncodeToString([]byte("#!/bin/bash\nset -eu\n"))[:16] {
		t.Errorf("got %s", got)
	}
}

func Example() {
	t := &stack.Template{}
	wait := stack.AddWait(t, "Ready", stack.Wait{})
	boot := userdata.Script{
		Signal: &userdata.Signal{Handle: wait.Handle(), DataVariable: "ADDRESS"},
		Lines: []fn.String{
			userdata.Init{Resource: "Web", ConfigSets: []string{"all"}}.Command(),
			userdata.Command("/usr/local/bin/app", "--title", "it's up", "--stack", fn.StackName),
			"ADDRESS=$(hostname -I)",
		},
	}
	text, err := fn.AppendText(nil, boot.Text())
	fmt.Println(strings.NewReplacer(`\n`, "\n", `\"`, `"`, `\\`, `\`).Replace(string(text)), err)
	// Output:
	// {"Fn::Join":["",["#!/bin/bash
	// set -eu
	// ended() {
	//   code=$?
	//   trap - EXIT
	//   /opt/aws/bin/cfn-signal -e "$code" -d "${ADDRESS:-}" "$(printf %s '",{"Fn::Base64":{"Ref":"ReadyHandle"}},"' | base64 -d)"
	//   exit "$code"
	// }
	// trap ended EXIT
	// /opt/aws/bin/cfn-init -v --stack ",{"Ref":"AWS::StackName"}," --resource Web --region ",{"Ref":"AWS::Region"}," --configsets all
	// /usr/local/bin/app --title 'it'\''s up' --stack ",{"Ref":"AWS::StackName"},"
	// ADDRESS=$(hostname -I)
	// "]]} <nil>
}
