package ros

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// hole is {0} in an expression, which stands for the first of the numbers.
var hole = regexp.MustCompile(`\{(\d+)\}`)

// maxExpression is how long an expression may be.
const maxExpression = 4096

// calculate is Fn::Calculate: an expression of numbers, how many digits the result has after the point,
// and what stands in its holes. The expressions are those of Go, of numbers with + - * / % and brackets.
func calculate(arg *tree.Node) (*tree.Node, error) {
	const want = "an expression, a number of digits, and perhaps numbers for {0}, {1} …"
	if !arg.Is(tree.List) || len(arg.List) < 2 || len(arg.List) > 3 || len(arg.List[0].Str()) > maxExpression {
		return nil, wrong("Fn::Calculate", want)
	}
	digits, err := strconv.Atoi(arg.List[1].Str())
	if err != nil || digits < 0 || digits > 10 {
		return nil, wrong("Fn::Calculate", "0 to 10 digits")
	}
	text := arg.List[0].Str()
	if len(arg.List) == 3 {
		if text, err = filled(text, arg.List[2].Items()); err != nil {
			return nil, err
		}
	}
	expression, err := parser.ParseExpr(text)
	if err != nil {
		return nil, fmt.Errorf("Fn::Calculate: %q is no expression", text)
	}
	f, err := evaluate(expression)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, fmt.Errorf("Fn::Calculate: %q has no value", text)
	}
	return &tree.Node{Kind: tree.Number, Text: strconv.FormatFloat(f, 'f', digits, 64)}, nil
}

// filled puts numbers into the holes of an expression.
func filled(text string, values []*tree.Node) (string, error) {
	if _, err := numbers("Fn::Calculate", tree.ListOf(values...)); err != nil {
		return "", err
	}
	var missing error
	out := hole.ReplaceAllStringFunc(text, func(h string) string {
		i, err := strconv.Atoi(strings.Trim(h, "{}"))
		if err != nil || i >= len(values) {
			missing = fmt.Errorf("Fn::Calculate: there is no number for %s", h)
			return h
		}
		return "(" + values[i].Str() + ")"
	})
	return out, missing
}

// evaluate is the value of an expression.
func evaluate(e ast.Expr) (float64, error) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return evaluate(e.X)
	case *ast.BasicLit:
		return strconv.ParseFloat(e.Value, 64)
	case *ast.UnaryExpr:
		f, err := evaluate(e.X)
		if e.Op == token.SUB {
			f = -f
		} else if e.Op != token.ADD {
			err = fmt.Errorf("the sign %s", e.Op)
		}
		return f, err
	case *ast.BinaryExpr:
		a, err := evaluate(e.X)
		if err != nil {
			return 0, err
		}
		b, err := evaluate(e.Y)
		if err != nil {
			return 0, err
		}
		return operate(e.Op, a, b)
	}
	return 0, fmt.Errorf("a %T", e)
}

func operate(op token.Token, a, b float64) (float64, error) {
	switch op {
	case token.ADD:
		return a + b, nil
	case token.SUB:
		return a - b, nil
	case token.MUL:
		return a * b, nil
	case token.QUO:
		return a / b, nil
	case token.REM:
		return math.Mod(a, b), nil
	}
	return 0, fmt.Errorf("the sign %s", op)
}
