package conformance

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/signal"
	"github.com/updraft-go/updraft/stack"
)

// A process is an embedded cloud that can be killed, and goes on from its state.
type process struct {
	*testing.T
	program, state, addr string
	cmd                  *exec.Cmd
}

// start starts the process, and notes where it listens.
func (p *process) start() {
	p.Helper()
	p.cmd = exec.CommandContext(p.Context(), p.program, "local", "--state", p.state, "--addr", p.addr)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, at, ok := strings.Cut(lines.Text(), "listens on http://"); ok {
			p.addr = at
			return
		}
	}
	p.Fatal("the cloud does not listen")
}

// kill ends the process without a warning.
func (p *process) kill() {
	p.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed
}

// A cloud that is killed keeps each signal that it has answered, and goes on waiting for the others.
func TestAKillBetweenSignals(t *testing.T) {
	p := &process{T: t, program: built(t, "updraft"), state: filepath.Join(t.TempDir(), "state"), addr: "127.0.0.1:0"}
	p.start()
	api := client(t, "http://"+p.addr)
	start(t, api, "waits", `{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
		"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "300", "Count": 3}},
		"Queue": {"Type": "AWS::SQS::Queue", "CreationPolicy": {"ResourceSignal": {"Count": 3, "Timeout": "PT5M"}}}},
		"Outputs": {"Data": {"Value": {"Fn::GetAtt": "Wait.Data"}}}}`)
	handle, err := signal.ParseHandle(handleOf(t, api, "waits"))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"a", "b", "c"} {
		s := signal.Signal{Status: signal.Success, UniqueID: id, Data: "from " + id}
		if err := signal.SendToResource(t.Context(), api, signal.Resource{Stack: "waits", LogicalID: "Queue"}, s); err != nil {
			t.Fatal(err)
		}
		if err := signal.Send(t.Context(), handle, s, nil); err != nil {
			t.Fatal(err)
		}
		p.kill()
		p.start()
	}
	result := end(t, api, "waits")
	p.kill()
	if result.Status != stack.CreateComplete {
		t.Fatalf("%s: %s", result.Status, result.Reason)
	}
	got, err := stack.ReadWaitData(aws.ToString(result.Stack.Outputs[0].OutputValue))
	if diff := cmp.Diff(map[string]string{"a": "from a", "b": "from b", "c": "from c"}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
