package eval

import (
	"encoding/base64"
	"math/big"
	"net/netip"
	"strconv"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

var errJoin = templatef("every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.")

func join(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) != 2 || !arg.List[0].Is(tree.String) || !arg.List[1].Is(tree.List) {
		return nil, errJoin
	}
	var parts []string
	for _, p := range arg.List[1].List {
		s, ok := p.Scalar()
		if !ok {
			return nil, errJoin
		}
		parts = append(parts, s)
	}
	return tree.Text(strings.Join(parts, arg.List[0].Text)), nil
}

func split(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) != 2 || !arg.List[0].Is(tree.String) {
		return nil, templatef("every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.")
	}
	s, ok := arg.List[1].Scalar()
	if !ok || arg.List[0].Text == "" {
		return nil, templatef("every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.")
	}
	out := tree.ListOf()
	for _, part := range strings.Split(s, arg.List[0].Text) {
		out.List = append(out.List, tree.Text(part))
	}
	return out, nil
}

func selectItem(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) != 2 || !arg.List[1].Is(tree.List) {
		return nil, templatef("Fn::Select requires a list argument with two elements: an integer index and a list")
	}
	text, ok := arg.List[0].Scalar()
	i, err := strconv.Atoi(text)
	if !ok || err != nil {
		return nil, templatef("Fn::Select requires a list argument with two elements: an integer index and a list")
	}
	if i < 0 || i >= len(arg.List[1].List) {
		return nil, templatef("Fn::Select cannot select nonexistent value at index %d", i)
	}
	return arg.List[1].List[i], nil
}

func encodeBase64(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	s, ok := arg.Scalar()
	if !ok {
		return nil, templatef("every Fn::Base64 object must have a String-typed value.")
	}
	return tree.Text(base64.StdEncoding.EncodeToString([]byte(s))), nil
}

func toJSONString(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) && !arg.Is(tree.Map) {
		return nil, templatef("Fn::ToJsonString takes a map or a list")
	}
	return tree.Text(arg.JSON()), nil
}

func length(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) {
		return nil, templatef("Fn::Length only supports lists")
	}
	return tree.Int(len(arg.List)), nil
}

// maxCidrs is how many blocks Fn::Cidr gives at most.
const maxCidrs = 256

func cidr(_ *Evaluator, arg *tree.Node) (*tree.Node, error) {
	if !arg.Is(tree.List) || len(arg.List) < 2 || len(arg.List) > 3 {
		return nil, templatef("every Fn::Cidr object requires two or three parameters: an IP block, a count, and the number of subnet bits")
	}
	block, err := netip.ParsePrefix(arg.List[0].Str())
	if err != nil {
		return nil, templatef("Fn::Cidr: %q is no IP block", arg.List[0].Str())
	}
	count, err := strconv.Atoi(arg.List[1].Str())
	if err != nil || count < 1 || count > maxCidrs {
		return nil, templatef("Fn::Cidr: the count must be from 1 to %d, not %q", maxCidrs, arg.List[1].Str())
	}
	bits := 8
	if block.Addr().Is6() {
		bits = 64
	}
	if len(arg.List) == 3 {
		if bits, err = strconv.Atoi(arg.List[2].Str()); err != nil {
			return nil, templatef("Fn::Cidr: %q is no number of subnet bits", arg.List[2].Str())
		}
	}
	return subnets(block.Masked(), count, bits)
}

// subnets cuts count blocks of 2^bits addresses out of block.
func subnets(block netip.Prefix, count, bits int) (*tree.Node, error) {
	length := block.Addr().BitLen() - bits
	room := length - block.Bits()
	if bits < 0 || length > block.Addr().BitLen() || room < 0 || room < 9 && count > 1<<room {
		return nil, templatef("Fn::Cidr: %d blocks with %d subnet bits do not fit in %s", count, bits, block)
	}
	out := tree.ListOf()
	next := new(big.Int).SetBytes(block.Addr().AsSlice())
	step := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	for range count {
		raw := next.FillBytes(make([]byte, block.Addr().BitLen()/8))
		addr, _ := netip.AddrFromSlice(raw)
		out.List = append(out.List, tree.Text(netip.PrefixFrom(addr, length).String()))
		next.Add(next, step)
	}
	return out, nil
}
