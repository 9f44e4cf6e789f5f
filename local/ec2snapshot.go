package local

import (
	"fmt"
	"slices"
	"time"
)

// The states of a snapshot.
const (
	snapshotPending   = "pending"
	snapshotCompleted = "completed"
	snapshotError     = "error"
)

// A diskSnapshot is that of one disk of an image.
type diskSnapshot struct {
	id, account, volume, description string
	size                             int
	encrypted                        bool
	started                          time.Time
	transition
	reason string // why it failed
}

// snap takes the snapshot of a disk for an image.
func (r *region) snap(i *image, d device) *diskSnapshot {
	s := &diskSnapshot{
		id: r.cloud.ec2ID("snap"), account: r.account, volume: r.cloud.ec2ID("vol"), size: d.size, encrypted: d.encrypted,
		description: fmt.Sprintf("Created by CreateImage(%s) for %s", i.source, i.id), started: i.created,
		transition: transition{snapshotPending, snapshotCompleted, i.at}, reason: i.reason,
	}
	if i.to == imageFailed {
		s.to = snapshotError
	}
	r.fleet.snapshots[s.id] = s
	return s
}

// progress is how much of a snapshot is stored, in hundredths.
func (s *diskSnapshot) progress(now time.Time) int {
	whole := s.at.Sub(s.started)
	if whole <= 0 || !now.Before(s.at) {
		return 100
	}
	return int(100 * now.Sub(s.started) / whole)
}

// usedBy returns the image that needs a snapshot, nil if none does.
func (r *region) usedBy(id string) *image {
	for _, i := range r.fleet.images {
		if !i.deregistered && slices.ContainsFunc(i.devices, func(d device) bool { return d.snapshot == id }) {
			return i
		}
	}
	return nil
}

func (r *region) dropSnapshot(id string) {
	delete(r.fleet.snapshots, id)
	delete(r.fleet.tags, id)
}

type snapshotDescription struct {
	SnapshotId     string
	VolumeId       string
	Status         string
	StatusMessage  string
	StartTime      time.Time
	Progress       string
	OwnerId        string
	VolumeSize     int
	Description    string
	Encrypted      bool
	StorageTier    string
	CompletionTime time.Time
	Tags           []tag `query:"tagSet"`
}

func (s *diskSnapshot) describe(r *region, now time.Time) snapshotDescription {
	d := snapshotDescription{
		SnapshotId: s.id, VolumeId: s.volume, Status: s.state(now), StartTime: s.started, Progress: fmt.Sprintf("%d%%", s.progress(now)),
		OwnerId: s.account, VolumeSize: s.size, Description: s.description, Encrypted: s.encrypted, StorageTier: "standard", Tags: r.tagsOf(s.id),
	}
	switch d.Status {
	case snapshotCompleted:
		d.CompletionTime = s.at
	case snapshotError:
		d.StatusMessage = s.reason
	}
	return d
}

func describeSnapshots(c *call, in *struct {
	SnapshotIds []string `query:"SnapshotId"`
	OwnerIds    []string `query:"Owner"`
	Filters     []filter `query:"Filter"`
	paging
}) (any, error) {
	r, now := c.region, c.region.now()
	for _, id := range in.SnapshotIds {
		if err := checkID("snap", id, "InvalidSnapshotID.Malformed"); err != nil {
			return nil, err
		}
		if r.fleet.snapshots[id] == nil {
			return nil, notFound(id)
		}
	}
	all := []snapshotDescription{}
	for _, s := range ordered(r.fleet.snapshots) {
		if len(in.SnapshotIds) > 0 && !slices.Contains(in.SnapshotIds, s.id) ||
			len(in.OwnerIds) > 0 && !slices.Contains(in.OwnerIds, "self") && !slices.Contains(in.OwnerIds, r.account) {
			continue
		}
		d := s.describe(r, now)
		ok, err := passes(in.Filters, sieve{
			"snapshot-id": oneText(s.id), "status": oneText(d.Status), "description": oneText(s.description), "owner-id": oneText(s.account),
			"volume-id": oneText(s.volume), "volume-size": oneText(fmt.Sprint(s.size)), "encrypted": boolText(s.encrypted),
			"progress": oneText(d.Progress), "storage-tier": oneText(d.StorageTier), "start-time": oneText(s.started.UTC().Format(time.RFC3339)),
		}, d.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, d)
		}
	}
	part, next, err := pageOf(all, in.paging, func(d snapshotDescription) string { return d.SnapshotId })
	if err != nil {
		return nil, err
	}
	return &struct {
		Snapshots []snapshotDescription `query:"snapshotSet"`
		NextToken string
	}{part, next}, nil
}

func deleteSnapshot(c *call, in *struct{ SnapshotId string }) (any, error) {
	r := c.region
	if err := needs("snapshotId", in.SnapshotId); err != nil {
		return nil, err
	}
	if err := checkID("snap", in.SnapshotId, "InvalidSnapshotID.Malformed"); err != nil {
		return nil, err
	}
	if r.fleet.snapshots[in.SnapshotId] == nil {
		return nil, notFound(in.SnapshotId)
	}
	if i := r.usedBy(in.SnapshotId); i != nil {
		return nil, ec2Error("InvalidSnapshot.InUse", "The snapshot %s is currently in use by %s", in.SnapshotId, i.id)
	}
	r.dropSnapshot(in.SnapshotId)
	return &ec2Return{true}, nil
}
