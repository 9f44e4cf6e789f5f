package main

import (
	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/internal/console"
)

func newWatch() *cobra.Command {
	var c cloud
	var token string
	var decided bool
	cmd := &cobra.Command{
		Use:   "watch STACK",
		Short: "Wait for what is running on a stack",
		Long: `Show the operation that is running on a stack, named by its name or ARN, whoever started it, until its
end; of a stack that rests, the last one. The exit code tells whether it succeeded. Ctrl-C ends the
waiting, not the operation.`,
		Args: oneStack,
		RunE: func(cmd *cobra.Command, args []string) error { return c.watch(cmd, args[0], token, decided) },
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&token, "token", "", "client request `token` of the operation (whatever runs now)")
	cmd.Flags().BoolVar(&decided, "until-decided", false, "wait only until it is certain how the operation will end: not for a cleanup, and not for a roll-back")
	return cmd
}

func (c *cloud) watch(cmd *cobra.Command, name, token string, decided bool) error {
	client, err := c.connect(cmd.Context())
	if err != nil {
		return err
	}
	run, err := client.Attach(cmd.Context(), name, token)
	if err != nil {
		return c.inWords(err, "")
	}
	v := c.view(cmd)
	v.decided = decided
	result, err := v.follow(cmd.Context(), run, console.Size{})
	if err != nil {
		return c.inWords(err, "")
	}
	return v.result(result)
}
