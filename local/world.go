package local

import "time"

// A world is what a cloud holds, and the root of what its State keeps. See [keeper] for how a new piece
// of state joins.
type world struct {
	regions   map[place]*region
	slots     map[string]*slot // of wait condition handles, by bucket and key
	secret    string           // what the cloud signs with
	endpoint  string           // at which the last caller reached the cloud
	endpoints map[string]bool  // the hosts at which the cloud was reached
	due       time.Time        // when the next thing of a fleet is due; zero if nothing is
	openings  uint64           // how often the state was opened

	sessions map[string]session // that STS gave out, by access key
	revoked  map[string]bool    // access keys that were deleted

	organization map[string][]string // accounts, by organizational unit
}

func newWorld() *world {
	return &world{regions: map[place]*region{}, slots: map[string]*slot{}, endpoints: map[string]bool{}, sessions: map[string]session{}, revoked: map[string]bool{}}
}
