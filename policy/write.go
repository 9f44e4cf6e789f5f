package policy

import (
	"errors"
	"fmt"
	"sort"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// AppendValue writes the document; it is called when the template is written. A document without a
// statement, and a statement without an action or with both of two that exclude each other, are
// errors.
func (d Document) AppendValue(dst []byte) ([]byte, error) {
	if len(d.Statement) == 0 {
		return dst, errors.New("a policy document without a statement; add one")
	}
	w := writer{dst: append(dst, '{'), compact: d.Compact}
	w.text("Version", d.Version)
	w.text("Id", d.ID)
	w.key("Statement")
	w.dst = append(w.dst, '[')
	var errs []error
	for i := range d.Statement {
		if i > 0 {
			w.dst = append(w.dst, ',')
		}
		if err := w.statement(&d.Statement[i]); err != nil {
			errs = append(errs, fn.At(fmt.Sprintf("Statement[%d]", i), err))
		}
	}
	w.dst = append(w.dst, ']', '}')
	return w.dst, errors.Join(errs...)
}

// writer appends a document and collects what cannot be written.
type writer struct {
	dst     []byte
	compact bool
	errs    []error // of the statement under way
}

func (w *writer) fail(key string, err error) {
	if err != nil {
		w.errs = append(w.errs, fn.At(key, err))
	}
}

func (w *writer) statement(s *Statement) error {
	w.errs = nil
	w.dst = append(w.dst, '{')
	w.text("Sid", s.Sid)
	effect := s.Effect
	if effect == "" {
		effect = Allow
	}
	w.text("Effect", effect)
	w.principal("Principal", s.Principal)
	w.principal("NotPrincipal", s.NotPrincipal)
	w.values("Action", s.Action)
	w.values("NotAction", s.NotAction)
	w.values("Resource", s.Resource)
	w.values("NotResource", s.NotResource)
	w.conditions(s.Condition)
	w.dst = append(w.dst, '}')
	return errors.Join(append(w.errs, s.check())...)
}

func (s *Statement) check() error {
	switch {
	case len(s.Action) == 0 && len(s.NotAction) == 0:
		return errors.New("a statement without an action; set Action or NotAction")
	case len(s.Action) > 0 && len(s.NotAction) > 0:
		return errors.New("both Action and NotAction; set one of them")
	case len(s.Resource) > 0 && len(s.NotResource) > 0:
		return errors.New("both Resource and NotResource; set one of them")
	case s.Principal != nil && s.NotPrincipal != nil:
		return errors.New("both Principal and NotPrincipal; set one of them")
	}
	return nil
}

// key writes the key of a member. Keys of this package need no escapes.
func (w *writer) key(key string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	w.dst = append(w.dst, '"')
	w.dst = append(w.dst, key...)
	w.dst = append(w.dst, '"', ':')
}

// userKey writes a key that a user named.
func (w *writer) userKey(key string) {
	if w.dst[len(w.dst)-1] != '{' {
		w.dst = append(w.dst, ',')
	}
	var err error
	w.dst, err = fn.AppendKey(w.dst, key)
	w.fail("Condition", err)
}

func (w *writer) text(key string, v fn.String) {
	if v == "" {
		return
	}
	w.key(key)
	var err error
	w.dst, err = fn.AppendText(w.dst, v)
	w.fail(key, err)
}

// values writes a list; nil is absent.
func (w *writer) values(key string, list []fn.String) {
	if list == nil {
		return
	}
	w.key(key)
	w.list(key, list)
}

func (w *writer) list(key string, list []fn.String) {
	var err error
	if len(list) == 2 && list[0] == alone {
		w.dst, err = fn.AppendText(w.dst, list[1])
	} else if w.compact && len(list) == 1 && !fn.IsListExpression(list) {
		w.dst, err = fn.AppendText(w.dst, list[0])
	} else {
		w.dst, err = fn.AppendList(w.dst, list)
	}
	w.fail(key, err)
}

func (w *writer) principal(key string, p *Principal) {
	if p == nil {
		return
	}
	w.key(key)
	if p.Everybody {
		w.dst = append(w.dst, `"*"`...)
		return
	}
	w.dst = append(w.dst, '{')
	w.values("AWS", p.AWS)
	w.values("CanonicalUser", p.CanonicalUser)
	w.values("Federated", p.Federated)
	w.values("Service", p.Service)
	w.dst = append(w.dst, '}')
}

func (w *writer) conditions(c Conditions) {
	if c == nil {
		return
	}
	w.key("Condition")
	w.dst = append(w.dst, '{')
	for _, operator := range sortedKeys(c) {
		w.userKey(operator)
		w.dst = append(w.dst, '{')
		for _, key := range sortedKeys(c[operator]) {
			w.userKey(key)
			w.list("Condition", c[operator][key])
		}
		w.dst = append(w.dst, '}')
	}
	w.dst = append(w.dst, '}')
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] }) // slices.Sort is compiled anew for each package
	return keys
}
