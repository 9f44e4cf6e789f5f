package main

import (
	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/internal/signalcmd"
)

func newSignal() *cobra.Command {
	var c signalcmd.Command
	cmd := &cobra.Command{
		Use:   "signal " + signalcmd.Usage,
		Short: "Tell a stack that waits that something is ready, or has failed",
		Long: `Tell a stack that waits that something is ready, or has failed: through the URL of a wait condition
handle, as it is or in base64, or through --stack and --resource. The flags, and the exit codes, are
those of cfn-signal, and cmd/cfn-signal is the same command alone, for a server.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.Run(cmd.Context(), args, cmd.OutOrStdout())
		},
	}
	c.Flags(cmd.Flags())
	return cmd
}
