package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// servedBroker runs updraft broker until the test ends, and returns the URLs of the broker and of the cloud.
func servedBroker(t *testing.T, args ...string) (broker, cloud string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	var errs strings.Builder
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"broker", "--addr", "127.0.0.1:0", "--cloud-addr", "127.0.0.1:0"}, args...), strings.NewReader(""), write, &errs)
		write.Close()
	}()
	lines := bufio.NewScanner(read)
	for _, url := range []*string{&broker, &cloud} {
		if !lines.Scan() {
			t.Fatalf("exit %d: %s", <-ended, &errs)
		}
		_, *url, _ = strings.Cut(lines.Text(), " listens on ")
	}
	t.Cleanup(func() {
		cancel()
		if code := <-ended; code != 0 {
			t.Errorf("exit %d: %s", code, &errs)
		}
		if strings.Contains(errs.String(), "hush") {
			t.Errorf("the password is in the log: %s", &errs)
		}
	})
	return broker, cloud
}

func get(t *testing.T, url string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestBrokerServes(t *testing.T) {
	t.Setenv(envUser, "me")
	t.Setenv(envPassword, "hush")
	dir := t.TempDir()
	service := "Metadata: {AWS::ServiceBroker::Specification: {Name: mine, ServicePlans: {only: {}}}}\nResources: {T: {Type: AWS::SNS::Topic}}"
	if err := os.WriteFile(filepath.Join(dir, "mine.yaml"), []byte(service), 0o600); err != nil {
		t.Fatal(err)
	}
	url, cloud := servedBroker(t, "--templates", dir)
	if code, body := get(t, url+"/healthz"); code != 200 || !strings.Contains(body, `"services":13`) {
		t.Errorf("health: %d %s", code, body)
	}
	if code, _ := get(t, url+"/v2/catalog", "X-Broker-API-Version", "2.17"); code != 401 {
		t.Errorf("without a password: %d", code)
	}
	code, body := get(t, url+"/v2/catalog", "X-Broker-API-Version", "2.17", "Authorization", "Basic bWU6aHVzaA==")
	if code != 200 || !strings.Contains(body, `"name":"mine"`) || !strings.Contains(body, `"name":"sqs"`) {
		t.Errorf("catalog: %d %s", code, body)
	}
	if code, body := get(t, url+"/metrics"); code != 200 || !strings.Contains(body, `updraft_broker_request_seconds_count{route="catalog",status="200"} 1`) {
		t.Errorf("metrics: %d %s", code, body)
	}
	if code, body := get(t, cloud+"/?Action=ListStacks&Version=2010-05-15"); code != 200 || !strings.Contains(body, "ListStacksResponse") {
		t.Errorf("cloud: %d %s", code, body)
	}
}

// A service whose template CloudFormation would refuse is left out before somebody orders it.
func TestBrokerLeavesOutWhatIsNotValid(t *testing.T) {
	dir := t.TempDir()
	for name, resources := range map[string]string{
		"sound":  "A: {Type: AWS::SNS::Topic}",
		"circle": "A: {Type: AWS::SNS::Topic, DependsOn: B}\n  B: {Type: AWS::SNS::Topic, DependsOn: A}",
	} {
		template := "Metadata: {AWS::ServiceBroker::Specification: {Name: " + name + ", ServicePlans: {only: {}}}}\nResources:\n  " + resources + "\n"
		if err := os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(template), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url, _ := servedBroker(t, "--no-built-in", "--templates", dir)
	_, catalog := get(t, url+"/v2/catalog", "X-Broker-API-Version", "2.17")
	if !strings.Contains(catalog, `"sound"`) || strings.Contains(catalog, "circle") {
		t.Errorf("offered: %s", catalog)
	}
}

func TestBrokerIsUsedWrongly(t *testing.T) {
	for _, name := range []string{envUser, envPassword, envToken} {
		t.Setenv(name, "")
	}
	for _, tt := range []struct {
		says string
		args []string
	}{
		{"everybody who reaches", []string{"--addr", "0.0.0.0:0"}},
		{"exclude each other", []string{"--aws", "--endpoint", "http://127.0.0.1:1"}},
		{"go together", []string{"--tls-key", "key.pem"}},
		{"is no folder", []string{"--templates", "/nowhere"}},
		{"s3://BUCKET/PREFIX", []string{"--templates-bucket", "x"}},
		{"no service to offer", []string{"--no-built-in"}},
		{"account=ID", []string{"--target", "acount=1"}},
		{"needs a role", []string{"--target", "account=210987654321"}},
	} {
		code, _, errs := updraft(t, "", append([]string{"broker", "--addr", "127.0.0.1:0"}, tt.args...)...)
		if code != 2 || !strings.Contains(errs, tt.says) {
			t.Errorf("%v: exit %d: %s", tt.args, code, errs)
		}
	}
}

func TestBrokerCredentials(t *testing.T) {
	const answer = `{"credentials": {"QUEUE_URL": "https://x", "PORT": 5}}`
	code, out, errs := updraft(t, answer, "broker", "credentials", "--secret", "queue")
	if code != 0 || !strings.Contains(out, "kind: Secret") || !strings.Contains(out, `QUEUE_URL: "https://x"`) {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	dir := filepath.Join(t.TempDir(), "queue")
	if code, _, errs := updraft(t, answer, "broker", "credentials", "--files", dir, "--type", "sqs"); code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for name, want := range map[string]string{"type": "sqs", "QUEUE_URL": "https://x", "PORT": "5"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		info, _ := os.Stat(filepath.Join(dir, name))
		if err != nil || string(data) != want || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %q, %v, %v", name, data, info, err)
		}
	}
	for want, args := range map[int][]string{2: {"--secret", "a", "--files", "b"}, 1: {"--secret", "A B"}} {
		if code, out, _ := updraft(t, answer, append([]string{"broker", "credentials"}, args...)...); code != want || out != "" {
			t.Errorf("%v: exit %d, %s", args, code, out)
		}
	}
	if code, _, errs := updraft(t, `{"error": "x"}`, "broker", "credentials", "--secret", "a"); code != 1 || !strings.Contains(errs, "no credentials") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
