package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/updraft-go/updraft/stack"
	"github.com/updraft-go/updraft/validate"
)

// colours of the severities, on a terminal.
var colours = map[stack.Severity]string{
	stack.SeverityError: "\x1b[31m", stack.SeverityWarning: "\x1b[33m", stack.SeverityInfo: "\x1b[36m",
}

// coloured reports whether out is a terminal whose user wants colour.
func coloured(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// writeText tells findings to people: the place, what is wrong, the line of the source with a caret
// under the place, and the cure.
func writeText(out io.Writer, findings []finding) error {
	var b strings.Builder
	colour := coloured(out)
	for _, f := range findings {
		if f.file != "" {
			b.WriteString(f.file + ":")
		}
		if f.Line > 0 {
			fmt.Fprintf(&b, "%d:%d:", f.Line, f.Column)
		}
		if b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
			b.WriteByte(' ')
		}
		severity := f.Severity.String()
		if colour {
			severity = colours[f.Severity] + severity + "\x1b[0m"
		}
		fmt.Fprintf(&b, "%s: %s [%s]\n", severity, f.Summary, f.Code)
		if f.line != "" {
			line, caret := excerpt(f.line, f.Column)
			fmt.Fprintf(&b, "    %s\n    %s^\n", line, caret)
		}
		if f.Path != "" {
			fmt.Fprintf(&b, "  at %s\n", f.Path)
		}
		if f.Cure != "" {
			fmt.Fprintf(&b, "  cure: %s\n", f.Cure)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// excerpt cuts a line around a column, and gives what stands before the caret under it.
func excerpt(line string, column int) (cut, before string) {
	const most = 120
	at := min(max(column-1, 0), len(line))
	if from := at - most/2; len(line) > most && from > 0 {
		line, at = line[from:], at-from
	}
	if len(line) > most {
		line = line[:most]
	}
	line = strings.ToValidUTF8(line, "")
	at = min(at, len(line))
	for _, r := range line[:at] {
		if r == '\t' {
			before += "\t"
		} else {
			before += " "
		}
	}
	return printable(line), before
}

// printable replaces what would control a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return utf8.RuneError
		}
		return r
	}, s)
}

// writeJSON tells findings as a list of objects.
func writeJSON(out io.Writer, findings []finding) error {
	type object struct {
		File     string `json:"file"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
		Severity string `json:"severity"`
		Code     string `json:"code"`
		Path     string `json:"path"`
		Message  string `json:"message"`
		Cure     string `json:"cure"`
	}
	list := make([]object, 0, len(findings))
	for _, f := range findings {
		list = append(list, object{f.file, f.Line, f.Column, f.Severity.String(), f.Code, f.Path, f.Summary, f.Cure})
	}
	return encode(out, list)
}

func encode(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

var sarifLevels = map[stack.Severity]string{stack.SeverityError: "error", stack.SeverityWarning: "warning", stack.SeverityInfo: "note"}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID                   string            `json:"id"`
	ShortDescription     sarifText         `json:"shortDescription"`
	DefaultConfiguration map[string]string `json:"defaultConfiguration"`
}

type sarifResult struct {
	RuleID    string           `json:"ruleId"`
	RuleIndex int              `json:"ruleIndex"`
	Level     string           `json:"level"`
	Message   sarifText        `json:"message"`
	Locations []map[string]any `json:"locations"`
}

// writeSARIF tells findings in the Static Analysis Results Interchange Format, 2.1.0.
//
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func writeSARIF(out io.Writer, findings []finding) error {
	rules, results, index := []sarifRule{}, []sarifResult{}, map[string]int{}
	for i, r := range validate.Rules() {
		index[r.Code] = i
		rules = append(rules, sarifRule{r.Code, sarifText{r.Description}, map[string]string{"level": sarifLevels[r.Severity]}})
	}
	for _, f := range findings {
		message := f.Summary
		if f.Cure != "" {
			message += "; " + f.Cure
		}
		results = append(results, sarifResult{f.Code, index[f.Code], sarifLevels[f.Severity], sarifText{message}, sarifLocations(f)})
	}
	driver := map[string]any{"name": "updraft", "informationUri": "https://github.com/updraft-go/updraft", "rules": rules}
	return encode(out, map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs":    []any{map[string]any{"tool": map[string]any{"driver": driver}, "columnKind": "utf16CodeUnits", "results": results}},
	})
}

func sarifLocations(f finding) []map[string]any {
	location := map[string]any{}
	if f.file != "" {
		physical := map[string]any{"artifactLocation": map[string]string{"uri": strings.ReplaceAll(f.file, " ", "%20")}}
		if f.Line > 0 {
			physical["region"] = map[string]int{"startLine": f.Line, "startColumn": max(f.Column, 1)}
		}
		location["physicalLocation"] = physical
	}
	if f.Path != "" {
		location["logicalLocations"] = []map[string]string{{"fullyQualifiedName": f.Path}}
	}
	if len(location) == 0 {
		return []map[string]any{}
	}
	return []map[string]any{location}
}
