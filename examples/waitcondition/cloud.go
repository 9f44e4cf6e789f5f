package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/updraft-go/updraft/local"
)

// A served cloud is an embedded cloud that another process on this machine reaches, too.
type servedCloud struct {
	*local.Cloud
	server *http.Server
}

func open(ctx context.Context) (*servedCloud, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	cloud := &local.Cloud{Endpoint: "http://" + l.Addr().String(), Delay: 200 * time.Millisecond}
	c := &servedCloud{cloud, &http.Server{Handler: cloud, ReadHeaderTimeout: 10 * time.Second}}
	go func() { _ = c.server.Serve(l) }() // it ends when it is closed
	return c, nil
}

func (c *servedCloud) close() {
	_ = c.server.Close()
	_ = c.Cloud.Close()
}
