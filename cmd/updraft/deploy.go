package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/console"
	"github.com/updraft-go/updraft/stack"
)

// deployFlags are the flags of deploy and plan.
type deployFlags struct {
	cloud
	name                                 string
	parameters, previous, defaults, tags []string
	capabilities, notifications          []string
	policyFile, duringFile, onFailure    string
	alarms                               []string
	monitor                              int
	express, protect, yes, wait          bool
	decided, cancelOnInterrupt           bool
	opts                                 executor.Options
}

func (f *deployFlags) flags(cmd *cobra.Command) {
	f.cloud.flags(cmd)
	s := cmd.Flags()
	s.StringVar(&f.name, "stack-name", "", "`name` of the stack (required)")
	s.StringArrayVar(&f.parameters, "parameter", nil, "`KEY=VALUE` of a parameter of the template; may be repeated")
	s.StringArrayVar(&f.previous, "previous-value", nil, "`KEY` of a parameter that keeps the value of the deployed stack, which must have one; may be repeated")
	s.StringArrayVar(&f.defaults, "default-value", nil, "`KEY` of a parameter that takes the default of the template, even if the deployed stack has another value; may be repeated")
	s.StringArrayVar(&f.tags, "tag", nil, "`KEY=VALUE` of a tag of the stack; may be repeated; without any, the deployed stack's are kept")
	s.StringSliceVar(&f.capabilities, "capability", nil, "`name` of a capability that is granted, such as CAPABILITY_IAM; may be repeated")
	s.StringVar(&f.opts.RoleARN, "role-arn", "", "`ARN` of the role that CloudFormation assumes")
	s.StringArrayVar(&f.notifications, "notification-arn", nil, "`ARN` of a topic that gets the stack's events; may be repeated")
	s.StringVar(&f.opts.DeploymentID, "deployment-id", "", "`name` of the deployment, such as a commit; the same command with the same name goes on with what it began")
	s.StringVar(&f.bucket, "bucket", "", "`name` of an S3 bucket in the region, for templates over 51,200 bytes and for files and folders that the template names by local paths")
	s.StringVar(&f.bucketOwner, "bucket-owner", "", "`ID` of the account that the bucket must belong to (any)")
	s.StringArrayVar(&f.alarms, "rollback-alarm", nil, "`ARN` of a CloudWatch alarm that rolls the deployment back; may be repeated; without any, those of the deployed stack are kept")
	s.IntVar(&f.monitor, "monitoring-time", 0, "`minutes` for which the alarms are watched when all is deployed, 0 to 180")
	s.BoolVar(&f.express, "express", false, "do not wait until each resource is ready to be used")
	s.BoolVar(&f.opts.IncludeNestedStacks, "nested", false, "plan what becomes of nested stacks, too")
	s.BoolVar(&f.opts.ImportExistingResources, "import-existing-resources", false, "take resources with a custom name that exist already into the stack")
	s.BoolVar(&f.opts.RevertDrift, "revert-drift", false, "put resources back that were changed behind the stack's back")
	s.BoolVar(&f.wait, "wait", false, "wait for an operation that runs on the stack already, instead of failing")
	s.BoolVar(&f.opts.Recover, "recover", false, "roll back what is left of a deployment that failed, and go on")
	s.BoolVar(&f.opts.ReplaceFailed, "replace-failed", false, "delete a stack in ROLLBACK_COMPLETE, and create it again")
	s.BoolVar(&f.opts.SkipValidation, "skip-validation", false, "send the template in spite of what is found in it")
}

func newDeploy() *cobra.Command {
	var f deployFlags
	cmd := &cobra.Command{
		Use:   "deploy FILE --stack-name NAME",
		Short: "Create or update a stack from a template file",
		Long: `Create or update a stack from a template file, JSON or YAML, and wait for the end. FILE is sent as it
is; - is standard input. Where "aws cloudformation package" takes a local path, such as the code of a
function or a nested template, FILE may name one, relative to itself: see "updraft package".

What would change is shown first. On a terminal you are then asked, unless --yes is given. Ctrl-C ends
the waiting, not the deployment; "updraft watch" waits again, "updraft cancel" stops it.`,
		Example: `  updraft deploy vpc.yaml --stack-name vpc --parameter Cidr=10.0.0.0/16
  updraft deploy app.json --stack-name app --capability CAPABILITY_IAM --endpoint http://127.0.0.1:4566`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return f.deploy(cmd, args[0]) },
	}
	f.flags(cmd)
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask first")
	cmd.Flags().BoolVar(&f.opts.DisableRollback, "disable-rollback", false, "leave what was made in place when the deployment fails")
	cmd.Flags().StringVar(&f.onFailure, "on-stack-failure", "", "what becomes of a stack whose deployment fails: `ROLLBACK`, DELETE or DO_NOTHING (ROLLBACK)")
	cmd.Flags().StringVar(&f.policyFile, "stack-policy", "", "`file` with a stack policy, which is set when the deployment has succeeded")
	cmd.Flags().StringVar(&f.duringFile, "stack-policy-during-update", "", "`file` with a stack policy that takes the place of the stack's for this update; it is done without a change set")
	cmd.Flags().BoolVar(&f.opts.Direct, "direct", false, "deploy without a change set: what would change is not shown")
	cmd.Flags().DurationVar(&f.opts.Timeout, "timeout", 0, "how long the creation may take before CloudFormation rolls it back, in whole minutes, such as `30m`; it is done without a change set")
	cmd.Flags().BoolVar(&f.opts.FailOnLeak, "fail-on-leak", false, "fail if the update could not delete what is no longer in the stack")
	cmd.Flags().BoolVar(&f.decided, "until-decided", false, "wait only until it is certain how the deployment will end: not for a cleanup, and not for a roll-back")
	cmd.Flags().BoolVar(&f.cancelOnInterrupt, "cancel-on-interrupt", false, "on Ctrl-C, cancel an update, and wait until it is rolled back; once more ends the waiting")
	cmd.Flags().BoolVar(&f.protect, "termination-protection", false, "turn protection against deletion on, or off with =false (kept as it is)")
	return cmd
}

// read makes a stack and its options of the flags and the file.
func (f *deployFlags) read(cmd *cobra.Command, file string) (*stack.Stack, error) {
	if f.name == "" {
		return nil, wrongUse("give --stack-name, the name of the stack")
	}
	s := &stack.Stack{Name: f.name}
	var err error
	if f.opts.TemplateBody, err = readAll(cmd, &source{name: file}); err != nil {
		return nil, &exitError{code: 2, err: err}
	}
	f.opts.AssetDir = filepath.Dir(file) // "." for standard input
	if s.Parameters, err = pairs("--parameter", f.parameters); err != nil {
		return nil, err
	}
	if s.Tags, err = pairs("--tag", f.tags); err != nil {
		return nil, err
	}
	f.choose(cmd)
	f.opts.RollbackConfiguration = f.triggers(cmd)
	for name, body := range map[string]*string{f.policyFile: &f.opts.StackPolicyBody, f.duringFile: &f.opts.StackPolicyDuringUpdateBody} {
		if name == "" {
			continue
		}
		policy, err := os.ReadFile(name)
		if err != nil {
			return nil, &exitError{code: 2, err: err}
		}
		*body = string(policy)
	}
	return s, nil
}

// triggers is the rollback configuration; nil keeps that of the stack.
func (f *deployFlags) triggers(cmd *cobra.Command) *types.RollbackConfiguration {
	timed := cmd.Flags().Changed("monitoring-time")
	if f.alarms == nil && !timed {
		return nil
	}
	config := &types.RollbackConfiguration{}
	if timed {
		minutes := int32(min(f.monitor, 1<<20))
		config.MonitoringTimeInMinutes = &minutes
	}
	for _, arn := range f.alarms {
		kind := "AWS::CloudWatch::Alarm"
		config.RollbackTriggers = append(config.RollbackTriggers, types.RollbackTrigger{Arn: &arn, Type: &kind})
	}
	return config
}

// choose sets the options that flags stand for.
func (f *deployFlags) choose(cmd *cobra.Command) {
	f.opts.Parameters = map[string]executor.Intent{}
	for _, name := range f.previous {
		f.opts.Parameters[name] = executor.UsePreviousValue
	}
	for _, name := range f.defaults {
		f.opts.Parameters[name] = executor.UseDefault
	}
	f.opts.Capabilities = []types.Capability{} // what a file needs is not granted unasked
	for _, c := range f.capabilities {
		f.opts.Capabilities = append(f.opts.Capabilities, types.Capability(c))
	}
	f.opts.NotificationARNs, f.opts.OnStackFailure = f.notifications, types.OnStackFailure(f.onFailure)
	if f.express {
		f.opts.Mode = types.DeploymentConfigModeExpress
	}
	if f.wait {
		f.opts.Busy = executor.BusyWait
	}
	if flag := cmd.Flags().Lookup("termination-protection"); flag != nil && flag.Changed {
		f.opts.TerminationProtection = &f.protect
	}
}

// pairs reads KEY=VALUE arguments. Nil is none.
func pairs(flag string, args []string) (map[string]string, error) {
	if args == nil {
		return nil, nil
	}
	m := map[string]string{}
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		if _, twice := m[key]; !ok || key == "" || twice {
			if twice {
				return nil, wrongUse("%s %s is given twice", flag, key)
			}
			return nil, wrongUse("%s takes KEY=VALUE, and the argument has no =, or no key", flag) // it may be a secret
		}
		m[key] = value
	}
	return m, nil
}

func (f *deployFlags) deploy(cmd *cobra.Command, file string) error {
	s, err := f.read(cmd, file)
	if err != nil {
		return err
	}
	client, err := f.connect(cmd.Context())
	if err != nil {
		return err
	}
	p, err := client.Plan(cmd.Context(), s, &f.opts)
	if err != nil {
		return f.inWords(err, file)
	}
	v := f.view(cmd)
	if err := v.plan(p); err != nil {
		return errors.Join(err, drop(cmd.Context(), p))
	}
	if !p.Unchanged {
		ok, err := confirm(cmd, f.yes || f.json, fmt.Sprintf("Deploy %s?", f.name))
		if err == nil && !ok {
			err = errDeclined
		}
		if err != nil {
			return errors.Join(err, drop(cmd.Context(), p))
		}
	}
	run, err := client.Apply(cmd.Context(), p)
	if err != nil {
		if !errors.Is(err, executor.ErrDetached) {
			err = errors.Join(err, drop(cmd.Context(), p))
		}
		return f.inWords(err, file)
	}
	v.decided = f.decided
	result, err := v.follow(cmd.Context(), run, console.Size{Own: len(p.Changes), All: count(p.Changes)})
	if f.cancelOnInterrupt && errors.Is(err, executor.ErrDetached) {
		return f.abort(cmd, v, run, err)
	}
	if err != nil {
		return f.inWords(err, file)
	}
	return v.result(result)
}

// abort cancels what was interrupted, and waits until it is rolled back. A creation is left alone: only
// deleting would cancel it.
func (f *deployFlags) abort(cmd *cobra.Command, v view, run *executor.Run, why error) error {
	ctx := context.WithoutCancel(cmd.Context()) // a second Ctrl-C ends the program
	if err := run.Cancel(ctx, nil); err != nil {
		return errors.Join(f.inWords(why, ""), f.cancelInWords(err))
	}
	cmd.PrintErrf("updraft: cancelled; waiting for the roll-back\n")
	result, err := v.follow(ctx, run, console.Size{})
	if err != nil {
		return f.inWords(err, "")
	}
	return v.result(result)
}

// drop discards a plan that is not carried out, even after Ctrl-C.
func drop(ctx context.Context, p *executor.Plan) error {
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return p.Discard(cleanup)
}

// count is the number of resources that changes are about.
func count(changes []executor.Change) int {
	n := len(changes)
	for _, c := range changes {
		n += count(c.Nested)
	}
	return n
}
