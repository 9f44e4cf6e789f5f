package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// The test runs the process that kills itself, too, which is this program again.
func TestMain(m *testing.M) {
	if endpoint := os.Getenv(childVariable); endpoint != "" {
		os.Exit(die(context.Background(), endpoint, os.Stdout))
	}
	os.Exit(m.Run())
}

func TestTheStory(t *testing.T) {
	var out bytes.Buffer
	if err := tell(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	rest := out.String()
	for _, want := range []string{ // in this order
		"stack shop: CREATE_COMPLETE",
		"\nv1:\n  image: image ami-", "is available", "version: version 2 of lt-", "is now 2; it was 1", " runs web-v1\n",
		"\nv2:\n", "is now 3; it was 2", " runs web-v2\n",
		"\nv3, in a process that kills itself:\n", "is pending", "the process has ended: signal: killed\n",
		"\nv3:\n  image: image ami-", "is there: ", "is now 4; it was 3", "all instances of group web run version 4", " runs web-v3\n", "all 4 run web-v3, web-v3, web-v3, web-v3\n",
		"\nv4, which makes errors:\n", "is now 5; it was 4", "errors", "is now 4; it was 5", "the group is what it was before", " runs web-v3\n", "all 5 run web-v3, web-v3, web-v3, web-v3, web-v3\n",
	} {
		_, after, found := strings.Cut(rest, want)
		if !found {
			t.Fatalf("%q is not in what follows of\n%s", want, &out)
		}
		rest = after
	}
}
