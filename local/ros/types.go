package ros

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"regexp"
	"strings"
	"sync"

	"github.com/updraft-go/updraft/internal/tree"
)

// typesFile is what is known of the types; the generator of package resources writes it.
//
//go:embed types.ndjson.gz
var typesFile []byte

// A typeFacts is what is known of a resource type.
type typeFacts struct {
	Name       string
	Properties map[string]struct {
		Type     string
		Required bool
	}
	Attributes map[string]json.RawMessage
}

// types reads the file once.
var types = sync.OnceValue(func() map[string]*typeFacts {
	all := map[string]*typeFacts{}
	zip, err := gzip.NewReader(bytes.NewReader(typesFile))
	if err != nil {
		return all
	}
	decoder := json.NewDecoder(bufio.NewReader(zip))
	for {
		t := &typeFacts{}
		if decoder.Decode(t) != nil {
			return all
		}
		all[t.Name] = t
	}
})

const typeCustom = "ALIYUN::ROS::CustomResource"

var customType = regexp.MustCompile(`^Custom::[A-Za-z0-9_@-]{1,60}$`)

func isCustom(name string) bool { return name == typeCustom || customType.MatchString(name) }

// notEmulated are types that do something while a stack is deployed, which the cloud does not.
var notEmulated = []string{"WaitCondition", "WaitConditionHandle", "Stack", "Sleep", "Assert", "ResourceCleaner", "TemplateScratch", "StackGroup", "StackInstances"}

// checkType checks a resource's type, and the names of its properties.
func checkType(id, name string, properties *tree.Node) error {
	if customType.MatchString(name) {
		name = typeCustom
	}
	t := types()[name]
	if t == nil {
		return invalidTemplate("The Resource Type (%s) could not be found, or is not one that the embedded cloud knows.", name)
	}
	for _, not := range notEmulated {
		if name == "ALIYUN::ROS::"+not {
			return refuse(501, "NotSupported", "the embedded cloud does not emulate the resource type %s", name)
		}
	}
	for _, m := range properties.Members() {
		if _, ok := t.Properties[m.Key]; !ok && !strings.HasPrefix(m.Key, "Fn::") {
			return invalidTemplate("Property error: resources.%s.properties: Unknown Property %s", id, m.Key)
		}
	}
	for property, p := range t.Properties {
		if p.Required && properties.Get(property) == nil && !(name == typeCustom && property == "Timeout") {
			return invalidTemplate("Property error: resources.%s.properties: Property %s not assigned", id, property)
		}
	}
	return nil
}
