package local

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/updraft-go/updraft/signal"
)

// A note is a signal: a success or a failure of one sender.
type note struct {
	Status, UniqueId, Data, Reason string
}

const (
	noteSuccess = string(signal.Success)
	noteFailure = string(signal.Failure)
)

// An inbox holds the signals for a wait handle or a resource. A sender counts once, however often it
// sends; the first failure stands.
type inbox struct {
	notes    []note
	torn     bool       // something came that is no signal
	waiting  []waiting  `record:"-"`
	observed func(note) `record:"-"`
}

// A waiting is an action that waits for what comes; arrived is called when something has.
type waiting struct {
	o       *ongoing
	arrived func()
}

// put adds a signal.
func (b *inbox) put(n note) {
	i := slices.IndexFunc(b.notes, func(have note) bool { return have.UniqueId == n.UniqueId })
	switch {
	case i < 0:
		b.notes = append(b.notes, n)
	case b.notes[i].Status == noteSuccess:
		b.notes[i] = n
	}
	if b.observed != nil {
		b.observed(n)
	}
	b.tell()
}

func (b *inbox) tell() {
	for _, w := range b.waiting {
		w.arrived()
	}
}

// leave ends a waiting.
func (b *inbox) leave(o *ongoing) {
	b.waiting = slices.DeleteFunc(b.waiting, func(w waiting) bool { return w.o == o })
}

// read takes the body of a signal that was put to a wait handle.
func (b *inbox) read(body []byte) {
	s, err := signal.Decode(body, signal.Lenient)
	if err != nil {
		b.torn = true
		b.tell()
		return
	}
	b.put(note{string(s.Status), s.UniqueID, s.Data, s.Reason})
}

func (b *inbox) count(status string) int {
	n := 0
	for _, s := range b.notes {
		if s.Status == status {
			n++
		}
	}
	return n
}

// failure returns the first failure, nil if there is none.
func (b *inbox) failure() *note {
	i := slices.IndexFunc(b.notes, func(n note) bool { return n.Status == noteFailure })
	if i < 0 {
		return nil
	}
	return &b.notes[i]
}

// data is what the senders sent, by their IDs, as JSON.
func (b *inbox) data() string {
	all := map[string]string{}
	for _, n := range b.notes {
		all[n.UniqueId] = n.Data
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false) // templates take the data apart: a & in a URL stays one
	if to.Encode(all) != nil {
		return "{}" // strings always encode
	}
	return strings.TrimSuffix(text.String(), "\n")
}
