package goimport

import "github.com/updraft-go/updraft/internal/tree"

// carry is a function that Go's functions cannot say, verbatim, as a value of type t.
func (im *importer) carry(n *tree.Node, t goType) (*code, bool) {
	return nil, false
}
