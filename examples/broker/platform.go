package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// A platform sends requests to a broker, and shows them.
type platform struct {
	url, user, password string
	out                 io.Writer
}

type object = map[string]any

// send sends a request, shows it with the status of its answer, and reads the answer.
func (p *platform) send(ctx context.Context, method, path string, body, answer any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, method, p.url+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	r.SetBasicAuth(p.user, p.password)
	r.Header.Set("X-Broker-API-Version", "2.17")
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	shown, _, _ := bytes.Cut([]byte(path), []byte("?"))
	fmt.Fprintf(p.out, "  %s %s: %s\n", method, shown, response.Status)
	got, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 400 {
		return fmt.Errorf("%s %s: %s: %s", method, path, response.Status, got)
	}
	return json.Unmarshal(got, answer)
}

// A plan is what a platform remembers of the catalog.
type plan struct{ service, id string }

func (p plan) query() string {
	return "?" + url.Values{"service_id": {p.service}, "plan_id": {p.id}, "accepts_incomplete": {"true"}}.Encode()
}

// catalog reads what the broker offers, shows it, and returns one of the plans.
func (p *platform) catalog(ctx context.Context, service, name string) (plan, error) {
	var c struct {
		Services []struct {
			ID, Name, Description string
			Plans                 []struct{ ID, Name string }
		}
	}
	if err := p.send(ctx, "GET", "/v2/catalog", nil, &c); err != nil {
		return plan{}, err
	}
	var found plan
	for _, s := range c.Services {
		fmt.Fprintf(p.out, "    %-9s %s:", s.Name, s.Description)
		for _, x := range s.Plans {
			fmt.Fprintf(p.out, " %s", x.Name)
			if s.Name == service && x.Name == name {
				found = plan{s.ID, x.ID}
			}
		}
		fmt.Fprintln(p.out)
	}
	if found.id == "" {
		return plan{}, fmt.Errorf("the catalog has no plan %s of %s", name, service)
	}
	return found, nil
}

// wait polls until an operation has come to its end.
func (p *platform) wait(ctx context.Context, path, operation string) error {
	for {
		var state struct{ State, Description string }
		if err := p.send(ctx, "GET", path+"/last_operation?operation="+url.QueryEscape(operation), nil, &state); err != nil {
			return err
		}
		switch state.State {
		case "succeeded":
			return nil
		case "failed":
			return fmt.Errorf("%s failed: %s", path, state.Description)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
}
