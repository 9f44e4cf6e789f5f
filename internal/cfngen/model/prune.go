package model

// Prune drops the definitions that no property and no attribute leads to.
func (t *Type) Prune() {
	live := t.Reachable(true)
	for name := range t.Definitions {
		if !live[name] {
			delete(t.Definitions, name)
		}
	}
}

// Reachable returns the definitions that the properties of t lead to, and if
// attributes is true those that its attributes lead to.
func (t *Type) Reachable(attributes bool) map[string]bool {
	live := map[string]bool{}
	t.reach(t.Properties, live)
	if attributes {
		for _, a := range t.Attributes {
			t.reachExpr(a.Type, live)
		}
	}
	return live
}

func (t *Type) reach(props Properties, live map[string]bool) {
	for _, p := range props {
		t.reachExpr(p.Type, live)
	}
}

func (t *Type) reachExpr(e Expr, live map[string]bool) {
	for name := range e.Objects {
		if !live[name] {
			live[name] = true
			t.reach(t.Definitions[name], live)
		}
	}
}
