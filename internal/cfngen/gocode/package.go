package gocode

import (
	"fmt"
	"path"
	"strings"

	"github.com/updraft-go/updraft/internal/cfngen/model"
)

// Package returns the files of the package of one service by their slashed
// paths under the folder resources. All types must be of the same service.
func Package(source string, types []*model.Type) (map[string][]byte, error) {
	files := map[string][]byte{}
	name := packageName(types[0].Service())
	folder := name
	if types[0].IsROS() {
		folder = path.Join("ros", name)
	}
	names := scope{}
	for _, t := range types {
		if strings.Count(t.Name, "::") != 2 {
			return nil, fmt.Errorf("%s: the name does not have three parts", t.Name)
		}
		w := writer{scope: names}
		if err := w.resource(source, t); err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
		if err := add(files, path.Join(folder, strings.ToLower(t.Short())+".go"), &w); err != nil {
			return nil, fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	doc := writer{}
	vendor, _, _ := strings.Cut(types[0].Name, "::")
	doc.printf("%s\n", Header(source))
	doc.printf("// Package %s has the resource types of %s::%s.\n", name, vendor, types[0].Service())
	if types[0].Transform == "" && !types[0].IsROS() {
		doc.printf("//\n// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/%s_%s.html\n", vendor, types[0].Service())
	}
	doc.printf("package %s\n", name)
	return files, add(files, path.Join(folder, "doc.go"), &doc)
}

// Services groups types by service. It is an error if the packages of two
// services would have one name.
func Services(types []*model.Type) ([][]*model.Type, error) {
	byPackage := map[string][]*model.Type{}
	for _, t := range types {
		name := packageName(t.Service())
		if others := byPackage[name]; len(others) > 0 && others[0].Service() != t.Service() {
			return nil, fmt.Errorf("%s and %s would share the package %s", others[0].Name, t.Name, name)
		}
		byPackage[name] = append(byPackage[name], t)
	}
	groups := make([][]*model.Type, 0, len(byPackage))
	for _, name := range sortedKeys(byPackage) {
		groups = append(groups, byPackage[name])
	}
	return groups, nil
}

func add(files map[string][]byte, name string, w *writer) error {
	if _, taken := files[name]; taken {
		return fmt.Errorf("two types would share the file %s", name)
	}
	code, err := w.source()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	files[name] = code
	return nil
}
