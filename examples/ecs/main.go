// Command ecs is the ECS chapter of a book on DevOps, in Go: an image repository, an ECS cluster
// with auto scaling and alarms, a load balancer, a service, and the pipeline that builds and
// deploys it, for staging and production. The book writes its templates with Troposphere; these
// say the same.
//
// Without a flag it deploys everything to an embedded cloud in this process: you see nine stacks
// come up in the order that their exports and imports dictate, then their outputs and exports.
// With -aws the same program deploys to AWS.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/updraft-go/updraft/stack"
)

// defaultAdmin is who may log in to the instances, unless a flag says otherwise.
const defaultAdmin = "203.0.113.10/32"

// options are the flags.
type options struct {
	synth, env, tag, endpoint string
	aws, yes, remove          bool
	keyPair, vpc, subnets     string
	admin, region             string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(stderr, "ecs:", err)
		return 2
	}
	c := newChapter(o.admin)
	if o.synth != "" {
		err = synthesize(c, o.synth, stdout)
	} else {
		err = carryOut(ctx, o, c, bufio.NewReader(stdin), stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "ecs:", err)
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (*options, error) {
	var o options
	f := flag.NewFlagSet("ecs", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.synth, "synth", "", "write the six templates to this `folder` and deploy nothing")
	f.StringVar(&o.env, "env", "all", "`environment` to deploy: staging, production or all")
	f.StringVar(&o.tag, "tag", "", "`tag` of the image to run; if it is not given, latest or what runs already")
	f.StringVar(&o.endpoint, "endpoint", "", "deploy to the CloudFormation endpoint at this `URL`")
	f.BoolVar(&o.aws, "aws", false, "deploy to AWS, with the credentials of your environment")
	f.BoolVar(&o.yes, "yes", false, "with -aws, do not ask first")
	f.BoolVar(&o.remove, "delete", false, "delete the stacks, last first")
	f.StringVar(&o.keyPair, "key-pair", "", "`name` of an EC2 key pair for the instances")
	f.StringVar(&o.vpc, "vpc-id", "", "`ID` of the VPC for the clusters")
	f.StringVar(&o.subnets, "subnets", "", "`IDs` of public subnets in the VPC, with commas between")
	f.StringVar(&o.admin, "admin-cidr", defaultAdmin, "`CIDR` from which the instances take SSH")
	f.StringVar(&o.region, "region", "", "AWS `region`; if it is not given, that of your environment")
	if err := f.Parse(args); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			err = fmt.Errorf("%w; see -help", err)
		}
		return nil, err
	}
	switch {
	case f.NArg() > 0:
		return nil, fmt.Errorf("%q is no flag; see -help", f.Arg(0))
	case o.aws && o.endpoint != "":
		return nil, errors.New("-aws and -endpoint exclude each other; give one of them")
	case o.env != "all" && o.env != "staging" && o.env != "production":
		return nil, fmt.Errorf("-env %q; give staging, production or all", o.env)
	}
	if _, err := netip.ParsePrefix(o.admin); err != nil {
		return nil, fmt.Errorf("-admin-cidr %q is no CIDR block; give one such as 203.0.113.10/32", o.admin)
	}
	return &o, nil
}

// stacks are the stacks that the flags ask for, with their parameters. Where standIns is set,
// parameters that were not given get values that only an embedded cloud takes.
func (o *options) stacks(c *chapter, standIns bool) []*stack.Stack {
	network := map[string]string{}
	for _, p := range []struct{ name, value, standIn string }{
		{"KeyPair", o.keyPair, "helloworld"},
		{"VpcId", o.vpc, "vpc-0123456789abcdef0"},
		{"PublicSubnet", o.subnets, "subnet-0123456789abcdef0,subnet-0123456789abcdef1"},
	} {
		if p.value == "" && standIns {
			p.value = p.standIn
		}
		if p.value != "" {
			network[p.name] = p.value
		}
	}
	service := map[string]string{}
	if o.tag != "" {
		service["Tag"] = o.tag
	}
	environments := []string{o.env}
	if o.env == "all" {
		environments = []string{"staging", "production"}
	}
	var all []*stack.Stack
	if !o.remove || o.env == "all" { // one environment that goes leaves what the other needs
		all = c.shared()
	}
	for _, e := range environments {
		all = append(all, c.environment(e, network, service)...)
	}
	return all
}

// confirm asks before something is made that costs money.
func confirm(in *bufio.Reader, out io.Writer, question string) error {
	fmt.Fprintf(out, "%s [y/N] ", question)
	answer, err := in.ReadString('\n')
	if err != nil && answer == "" {
		fmt.Fprintln(out)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a == "y" || a == "yes" {
		return nil
	}
	return errors.New("nothing was done; answer y, or give -yes")
}
