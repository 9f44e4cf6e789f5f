package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	autoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/updraft-go/updraft/executor"
	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/rollout"
)

// A place is one entry of a rollout map: a group, with what is rolled out to it.
type place struct {
	region, app, layer, env, group string
	release                        rollout.Release
	options                        rollout.Options
	check                          []string // a command
}

// String is the place as messages name it.
func (p *place) String() string {
	return strings.Join([]string{p.region, p.app, p.layer, p.env, p.group}, "/")
}

// A mapReader reads a rollout map: all that is wrong with it, each with its line.
type mapReader struct {
	file   string
	found  []error
	places []place
}

// readPlaces reads the map in a file: region, app, layer, environment and group, one in the other.
func readPlaces(s *source) ([]place, error) {
	r := &mapReader{file: s.name}
	var defaults *tree.Node
	for _, m := range r.members(s.doc, "a map of regions") {
		switch m.Key {
		case "defaults":
			defaults = m.Value
		case "regions":
		default:
			r.refuse(m.Value, "%s is not known here; there are defaults and regions", m.Key)
		}
	}
	r.walk(s.doc.Get("regions"), nil, defaults)
	if len(r.found) == 0 && len(r.places) == 0 {
		r.refuse(s.doc, "there is no group; give regions: {REGION: {APP: {LAYER: {ENV: {GROUP: {instance: ID}}}}}}")
	}
	return r.places, errors.Join(r.found...)
}

func (r *mapReader) refuse(n *tree.Node, format string, args ...any) {
	line := 0
	if n != nil {
		line = n.Line
	}
	err := fmt.Errorf("%s:%d: %s", r.file, line, fmt.Sprintf(format, args...))
	same := func(e error) bool { return e.Error() == err.Error() }
	if !slices.ContainsFunc(r.found, same) { // the defaults are read for each group
		r.found = append(r.found, err)
	}
}

func (r *mapReader) members(n *tree.Node, what string) []tree.Member {
	if n != nil && n.Kind != tree.Map {
		r.refuse(n, "want %s", what)
	}
	return n.Members()
}

var levels = []string{"regions", "apps", "layers", "environments", "groups"}

// walk goes down to the groups.
func (r *mapReader) walk(n *tree.Node, path []string, defaults *tree.Node) {
	if len(path) == len(levels) {
		r.place(n, path, defaults)
		return
	}
	for _, m := range r.members(n, "a map of "+levels[len(path)]) {
		r.walk(m.Value, append(slices.Clone(path), m.Key), defaults)
	}
}

// place reads what stands under a group, and before it the defaults.
func (r *mapReader) place(n *tree.Node, path []string, defaults *tree.Node) {
	p := place{region: path[0], app: path[1], layer: path[2], env: path[3], group: path[4]}
	p.release.Name = strings.Join(path[1:], "-")
	p.release.Group = p.group
	known := p.keys()
	for _, from := range []*tree.Node{defaults, n} {
		for _, m := range r.members(from, "what is rolled out to group "+p.group) {
			read := known[m.Key]
			if read == nil {
				r.refuse(m.Value, "%s is not known; there are %s", m.Key, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
				continue
			}
			if err := read(m.Value); err != nil {
				r.refuse(m.Value, "%s: %v", m.Key, err)
			}
		}
	}
	p.settle()
	r.places = append(r.places, p)
}

// settle leaves out what needs something else that is not there.
func (p *place) settle() {
	if prune := p.options.Prune; prune != nil && prune.Keep == 0 {
		p.options.Prune = nil
	}
}

// keys are what may stand under a group, each with how it is read.
func (p *place) keys() map[string]func(*tree.Node) error {
	refresh := func() *rollout.Refresh {
		if p.options.Refresh == nil {
			p.options.Refresh = &rollout.Refresh{}
		}
		return p.options.Refresh
	}
	prune := func() *rollout.PruneOptions {
		if p.options.Prune == nil {
			p.options.Prune = &rollout.PruneOptions{}
		}
		return p.options.Prune
	}
	return map[string]func(*tree.Node) error{
		"name":           text(&p.release.Name),
		"instance":       text(&p.release.InstanceID),
		"launchTemplate": text(&p.release.LaunchTemplate),
		"pin":            truth(&p.release.Pin),
		"parameter":      text(&p.release.Parameter),
		"stack": func(n *tree.Node) error {
			s := &rollout.StackTarget{}
			p.release.Stack = s
			return fields(n, map[string]func(*tree.Node) error{
				"name": text(&s.Name), "imageParameter": text(&s.ImageParameter), "versionParameter": text(&s.VersionParameter),
			})
		},
		"noReboot":     truth(&p.options.NoReboot),
		"imageTimeout": duration(&p.options.ImageTimeout),
		"check":        texts(&p.check),
		"rollBack":     truth(&p.options.RollBack),
		"keep":         func(n *tree.Node) error { return number(&prune().Keep)(n) },
		"minAge":       func(n *tree.Node) error { return duration(&prune().MinAge)(n) },
		"refresh":      func(n *tree.Node) error { return readRefresh(n, refresh(), &p.options.Refresh) },
	}
}

// readRefresh reads the map under refresh; false is none at all.
func readRefresh(n *tree.Node, f *rollout.Refresh, whole **rollout.Refresh) error {
	if n.Is(tree.Bool) {
		if n.Text == "false" {
			*whole = nil
		}
		return nil
	}
	p := f.Preferences
	if p == nil {
		p = &autoscaling.RefreshPreferences{}
		f.Preferences = p
	}
	var wait bool
	err := fields(n, map[string]func(*tree.Node) error{
		"timeout":               duration(&f.Timeout),
		"wait":                  truth(&wait),
		"minHealthyPercentage":  number32(&p.MinHealthyPercentage),
		"maxHealthyPercentage":  number32(&p.MaxHealthyPercentage),
		"instanceWarmup":        number32(&p.InstanceWarmup),
		"bakeTime":              number32(&p.BakeTime),
		"checkpointDelay":       number32(&p.CheckpointDelay),
		"skipMatching":          truthOrNil(&p.SkipMatching),
		"autoRollback":          truthOrNil(&p.AutoRollback),
		"checkpointPercentages": numbers(&p.CheckpointPercentages),
		"alarms": func(n *tree.Node) error {
			p.AlarmSpecification = &autoscaling.AlarmSpecification{}
			return texts(&p.AlarmSpecification.Alarms)(n)
		},
	})
	if wait {
		f.Busy = executor.BusyWait
	}
	return err
}

// fields reads the members of a map, all that is wrong with them.
func fields(n *tree.Node, known map[string]func(*tree.Node) error) error {
	if !n.Is(tree.Map) {
		return fmt.Errorf("want a map of %s", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
	}
	var found []error
	for _, m := range n.Members() {
		read := known[m.Key]
		if read == nil {
			found = append(found, fmt.Errorf("%s is not known; there are %s", m.Key, strings.Join(slices.Sorted(maps.Keys(known)), ", ")))
			continue
		}
		if err := read(m.Value); err != nil {
			found = append(found, fmt.Errorf("%s: %w", m.Key, err))
		}
	}
	return errors.Join(found...)
}

func text(to *string) func(*tree.Node) error {
	return func(n *tree.Node) error {
		if !n.Is(tree.String) || n.Text == "" {
			return errors.New("want text")
		}
		*to = n.Text
		return nil
	}
}

func texts(to *[]string) func(*tree.Node) error {
	return func(n *tree.Node) error {
		if !n.Is(tree.List) || len(n.Items()) == 0 {
			return errors.New("want a list of texts")
		}
		*to = nil
		for _, i := range n.Items() {
			var one string
			if err := text(&one)(i); err != nil {
				return errors.New("want a list of texts")
			}
			*to = append(*to, one)
		}
		return nil
	}
}

func truth(to *bool) func(*tree.Node) error {
	return func(n *tree.Node) error {
		if !n.Is(tree.Bool) {
			return errors.New("want true or false")
		}
		*to = n.Text == "true"
		return nil
	}
}

func truthOrNil(to **bool) func(*tree.Node) error {
	return func(n *tree.Node) error {
		*to = new(bool)
		return truth(*to)(n)
	}
}

func number(to *int) func(*tree.Node) error {
	return func(n *tree.Node) error {
		text, _ := n.Scalar()
		i, err := strconv.ParseInt(text, 10, 32)
		if err != nil || !n.Is(tree.Number) {
			return errors.New("want a whole number")
		}
		*to = int(i)
		return nil
	}
}

func number32(to **int32) func(*tree.Node) error {
	return func(n *tree.Node) error {
		var i int
		if err := number(&i)(n); err != nil {
			return err
		}
		*to = new(int32(i))
		return nil
	}
}

func numbers(to *[]int32) func(*tree.Node) error {
	return func(n *tree.Node) error {
		if !n.Is(tree.List) {
			return errors.New("want a list of whole numbers")
		}
		*to = nil
		for _, i := range n.Items() {
			var one int
			if err := number(&one)(i); err != nil {
				return errors.New("want a list of whole numbers")
			}
			*to = append(*to, int32(one))
		}
		return nil
	}
}

func duration(to *time.Duration) func(*tree.Node) error {
	return func(n *tree.Node) error {
		text, _ := n.Scalar()
		d, err := time.ParseDuration(text)
		if err != nil {
			return errors.New("want a duration such as 30m or 1h30m")
		}
		*to = d
		return nil
	}
}
