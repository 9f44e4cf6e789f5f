package main

import (
	"path/filepath"

	"github.com/spf13/cobra"
)

func newPackage() *cobra.Command {
	var c cloud
	cmd := &cobra.Command{
		Use:   "package FILE --bucket NAME",
		Short: "Store what a template names by local paths",
		Long: `Store in an S3 bucket the files and folders that a template file, JSON or YAML, names by paths relative
to itself: code of functions and layers, nested templates and what these name, definitions, scripts. The
template with the places where they now are is written to standard output, as JSON; one that names
nothing, as it is. Keys are made of the content, so what is there is not stored again.

"updraft deploy" and "plan" do the same by themselves when they are given --bucket.`,
		Example: `  updraft package app.yaml --bucket deployments > packaged.json`,
		Args:    oneFile,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.pack(cmd, args[0]) },
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&c.bucket, "bucket", "", "`name` of an S3 bucket in the region (required)")
	cmd.Flags().StringVar(&c.bucketOwner, "bucket-owner", "", "`ID` of the account that the bucket must belong to (any)")
	return cmd
}

func (c *cloud) pack(cmd *cobra.Command, file string) error {
	if c.bucket == "" {
		return wrongUse("give --bucket, the S3 bucket where files are stored")
	}
	text, err := readAll(cmd, &source{name: file})
	if err != nil {
		return &exitError{code: 2, err: err}
	}
	client, err := c.connect(cmd.Context())
	if err != nil {
		return err
	}
	body, assets, err := client.Package(cmd.Context(), text, filepath.Dir(file))
	if err != nil {
		return c.inWords(err, file)
	}
	if c.json {
		for _, a := range assets {
			if err := c.view(cmd).encode(struct {
				Type string `json:"type"`
				Path string `json:"path"`
				URL  string `json:"url"`
			}{"asset", a.Path, a.URL}); err != nil {
				return err
			}
		}
		return c.view(cmd).encode(struct {
			Type     string `json:"type"`
			Template string `json:"template"`
		}{"template", string(body)})
	}
	for _, a := range assets {
		cmd.PrintErrf("%s: %s\n", a.Path, a.URL)
	}
	if len(assets) > 0 {
		body = append(body, '\n')
	}
	_, err = cmd.OutOrStdout().Write(body)
	return err
}
