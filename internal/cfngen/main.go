// Cfngen writes the packages under resources and the data of package schema
// from what is known of CloudFormation's resource types.
//
//	go run ./internal/cfngen refresh aws-cdk-aws-service-spec-0.1.216.tgz
//	go run ./internal/cfngen refresh-ros alicloud-ros-cdk-*.tgz
//	go run ./internal/cfngen generate
//
// Refresh reads the database of npm's @aws-cdk/aws-service-spec (npm pack
// @aws-cdk/aws-service-spec@0.1.216 fetches it), checks it against the pin in
// data/source.json and writes the facts in it to data/types.ndjson.gz.
//
// Refresh-ros does the same for the types of Alibaba Cloud, with the tarballs that
// data/ros.json pins, and data/ros.ndjson.gz.
//
// Generate reads only what is committed: those files and the hand-written facts
// in overlay. The same input gives the same output, byte for byte; what it
// wrote before and does not write again is removed.
package main

import (
	"flag"
	"fmt"
	"os"
)

//go:generate go run . generate -root ../..

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cfngen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no verb: say refresh, refresh-ros or generate")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	root := flags.String("root", ".", "root folder of the module")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "refresh":
		if flags.NArg() != 1 {
			return fmt.Errorf("refresh: name one file, the tarball of the pinned package or its db.json.gz")
		}
		return refresh(*root, flags.Arg(0))
	case "refresh-ros":
		return refreshROS(*root, flags.Args())
	case "generate":
		return generate(*root)
	}
	return fmt.Errorf("no verb %q: say refresh, refresh-ros or generate", args[0])
}
