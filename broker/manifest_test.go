package broker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/broker"
)

func TestCredentialsAsASecret(t *testing.T) {
	c := broker.Credentials{"QUEUE_URL": "https://x/y", "PASSWORD": "a\"b: #\n", "PORT": 5432.0}
	got, err := c.KubernetesSecret("queue", "apps")
	want := `apiVersion: v1
kind: Secret
metadata:
  name: queue
  namespace: apps
type: Opaque
stringData:
  PASSWORD: "a\"b: #\n"
  PORT: "5432"
  QUEUE_URL: "https://x/y"
`
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, bad := range [][2]string{{"Queue", ""}, {"", ""}, {"queue", "a: b"}, {"x\nkind: Pod", ""}} {
		if got, err := c.KubernetesSecret(bad[0], bad[1]); got != nil || err == nil {
			t.Errorf("%q: %s, %v", bad, got, err)
		}
	}
	if _, err := (broker.Credentials{"a/b": "x"}).KubernetesSecret("queue", ""); err == nil {
		t.Error("a key with a slash was taken")
	}
}

func TestCredentialsAsFiles(t *testing.T) {
	got, err := broker.Credentials{"QUEUE_URL": "https://x/y"}.BindingFiles("sqs", "aws")
	want := map[string][]byte{"type": []byte("sqs"), "provider": []byte("aws"), "QUEUE_URL": []byte("https://x/y")}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := (broker.Credentials{"..": "x"}).BindingFiles("sqs", ""); err == nil {
		t.Error("a key that leads out of the directory was taken")
	}
	if _, err := (broker.Credentials{}).BindingFiles("", ""); err == nil {
		t.Error("no type was taken")
	}
}
