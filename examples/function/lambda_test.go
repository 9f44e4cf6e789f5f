package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/local/localtest"
)

// TestMain is the function itself in the process that TestTheFunctionOnLambda starts.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// A runtime is the part of AWS Lambda that a function talks to.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtime struct {
	events chan []byte
	done   chan string // how each came out: response or error
}

func (r *runtime) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	path, ok := strings.CutPrefix(request.URL.Path, "/2018-06-01/runtime/invocation/")
	switch {
	case !ok:
		http.NotFound(w, request)
	case path == "next":
		select {
		case event := <-r.events:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(time.Now().Add(time.Minute).UnixMilli(), 10))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:aws-stack")
			_, _ = w.Write(event)
		case <-request.Context().Done():
		}
	default:
		w.WriteHeader(http.StatusAccepted)
		r.done <- strings.TrimPrefix(path, "1/")
	}
}

// The function as Lambda runs it: a process that asks for events. The cloud is reached over the wire.
func TestTheFunctionOnLambda(t *testing.T) {
	cloud := localtest.New(t)
	front := httptest.NewServer(cloud)
	t.Cleanup(front.Close)
	r := &runtime{events: make(chan []byte), done: make(chan string)}
	start(t, r, front.URL)
	cloud.Handle("aws-stack", func(ctx context.Context, payload []byte) ([]byte, error) {
		select {
		case r.events <- payload:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if how := <-r.done; how != "response" {
			t.Errorf("it came out as %s", how)
		}
		return nil, nil
	})
	cfg := cloud.Config()
	cfg.BaseEndpoint, cfg.HTTPClient = &front.URL, front.Client()
	api := cloudformation.NewFromConfig(cfg)
	if _, err := api.CreateStack(t.Context(), &cloudformation.CreateStackInput{StackName: aws.String("outer"), TemplateBody: aws.String(outer)}); err != nil {
		t.Fatal(err)
	}
	waiter := cloudformation.NewStackCreateCompleteWaiter(api, func(o *cloudformation.StackCreateCompleteWaiterOptions) {
		o.MinDelay, o.MaxDelay = 10*time.Millisecond, 100*time.Millisecond
	})
	out, err := waiter.WaitForOutput(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("outer")}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if s := out.Stacks[0]; len(s.Outputs) != 1 || *s.Outputs[0].OutputValue != "arn:aws:s3:::made-inside" {
		t.Errorf("%+v", s.Outputs)
	}
}

// start starts the function, in a process that ends with the test.
func start(t *testing.T, r *runtime, endpoint string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	cmd.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + l.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=aws-stack", "AWS_ENDPOINT_URL=" + endpoint,
		"AWS_ACCESS_KEY_ID=123456789012", "AWS_SECRET_ACCESS_KEY=any", "AWS_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
	}
	cmd.Stderr = t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		_ = server.Close()
	})
}
