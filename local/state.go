package local

import (
	"maps"
	"slices"
	"time"

	"github.com/updraft-go/updraft/internal/tree"
	"github.com/updraft-go/updraft/stack"
)

// A stackState is a stack as the cloud holds it. The cloud's lock guards it.
type stackState struct {
	region *region
	id     string
	name   string

	status stack.Status
	reason string

	created, updated, deleted time.Time

	settings
	resources  map[string]*resource // by logical ID
	places     int                  // how many resources were ever added
	history    map[string]*resource // those that are no more, as DescribeStackResources tells of them
	outputs    []output
	imports    map[string]bool   // names of exports
	events     []event           // oldest first
	told       map[string]bool   `record:"-"` // the IDs of events
	operations []*stackOperation // oldest first
	sets       []*changeSet      // oldest first
	executed   *changeSet        // the last one
	protected  bool
	policy     *stackPolicy
	drift      *detection        // the last one; nil if there was none
	undone     *undone           // an update that was not rolled back; nil if there is none
	inboxes    map[string]*inbox // of resources that wait for signals, by logical ID
	parent     *stackState       // that this one is nested in; nil if it is in none

	running  *deployment       // nil while the stack rests
	requests map[string]string // client request tokens to what they asked for
}

// Revive finds the IDs of a stack's events again that was read.
func (s *stackState) Revive() {
	s.told = map[string]bool{}
	for _, e := range s.events {
		s.told[e.id] = true
	}
}

// touch says that the stack may change.
func (s *stackState) touch() {
	if s.region.cloud != nil {
		s.region.cloud.touch(s)
		s.region.cloud.touch(s.region)
	}
}

// settings are what a caller gives when a stack is created or updated, and what a roll-back brings
// back.
type settings struct {
	template      *template
	parameters    *parameters
	tags          []tag
	capabilities  []string
	notifications []string
	role          string
	rollback      *rollbackConfiguration // nil if there is none
	config        *deploymentConfig      // of the last operation; nil if it said nothing
	problem       error                  // why the template's transforms failed; nil if they did not

	disableRollback      bool
	retainExceptOnCreate bool
	onFailure            string
	timeoutMinutes       *int
	deletionMode         string

	adopts        map[string]string     // the physical IDs of resources that are imported, by logical ID
	included      map[string]*changeSet // those of nested stacks that belong to this one, by logical ID
	steady        map[string]bool       // the nested stacks that are known not to change
	revertsDrift  bool                  // resources that were changed behind the stack's back are brought back
	found         *detection            // the drift that a change set that reverts it has found; nil if it does not
	takesExisting bool                  // resources that exist already are imported, not made
}

// A tag is a key and a value on a stack.
type tag struct{ Key, Value string }

// A resource is one that a stack holds.
type resource struct {
	id         string // logical
	typ        string
	physicalID string
	properties *tree.Node // evaluated
	actual     *tree.Node // with dynamic references resolved; nil if there are none
	attributes map[string]*tree.Node
	node       *tree.Node // as the template has it
	status     stack.Status
	reason     string
	updated    time.Time
	after      []string                  // the logical IDs that it depends on
	name       string                    // made up, if its properties give none
	revision   int                       // made up, 0 if it has none
	provided   bool                      // a Provider made it
	imported   bool                      // it was there before the stack had it
	drift      *resourceDriftDescription // nil if it was not looked at
	launched   []string                  // instances of a group that its last update launched
	place      int                       // among the resources of the stack, by when it was made
}

// An output is a value that a stack tells of.
type output struct{ key, value, description, export string }

// An event is a line of a stack's history.
type event struct {
	id         string
	at         time.Time
	logicalID  string
	physicalID string
	typ        string
	status     stack.Status
	reason     string
	properties *string
	token      string
	operation  *stackOperation // nil if it belongs to none
	finding    *finding        // that the event is about; nil if it is about a resource or the stack
}

// typeStack is the resource type of a stack itself.
const typeStack = "AWS::CloudFormation::Stack"

// setStatus changes the state of the stack and tells of it.
func (s *stackState) setStatus(status stack.Status, reason, token string) {
	s.touch()
	s.follow(status, reason, token)
	s.status, s.reason = status, reason
	s.happened(event{
		id: s.region.cloud.uuid(), at: time.Now(), logicalID: s.name, physicalID: s.id, typ: typeStack,
		status: status, reason: reason, token: token, operation: s.operation(),
	})
}

// tell records an event of a resource.
func (s *stackState) tell(r *resource, status stack.Status, reason, token string) {
	s.touch()
	r.status, r.reason, r.updated = status, reason, time.Now()
	properties := masked(r.properties).JSON()
	s.happened(event{
		id: s.eventID(r.id, status, r.updated), at: r.updated, logicalID: r.id, physicalID: r.physicalID, typ: r.typ,
		status: status, reason: reason, properties: &properties, token: token, operation: s.operation(),
	})
}

// tellCleanup is tell for what an update leaves behind: it says no properties.
func (s *stackState) tellCleanup(r *resource, status stack.Status, reason, token string) {
	s.touch()
	r.status, r.reason, r.updated = status, reason, time.Now()
	s.happened(event{
		id: r.id + "-" + s.region.cloud.uuid(), at: r.updated, logicalID: r.id, physicalID: r.physicalID, typ: r.typ,
		status: status, reason: reason, token: token, operation: s.operation(),
	})
}

// tellFinding records what validation found. DescribeEvents alone tells it.
func (s *stackState) tellFinding(f *finding) {
	s.touch()
	s.events = append(s.events, event{
		id: s.region.cloud.uuid(), at: time.Now(), logicalID: f.logicalID, physicalID: f.physicalID, typ: f.typ,
		operation: s.operation(), finding: f,
	})
}

// eventID makes an ID of CloudFormation's form: with a time in it, which is moved on if another event
// has it already.
func (s *stackState) eventID(logicalID string, status stack.Status, at time.Time) string {
	for {
		id := logicalID + "-" + string(status) + "-" + at.UTC().Format("2006-01-02T15:04:05.000Z")
		if !s.told[id] {
			s.told[id] = true
			return id
		}
		at = at.Add(time.Millisecond)
	}
}

// present returns the resources in the order in which they were made.
func (s *stackState) present() []*resource {
	return slices.SortedFunc(maps.Values(s.resources), func(a, b *resource) int { return a.place - b.place })
}

// inProgress reports whether something is being done to the stack.
func (s *stackState) inProgress() bool { return !s.status.Rests() }

// masked returns n with asterisks in place of what a NoEcho parameter gave.
func masked(n *tree.Node) *tree.Node {
	switch {
	case n == nil:
		return tree.Object()
	case n.Secret:
		return tree.Text(mask)
	case n.Kind == tree.List:
		c := *n
		c.List = make([]*tree.Node, len(n.List))
		for i, e := range n.List {
			c.List[i] = masked(e)
		}
		return &c
	case n.Kind == tree.Map:
		c := *n
		c.Map = slices.Clone(n.Map)
		for i := range c.Map {
			c.Map[i].Value = masked(c.Map[i].Value)
		}
		return &c
	}
	return n
}

// mask stands where a secret was.
const mask = "****"
