// Package conformance holds the embedded cloud to what others say of CloudFormation: to recorded
// conversations with AWS, and to the clients that people use.
package conformance

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local"
)

// serve serves an empty cloud on this machine only, until the test ends, and returns its URL.
func serve(t testing.TB) string {
	t.Helper()
	return serveCloud(t, &local.Cloud{})
}

// serveCloud is serve for a cloud that is set up otherwise. It is closed when the test ends.
func serveCloud(t testing.TB, cloud *local.Cloud) string {
	t.Helper()
	t.Cleanup(func() {
		if err := cloud.Close(); err != nil {
			t.Errorf("close the cloud: %v", err)
		}
	})
	return serveHandler(t, cloud)
}

// serveHandler serves h on this machine only, until the test ends, and returns its URL.
func serveHandler(t testing.TB, h http.Handler) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("close the server: %v", err)
		}
		<-ended
	})
	return "http://" + l.Addr().String()
}

// goClient is a client of the SDK for Go for an empty cloud, which it reaches over the network.
func goClient(t *testing.T) *cloudformation.Client {
	t.Helper()
	return cloudformation.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(serve(t)),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "123456789012", SecretAccessKey: "any"}, nil
		}),
	})
}

// environment is that of a client of AWS's that is to know nothing but the cloud.
func environment(t *testing.T, endpoint string) []string {
	t.Helper()
	env := []string{
		"AWS_ENDPOINT_URL=" + endpoint, "AWS_ACCESS_KEY_ID=123456789012", "AWS_SECRET_ACCESS_KEY=any",
		"AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, "ENDPOINT=" + endpoint,
	}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "AWS_") {
			env = append(env, pair)
		}
	}
	return env
}

// run runs a program and returns what it wrote. A program that fails fails the test.
func run(t *testing.T, env []string, stdin, name string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, arguments...)
	cmd.Env, cmd.Stdin, cmd.Dir = env, strings.NewReader(stdin), t.TempDir()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s\n%s", name, arguments, err, out.String(), errs.String())
	}
	return out.String()
}

// python returns a Python that has boto3, and skips the test if there is none.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import boto3").Run() == nil {
			return name
		}
	}
	t.Skip("no python3 with boto3 is here")
	return ""
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s\nis not in\n%s", p, text)
		}
	}
}

// envNode names the environment variable of the folder node_modules that holds npm's clients.
const envNode = "UPDRAFT_NODE_MODULES"

// nodeModules returns the folder that holds npm's packages, and skips the test if one is not there.
func nodeModules(t *testing.T, packages ...string) string {
	t.Helper()
	modules := os.Getenv(envNode)
	for _, name := range packages {
		if _, err := os.Stat(filepath.Join(modules, name)); modules == "" || err != nil {
			t.Skipf("%s names no folder that holds %s", envNode, filepath.ToSlash(name))
		}
	}
	return modules
}
