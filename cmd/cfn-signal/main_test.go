package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/signal"
)

// received is a server of a handle that keeps what it gets, by Heat's rule.
func received(t *testing.T) (url string, got *[]signal.Signal) {
	t.Helper()
	got = &[]signal.Signal{}
	server := httptest.NewServer(&signal.Receiver{Rule: signal.Strict, Record: func(_ context.Context, s signal.Signal) error {
		*got = append(*got, s)
		return nil
	}})
	t.Cleanup(server.Close)
	return server.URL + "/handle?X-Amz-Signature=0123456789abcdef", got
}

func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// alone keeps the environment of this machine out of a test.
func alone(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
}

func TestSignalsToAHandle(t *testing.T) {
	alone(t)
	url, got := received(t)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		want signal.Signal
	}{
		{"nothing said", nil, signal.Signal{Status: signal.Success, UniqueID: host}},
		{"zero", []string{"-e", "0", "-i", "a", "-d", "x y", "-r", "done"}, signal.Signal{Status: signal.Success, UniqueID: "a", Data: "x y", Reason: "done"}},
		{"another", []string{"--exit-code=3", "--id", "a"}, signal.Signal{Status: signal.Failure, UniqueID: "a", Reason: "Configuration failed."}},
		{"a signal's", []string{"-e", "-9", "-i", "a", "-r", "killed"}, signal.Signal{Status: signal.Failure, UniqueID: "a", Reason: "killed"}},
		{"not successful", []string{"-s", "false", "-i", "a"}, signal.Signal{Status: signal.Failure, UniqueID: "a", Reason: "Configuration failed."}},
		{"successful", []string{"--success", "true", "-i", "a"}, signal.Signal{Status: signal.Success, UniqueID: "a"}},
		{"an exit code is stronger than -s true", []string{"-s", "true", "-e", "1", "-i", "a"}, signal.Signal{Status: signal.Failure, UniqueID: "a", Reason: "Configuration failed."}},
		{"zero is not stronger than -s false", []string{"-s", "false", "-e", "0", "-i", "a"}, signal.Signal{Status: signal.Failure, UniqueID: "a", Reason: "Configuration failed."}},
		{"a stack does not matter", []string{"--stack", "s", "--region", "r", "-i", "a"}, signal.Signal{Status: signal.Success, UniqueID: "a"}},
	} {
		for _, handle := range []string{url, base64.StdEncoding.EncodeToString([]byte(url))} {
			*got = nil
			code, out, errs := call(t, append(tt.args, handle)...)
			if want := "CloudFormation signaled successfully with " + string(tt.want.Status) + ".\n"; code != 0 || out != want || errs != "" {
				t.Errorf("%s: exit %d, %q, %q", tt.name, code, out, errs)
				continue
			}
			if s := (*got)[0]; s.Data != tt.want.Data || s.Reason != tt.want.Reason || s.Status != tt.want.Status || !strings.HasPrefix(s.UniqueID, tt.want.UniqueID) {
				t.Errorf("%s: got %v, want %v", tt.name, s, tt.want)
			}
		}
	}
}

func TestWrongUse(t *testing.T) {
	alone(t)
	url, got := received(t)
	open := filepath.Join(t.TempDir(), "open")
	if err := os.WriteFile(open, []byte("AWSAccessKeyId=a\nAWSSecretKey=b\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	resource := func(more ...string) []string {
		return append([]string{"--stack", "s", "--resource", "R", "-i", "a"}, more...)
	}
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"nothing", nil, 1, "give the URL of a wait condition handle, or --stack and --resource"},
		{"both", []string{"--resource", "R", url}, 1, "not both"},
		{"an unquoted URL", []string{url, "more"}, 1, "quote the URL"},
		{"no URL", []string{"handle"}, 1, "no URL that begins with http"},
		{"no number", []string{"-e", "x", url}, 2, "invalid argument"},
		{"neither true nor false", []string{"-s", "yes", url}, 2, "it must be true or false"},
		{"an unknown flag", []string{"--sucess", "true", url}, 2, "unknown flag"},
		{"much data", []string{"-i", "a", "-d", strings.Repeat("x", 4097), url}, 1, "the data has 4097 bytes"},
		{"no stack", []string{"--resource", "R", "-i", "a", "--access-key", "a", "--secret-key", "b"}, 1, "no stack"},
		{"no resource", []string{"--stack", "s", "-i", "a", "--access-key", "a", "--secret-key", "b"}, 1, "no resource"},
		{"no credentials", resource(), 1, "there are no credentials"},
		{"half a key", resource("--access-key", "a"), 1, "give both"},
		{"no file", resource("-f", "/none"), 1, "/none"},
		{"a file for all", resource("-f", open), 1, "chmod 600"},
		{"no instance", resource("--role", "web"), 1, "no credentials of role web"},
		{"no proxy", []string{"--http-proxy", "://secret", url}, 1, "--http-proxy is no"},
		{"no endpoint", resource("--url", "here", "--access-key", "a", "--secret-key", "b"), 1, "--url is no URL"},
	} {
		code, out, errs := call(t, tt.args...)
		if code != tt.code || !strings.Contains(errs, tt.want) || out != "" || strings.Contains(errs, "0123456789abcdef") || strings.Contains(errs, "://secret") {
			t.Errorf("%s: exit %d, %q, %q", tt.name, code, out, errs)
		}
	}
	if len(*got) != 0 {
		t.Errorf("got %v", *got)
	}
	if code, out, _ := call(t, "-h"); code != 0 || !strings.Contains(out, "--exit-code") {
		t.Errorf("exit %d, %s", code, out)
	}
}

// A request for SignalResource, as it was signed.
type request struct{ action, unique, status, authorization, token string }

// api is CloudFormation's end.
func api(t *testing.T) (url string, got *request) {
	t.Helper()
	got = &request{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*got = request{r.FormValue("Action"), r.FormValue("UniqueId"), r.FormValue("Status"), r.Header.Get("Authorization"), r.Header.Get("X-Amz-Security-Token")}
		_, _ = w.Write([]byte(`<SignalResourceResponse/>`))
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

// instance is the metadata service of an instance.
func instance(t *testing.T) {
	t.Helper()
	values := map[string]string{
		"/latest/meta-data/instance-id":                  "i-0123456789",
		"/latest/meta-data/iam/security-credentials/web": `{"Code":"Success","AccessKeyId":"AKIDROLE","SecretAccessKey":"s","Token":"tok"}`,
		"/latest/dynamic/instance-identity/document":     "{\n  \"instanceId\" : \"i-0123456789\"\n}",
		"/latest/dynamic/instance-identity/signature":    "AAA\nBBB\n",
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/latest/api/token" {
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "60")
			_, _ = w.Write([]byte("token"))
			return
		}
		value, ok := values[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(value))
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "")
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.URL)
}

func TestSignalsToAResource(t *testing.T) {
	alone(t)
	url, got := api(t)
	owner := filepath.Join(t.TempDir(), "owner")
	if err := os.WriteFile(owner, []byte("# keys\nAWSAccessKeyId=AKIDFILE\nAWSSecretKey=b=c\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	document := "CFN_V1 " + base64.StdEncoding.EncodeToString([]byte("{\n  \"instanceId\" : \"i-0123456789\"\n}")) + ":AAABBB"
	for _, tt := range []struct {
		name        string
		onInstance  bool
		environment string
		args        []string
		want        request // authorization: how it begins
	}{
		{"keys", false, "", []string{"--access-key", "AKIDFLAG", "--secret-key", "s", "-i", "a", "-e", "1"}, request{"SignalResource", "a", "FAILURE", "AWS4-HMAC-SHA256 Credential=AKIDFLAG/", ""}},
		{"a file", false, "AKIDENV", []string{"-f", owner, "-i", "a"}, request{"SignalResource", "a", "SUCCESS", "AWS4-HMAC-SHA256 Credential=AKIDFILE/", ""}},
		{"the environment", true, "AKIDENV", nil, request{"SignalResource", "i-0123456789", "SUCCESS", "AWS4-HMAC-SHA256 Credential=AKIDENV/", ""}},
		{"the instance's role", true, "AKIDENV", []string{"--role", "web"}, request{"SignalResource", "i-0123456789", "SUCCESS", "AWS4-HMAC-SHA256 Credential=AKIDROLE/", "tok"}},
		{"an embedded cloud here", false, "", []string{"-i", "a"}, request{"SignalResource", "a", "SUCCESS", "AWS4-HMAC-SHA256 Credential=local/", ""}},
		{"the instance itself", true, "", []string{"--url", strings.Replace(url, "127.0.0.1", "nowhere.test", 1), "--http-proxy", strings.TrimPrefix(url, "http://")}, request{"SignalResource", "i-0123456789", "SUCCESS", document, ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.onInstance {
				instance(t)
			}
			t.Setenv("AWS_ACCESS_KEY_ID", tt.environment)
			t.Setenv("AWS_SECRET_ACCESS_KEY", tt.environment)
			*got = request{}
			code, out, errs := call(t, append([]string{"--stack", "s", "--resource", "R", "--region", "eu-west-1", "--url", url}, tt.args...)...)
			if code != 0 || out != "" || errs != "" {
				t.Fatalf("exit %d, %q, %q", code, out, errs)
			}
			begins := got.authorization
			got.authorization = tt.want.authorization
			if *got != tt.want || !strings.HasPrefix(begins, tt.want.authorization) {
				t.Errorf("got %v %s, want %v", *got, begins, tt.want)
			}
		})
	}
}

// A host whose certificates AWS_CA_BUNDLE names, as behind a proxy of a company's.
func TestCertificatesOfTheEnvironment(t *testing.T) {
	alone(t)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`<SignalResourceResponse/>`)) }))
	defer server.Close()
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CA_BUNDLE", bundle)
	if code, _, errs := call(t, "--stack", "s", "--resource", "R", "-i", "a", "--url", server.URL); code != 0 {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// For an image without Python: static, and small.
func TestTheProgramIsSmallAndStatic(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	file := filepath.Join(t.TempDir(), "cfn-signal")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() >= 12_000_000 {
		t.Errorf("it has %d bytes", info.Size())
	}
	url, got := received(t)
	out, err := exec.CommandContext(t.Context(), file, "-e", "0", "-i", "a", url).CombinedOutput()
	if err != nil || len(*got) != 1 {
		t.Errorf("%v: %s, %v", err, out, *got)
	}
}
