package local

import (
	"errors"
	"fmt"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// maxBody is how many bytes a template may have that is not read from S3.
const maxBody = 51_200

// bodyOf takes the template of a request: its body, or what stands at its URL.
func (r *region) bodyOf(body, url string) (string, error) {
	switch {
	case body != "" && url != "":
		return "", invalid("Specify only one of TemplateBody or TemplateURL")
	case url != "":
		return r.templateAt(url)
	case len(body) > maxBody:
		return "", invalid("1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to %d", maxBody)
	}
	return body, nil
}

func (r *region) templateAt(url string) (string, error) {
	body, err := r.readURL("TemplateURL", url)
	if err == nil && len(body) > maxTemplate {
		err = invalid("Template may not exceed %d bytes in size.", maxTemplate)
	}
	return body, err
}

// parseText reads JSON or YAML.
func parseText(body string) (*tree.Node, error) {
	if isJSON(body) {
		return parseJSON(body)
	}
	return parseYAML(body)
}

func parseBody(body string) (*tree.Node, error) {
	root, err := parseText(body)
	switch {
	case err != nil:
		return nil, err
	case !root.Is(tree.Map):
		return nil, invalid("Template format error: unsupported structure.")
	}
	return root, nil
}

func parseJSON(body string) (*tree.Node, error) {
	root, err := tree.Parse([]byte(body))
	if err != nil {
		return nil, invalid("Template format error: JSON not well-formed.%s", position(pastFault(body, err)))
	}
	return root, nil
}

// pastFault moves the place of a mistake in JSON to where CloudFormation says it is: its reader has
// taken the character in already that it does not like.
func pastFault(body string, err error) error {
	at, ok := errors.AsType[*tree.SyntaxError](err)
	if !ok {
		return err
	}
	lines := strings.Split(body, "\n")
	if at.Line > len(lines) || at.Line == len(lines) && at.Column > len(lines[at.Line-1]) {
		return err // the end of the text is no character
	}
	return &tree.SyntaxError{Line: at.Line, Column: at.Column + 1, Message: at.Message}
}

// position is where a syntax error is, in CloudFormation's words.
func position(err error) string {
	if at, ok := errors.AsType[*tree.SyntaxError](err); ok && at.Line > 0 {
		return fmt.Sprintf(" (line %d, column %d)", at.Line, at.Column)
	}
	return ""
}
