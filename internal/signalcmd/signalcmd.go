// Package signalcmd is the command line of cfn-signal, for the program of that name and for updraft
// signal. It takes what the cfn-signal of aws-cfn-bootstrap takes, and means the same by it.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-signal.html
package signalcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/pflag"

	"github.com/updraft-go/updraft/signal"
)

// Command is what the flags say.
type Command struct {
	exitCode              int
	success               word
	id, reason, data      string
	stack, resource       string
	region, url           string
	role, credentialFile  string
	accessKey, secretKey  string
	httpProxy, httpsProxy string
}

// Usage is how the command is called, after its name.
const Usage = "[flags] [URL of a wait condition handle]"

// Flags adds the flags.
func (c *Command) Flags(fs *pflag.FlagSet) {
	c.success = "true"
	fs.IntVarP(&c.exitCode, "exit-code", "e", 0, "the exit `code` of a process: zero is success, another a failure")
	fs.VarP(&c.success, "success", "s", "whether to signal success: true or false")
	fs.StringVarP(&c.id, "id", "i", "", "what tells this sender from others (the instance's ID, or the host's name)")
	fs.StringVarP(&c.reason, "reason", "r", "", "why; for a handle only")
	fs.StringVarP(&c.data, "data", "d", "", "what the wait condition tells others; for a handle only")
	fs.StringVar(&c.stack, "stack", "", "the `name` or ID of the stack of --resource")
	fs.StringVar(&c.resource, "resource", "", "the logical `ID` of a resource to signal, instead of a handle")
	fs.StringVar(&c.region, "region", "", "the stack's `region` (that of the environment, or us-east-1)")
	fs.StringVar(&c.url, "url", "", "the `URL` of CloudFormation (that of the region)")
	fs.StringVar(&c.role, "role", "", "the `name` of the instance's IAM role, to sign with")
	fs.StringVarP(&c.credentialFile, "credential-file", "f", "", "a `file` with AWSAccessKeyId= and AWSSecretKey=, for its owner only")
	fs.StringVar(&c.accessKey, "access-key", "", "an AWS access `key`")
	fs.StringVar(&c.secretKey, "secret-key", "", "its secret `key`")
	fs.StringVar(&c.httpProxy, "http-proxy", "", "a `proxy` for http, as [scheme://][user:password@]host:port")
	fs.StringVar(&c.httpsProxy, "https-proxy", "", "a `proxy` for https")
}

// A word is true or false; unlike a flag that is switched on, it stands apart: -s true.
type word string

func (w *word) String() string { return string(*w) }
func (w *word) Type() string   { return "true|false" }
func (w *word) Set(text string) error {
	if text != "true" && text != "false" {
		return errors.New("it must be true or false")
	}
	*w = word(text)
	return nil
}

var (
	errBoth    = errors.New("give either the URL of a wait condition handle or --resource, not both")
	errNeither = errors.New("give the URL of a wait condition handle, or --stack and --resource")
	errMany    = errors.New("more than one argument; quote the URL of the wait condition handle, which has & in it")
)

// Run sends one signal and says so on out.
func (c *Command) Run(ctx context.Context, args []string, out io.Writer) error {
	handle := ""
	if len(args) > 0 {
		handle = args[0]
	}
	switch {
	case len(args) > 1:
		return errMany
	case handle != "" && c.resource != "":
		return errBoth
	case handle != "":
		return c.toHandle(ctx, handle, out)
	case c.stack != "" || c.resource != "":
		return c.toResource(ctx)
	}
	return errNeither
}

func (c *Command) toHandle(ctx context.Context, text string, out io.Writer) error {
	handle, err := signal.ParseHandle(text)
	if err != nil {
		return err
	}
	transport, err := c.transport()
	if err != nil {
		return err
	}
	client := &http.Client{Transport: transport.GetTransport(), Timeout: transport.GetTimeout()}
	s := c.signal(ctx)
	if err := signal.Send(ctx, handle, s, &signal.Options{Client: client}); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "CloudFormation signaled successfully with %s.\n", s.Status)
	return err
}

func (c *Command) toResource(ctx context.Context) error {
	api, err := c.api(ctx)
	if err != nil {
		return err
	}
	return signal.SendToResource(ctx, api, signal.Resource{Stack: c.stack, LogicalID: c.resource}, c.signal(ctx))
}

// signal is what is to be said. An exit code other than zero, and -s false, each make it a failure.
func (c *Command) signal(ctx context.Context) signal.Signal {
	s := signal.Signal{Status: signal.StatusOf(c.exitCode), Reason: c.reason, UniqueID: c.id, Data: c.data}
	if c.success == "false" {
		s.Status = signal.Failure
	}
	if s.Status == signal.Failure && s.Reason == "" {
		s.Reason = "Configuration failed."
	}
	if s.UniqueID == "" {
		s.UniqueID = identity(ctx)
	}
	return s
}
