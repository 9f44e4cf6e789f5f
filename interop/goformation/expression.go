package goformation

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"

	"github.com/updraft-go/updraft/internal/tree"
)

// functions are those that goformation finds again in a string.
const functions = " Fn::And Fn::Base64 Fn::Cidr Fn::Equals Fn::FindInMap Fn::GetAZs Fn::GetAtt Fn::If Fn::ImportValue " +
	"Fn::Join Fn::Not Fn::Or Fn::Select Fn::Split Fn::Sub Fn::Transform Ref "

func known(function string) bool {
	return !strings.Contains(function, " ") && strings.Contains(functions, " "+function+" ")
}

// function returns the name and argument of a function; a condition's name by itself is none.
func function(n *tree.Node) (name string, arg *tree.Node, ok bool) {
	name, arg, ok = n.Function()
	return name, arg, ok && name != "Condition"
}

var helper = regexp.MustCompile(`^\s*\{\s*"(?:Ref|Fn::[A-Za-z]+)"\s*:`)

// unpack returns the expression that a string holds, or nil if it is text. The error is what is wrong
// with a string that one of goformation's helpers made and nobody can read.
func unpack(text string) (*tree.Node, error) {
	if len(text) < len("eyJSZWYi") {
		return nil, nil
	}
	body, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, nil
	}
	made := helper.Match(body)
	n, err := tree.Parse(body)
	if err != nil {
		if made {
			return nil, errors.New("goformation wrote " + string(body) + ", which is no JSON")
		}
		return nil, nil
	}
	if name, _, ok := n.Function(); ok && known(name) {
		return n, nil
	}
	return nil, nil
}

// pack is the string in which goformation keeps an expression.
func pack(n *tree.Node) *tree.Node {
	return tree.Text(base64.StdEncoding.EncodeToString([]byte(n.JSON())))
}
