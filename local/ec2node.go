package local

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"

	"github.com/updraft-go/updraft/internal/query"
	"github.com/updraft-go/updraft/internal/tree"
)

// nodeOf makes properties of a request, without what it does not say.
func nodeOf(in any) *tree.Node {
	text, err := json.Marshal(in)
	if err != nil {
		return tree.Object() // a request holds nothing that JSON does not
	}
	return said(tree.FromJSON(string(text)))
}

// said is a value without what is null or empty.
func said(n *tree.Node) *tree.Node {
	c := *n
	c.List, c.Map = nil, nil
	for _, e := range n.List {
		c.List = append(c.List, said(e))
	}
	for _, m := range n.Map {
		if !m.Value.Is(tree.Null) && !(m.Value.Is(tree.String) && m.Value.Text == "") {
			c.Map = append(c.Map, tree.Field(m.Key, said(m.Value)))
		}
	}
	return &c
}

// fill is nodeOf backwards. Numbers may be text, as templates have them; what does not fit is left out.
func fill(n *tree.Node, into any) {
	form := url.Values{}
	spread("", n, form)
	if v, err := query.Tree(form); err == nil {
		_ = v.Decode(into) // what does not fit was refused when the properties were set
	}
}

// spread writes a value as the parameters of a request.
func spread(name string, n *tree.Node, form url.Values) {
	if name != "" && !slices.Contains([]tree.Kind{tree.List, tree.Map}, n.Kind) {
		form.Set(name, n.Str())
		return
	}
	if name != "" {
		name += "."
	}
	for i, e := range n.List {
		spread(name+"member."+strconv.Itoa(i+1), e, form)
	}
	for _, m := range n.Map {
		spread(name+m.Key, m.Value, form)
	}
}
