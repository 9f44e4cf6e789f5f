package main

import (
	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/stack"
)

func newRollback() *cobra.Command {
	var c cloud
	var opts executor.ContinueOptions
	var yes bool
	cmd := &cobra.Command{
		Use:   "rollback STACK",
		Short: "Roll back a stack that got stuck",
		Long: `Roll a stack back, named by its name or ARN, that stopped in CREATE_FAILED or UPDATE_FAILED, or go on
with a roll-back that stopped in UPDATE_ROLLBACK_FAILED, and wait for the end.

A resource that stops the roll-back can be skipped; it is then not what its template says, and must be
cured by hand before the next update.`,
		Args: oneStack,
		RunE: func(cmd *cobra.Command, args []string) error { return c.rollback(cmd, args[0], yes || c.json, &opts) },
	}
	c.flags(cmd)
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask first")
	cmd.Flags().StringVar(&opts.RoleARN, "role-arn", "", "`ARN` of the role that CloudFormation assumes")
	cmd.Flags().StringArrayVar(&opts.ResourcesToSkip, "skip", nil, "logical `ID` of a resource to leave as it is; may be repeated")
	cmd.Flags().BoolVar(&opts.SkipFailed, "skip-failed", false, "when the roll-back fails once more, skip what stopped it")
	cmd.Flags().BoolVar(&opts.ForceRollback, "force", false, "when all else fails, leave behind whatever stops it")
	return cmd
}

func (c *cloud) rollback(cmd *cobra.Command, name string, yes bool, opts *executor.ContinueOptions) error {
	client, err := c.connect(cmd.Context())
	if err != nil {
		return err
	}
	d, err := client.Describe(cmd.Context(), name)
	if err != nil {
		return c.inWords(err, "")
	}
	ok, err := confirm(cmd, yes, "Roll "+d.StackName+" back?")
	if err == nil && !ok {
		err = errDeclined
	}
	if err != nil {
		return err
	}
	var result *executor.Result
	if d.Status == stack.UpdateRollbackFailed {
		result, err = client.ContinueRollback(cmd.Context(), d.StackID, opts)
	} else {
		result, err = client.Rollback(cmd.Context(), d.StackID, &executor.RollbackOptions{RoleARN: opts.RoleARN})
	}
	if err != nil {
		return c.inWords(err, "")
	}
	return c.view(cmd).result(result)
}
