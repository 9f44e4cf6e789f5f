package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// newValidate checks template files.
func newValidate() *cobra.Command {
	v := &validation{}
	var list bool
	cmd := &cobra.Command{
		Use:   "validate [flags] FILE...",
		Short: "Find what is wrong with templates, without an account",
		Long: `Find what CloudFormation would refuse in templates, and what it would accept and its user may
regret. - is standard input. The exit code is 0 if there is no error, 1 if there is one, and 2 if a
file cannot be read.

A rule is silenced by --ignore CODE, or in the template by the Metadata of a resource or of the
whole: Metadata: {Updraft: {Ignore: [CODE]}}.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return listRules(cmd.OutOrStdout())
			}
			return v.run(cmd, args)
		},
	}
	cmd.Flags().StringVar(&v.format, "format", "text", "how to tell the findings: text, json or sarif")
	cmd.Flags().StringArrayVar(&v.ignore, "ignore", nil, "leave out the findings of the rule with this `code`; may be given more than once")
	cmd.Flags().BoolVar(&list, "rules", false, "list the rules instead")
	return cmd
}

func listRules(out io.Writer) error {
	for _, r := range validate.Rules() {
		if _, err := fmt.Fprintf(out, "%-30s %-8s %s\n", r.Code, r.Severity, r.Description); err != nil {
			return err
		}
	}
	return nil
}

// A validation is one run of the command.
type validation struct {
	format string
	ignore []string

	findings []finding
	idle     map[string]int // suppressions of the command line without effect, by summary
}

// A finding is one about a file.
type finding struct {
	file string
	line string // of the source, for people
	stack.Diagnostic
}

func (v *validation) run(cmd *cobra.Command, files []string) error {
	tell := map[string]func(io.Writer, []finding) error{"text": writeText, "json": writeJSON, "sarif": writeSARIF}[v.format]
	if tell == nil {
		return &exitError{code: 2, err: fmt.Errorf("%q is no format; give --format text, json or sarif", v.format)}
	}
	if len(files) == 0 {
		return &exitError{code: 2, err: errors.New("no template is given; name a file, or - for standard input")}
	}
	v.idle = map[string]int{}
	var unread []error
	for _, file := range files {
		s := &source{name: file}
		data, err := readAll(cmd, s)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		v.check(s.name, data, len(files))
	}
	if err := tell(cmd.OutOrStdout(), v.findings); err != nil {
		return err
	}
	return v.verdict(unread)
}

// check adds the findings about one of so many files. A suppression that has no effect in any of
// them is told once.
func (v *validation) check(file string, data []byte, files int) {
	data = []byte(strings.TrimPrefix(string(data), "\ufeff"))
	var lines []string
	for _, d := range validate.Document(data, &validate.Options{Ignore: v.ignore}) {
		if strings.HasPrefix(d.Code, "suppression-") && d.Path == "" {
			if v.idle[d.Summary]++; v.idle[d.Summary] == files {
				v.findings = append(v.findings, finding{Diagnostic: d})
			}
			continue
		}
		if lines == nil {
			lines = strings.Split(string(data), "\n")
		}
		f := finding{file: file, Diagnostic: d}
		if d.Line > 0 && d.Line <= len(lines) {
			f.line = strings.TrimRight(lines[d.Line-1], "\r")
		}
		v.findings = append(v.findings, f)
	}
}

func (v *validation) verdict(unread []error) error {
	if len(unread) > 0 {
		return &exitError{code: 2, err: errors.Join(unread...)}
	}
	bad := 0
	for _, f := range v.findings {
		if f.Severity == stack.SeverityError {
			bad++
		}
	}
	switch bad {
	case 0:
		return nil
	case 1:
		return &exitError{code: 1, err: errors.New("1 error was found")}
	}
	return &exitError{code: 1, err: fmt.Errorf("%d errors were found", bad)}
}
