package main

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/updraft-go/updraft/local"
)

// slow are clients that begin and do not go on: within the headers, within the body, and before the
// answer is read.
var slow = map[string]string{
	"headers": "POST / HTTP/1.1\r\nHost: cloud\r\nContent-",
	"body":    "POST / HTTP/1.1\r\nHost: cloud\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nAction=Describe",
	"answer":  strings.Repeat("POST / HTTP/1.1\r\nHost: cloud\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 38\r\n\r\nAction=ListStacks&Version=2010-05-15&X", 50),
}

// TestSlowClientsHinderNobody has others answered beside fifty slow clients, and those who never send their
// headers thrown out.
func TestSlowClientsHinderNobody(t *testing.T) {
	whileServed(t, "any", &local.Cloud{}, func(endpoint string) {
		var waiting []net.Conn
		for range 17 {
			for what, begun := range slow {
				c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(endpoint, "http://"))
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				if _, err := io.WriteString(c, begun); err != nil {
					t.Fatal(err)
				}
				if what == "headers" {
					waiting = append(waiting, c)
				}
			}
		}
		for range 100 {
			if answer := fetch(t, endpoint+"/?Action=ListStacks&Version=2010-05-15"); !strings.Contains(answer, "<ListStacksResult>") {
				t.Fatalf("answered %s", answer)
			}
		}
		if testing.Short() {
			return
		}
		for _, c := range waiting {
			if _, err := io.Copy(io.Discard, c); err != nil { // it ends when the server closes the connection
				t.Error(err)
			}
		}
	})
}
