package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/local"
)

// whileServed runs serve until ask has asked something at the endpoint that it printed.
func whileServed(t *testing.T, said string, cloud *local.Cloud, ask func(endpoint string)) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := serve(ctx, "127.0.0.1:0", cloud, said, write)
		_ = write.Close() // it does not fail
		ended <- err
	}()
	var printed bytes.Buffer
	b := make([]byte, 1024)
	endpoint := regexp.MustCompile(`export AWS_ENDPOINT_URL=(\S+)\n(?s:.*)AWS_REGION`)
	for endpoint.FindStringSubmatch(printed.String()) == nil {
		n, err := read.Read(b)
		if err != nil {
			t.Fatal(err, <-ended)
		}
		printed.Write(b[:n])
	}
	ask(endpoint.FindStringSubmatch(printed.String())[1])
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return printed.String()
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheCloudIsServedAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	for round, want := range []string{"<StackId>", "<Code>AlreadyExistsException</Code>"} {
		out := whileServed(t, "any", &local.Cloud{State: path}, func(endpoint string) {
			text := fetch(t, endpoint+"/?Action=CreateStack&Version=2010-05-15&StackName=work&TemplateBody=Resources:%20{T:%20{Type:%20AWS::SNS::Topic}}")
			if !strings.Contains(text, want) {
				t.Errorf("round %d: %s", round, text)
			}
		})
		if !strings.Contains(out, "AWS_SECRET_ACCESS_KEY=any ") {
			t.Error(out)
		}
	}
}

func TestSignaturesAreDemanded(t *testing.T) {
	t.Setenv("AWS_SECRET_ACCESS_KEY", "my own")
	if secret, said := secretKey(); secret != "my own" || said != "$AWS_SECRET_ACCESS_KEY" {
		t.Error(secret, said)
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	secret, said := secretKey()
	if len(secret) < 20 || said != secret {
		t.Error(secret, said)
	}
	whileServed(t, said, &local.Cloud{Secret: secret}, func(endpoint string) {
		if text := fetch(t, endpoint+"/?Action=ListStacks&Version=2010-05-15"); !strings.Contains(text, "<Code>MissingAuthenticationToken</Code>") {
			t.Error(text)
		}
	})
}

func TestAStateFileThatIsNoneIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path, []byte("no state"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := serve(t.Context(), "127.0.0.1:0", &local.Cloud{State: path}, "any", io.Discard)
	if err == nil || !strings.Contains(err.Error(), "the file is damaged: it does not begin as a state file does; give another file with --state, or move this one away to begin with an empty cloud") {
		t.Errorf("got %v", err)
	}
}
