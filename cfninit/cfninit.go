// Package cfninit is what cfn-init does on an instance, typed: the metadata of a resource under
// AWS::CloudFormation::Init.
//
//	stack.Add(t, "Web", &ec2.Instance{…}, stack.Attributes{Metadata: cfninit.Metadata{
//		Init: &cfninit.Init{Configs: map[string]cfninit.Config{cfninit.Default: {
//			Packages: &cfninit.Packages{Yum: map[string][]fn.String{"nginx": {}}},
//		}}},
//	}})
//
// All types are plain data; their zero values say nothing. What the library does not know goes into
// their Extra.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-init.html
package cfninit

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	fn "github.com/updraft-go/updraft/intrinsics"
)

// Metadata is the metadata of a resource, with what cfn-init reads of it.
type Metadata struct {
	fn.Extra

	// Init is what cfn-init does. Nil is nothing.
	Init *Init `cfn:"AWS::CloudFormation::Init"`
	// Authentication are the credentials for its sources and files, by names.
	Authentication map[string]Authentication `cfn:"AWS::CloudFormation::Authentication"`
}

// Default is the name of the config that runs where cfn-init is told no other.
const Default = "config"

// Init is what cfn-init does: configs, and the sets in whose order they run.
type Init struct {
	// ConfigSets are the names of configs in the order in which they run, by the name of the set:
	// see [ConfigSet] for a set inside a set. Nil is none.
	ConfigSets map[string][]fn.String
	// Configs are the configs by their names. One alone is called [Default].
	Configs map[string]Config
}

// ConfigSet stands for a whole set among the configs of another one.
func ConfigSet(name string) fn.String {
	body, err := fn.Append(nil, map[string]string{"ConfigSet": name})
	if err != nil {
		return fn.Fail[fn.String](err)
	}
	return fn.FromJSON[fn.String](body)
}

const configSets = "configSets"

var errConfigName = errors.New("a config with the name configSets, which is that of the sets; give it another name")

// AppendValue writes the sets, then the configs; it is called when the template is written.
func (i Init) AppendValue(dst []byte) ([]byte, error) {
	members := make(map[string]any, len(i.Configs)+1)
	for name, c := range i.Configs {
		if name == configSets {
			return dst, errConfigName
		}
		members[name] = c
	}
	if i.ConfigSets != nil {
		members[configSets] = i.ConfigSets
	}
	return fn.Append(dst, members)
}

// UnmarshalJSON reads what a template holds.
func (i *Init) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	*i = Init{}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if name == configSets {
			errs = append(errs, fn.At(name, fn.Decode(members[name], &i.ConfigSets)))
			continue
		}
		var c Config
		errs = append(errs, fn.At(name, fn.Decode(members[name], &c)))
		if i.Configs == nil {
			i.Configs = map[string]Config{}
		}
		i.Configs[name] = c
	}
	return errors.Join(errs...)
}

// A Config is a list of things that are made sure of, in the order of its fields.
type Config struct {
	fn.Extra

	// Packages are installed.
	Packages *Packages `cfn:"packages"`
	// Groups are made, by their names.
	Groups map[string]Group `cfn:"groups"`
	// Users are made, by their names.
	Users map[string]User `cfn:"users"`
	// Sources are archives that are unpacked: their URLs by the folders into which they go.
	Sources map[string]fn.String `cfn:"sources"`
	// Files are written, by their paths.
	Files map[string]File `cfn:"files"`
	// Commands are run, in the alphabetical order of their names.
	Commands map[string]Command `cfn:"commands"`
	// Services are started or stopped.
	Services *Services `cfn:"services"`
}

// Packages are the packages of each package manager, by their names: the versions that will do, none
// for the newest; for rpm and msi the URL.
type Packages struct {
	fn.Extra

	Rpm      map[string]fn.String   `cfn:"rpm"`
	Yum      map[string][]fn.String `cfn:"yum"`
	Apt      map[string][]fn.String `cfn:"apt"`
	Zypper   map[string][]fn.String `cfn:"zypper"`
	Rubygems map[string][]fn.String `cfn:"rubygems"`
	Python   map[string][]fn.String `cfn:"python"`
	Msi      map[string]fn.String   `cfn:"msi"`
}

// A Group is a group of the operating system.
type Group struct {
	fn.Extra

	// GID is the group's number. If it is "", the system chooses.
	GID fn.String `cfn:"gid"`
}

// A User is a user of the operating system, who cannot log in.
type User struct {
	fn.Extra

	// UID is the user's number. If it is "", the system chooses.
	UID     fn.String   `cfn:"uid"`
	Groups  []fn.String `cfn:"groups"`
	HomeDir fn.String   `cfn:"homeDir"`
}

// A File is a file with what is in it: Content, or Source.
type File struct {
	fn.Extra

	// Content is text, or an object that is written as JSON.
	Content any `cfn:"content"`
	// Source is a URL.
	Source fn.String `cfn:"source"`
	// Encoding is plain (also if it is "") or base64.
	Encoding fn.String `cfn:"encoding"`
	Owner    fn.String `cfn:"owner"`
	Group    fn.String `cfn:"group"`
	// Mode is six octal digits, such as 000644; 120644 for a link whose target is Content.
	Mode fn.String `cfn:"mode"`
	// Authentication names the credentials for Source.
	Authentication fn.String `cfn:"authentication"`
	// Context holds values for a content that is a Mustache template.
	Context any `cfn:"context"`
}

// A Command is a command that is run once.
type Command struct {
	fn.Extra

	// Command is a text for the shell, or a list of words. It is required.
	Command any `cfn:"command"`
	// Env replaces the environment. Nil inherits it.
	Env map[string]fn.String `cfn:"env"`
	Cwd fn.String            `cfn:"cwd"`
	// Test is a command that says, by its exit code 0, that Command is to run.
	Test any `cfn:"test"`
	// IgnoreErrors goes on when the command fails.
	IgnoreErrors fn.Boolean `cfn:"ignoreErrors"`
	// WaitAfterCompletion is, on Windows, a number of seconds or forever.
	WaitAfterCompletion fn.String `cfn:"waitAfterCompletion"`
}

// Services are the services of each init system, by their names.
type Services struct {
	fn.Extra

	Systemd  map[string]Service `cfn:"systemd"`
	Sysvinit map[string]Service `cfn:"sysvinit"`
	Windows  map[string]Service `cfn:"windows"`
}

// A Service is a service that runs or does not, and what makes it start again.
type Service struct {
	fn.Extra

	// EnsureRunning starts or stops it now; Enabled does so when the instance boots. "" leaves it.
	EnsureRunning fn.Boolean `cfn:"ensureRunning"`
	Enabled       fn.Boolean `cfn:"enabled"`
	// Files, Sources, Packages (by package managers) and Commands start it again when cfn-init
	// changed or ran one of them.
	Files    []fn.String            `cfn:"files"`
	Sources  []fn.String            `cfn:"sources"`
	Packages map[string][]fn.String `cfn:"packages"`
	Commands []fn.String            `cfn:"commands"`
}

// An Authentication are credentials for files and sources.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-authentication.html
type Authentication struct {
	fn.Extra

	// Type is basic or S3. It is required.
	Type fn.String `cfn:"type"`
	// RoleName is the role of an instance profile, for S3.
	RoleName fn.String   `cfn:"roleName"`
	Buckets  []fn.String `cfn:"buckets"`
	// AccessKeyID and SecretKey are for S3 where there is no role.
	AccessKeyID fn.String `cfn:"accessKeyId"`
	SecretKey   fn.String `cfn:"secretKey"`
	// Username, Password and URIs are for basic.
	Username fn.String   `cfn:"username"`
	Password fn.String   `cfn:"password"`
	URIs     []fn.String `cfn:"uris"`
}
