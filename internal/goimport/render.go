package goimport

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

const module = "github.com/updraft-go/updraft"

// newImporter prepares the names that variables must not take: those of the packages.
func newImporter(o Options, doc *tree.Node) *importer {
	im := &importer{
		opts: o, names: &namer{used: map[string]bool{o.Func: true}},
		tried: map[attempt]result{}, symbols: map[string]*symbol{}, mapped: map[string]*symbol{}, tests: map[string]*symbol{},
		packages: map[string]string{"fn": module + "/intrinsics", "stack": module + "/stack", "policy": module + "/policy", "os": "os", "fmt": "fmt"},
	}
	eachNode(doc.Get("Resources"), func(n *tree.Node) { // also inside loops
		if r, ok := lookupResource(n.Get("Type").Str()); ok {
			im.names.used[r.pkg] = true
			im.packages[r.pkg] = module + "/resources/" + r.pkg
		}
	})
	return im
}

// prefix keeps the names beside the function apart from those of another template in the package.
func (im *importer) prefix() string {
	if im.opts.Func == "Template" || im.opts.Func == "template" {
		return ""
	}
	return im.opts.Func
}

// stmt is a statement of the program: a call, whose result a variable may hold.
type stmt struct {
	symbol   *symbol // whose variable it fills, or nil
	value    *code
	comment  string
	section  string
	resource string // the logical ID
}

func (im *importer) add(s *stmt) {
	im.stmts = append(im.stmts, s)
	if s.symbol != nil {
		s.symbol.declared = true
	}
}

var reference = regexp.MustCompile("\x01([^\x02]*)\x02")

// uses calls f with the name of each variable in s.
func (s *stmt) uses(f func(name string)) {
	s.value.walk(func(c *code) {
		for _, m := range reference.FindAllStringSubmatch(c.text, -1) {
			f(m[1])
		}
	})
}

// render returns the whole program, formatted.
func (im *importer) render() ([]byte, error) {
	var b strings.Builder
	im.build(&b)
	for _, c := range im.constants {
		fmt.Fprintf(&b, "\nconst %s = %s\n", c.name, c.value())
	}
	if im.opts.Main {
		fmt.Fprintf(&b, mainFunction, im.opts.Func)
	}
	body := b.String()
	imports, err := im.imports(body)
	if err != nil {
		return nil, err
	}
	return format.Source([]byte("package " + im.opts.Package + "\n\n" + imports + body))
}

const mainFunction = `
func main() {
	source, err := %s().JSON()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(string(source))
}
`

// imports is the declaration of the packages that body names.
func (im *importer) imports(body string) (string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+body, parser.SkipObjectResolution)
	if err != nil {
		return "", fmt.Errorf("the program for this template would not be Go: %w; this is a mistake of updraft, please report it", err)
	}
	var system, own []string
	seen := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && im.packages[x.Name] != "" && !seen[x.Name] {
				seen[x.Name] = true
				line := strconv.Quote(im.packages[x.Name]) + "\n"
				if x.Name == "fn" {
					line = "fn " + line
				}
				if strings.Contains(line, ".") {
					own = append(own, line)
				} else {
					system = append(system, line)
				}
			}
		}
		return true
	})
	slices.Sort(system)
	slices.SortFunc(own, func(a, b string) int {
		return strings.Compare(strings.TrimPrefix(a, "fn "), strings.TrimPrefix(b, "fn "))
	})
	if len(system) > 0 {
		system = append(system, "\n")
	}
	return "import (\n" + strings.Join(system, "") + strings.Join(own, "") + ")\n", nil
}

// comment is the doc comment of the function.
func (im *importer) comment(doc string) string {
	first, _, _ := strings.Cut(doc, "\n")
	if first = strings.TrimSpace(first); first == "" || !plainRaw(first) || len(first) > 80 {
		return "// " + im.opts.Func + " returns the template."
	}
	return "// " + im.opts.Func + " returns the template " + strconv.Quote(first) + "."
}
