package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/broker"
)

// newBrokerCredentials turns what a broker answered to a bind into what applications read.
func newBrokerCredentials() *cobra.Command {
	var secret, namespace, dir, kind, provider string
	cmd := &cobra.Command{
		Use:   "credentials",
		Short: "Write the credentials of a binding as a Kubernetes Secret or as files",
		Long: `Read the answer to a bind, or to the fetch of a binding, from standard input, and write its
credentials: with --secret as the manifest of a Kubernetes Secret to standard output, with --files as
the files of a service binding into a directory, which only you can read.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if (secret == "") == (dir == "") {
				return wrongUse("give one of --secret NAME and --files DIRECTORY")
			}
			var in struct{ Credentials broker.Credentials }
			if err := json.NewDecoder(io.LimitReader(cmd.InOrStdin(), broker.MaxBody)).Decode(&in); err != nil || in.Credentials == nil {
				return fmt.Errorf("standard input holds no credentials; give it the answer of the broker to a bind")
			}
			if secret != "" {
				manifest, err := in.Credentials.KubernetesSecret(secret, namespace)
				if err != nil {
					return err
				}
				_, err = cmd.OutOrStdout().Write(manifest)
				return err
			}
			return writeBinding(in.Credentials, dir, kind, provider)
		},
	}
	cmd.Flags().StringVar(&secret, "secret", "", "`name` of the Secret")
	cmd.Flags().StringVar(&namespace, "namespace", "", "`namespace` of the Secret (that of kubectl)")
	cmd.Flags().StringVar(&dir, "files", "", "`directory` for the files; it is made if it is not there")
	cmd.Flags().StringVar(&kind, "type", "", "`type` of the service, for --files, such as sqs")
	cmd.Flags().StringVar(&provider, "provider", "", "`provider` of the service, for --files")
	return cmd
}

func writeBinding(c broker.Credentials, dir, kind, provider string) error {
	files, err := c.BindingFiles(kind, provider)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
