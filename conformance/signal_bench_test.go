package conformance

import (
	"testing"
	"time"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/signal"
	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/waiter"
)

// BenchmarkSignal measures the time from when a signal is sent, over HTTP, until the deployment that
// waits for it has ended; the slowest is told as worst-ms.
func BenchmarkSignal(b *testing.B) {
	api := client(b, serve(b))
	c := &executor.Client{API: api, Poller: &waiter.Poller{API: api, MinInterval: time.Millisecond, Rate: -1}}
	template, err := stack.Parse([]byte(`{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
		"Wait": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "600"}}}}`))
	if err != nil {
		b.Fatal(err)
	}
	var worst time.Duration
	for b.Loop() {
		b.StopTimer()
		plan, err := c.Plan(b.Context(), &stack.Stack{Name: "waits", Template: template}, nil)
		if err != nil {
			b.Fatal(err)
		}
		run, err := c.Apply(b.Context(), plan)
		if err != nil {
			b.Fatal(err)
		}
		url := ""
		for url == "" {
			url = handleOf(b, api, "waits")
		}
		handle, err := signal.ParseHandle(url)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		sent := time.Now()
		if err := signal.Send(b.Context(), handle, signal.Signal{Status: signal.Success, UniqueID: "a"}, nil); err != nil {
			b.Fatal(err)
		}
		if _, err := run.Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		worst = max(worst, time.Since(sent))
		b.StopTimer()
		if _, err := c.Delete(b.Context(), "waits", nil); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "worst-ms")
}
