package index

import (
	"math"

	"github.com/google/btree"
)

// Scratch is an ordered multiset of records for use inside one statement, in the order of a [Key]. Each record carries
// the number of the row that it is a state of, so that rows whose keys collide, as they may halfway through a statement,
// stand side by side. It belongs to one goroutine.
type Scratch struct {
	key *Key
	bt  *btree.BTreeG[mark]
}

type mark struct {
	Entry
	row int32
}

// scratchDegree is lower than a tree's: scratch sets are small and short-lived.
const scratchDegree = 16

// NewScratch makes an empty set in the order of key.
func NewScratch(key *Key) *Scratch {
	return &Scratch{key: key, bt: btree.NewG(scratchDegree, func(a, b mark) bool {
		if a.prefix != b.prefix {
			return a.prefix < b.prefix
		}
		if c := compareCells(key.cols[:key.n], a.rec, b.rec); c != 0 {
			return c < 0
		}
		return a.row < b.row
	})}
}

// Len is the number of records, in O(1).
func (s *Scratch) Len() int { return s.bt.Len() }

// Add puts r in as the state of row. O(log n).
func (s *Scratch) Add(r Record, row int32) { s.bt.ReplaceOrInsert(mark{s.key.Entry(r), row}) }

// Remove takes out the state r of row, and tells whether it was there. O(log n).
func (s *Scratch) Remove(r Record, row int32) bool {
	_, ok := s.bt.Delete(mark{s.key.Entry(r), row})
	return ok
}

// Scan visits the records whose first key columns equal vals, until visit returns false. visit must not write to s.
// O(log n + records visited).
func (s *Scratch) Scan(vals []Value, visit func(r Record, row int32) bool) {
	k := s.key
	low, high := k.probes.Get().(*probe), k.probes.Get().(*probe)
	defer k.probes.Put(low)
	defer k.probes.Put(high)
	from := mark{low.entry(k, vals, before), -1}
	to := mark{high.entry(k, vals, after), math.MaxInt32}
	s.bt.AscendRange(from, to, func(m mark) bool { return visit(m.rec, m.row) })
}
