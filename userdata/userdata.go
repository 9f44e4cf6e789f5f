// Package userdata writes the scripts that instances run when they boot, with expressions in them.
//
//	boot := userdata.Script{
//		Signal: &userdata.Signal{Handle: wait.Handle()},
//		Lines: []fn.String{
//			userdata.Init{Resource: "Web"}.Command(),
//			userdata.Command("/usr/local/bin/app", "--bucket", bucket.Ref()),
//		},
//	}
//	stack.Add(t, "Web", &ec2.Instance{UserData: boot.UserData(), …})
//
// What an expression will be is not known when the script is written; it comes through the shell as it
// is, whatever characters it has: see [Quote].
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
package userdata

import (
	"fmt"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// MaxSize is how many bytes user data may have, before it is in base64.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html
const MaxSize = 16 << 10

// A Script is what an instance runs, as root, when it boots for the first time. It ends at the first
// command that fails.
type Script struct {
	// Shell runs it, and has nothing but what POSIX says of one to be able to. If it is "", /bin/bash.
	Shell string
	// Signal, if it is set, tells when the script has ended, and with which exit code: also when a line
	// failed.
	Signal *Signal
	// Lines are commands for the shell, as they are. See [Command] for those with words that the shell
	// must not touch.
	Lines []fn.String
}

// Text is the script.
func (s Script) Text() fn.String {
	shell := s.Shell
	if shell == "" {
		shell = "/bin/bash"
	}
	lines := []fn.String{fn.String("#!" + shell), "set -eu"}
	if s.Signal != nil {
		signal, err := s.Signal.lines()
		if err != nil {
			return fn.Fail[fn.String](err)
		}
		lines = append(lines, signal...)
	}
	lines = append(lines, s.Lines...)
	var text fn.String
	for _, line := range lines {
		text += line + "\n"
	}
	if n := literal(text); n > MaxSize {
		return fn.Fail[fn.String](fmt.Errorf("the script has at least %d bytes, and user data may have %d; put part of it into S3 or into the metadata for cfn-init", n, MaxSize))
	}
	return text
}

// UserData is the script as the property UserData wants it: in base64.
func (s Script) UserData() fn.String { return fn.Base64(s.Text()) }

// literal is how many bytes of a text are there whatever its expressions give.
func literal(s fn.String) int {
	n := 0
	for i, part := range strings.Split(string(s), "\x00") {
		if i%2 == 0 {
			n += len(part)
		}
	}
	return n
}

// Command is a command of words that reach it as they are, quoted as far as they need it.
func Command(words ...fn.String) fn.String {
	var line fn.String
	for i, w := range words {
		if i > 0 {
			line += " "
		}
		line += Quote(w)
	}
	return line
}

// Quote is a word as the shell takes it whole. Text stands in quotation marks if it must. A word with
// expressions in it stands there in base64, made by CloudFormation, and the shell decodes it, so that
// nothing in it can end the quotation. Line breaks at the end of such a word are lost; NUL bytes cannot
// be in one.
func Quote(word fn.String) fn.String {
	text, ok := word.Literal()
	switch {
	case harmless(word):
		return word
	case !ok:
		return `"$(printf %s '` + fn.Base64(word) + `' | base64 -d)"`
	}
	return fn.String("'" + strings.ReplaceAll(text, "'", `'\''`) + "'")
}

// harmless reports whether a word needs no quotation: it has letters, digits and a few signs that no
// shell minds, or is a pseudo parameter, which has no others.
func harmless(word fn.String) bool {
	switch word {
	case fn.StackName, fn.Region, fn.AccountID, fn.Partition, fn.URLSuffix, fn.StackID:
		return true
	}
	const signs = "%+,-./:=@_"
	return word != "" && strings.IndexFunc(string(word), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune(signs, r)
	}) < 0
}
