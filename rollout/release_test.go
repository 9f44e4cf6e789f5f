package rollout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAReleaseIsCheckedBeforeAnyCall(t *testing.T) {
	good := Release{ID: "v7", Name: "web", InstanceID: "i-0abc", Group: "web"}
	change := func(f func(*Release)) *Release {
		r := good
		f(&r)
		return &r
	}
	for _, tt := range []struct {
		name string
		r    *Release
		want []string // parts of the error; none is no error
	}{
		{"a good one", &good, nil},
		{"none", nil, []string{"no release is given"}},
		{"an empty one", &Release{}, []string{`ID ""`, `Name ""`, "either InstanceID", "nowhere to roll it out to"}},
		{"an ID that no name of an image can hold", change(func(r *Release) { r.ID = "v7 beta" }), []string{`ID "v7 beta"`}},
		{"an ID that is too long", change(func(r *Release) { r.ID = strings.Repeat("x", 65) }), []string{"1 to 64"}},
		{"the longest", change(func(r *Release) { r.ID, r.Name = strings.Repeat("x", 64), strings.Repeat("y", 60) }), nil},
		{"a name with =, which would tear a description", change(func(r *Release) { r.Name = "a=b" }), []string{`Name "a=b"`}},
		{"a line feed", change(func(r *Release) { r.ID = "v7\n" }), []string{`ID "v7\n"`}},
		{"an instance and an image", change(func(r *Release) { r.ImageID = "ami-1" }), []string{"either InstanceID"}},
		{"an image in place of an instance", change(func(r *Release) { r.InstanceID = "ami-1" }), []string{"begin with i-"}},
		{"an instance in place of an image", change(func(r *Release) { r.InstanceID, r.ImageID = "", "i-1" }), []string{"begin with ami-"}},
		{"two pointers", change(func(r *Release) { r.Parameter, r.Stack = "/a", &StackTarget{Name: "s", ImageParameter: "I"} }), []string{"exclude each other"}},
		{"a pin beside a parameter", change(func(r *Release) { r.Parameter, r.Pin = "/a", true }), []string{"Pin excludes"}},
		{"a pin without a group", change(func(r *Release) { r.Group, r.LaunchTemplate, r.Pin = "", "lt-1", true }), []string{"Pin needs a Group"}},
		{"a stack without a name or parameter", change(func(r *Release) { r.Stack = &StackTarget{} }), []string{"Stack.Name is missing", "either ImageParameter or VersionParameter"}},
		{"a stack's version of no template", change(func(r *Release) { r.Group, r.Stack = "", &StackTarget{Name: "s", VersionParameter: "V"} }), []string{"needs the LaunchTemplate"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.r.check()
			if len(tt.want) == 0 && err != nil {
				t.Fatalf("got %v, want no error", err)
			}
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

func TestTheLongestReleaseFitsWhereItIsWritten(t *testing.T) {
	r := &Release{ID: strings.Repeat("x", 64), Name: strings.Repeat("y", 60)}
	if n := len(r.imageName()); n > 128 {
		t.Errorf("the image's name has %d characters, and may have 128", n)
	}
	l := label{release: r.ID, name: r.Name, from: "ami-0123456789abcdef0", rollback: true}
	if n := len(l.text()); n > 255 {
		t.Errorf("the version's description has %d characters, and may have 255", n)
	}
}

func TestADescriptionIsReadAsItWasWritten(t *testing.T) {
	for _, l := range []label{
		{release: "v7", name: "web", from: "4"},
		{release: "v7/a_b.c-d", name: "shop/web", from: "ami-0abc", rollback: true},
		{release: "v7", name: "web"},
	} {
		if diff := cmp.Diff(l, parseLabel(l.text()), cmp.AllowUnexported(label{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", l.text(), diff)
		}
	}
	for _, text := range []string{"", "somebody's version", "updraft:release=v7", "updraft:name=web", "updraft:release= updraft:name=web"} {
		if got := parseLabel(text); got != (label{}) {
			t.Errorf("%q: got %+v, want nothing", text, got)
		}
	}
}

func FuzzParseLabel(f *testing.F) {
	for _, seed := range []string{"", "updraft:release=v7 updraft:name=web updraft:from=4", "updraft:rolled-back=a updraft:name=b updraft:from=", "= = =", "updraft:release=a=b updraft:name=c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := parseLabel(text)
		if l == (label{}) {
			return
		}
		if again := parseLabel(l.text()); again != l {
			t.Errorf("%q gives %+v, and that written and read again %+v", text, l, again)
		}
	})
}

func TestOptionsAreCheckedBeforeAnyCall(t *testing.T) {
	r := &Release{ID: "v7", Name: "web", InstanceID: "i-0abc", LaunchTemplate: "lt-1"}
	o := &Options{
		Tags: map[string]string{"aws:x": "", "updraft:release": "", tagKeep: ""}, ImageTimeout: -1,
		Refresh: &Refresh{Timeout: -1}, Prune: &PruneOptions{},
	}
	err := o.check(r)
	for _, want := range []string{`"aws:x"`, `"updraft:release"`, "ImageTimeout", "needs a Group", "Refresh.Timeout", "Keep must be at least one"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
	if strings.Contains(err.Error(), tagKeep) {
		t.Errorf("%s may be given: %v", tagKeep, err)
	}
	if err := new(Options).check(r); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}
