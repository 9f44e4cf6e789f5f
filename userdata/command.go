package userdata

import (
	"errors"
	"strings"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// Where aws-cfn-bootstrap installs its programs on Amazon Linux.
const (
	cfnInit   = "/opt/aws/bin/cfn-init"
	cfnSignal = "/opt/aws/bin/cfn-signal"
)

// Init calls cfn-init, which does what the metadata of a resource says: see package cfninit.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-init.html
type Init struct {
	// Resource is the logical ID of the resource whose metadata it is. It is required.
	Resource string
	// ConfigSets are run in this order. Nil runs the config that is called config.
	ConfigSets []string
	// Stack and Region are where the resource is. If they are "", here.
	Stack, Region fn.String
	// Role is the IAM role of the instance, to read the metadata with. If it is "", the instance shows
	// who it is.
	Role fn.String
	// Program is where cfn-init is. If it is "", /opt/aws/bin/cfn-init.
	Program string
}

// Command is the line of a script.
func (i Init) Command() fn.String {
	if i.Resource == "" {
		return fn.Fail[fn.String](errors.New("cfn-init needs a resource; give the logical ID of the one with the metadata"))
	}
	words := append([]fn.String{orElse(fn.String(i.Program), cfnInit), "-v"}, place(i.Stack, fn.String(i.Resource), i.Region)...)
	if len(i.ConfigSets) > 0 {
		words = append(words, "--configsets", fn.String(strings.Join(i.ConfigSets, ",")))
	}
	if i.Role != "" {
		words = append(words, "--role", i.Role)
	}
	return Command(words...)
}

// place are the flags that say which resource is meant.
func place(stack, resource, region fn.String) []fn.String {
	return []fn.String{"--stack", orElse(stack, fn.StackName), "--resource", resource, "--region", orElse(region, fn.Region)}
}

func orElse(s, otherwise fn.String) fn.String {
	if s == "" {
		return otherwise
	}
	return s
}

// Signal calls cfn-signal when a script ends, with its exit code. Either Handle or Resource is required.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/cfn-signal.html
type Signal struct {
	// Handle is the URL of a wait condition handle.
	Handle fn.String
	// Resource is the logical ID of the resource that waits, by its creation or update policy.
	Resource string
	// Stack and Region are where the resource is. If they are "", here.
	Stack, Region fn.String
	// Role is the IAM role of the instance, to sign with. If it is "", the instance shows who it is.
	Role fn.String
	// ID tells this sender from others. If it is "", the instance's ID.
	ID fn.String
	// Reason and Data are sent to a handle. "" sends none. What the shell finds out is sent by
	// DataVariable instead: the name of a shell variable that the script's lines set.
	Reason, Data fn.String
	DataVariable string
	// Program is where cfn-signal is. If it is "", /opt/aws/bin/cfn-signal.
	Program string
	// Fetch is a URL from which curl gets the program first, for images that have neither cfn-signal
	// nor the Python that it needs: that of cmd/cfn-signal, built for the instance and put into S3, with
	// its checksum. Nil fetches nothing; then Program is /usr/local/bin/cfn-signal if it is "".
	Fetch *Fetch
}

// Fetch is where a program is got from.
type Fetch struct {
	// URL is that of the file, and SHA256 its checksum, in hexadecimal digits. Both are required.
	URL    fn.String
	SHA256 string
}

// lines are those at the head of a script: however it ends after them, it signals.
func (s *Signal) lines() ([]fn.String, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	program := fn.String(s.Program)
	var lines []fn.String
	if s.Fetch != nil {
		program = orElse(program, "/usr/local/bin/cfn-signal")
		lines = s.Fetch.lines(Quote(program))
	}
	words := Command(orElse(program, cfnSignal)) + ` -e "$code"`
	for _, w := range [][2]fn.String{{"-i", s.ID}, {"-r", s.Reason}, {"-d", s.Data}, {"--role", s.Role}} {
		if w[1] != "" {
			words += " " + Command(w[0], w[1])
		}
	}
	if s.DataVariable != "" {
		words += fn.String(` -d "${` + s.DataVariable + `:-}"`)
	}
	if s.Handle != "" {
		words += " " + Quote(s.Handle)
	} else {
		words += " " + Command(place(s.Stack, fn.String(s.Resource), s.Region)...)
	}
	return append(lines, "ended() {", "  code=$?", "  trap - EXIT", "  "+words, `  exit "$code"`, "}", "trap ended EXIT"), nil
}

func (s *Signal) check() error {
	var problems []error
	if (s.Handle == "") == (s.Resource == "") {
		problems = append(problems, errors.New("a signal goes to a handle or to a resource; give one of them"))
	}
	if s.Resource != "" && (s.Data != "" || s.DataVariable != "" || s.Reason != "") {
		problems = append(problems, errors.New("a signal to a resource has neither data nor a reason; leave them out, or give a handle"))
	}
	if s.Data != "" && s.DataVariable != "" {
		problems = append(problems, errors.New("the signal has Data and a DataVariable; give one of them"))
	}
	if !isVariable(s.DataVariable) {
		problems = append(problems, errors.New("the DataVariable must be the name of a shell variable, such as ADDRESS"))
	}
	if f := s.Fetch; f != nil && (f.URL == "" || len(f.SHA256) != 64 || strings.Trim(strings.ToLower(f.SHA256), "0123456789abcdef") != "") {
		problems = append(problems, errors.New("what is fetched needs a URL, and a SHA256 of 64 hexadecimal digits"))
	}
	return errors.Join(problems...)
}

func isVariable(name string) bool {
	return strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == "" && (name == "" || name[0] < '0' || name[0] > '9')
}

// lines get the program, and run it only if it is the right one.
func (f *Fetch) lines(program fn.String) []fn.String {
	return []fn.String{
		"curl -fsSL --retry 10 --retry-connrefused -o " + program + " " + Quote(f.URL),
		"echo " + fn.String(strings.ToLower(f.SHA256)) + `"  "` + program + " | sha256sum -c -",
		"chmod 755 " + program,
	}
}
