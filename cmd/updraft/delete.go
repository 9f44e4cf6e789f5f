package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/console"
)

func newDelete() *cobra.Command {
	var c cloud
	var opts executor.DeleteOptions
	var yes, wait bool
	cmd := &cobra.Command{
		Use:   "delete STACK",
		Short: "Delete a stack",
		Long: `Delete a stack, by its name or ARN, and wait until it is gone. On a terminal you are asked first,
unless --yes is given. Ctrl-C ends the waiting, not the deletion.`,
		Args: oneStack,
		RunE: func(cmd *cobra.Command, args []string) error {
			if wait {
				opts.Busy = executor.BusyWait
			}
			return c.delete(cmd, args[0], yes || c.json, &opts)
		},
	}
	c.flags(cmd)
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask first")
	cmd.Flags().BoolVar(&wait, "wait", false, "wait for an operation that runs on the stack already, instead of failing")
	cmd.Flags().StringVar(&opts.RoleARN, "role-arn", "", "`ARN` of the role that CloudFormation assumes")
	cmd.Flags().StringArrayVar(&opts.RetainResources, "retain-resource", nil, "logical `ID` of a resource to keep, of a stack in DELETE_FAILED; may be repeated")
	cmd.Flags().BoolVar(&opts.Force, "force", false, "delete a stack in DELETE_FAILED, and leave behind what cannot be deleted")
	cmd.Flags().BoolVar(&opts.DisableTerminationProtection, "disable-termination-protection", false, "turn the stack's protection off first")
	return cmd
}

func (c *cloud) delete(cmd *cobra.Command, name string, yes bool, opts *executor.DeleteOptions) error {
	client, err := c.connect(cmd.Context())
	if err != nil {
		return err
	}
	ok, err := confirm(cmd, yes, fmt.Sprintf("Delete %s?", name))
	if err == nil && !ok {
		err = errDeclined
	}
	if err != nil {
		return err
	}
	run, err := client.BeginDelete(cmd.Context(), name, opts)
	if err != nil {
		return c.inWords(err, "")
	}
	v := c.view(cmd)
	result, err := v.follow(cmd.Context(), run, console.Size{})
	if err != nil {
		return c.inWords(err, "")
	}
	return v.result(result)
}
