package goimport

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/updraft-go/updraft/schema"
)

func TestLowerCamel(t *testing.T) {
	for id, want := range map[string]string{
		"ECSCluster": "ecsCluster", "EC2InstanceProfile": "ec2InstanceProfile", "S3Bucket": "s3Bucket", "VpcId": "vpcID",
		"VPC": "vpc", "VPCId": "vpcID", "task": "task", "MyQueue2": "myQueue2", "2ndSubnet": "x2ndSubnet", "Odd-Name_1": "oddName1",
		"": "x", "é": "x", "SubnetA": "subnetA", "APIGatewayRestAPI": "apiGatewayRestAPI", "Topic${Name}": "topicName",
	} {
		if got := lowerCamel(id); got != want {
			t.Errorf("lowerCamel(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestNamesAreGivenOnce(t *testing.T) {
	n := &namer{used: map[string]bool{"sqs": true}}
	var got []string
	for _, id := range []string{"Queue", "queue", "QUEUE", "sqs", "Type", "String", "t", "fn", "Len"} {
		got = append(got, n.pick(id, "Resource"))
	}
	want := []string{"queue", "queueResource", "queue2", "sqsResource", "typeResource", "stringResource", "tResource", "fnResource", "lenResource"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Every name that a program may use for a field, constant or attribute is there in the packages of
// resources.
func TestNamesExist(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads all packages of resources")
	}
	known := declared(t, filepath.Join("..", "..", "resources"))
	for name := range schema.Types() {
		r, ok := lookupResource(name)
		if !ok {
			t.Errorf("%s has no struct", name)
			continue
		}
		var properties []string
		for _, p := range r.Properties {
			properties = append(properties, p.Name)
		}
		checkShape(t, known, r, "", properties)
		for _, d := range r.Definitions {
			if !known[r.goName(d.Name)] {
				continue // attributes only
			}
			properties = nil
			for _, p := range d.Properties {
				properties = append(properties, p.Name)
			}
			checkShape(t, known, r, d.Name, properties)
		}
		s := &symbol{resource: r}
		for _, a := range r.Attributes {
			if _, ok := s.attribute(a.Name); ok && !known[r.goName("")+"."+attrName(a.Name)] {
				t.Errorf("%s has no method for the attribute %s", name, a.Name)
			}
		}
	}
}

func checkShape(t *testing.T, known map[string]bool, r *resourceType, definition string, properties []string) {
	t.Helper()
	for _, p := range properties {
		f, ok := propertyShape{r, definition}.field(p)
		if !ok || !known[r.goName(definition)+"."+f.name] {
			t.Errorf("%s has no field for %s", r.goName(definition), p)
			continue
		}
		typ := f.typ
		for typ.elem != nil {
			typ = *typ.elem
		}
		if typ.kind == object && typ.name != tagName && !known[typ.name] {
			t.Errorf("%s.%s: there is no type %s", r.goName(definition), p, typ.name)
		}
		if typ.enum == nil {
			continue
		}
		for value, constant := range typ.enum.names {
			if !known[constant] {
				t.Errorf("%s.%s: there is no constant %s for %q", r.goName(definition), p, constant, value)
			}
		}
	}
}

// declared are the types, fields, methods and constants in the packages of a folder: ecs.Service,
// ecs.Service.Cluster, ecs.Service.AttrName.
func declared(t *testing.T, folder string) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal("no packages: ", err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		pkg := file.Name.Name + "."
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if star, ok := n.Recv.List[0].Type.(*ast.StarExpr); ok {
					known[pkg+star.X.(*ast.Ident).Name+"."+n.Name.Name] = true
				}
				return false
			case *ast.TypeSpec:
				known[pkg+n.Name.Name] = true
				for _, f := range n.Type.(*ast.StructType).Fields.List {
					for _, id := range f.Names {
						known[pkg+n.Name.Name+"."+id.Name] = true
					}
				}
			case *ast.ValueSpec:
				for _, id := range n.Names {
					known[pkg+id.Name] = true
				}
			}
			return true
		})
	}
	return known
}
