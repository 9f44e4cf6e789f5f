// Command servers measures the embedded cloud as a server beside moto_server: how soon each answers, what
// it takes of memory, how long many stacks take, and how soon it describes one of them.
//
// It is run in bench/, with moto_server on PATH (pip install 'moto[server]'):
//
//	go run ./servers -stacks 1000
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	stacks := flag.Int("stacks", 1000, "how many stacks of 20 resources to make")
	state := flag.Bool("state", false, "let the embedded cloud keep a state file")
	flag.Parse()
	if err := run(context.Background(), *stacks, *state); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stacks int, state bool) error {
	dir, err := os.MkdirTemp("", "servers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "updraft")
	if out, err := exec.CommandContext(ctx, "go", "build", "-C", "..", "-o", program, "./cmd/updraft").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	arguments := []string{"local", "--addr"}
	if state {
		arguments = []string{"local", "--state", filepath.Join(dir, "state"), "--addr"}
	}
	servers := []server{{"updraft local", program, func(port string) []string { return append(arguments, "127.0.0.1:"+port) }}}
	if path, err := exec.LookPath("moto_server"); err == nil {
		servers = append(servers, server{"moto_server", path, func(port string) []string { return []string{"-H", "127.0.0.1", "-p", port} }})
	}
	for _, s := range servers {
		f, err := s.measure(ctx, stacks)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Printf("%-14s first answer %v, idle %d MB; %d stacks of 20 resources in %v, then %d MB; DescribeStacks p50 %v, p99 %v\n",
			s.name, f.first.Round(time.Millisecond), f.idle, stacks, f.made.Round(10*time.Millisecond), f.full, f.half.Round(10*time.Microsecond), f.most.Round(10*time.Microsecond))
	}
	return nil
}

// A server is a program that serves a cloud on a port.
type server struct {
	name, path string
	arguments  func(port string) []string
}

// figures are what is measured of a server.
type figures struct {
	first, made, half, most time.Duration
	idle, full              int // MB
}

// measure runs a server and measures it.
func (s *server) measure(ctx context.Context, stacks int) (f figures, err error) {
	port, err := freePort(ctx)
	if err != nil {
		return f, err
	}
	cmd := exec.CommandContext(ctx, s.path, s.arguments(port)...)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return f, err
	}
	defer func() {
		_ = cmd.Process.Kill() // what it holds is not needed
		_ = cmd.Wait()
	}()
	c := &client{url: "http://127.0.0.1:" + port + "/"}
	for c.call(ctx, "ListStacks", nil) != nil {
		if time.Since(began) > time.Minute {
			return f, fmt.Errorf("it does not answer")
		}
		time.Sleep(time.Millisecond)
	}
	f.first = time.Since(began)
	time.Sleep(time.Second)
	f.idle = resident(cmd.Process.Pid)
	began = time.Now()
	for i := range stacks {
		if err := c.call(ctx, "CreateStack", url.Values{"StackName": {name(i)}, "TemplateBody": {template(i)}}); err != nil {
			return f, err
		}
	}
	f.made, f.full = time.Since(began), resident(cmd.Process.Pid)
	var took []time.Duration
	for i := range 1000 {
		began := time.Now()
		if err := c.call(ctx, "DescribeStacks", url.Values{"StackName": {name(i % stacks)}}); err != nil {
			return f, err
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	f.half, f.most = took[len(took)/2], took[len(took)*99/100]
	return f, nil
}

func freePort(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// resident is the memory of a process and those that it began, in MB.
func resident(pid int) int {
	out, err := exec.Command("ps", "-o", "rss=", "--pid", fmt.Sprint(pid), "--ppid", fmt.Sprint(pid)).Output()
	if err != nil {
		return 0
	}
	total := 0
	for _, field := range strings.Fields(string(out)) {
		kb := 0
		_, _ = fmt.Sscan(field, &kb) // ps writes numbers
		total += kb
	}
	return total / 1024
}

func name(i int) string { return fmt.Sprintf("stack-%d", i) }

// template has 20 resources, of which some refer to others.
func template(i int) string {
	var b strings.Builder
	b.WriteString(`{"Resources": {`)
	for n := range 5 {
		fmt.Fprintf(&b, `"Queue%[1]d": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": %[1]d}},
			"Topic%[1]d": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "t%[2]d"}},
			"Param%[1]d": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "p-%[2]d-%[1]d", "Type": "String", "Value": {"Ref": "Queue%[1]d"}}},
			"Bucket%[1]d": {"Type": "AWS::S3::Bucket"},`, n, i)
	}
	return strings.TrimSuffix(b.String(), ",") + `}, "Outputs": {"Queue": {"Value": {"Fn::GetAtt": ["Queue0", "Arn"]}}}}`
}

// A client sends requests of CloudFormation's.
type client struct{ url string }

func (c *client) call(ctx context.Context, action string, form url.Values) error {
	if form == nil {
		form = url.Values{}
	}
	form.Set("Action", action)
	form.Set("Version", "2010-05-15")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/cloudformation/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", action, response.Status, text)
	}
	return err
}
