package executor_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/local/localtest"
	"github.com/updraft-go/updraft/stack"
)

// recorder keeps the forms of the requests that pass.
type recorder struct {
	http.RoundTripper
	forms []url.Values
}

func (r *recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	r.forms = append(r.forms, form)
	q.Body = io.NopCloser(bytes.NewReader(body))
	return r.RoundTripper.RoundTrip(q)
}

func (r *recorder) last(action string) url.Values {
	for i := len(r.forms) - 1; i >= 0; i-- {
		if r.forms[i].Get("Action") == action {
			return r.forms[i]
		}
	}
	return nil
}

func TestEdge18NilKeepsAndEmptyRemovesOnTheWire(t *testing.T) {
	cloud := localtest.New(t)
	c := clientOf(cloud)
	cfg := cloud.Config()
	wire := &recorder{RoundTripper: cloud}
	cfg.HTTPClient = &http.Client{Transport: wire}
	c.API = cloudformation.NewFromConfig(cfg)
	s := exporter("jobs")
	for _, test := range []struct {
		name   string
		tags   map[string]string
		topics []string
		keys   map[string]string // in the form
	}{
		{"nil", nil, nil, map[string]string{}},
		{"empty", map[string]string{}, []string{}, map[string]string{"Tags": "", "NotificationARNs": ""}},
		{"one", map[string]string{"a": "b"}, []string{"arn:aws:sns:eu-west-1:111122223333:t"}, map[string]string{
			"Tags.member.1.Key": "a", "Tags.member.1.Value": "b", "NotificationARNs.member.1": "arn:aws:sns:eu-west-1:111122223333:t",
		}},
	} {
		s.Tags = test.tags
		p, err := c.Plan(t.Context(), s, &executor.Options{NotificationARNs: test.topics})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Discard(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for k, v := range wire.last("CreateChangeSet") {
			if strings.HasPrefix(k, "Tags") || strings.HasPrefix(k, "NotificationARNs") {
				got[k] = v[0]
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(test.keys) {
			t.Errorf("%s: got %v, want %v", test.name, got, test.keys)
		}
	}
}

func TestAnEndpointThatIsNotThereIsNamedSoon(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	cfg := localtest.New(t).Config()
	cfg.HTTPClient, cfg.BaseEndpoint = nil, aws.String("http://"+address)
	c := &executor.Client{API: cloudformation.NewFromConfig(cfg, func(o *cloudformation.Options) { o.RetryMaxAttempts = 1 })}
	began := time.Now()
	_, err = c.Deploy(t.Context(), exporter("jobs"), nil)
	if err == nil || !strings.Contains(err.Error(), "cannot reach http://"+address+"; check") || strings.Count(err.Error(), "\n") > 0 {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestCredentials(t *testing.T) {
	cfg := localtest.New(t).Config()
	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("no provider in the chain")
	})
	c := &executor.Client{API: cloudformation.NewFromConfig(cfg)}
	if _, err := c.Deploy(t.Context(), exporter("jobs"), nil); err == nil || !strings.Contains(err.Error(), "no AWS credentials were found; set AWS_PROFILE") {
		t.Errorf("absent: got %v", err)
	}
	for code, want := range map[string]string{"ExpiredToken": "have expired; renew", "AccessDenied": "do not allow this call", "InvalidClientTokenId": "are not valid in this account"} {
		f := newFake()
		f.fault = func(string, int) error { return refuse(code, "no") }
		if _, err := f.client().Deploy(t.Context(), exporter("jobs"), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", code, err)
		}
	}
}

func TestNoSecretIsLogged(t *testing.T) {
	var log bytes.Buffer
	c := clientOf(localtest.New(t))
	c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := exporter("jobs")
	s.Template.Parameter("Password", stack.Parameter{NoEcho: true})
	s.Parameters = map[string]string{"Password": "hunter2"}
	if _, err := c.Deploy(t.Context(), s, nil); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"planned", "started", "ended", "CreateChangeSet"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not logged", want)
		}
	}
	if strings.Contains(log.String(), "hunter2") {
		t.Error("the password is logged")
	}
}
