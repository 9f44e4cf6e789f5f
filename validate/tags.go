package validate

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/schema"
)

const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// tags checks the tags of a resource.
func (c *checker) tags(p *place, n *tree.Node, t *schema.Type) {
	if t.TagShape == schema.TagsMap {
		if _, _, function := n.Function(); function {
			return
		}
		for _, m := range n.Members() {
			c.tag(p.in(m.Key), m.Value, tree.Text(m.Key), m.Value)
		}
		return
	}
	if len(n.Items()) > maxTags {
		c.report("tag-count", p, n, fmt.Sprintf("the resource has %d tags; at most %d are allowed", len(n.List), maxTags), "leave some out")
	}
	prop, _ := t.Property(t.TagProperty)
	builtin := prop != nil && prop.Type.Elem != nil && prop.Type.Elem.Kind == schema.Tag
	seen := map[string]bool{}
	for i, item := range n.Items() {
		if _, _, function := item.Function(); function {
			continue
		}
		q := p.item(i)
		key := item.Get("Key")
		switch {
		case !item.Is(tree.Map):
			c.report("tag-shape", q, item, "a tag is "+kindOf(item), "give a map of Key and Value")
			continue
		case builtin && !hasTransform(item) && (key == nil || item.Get("Value") == nil):
			c.report("tag-shape", q, item, "a tag lacks its Key or its Value", "give both")
			continue
		}
		if builtin {
			c.members("tag-shape", q, item, "Key", "Value")
		}
		c.tag(q, item, key, item.Get("Value"))
		if key.Is(tree.String) {
			if seen[key.Text] {
				c.report("tag-twice", q.in("Key"), key, fmt.Sprintf("the tag %s stands twice", shown(key.Text)), "leave one out")
			}
			seen[key.Text] = true
		}
	}
}

func (c *checker) tag(p *place, n, key, value *tree.Node) {
	if c.gives(value) == list || c.gives(value) == object {
		c.report("tag-shape", p.in("Value"), value, "the value of a tag is "+c.gives(value).String(), "give text")
	}
	text, literal := key.Scalar()
	switch {
	case !literal:
	case strings.HasPrefix(strings.ToLower(text), "aws:"):
		c.report("tag-reserved", p, n, fmt.Sprintf("the key of the tag is %s; keys that begin with aws: are AWS's own", shown(text)), "use another prefix")
	case utf8.RuneCountInString(text) > maxTagKey || text == "":
		c.report("tag-length", p, n, fmt.Sprintf("the key of the tag has %d characters", utf8.RuneCountInString(text)), fmt.Sprintf("use 1 to %d", maxTagKey))
	}
	if text, ok := value.Scalar(); ok && utf8.RuneCountInString(text) > maxTagValue && !strings.Contains(text, "{{resolve:") {
		c.report("tag-length", p, n, fmt.Sprintf("the value of the tag has %d characters", utf8.RuneCountInString(text)), fmt.Sprintf("use at most %d", maxTagValue))
	}
}
