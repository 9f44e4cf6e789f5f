package local

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/stack"
)

// A region is what one account has in one region.
type region struct {
	cloud      *Cloud `record:"-"`
	account    string
	name       string
	partition  string
	suffix     string                       // of host names
	stacks     []*stackState                // oldest first, the deleted ones too
	byID       map[string]*stackState       `record:"-"`
	byName     map[string]*stackState       `record:"-"` // those that are not deleted
	sets       map[string]*changeSet        `record:"-"` // by ARN
	revisions  map[string]int               // the newest, by type and name
	detections map[string]*detection        // of drift, by ID
	stackSets  []*stackSet                  // oldest first, the deleted ones too
	refactors  []*stackRefactor             // oldest first
	handles    map[string]*inbox            // of wait condition handles, by URL
	assets     map[string]map[string]*asset `record:"-"` // by type and physical ID
	fleet      *fleet                       // of EC2 and Auto Scaling
}

func newRegion(c *Cloud, p place) *region {
	r := &region{
		fleet: newFleet(),
		cloud: c, account: p.account, name: p.region, partition: "aws", suffix: "amazonaws.com",
		byID: map[string]*stackState{}, byName: map[string]*stackState{}, sets: map[string]*changeSet{}, revisions: map[string]int{}, assets: map[string]map[string]*asset{}, handles: map[string]*inbox{}, detections: map[string]*detection{},
	}
	switch {
	case strings.HasPrefix(p.region, "cn-"):
		r.partition, r.suffix = "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(p.region, "us-gov-"):
		r.partition = "aws-us-gov"
	}
	return r
}

// Revive finds the stacks and change sets of a region again that was read.
func (r *region) Revive() {
	r.byID, r.byName, r.sets = map[string]*stackState{}, map[string]*stackState{}, map[string]*changeSet{}
	r.assets = map[string]map[string]*asset{}
	for _, s := range r.stacks {
		r.byID[s.id] = s
		if s.status != stack.DeleteComplete {
			r.byName[s.name] = s
		}
		for _, set := range s.sets {
			r.sets[set.id] = set
		}
	}
}

// arn returns the ARN of something of CloudFormation's.
func (r *region) arn(kind, name, id string) string {
	return fmt.Sprintf("arn:%s:cloudformation:%s:%s:%s/%s/%s", r.partition, r.name, r.account, kind, name, id)
}

// find returns a stack by its name, if it is not deleted, or by its ID.
func (r *region) find(nameOrID string) *stackState {
	s := r.byName[nameOrID]
	if s == nil {
		s = r.byID[nameOrID]
	}
	if s != nil {
		s.touch()
	}
	return s
}

// live is find without the deleted stacks.
func (r *region) live(nameOrID string) *stackState {
	s := r.find(nameOrID)
	if s == nil || s.status == stack.DeleteComplete {
		return nil
	}
	return s
}

func (r *region) add(s *stackState) {
	r.stacks = append(r.stacks, s)
	r.byID[s.id] = s
	r.byName[s.name] = s
	s.touch()
}

// exports returns the exports of all stacks, by name.
func (r *region) exports() []export {
	var all []export
	for _, s := range r.byName {
		for _, o := range s.outputs {
			if o.export != "" {
				all = append(all, export{o.export, o.value, s})
			}
		}
	}
	slices.SortFunc(all, func(a, b export) int { return cmp.Compare(a.name, b.name) })
	return all
}

// An export is an output that other stacks may import.
type export struct {
	name  string
	value string
	from  *stackState
}

// export returns the export of that name, which ok says whether there is.
func (r *region) export(name string) (e export, ok bool) {
	for _, s := range r.byName {
		for _, o := range s.outputs {
			if o.export == name {
				return export{name, o.value, s}, true
			}
		}
	}
	return export{}, false
}

// importers returns the names of the stacks that import an export, oldest first.
func (r *region) importers(name string) []string {
	var names []string
	for _, s := range r.stacks {
		if s.status != stack.DeleteComplete && s.imports[name] {
			names = append(names, s.name)
		}
	}
	return names
}
