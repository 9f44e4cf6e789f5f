package goimport

import "github.com/updraft-go/updraft/internal/tree"

// carry is n as a value of type t, verbatim: for what Go's functions cannot say. It is false if
// a value of that type cannot hold an expression.
func (im *importer) carry(n *tree.Node, t goType) (*code, bool) {
	if !carries(t) {
		return nil, false
	}
	bytes := call("[]byte", goType{}, leaf(quote(n.JSON()), goType{}))
	return call("fn.FromJSON["+t.String()+"]", t, bytes), true
}

// carries says whether a value of type t can hold an expression.
func carries(t goType) bool {
	switch t.kind {
	case list:
		return carries(*t.elem)
	case object:
		return t.shape.extra()
	case foreign:
		return t.same(conditionType)
	case scalar:
		return t.name != "string"
	}
	return t.kind != none
}
