package ros

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/itchyny/gojq"

	"github.com/updraft-go/updraft/internal/tree"
)

const (
	maxJq  = 1000            // values that a script may give
	jqTime = 2 * time.Second // for which it may run
)

// jq is Fn::Jq: the first value that a script of jq gives, or all of them.
func jq(ctx context.Context, arg *tree.Node) (*tree.Node, error) {
	const want = "First or All, a script of jq, and JSON"
	if !arg.Is(tree.List) || len(arg.List) != 3 {
		return nil, wrong("Fn::Jq", want)
	}
	method, input := arg.List[0].Str(), arg.List[2]
	if method != "First" && method != "All" {
		return nil, wrong("Fn::Jq", want)
	}
	query, err := gojq.Parse(arg.List[1].Str())
	if err != nil {
		return nil, fmt.Errorf("Fn::Jq: the script: %w", err)
	}
	text := input.JSON()
	if input.Is(tree.String) {
		text = input.Text
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return nil, wrong("Fn::Jq", want)
	}
	list, err := results(ctx, query, value, method == "First")
	if err != nil {
		return nil, fmt.Errorf("Fn::Jq: %w", err)
	}
	if method == "All" {
		return tree.ListOf(list...), nil
	}
	if len(list) == 0 {
		return &tree.Node{Kind: tree.Null}, nil
	}
	return list[0], nil
}

// results runs a script, for a bounded time and number of values: it is part of what a user sends.
func results(ctx context.Context, query *gojq.Query, value any, first bool) ([]*tree.Node, error) {
	ctx, cancel := context.WithTimeout(ctx, jqTime)
	defer cancel()
	var list []*tree.Node
	for values := query.RunWithContext(ctx, value); ; {
		v, ok := values.Next()
		if !ok {
			return list, nil
		}
		if err, failed := v.(error); failed {
			return nil, err
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		if list = append(list, tree.FromJSON(string(text))); first {
			return list, nil
		}
		if len(list) > maxJq {
			return nil, errors.New("the script gives too many values")
		}
	}
}
