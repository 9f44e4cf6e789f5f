package stack

// A ChangeKind says what became of a value.
type ChangeKind uint8

// The kinds of changes.
const (
	Modified ChangeKind = iota
	Added
	Removed
)

func (k ChangeKind) String() string {
	switch k {
	case Added:
		return "added"
	case Removed:
		return "removed"
	}
	return "modified"
}

// An Effect is what a change means for a resource when the template is deployed.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
type Effect uint8

// The effects. Among several changes of a resource the largest counts.
const (
	// NoEffect is a change that touches no resource, such as that of an output or a description.
	NoEffect Effect = iota
	// UnknownEffect is what is not known of the property.
	UnknownEffect
	// UpdatesInPlace keeps the resource.
	UpdatesInPlace
	// MayReplace depends on the values, or on what is deployed.
	MayReplace
	// Replaces makes a new resource and deletes the old one.
	Replaces
	// Creates makes a resource that was not there.
	Creates
	// Keeps takes a resource out of the stack and, by its DeletionPolicy, leaves it alive.
	Keeps
	// Deletes takes a resource out of the stack and deletes it.
	Deletes
)

func (e Effect) String() string {
	switch e {
	case NoEffect:
		return "no effect"
	case UpdatesInPlace:
		return "updates in place"
	case MayReplace:
		return "may replace"
	case Replaces:
		return "replaces"
	case Creates:
		return "creates"
	case Keeps:
		return "keeps"
	case Deletes:
		return "deletes"
	}
	return "unknown effect"
}

// A Change is one difference between two templates.
type Change struct {
	// Kind says whether the value was modified, added or removed.
	Kind ChangeKind
	// Path is where: Resources.Jobs.Properties.Tags[1].Value, or Resources.Jobs for a whole one.
	Path string
	// LogicalID and Type are of the resource in which the change is, both "" outside of Resources.
	LogicalID, Type string
	// Before and After are the values as compact JSON, "" where there is none. What a NoEcho
	// parameter holds is masked.
	Before, After string
	// Effect is what the change means for the resource.
	Effect Effect
}

// Changes are the differences between two templates, in the order of the second.
type Changes []Change

// Effect is the largest effect of the changes to the resource with a logical ID.
func (cs Changes) Effect(logicalID string) Effect {
	e := NoEffect
	for _, c := range cs {
		if c.LogicalID == logicalID {
			e = max(e, c.Effect)
		}
	}
	return e
}
