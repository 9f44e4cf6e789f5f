package main

import (
	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/console"
)

func newCancel() *cobra.Command {
	var c cloud
	var opts executor.CancelOptions
	cmd := &cobra.Command{
		Use:   "cancel STACK",
		Short: "Cancel the update that is running on a stack",
		Long: `Cancel the update that is running on a stack, named by its name or ARN, whoever started it, and wait
until it is rolled back. A creation can only be cancelled by deleting what was made: with
--delete-created.`,
		Args: oneStack,
		RunE: func(cmd *cobra.Command, args []string) error { return c.cancel(cmd, args[0], &opts) },
	}
	c.flags(cmd)
	cmd.Flags().BoolVar(&opts.DeleteCreated, "delete-created", false, "cancel a creation, too: by deleting the stack with all that was made")
	return cmd
}

// cancel succeeds when the operation was cancelled and the stack is what it was, or is gone.
func (c *cloud) cancel(cmd *cobra.Command, name string, opts *executor.CancelOptions) error {
	client, err := c.connect(cmd.Context())
	if err != nil {
		return err
	}
	run, err := client.Attach(cmd.Context(), name, "")
	if err != nil {
		return c.inWords(err, "")
	}
	if err := run.Cancel(cmd.Context(), opts); err != nil {
		return c.cancelInWords(err)
	}
	v := c.view(cmd)
	result, err := v.follow(cmd.Context(), run, console.Size{})
	if status, ok := cancelled(err); ok {
		return v.result(&executor.Result{StackName: run.StackName, StackID: run.StackID, Operation: run.Operation, Status: status})
	}
	if err != nil {
		return c.inWords(err, "")
	}
	return v.result(result)
}
