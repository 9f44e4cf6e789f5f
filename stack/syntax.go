package stack

import (
	"errors"
	"fmt"

	"github.com/updraft-go/updraft/internal/tree"
)

// A SyntaxError is a place at which a text is no template.
type SyntaxError struct {
	// Line and Column are the place, from 1.
	Line, Column int
	// Message says what is wrong and what to do.
	Message string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// syntaxAt is a mistake at a node.
func syntaxAt(n *tree.Node, format string, args ...any) error {
	return &SyntaxError{Line: max(n.Line, 1), Column: max(n.Column, 1), Message: fmt.Sprintf(format, args...)}
}

// exported turns the readers' errors into those of this package.
func exported(err error) error {
	var s *tree.SyntaxError
	if errors.As(err, &s) {
		return &SyntaxError{Line: s.Line, Column: s.Column, Message: s.Message}
	}
	return err
}
