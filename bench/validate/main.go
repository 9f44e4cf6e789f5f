// Command validate measures how long it takes to validate each template of a folder, in a process
// that is warm, and prints a line for each: its name and the milliseconds. It writes the template of
// 500 resources into the folder first.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/updraft-go/updraft/bench/workload"
	"github.com/updraft-go/updraft/validate"
)

func main() {
	log.SetFlags(0)
	dir := os.Args[1]
	body, err := workload.Build(500).JSON()
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "500-resources.json"), body, 0o600); err != nil {
		log.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range files {
		fmt.Printf("%s %.3f\n", strings.TrimSuffix(filepath.Base(file), ".json"), milliseconds(file))
	}
}

// milliseconds is the mean of the runs in a second, after a tenth of one that warms up. Each reads the
// file again.
func milliseconds(file string) float64 {
	repeat(file, time.Second/10)
	runs, took := repeat(file, time.Second)
	return took.Seconds() * 1000 / float64(runs)
}

func repeat(file string, atLeast time.Duration) (runs int, took time.Duration) {
	for start := time.Now(); took < atLeast; took = time.Since(start) {
		data, err := os.ReadFile(file)
		if err != nil {
			log.Fatal(err)
		}
		validate.Document(data, nil)
		runs++
	}
	return runs, took
}
