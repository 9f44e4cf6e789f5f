package conformance

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// motoServer serves moto, an emulator of AWS in Python, until the test ends, and returns its URL. Without
// it the test is skipped. See docs/moto.md.
func motoServer(t *testing.T) string {
	t.Helper()
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), name, "-c", "import moto.server, flask_cors").Run() == nil {
			python = name
			break
		}
	}
	if python == "" {
		t.Skip("no python3 with moto and its server is here")
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	l.Close()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	cmd := exec.CommandContext(ctx, python, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", port)
	log, err := os.Create(filepath.Join(t.TempDir(), "moto.log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop() // which ends just this process
		_ = cmd.Wait()
		log.Close()
	})
	until(t, "http://"+address, log.Name())
	return "http://" + address
}

// until returns when a server answers.
func until(t *testing.T, url, log string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/moto-api/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer, err := http.DefaultClient.Do(q); err == nil {
			answer.Body.Close()
			return
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			text, _ := os.ReadFile(log)
			t.Fatalf("moto does not answer within a minute:\n%s", text)
		}
	}
}
