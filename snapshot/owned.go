package snapshot

import "github.com/memrel/memrel/index"

// ownedRecords are records of the head that nobody but its trees holds, so that a statement in place may write to them; see
// [Statement.UpdateInPlace]. It forgets all of them before anybody is shown the head, and any of them at its own convenience: a
// record that is not in the set is replaced instead of written to, which is always right.
//
//	UpdateInPlace ── a record of its own making ──> set <── Version, Begin, OnDraft, InvalidateOwned: all of it goes
//	      └── a record in the set: writes to it
//
// It is a table of buckets of a cache line each. A bucket that is full makes the table grow and, once that is as large as
// is worthwhile, loses a record.
type ownedRecords struct {
	buckets []bucket
	n       int
}

type bucket [8]index.Record

// The set begins with keepBuckets, keeps no more than these when it forgets, and has maxBuckets at the most: 512 KB.
const (
	keepBuckets = 8
	maxBuckets  = 8192
)

func (s *ownedRecords) bucket(r index.Record) *bucket {
	return &s.buckets[r.Hash()&uint64(len(s.buckets)-1)]
}

func (b *bucket) find(r index.Record) int {
	for i := range b {
		if b[i] == r {
			return i
		}
	}
	return -1
}

func (s *ownedRecords) has(r index.Record) bool { return s.n > 0 && s.bucket(r).find(r) >= 0 }

// add puts in a record that is not in the set.
func (s *ownedRecords) add(r index.Record) {
	if s.buckets == nil {
		s.buckets = make([]bucket, keepBuckets)
	}
	b := s.bucket(r)
	i := b.find(index.Record{})
	switch {
	case i >= 0:
		s.n++
	case len(s.buckets) < maxBuckets:
		s.grow()
		s.add(r)
		return
	default:
		i = int(r.Hash() >> 61)
	}
	b[i] = r
}

func (s *ownedRecords) grow() {
	old := s.buckets
	*s = ownedRecords{buckets: make([]bucket, 4*len(old))}
	for i := range old {
		for _, r := range old[i] {
			if !r.IsZero() {
				s.add(r)
			}
		}
	}
}

// forget empties the set.
func (s *ownedRecords) forget() {
	switch {
	case len(s.buckets) > keepBuckets:
		s.buckets = nil
	case s.n > 0:
		clear(s.buckets)
	}
	s.n = 0
}
