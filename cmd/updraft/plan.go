package main

import (
	"errors"

	"github.com/spf13/cobra"
)

func newPlan() *cobra.Command {
	var f deployFlags
	cmd := &cobra.Command{
		Use:   "plan FILE --stack-name NAME",
		Short: "Show what a deployment would change",
		Long: `Show what the deployment of a template file, JSON or YAML, would change in a stack, and change
nothing. FILE is sent as it is; - is standard input. The change set that is made for it is deleted.`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return f.plan(cmd, args[0]) },
	}
	f.flags(cmd)
	cmd.Flags().BoolVar(&f.opts.PropertyValues, "values", false, "show what properties are before and after; they may hold secrets")
	return cmd
}

func (f *deployFlags) plan(cmd *cobra.Command, file string) error {
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
	return errors.Join(f.view(cmd).plan(p), drop(cmd.Context(), p))
}
