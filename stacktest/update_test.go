package stacktest_test

import (
	"flag"
	"testing"

	"github.com/updraft-go/updraft/stacktest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestGoldenJSON(t *testing.T) {
	stacktest.Golden(t, jobs(), "testdata/jobs.json", &stacktest.GoldenOptions{Update: *update})
}

func TestGoldenYAML(t *testing.T) {
	stacktest.Golden(t, jobs(), "testdata/jobs.yaml", &stacktest.GoldenOptions{Update: *update})
}
