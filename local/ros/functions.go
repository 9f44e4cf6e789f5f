package ros

import (
	"encoding/base64"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-strftime"

	"github.com/updraft-go/updraft/internal/tree"
)

// functions are those of ROS that CloudFormation lacks, or has otherwise. Their argument is evaluated.
var functions = map[string]func(*tree.Node) (*tree.Node, error){
	"Fn::Base64Encode":   base64Encode,
	"Fn::Base64Decode":   base64Decode,
	"Fn::Str":            str,
	"Fn::Replace":        replace,
	"Fn::Select":         selectItem,
	"Fn::ListMerge":      listMerge,
	"Fn::GetJsonValue":   getJSONValue,
	"Fn::SelectMapList":  selectMapList,
	"Fn::MergeMapToList": mergeMapToList,
	"Fn::Length":         length,
	"Fn::Index":          indexOf,
	"Fn::Indent":         indent,
	"Fn::Add":            add,
	"Fn::Max":            extreme(math.Max),
	"Fn::Min":            extreme(math.Min),
	"Fn::Avg":            average,
	"Fn::MatchPattern":   matchPattern,
	"Fn::Any":            anyTrue,
	"Fn::Calculate":      calculate,
	"Fn::FormatTime":     formatTime,
}

func wrong(name, want string) error { return fmt.Errorf("%s takes %s", name, want) }

// pair returns the two elements of an argument.
func pair(name, want string, arg *tree.Node) (a, b *tree.Node, err error) {
	if !arg.Is(tree.List) || len(arg.List) != 2 {
		return nil, nil, wrong(name, want)
	}
	return arg.List[0], arg.List[1], nil
}

func base64Encode(arg *tree.Node) (*tree.Node, error) {
	s, ok := arg.Scalar()
	if !ok {
		return nil, wrong("Fn::Base64Encode", "text")
	}
	return tree.Text(base64.StdEncoding.EncodeToString([]byte(s))), nil
}

func base64Decode(arg *tree.Node) (*tree.Node, error) {
	raw, err := base64.StdEncoding.DecodeString(arg.Str())
	if err != nil {
		return nil, wrong("Fn::Base64Decode", "text in Base64")
	}
	return tree.Text(string(raw)), nil
}

func str(arg *tree.Node) (*tree.Node, error) {
	if s, ok := arg.Scalar(); ok {
		return tree.Text(s), nil
	}
	return tree.Text(arg.JSON()), nil
}

func replace(arg *tree.Node) (*tree.Node, error) {
	pairs, s, err := pair("Fn::Replace", "a map and text", arg)
	if err != nil || !pairs.Is(tree.Map) {
		return nil, wrong("Fn::Replace", "a map and text")
	}
	var list []string
	for _, m := range pairs.Map {
		list = append(list, m.Key, m.Value.Str())
	}
	return tree.Text(strings.NewReplacer(list...).Replace(s.Str())), nil
}

// selectItem is Fn::Select: an index, a range or * of a list, or a key of a map, with a default.
func selectItem(arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) < 2 || len(arg.List) > 3 {
		return nil, wrong("Fn::Select", "an index, a list or a map, and perhaps a default")
	}
	found := selected(arg.List[0].Str(), arg.List[1])
	switch {
	case found != nil:
		return found, nil
	case len(arg.List) == 3:
		return arg.List[2], nil
	}
	return tree.Text(""), nil
}

// selected returns nil if there is no such thing.
func selected(index string, from *tree.Node) *tree.Node {
	if from.Is(tree.Map) {
		return from.Get(index)
	}
	items := from.Items()
	if text, ok := from.Scalar(); ok { // a comma-delimited list
		for part := range strings.SplitSeq(text, ",") {
			items = append(items, tree.Text(part))
		}
	}
	if index == "*" {
		return tree.ListOf(items...)
	}
	if low, high, ok := strings.Cut(index, ":"); ok {
		from, to := bound(low, 0, len(items)), bound(high, len(items), len(items))
		return tree.ListOf(items[from:max(from, to)]...)
	}
	i, err := strconv.Atoi(index)
	if i < 0 {
		i += len(items)
	}
	if err != nil || i < 0 || i >= len(items) {
		return nil
	}
	return items[i]
}

// bound is one end of a range, within 0 and most.
func bound(text string, otherwise, most int) int {
	i, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		i = otherwise
	}
	if i < 0 {
		i += most
	}
	return min(max(i, 0), most)
}

func listMerge(arg *tree.Node) (*tree.Node, error) {
	out := tree.ListOf()
	for _, list := range arg.Items() {
		if !list.Is(tree.List) {
			return nil, wrong("Fn::ListMerge", "a list of lists")
		}
		out.List = append(out.List, list.List...)
	}
	return out, nil
}

func getJSONValue(arg *tree.Node) (*tree.Node, error) {
	key, value, err := pair("Fn::GetJsonValue", "a key and JSON", arg)
	if err != nil {
		return nil, err
	}
	if value.Is(tree.String) {
		if value, err = tree.Parse([]byte(value.Text)); err != nil {
			return nil, fmt.Errorf("Fn::GetJsonValue: %w", err)
		}
	}
	if found := value.Get(key.Str()); found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("Fn::GetJsonValue: there is no key %q", key.Str())
}

func selectMapList(arg *tree.Node) (*tree.Node, error) {
	key, maps, err := pair("Fn::SelectMapList", "a key and a list of maps", arg)
	if err != nil {
		return nil, err
	}
	out := tree.ListOf()
	for _, m := range maps.Items() {
		if found := m.Get(key.Str()); found != nil {
			out.List = append(out.List, found)
		}
	}
	return out, nil
}

func mergeMapToList(arg *tree.Node) (*tree.Node, error) {
	out := tree.ListOf()
	for _, lists := range arg.Items() {
		for _, m := range lists.Members() {
			for i, item := range m.Value.Items() {
				for len(out.List) <= i {
					out.List = append(out.List, tree.Object())
				}
				out.List[i].Map = append(out.List[i].Map, tree.Field(m.Key, item))
			}
		}
	}
	return out, nil
}

func length(arg *tree.Node) (*tree.Node, error) {
	if s, ok := arg.Scalar(); ok {
		return tree.Int(len([]rune(s))), nil
	}
	return tree.Int(len(arg.Items()) + len(arg.Members())), nil
}

func indexOf(arg *tree.Node) (*tree.Node, error) {
	item, list, err := pair("Fn::Index", "an item and a list", arg)
	if err != nil {
		return nil, err
	}
	for i, other := range list.Items() {
		if tree.Equal(item, other) {
			return tree.Int(i), nil
		}
	}
	return nil, fmt.Errorf("Fn::Index: %s is not in the list", item.JSON())
}

func indent(arg *tree.Node) (*tree.Node, error) {
	const width, most = 2, 20
	if !arg.Is(tree.List) || len(arg.List) < 2 || len(arg.List) > 3 {
		return nil, wrong("Fn::Indent", "text, a level and perhaps a width")
	}
	level, err := strconv.Atoi(arg.List[1].Str())
	if err != nil || level < 0 || level > most {
		return nil, wrong("Fn::Indent", "a level from 0 to 20")
	}
	spaces := width
	if len(arg.List) == 3 {
		if spaces, err = strconv.Atoi(arg.List[2].Str()); err != nil || spaces < 0 || spaces > 4 {
			return nil, wrong("Fn::Indent", "a width from 0 to 4")
		}
	}
	before := strings.Repeat(" ", level*spaces)
	return tree.Text(before + strings.ReplaceAll(arg.List[0].Str(), "\n", "\n"+before)), nil
}

func matchPattern(arg *tree.Node) (*tree.Node, error) {
	pattern, s, err := pair("Fn::MatchPattern", "a pattern and text", arg)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(pattern.Str())
	if err != nil {
		return nil, fmt.Errorf("Fn::MatchPattern: %w", err)
	}
	return tree.Boolean(re.MatchString(s.Str())), nil
}

func anyTrue(arg *tree.Node) (*tree.Node, error) {
	for _, item := range arg.Items() {
		if strings.EqualFold(item.Str(), "true") {
			return tree.Boolean(true), nil
		}
	}
	return tree.Boolean(false), nil
}

// formatTime is Fn::FormatTime: the time of the deployment, in a format of strftime and a time zone.
func formatTime(arg *tree.Node) (*tree.Node, error) {
	format, zone := arg, "UTC"
	if items := arg.Items(); len(items) > 0 {
		format = items[0]
		if len(items) > 1 {
			zone = items[1].Str()
		}
	}
	place, err := time.LoadLocation(zone)
	if err != nil || format.Str() == "" {
		return nil, wrong("Fn::FormatTime", "a format and the name of a time zone, such as Asia/Shanghai")
	}
	return tree.Text(strftime.Format(format.Str(), time.Now().In(place))), nil
}
