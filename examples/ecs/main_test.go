package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/local"
	"github.com/updraft-go/updraft/local/localtest"
)

// program runs the program and returns what it printed.
func program(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// contains complains about each text that is missing.
func contains(t *testing.T, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s lacks %q:\n%s", what, w, got)
		}
	}
}

// served is an embedded cloud that lives longer than one run, on a port.
func served(t *testing.T) (*local.Cloud, string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_PROFILE", "")
	t.Setenv("AWS_REGION", "eu-central-1")
	cloud := localtest.New(t)
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	return cloud, server.URL
}

func TestEverythingOnTheEmbeddedCloud(t *testing.T) {
	code, out, errs := program(t)
	if code != 0 || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	contains(t, "output", out,
		"Deploy 9 stacks: an embedded cloud in this process.",
		"staging-cluster: CREATE_COMPLETE ECSCluster (AWS::ECS::Cluster)",
		"production-helloworld-service: CREATE_COMPLETE in ",
		"staging-alb.URL = http://",
		"helloworld-repo = helloworld",
		"production-cluster-vpc-id = vpc-0123456789abcdef0",
		"The same on AWS: go run ./examples/ecs -aws",
	)
	if strings.Index(out, "staging-cluster: CREATE_COMPLETE in") > strings.Index(out, "staging-alb: CREATE_COMPLETE") {
		t.Errorf("staging-alb began before staging-cluster was there:\n%s", out)
	}
}

func TestANewTagChangesOnlyTheServices(t *testing.T) {
	_, url := served(t)
	if code, _, errs := program(t, "-endpoint", url, "-tag", "v1"); code != 0 {
		t.Fatal(errs)
	}
	code, out, errs := program(t, "-endpoint", url, "-tag", "v2")
	if code != 0 {
		t.Fatal(errs)
	}
	contains(t, "output", out,
		"2 of 9 stacks were changed; unchanged: helloworld-ecr,",
		"staging-helloworld-service: UPDATE_COMPLETE in",
		"production-helloworld-service: UPDATE_COMPLETE in",
	)
	if _, out, _ := program(t, "-endpoint", url); !strings.Contains(out, "0 of 9 stacks were changed") {
		t.Errorf("a run without a tag does not keep the one that runs:\n%s", out)
	}
}

func TestDeleteGoesBackwards(t *testing.T) {
	_, url := served(t)
	if code, _, errs := program(t, "-endpoint", url); code != 0 {
		t.Fatal(errs)
	}
	code, out, errs := program(t, "-endpoint", url, "-delete", "-env", "staging")
	if code != 0 || strings.Contains(out, "helloworld-ecr:") {
		t.Fatalf("exit %d %s; what production needs must stay:\n%s", code, errs, out)
	}
	code, out, errs = program(t, "-endpoint", url, "-delete")
	if code != 0 {
		t.Fatal(errs)
	}
	contains(t, "output", out, "production-cluster: DELETE_COMPLETE in", "helloworld-ecr: DELETE_COMPLETE in", "staging-alb: unchanged", "All are gone.")
	if strings.Index(out, "production-helloworld-service: DELETE_COMPLETE in") > strings.Index(out, "helloworld-ecr: DELETE_COMPLETE in") {
		t.Errorf("the exporter went before the importer:\n%s", out)
	}
}

func TestTheFirstFailureLeads(t *testing.T) {
	cloud, url := served(t)
	cloud.Fail(local.Fault{Stack: "staging-cluster", LogicalID: "ECSAutoScalingGroup", Action: local.Create, Reason: "no capacity left"})
	code, out, errs := program(t, "-endpoint", url)
	if code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	first, _, _ := strings.Cut(errs, "\n")
	contains(t, "first line of the error", first, "staging-cluster", "ECSAutoScalingGroup", "no capacity left")
	contains(t, "output", out, "staging-alb: skipped, since staging-cluster did not succeed", "production-helloworld-service: CREATE_COMPLETE in")
}

func TestStandInsAreForTheEmbeddedCloudOnly(t *testing.T) {
	cloud, _ := served(t)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cloud.ServeHTTP(nameless{w}, r)
	}))
	defer other.Close()
	code, _, errs := program(t, "-endpoint", other.URL, "-env", "staging")
	if code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	contains(t, "error", errs, "staging-cluster: Parameters.KeyPair", "give -key-pair", "give -vpc-id", "give -subnets")
	if code, _, errs := program(t, "-endpoint", other.URL, "-env", "staging", "-key-pair", "k", "-vpc-id", "vpc-1", "-subnets", "subnet-1,subnet-2"); code != 0 {
		t.Error(errs)
	}
}

func TestSynth(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	code, out, errs := program(t, "-synth", folder)
	if code != 0 || strings.Count(out, ".json\n") != 6 {
		t.Fatalf("exit %d %s, printed %s", code, errs, out)
	}
	if b, err := os.ReadFile(filepath.Join(folder, "helloworld-ecs-service.json")); err != nil || !bytes.Contains(b, []byte(`"Fn::ImportValue": "helloworld-repo"`)) {
		t.Errorf("%v: %s", err, b)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := program(t, "-synth", blocked); code != 1 || errs == "" {
		t.Errorf("a folder that is a file: exit %d, %s", code, errs)
	}
}

func TestWrongUse(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"-env", "test"}, 2, `-env "test"; give staging, production or all`},
		{[]string{"-nonsense"}, 2, "not defined: -nonsense; see -help"},
		{[]string{"extra"}, 2, `"extra" is no flag`},
		{[]string{"-aws", "-endpoint", "http://x"}, 2, "exclude each other"},
		{[]string{"-endpoint", "nowhere"}, 1, `-endpoint "nowhere" is no URL`},
		{[]string{"-admin-cidr", "everyone", "-synth", t.TempDir()}, 2, `-admin-cidr "everyone" is no CIDR block`},
		{[]string{"-help"}, 0, "-synth folder"},
	} {
		code, _, errs := program(t, tt.args...)
		if code != tt.code || !strings.Contains(errs, tt.want) {
			t.Errorf("%v: exit %d %s; want %d %q", tt.args, code, errs, tt.code, tt.want)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	l.Close()
	code, _, errs := program(t, "-endpoint", url)
	if code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	contains(t, "error", errs, l.Addr().String(), "check")
}

func TestAWSIsAskedFor(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	code, out, errs := program(t, "-aws")
	if code != 1 || !strings.Contains(out, "Deploy them? [y/N]") || !strings.Contains(errs, "nothing was done; answer y, or give -yes") {
		t.Errorf("exit %d, %s, %s", code, out, errs)
	}
}

// Ctrl-C ends the waiting, not the deployment.
func TestInterrupted(t *testing.T) {
	cloud, url := served(t)
	interrupted := errors.New("interrupt")
	ctx, cancel := context.WithCancelCause(t.Context())
	cloud.Provide("AWS::ECR::Repository", stuck{func() { cancel(interrupted) }})
	var out, errs bytes.Buffer
	code := run(ctx, []string{"-endpoint", url}, strings.NewReader(""), &out, &errs)
	if code != 1 {
		t.Errorf("exit %d, want 1", code)
	}
	contains(t, "error", errs.String(), "helloworld-ecr", "goes on", "give the same command once more")
}

// stuck interrupts whoever waits for a resource, which then takes until the cloud is closed.
type stuck struct{ interrupt func() }

func (s stuck) Create(ctx context.Context, _ *local.Request) (*local.Resource, error) {
	s.interrupt()
	<-ctx.Done()
	return nil, ctx.Err()
}

func (s stuck) Update(ctx context.Context, r *local.Request) (*local.Resource, error) {
	return s.Create(ctx, r)
}

func (s stuck) Delete(context.Context, *local.Request) error { return nil }

// nameless says nothing of what it is.
type nameless struct{ http.ResponseWriter }

func (n nameless) WriteHeader(code int) {
	n.Header().Del("Server")
	n.ResponseWriter.WriteHeader(code)
}
