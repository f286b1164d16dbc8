package cascade

import (
	"math/bits"

	"github.com/memrel/memrel/index"
)

// rowSet maps stored records to the numbers of the steps that touched them. It is an open-addressing hash table over
// record identities: a cascade looks up every row it meets, and this costs a third of a Go map.
type rowSet struct {
	slots []rowSlot
	n     int
}

type rowSlot struct {
	rec index.Record
	num int32
}

func (s *rowSet) get(r index.Record) (int32, bool) {
	if s.n == 0 {
		return 0, false
	}
	mask := uint64(len(s.slots) - 1)
	for i := r.Hash() & mask; ; i = (i + 1) & mask {
		switch slot := &s.slots[i]; {
		case slot.rec == r:
			return slot.num, true
		case slot.rec.IsZero():
			return 0, false
		}
	}
}

// put adds a record that is not in the set.
func (s *rowSet) put(r index.Record, num int32) {
	if 2*(s.n+1) > len(s.slots) {
		s.grow(max(16, 4*len(s.slots)))
	}
	s.n++
	s.insert(rowSlot{r, num})
}

// reserve makes room for n records more, all at once.
func (s *rowSet) reserve(n int) {
	if need := 2 * (s.n + n); need > len(s.slots) {
		s.grow(1 << bits.Len(uint(max(need, 16)-1)))
	}
}

func (s *rowSet) insert(slot rowSlot) {
	mask := uint64(len(s.slots) - 1)
	i := slot.rec.Hash() & mask
	for !s.slots[i].rec.IsZero() {
		i = (i + 1) & mask
	}
	s.slots[i] = slot
}

func (s *rowSet) grow(size int) {
	old := s.slots
	s.slots = make([]rowSlot, size)
	for _, slot := range old {
		if !slot.rec.IsZero() {
			s.insert(slot)
		}
	}
}

// keepSlots is how large a table is worth keeping for the next statement, which has to clear it.
const keepSlots = 256

// reset empties the set.
func (s *rowSet) reset() {
	if len(s.slots) > keepSlots {
		s.slots = nil
	}
	if s.n > 0 {
		clear(s.slots)
	}
	s.n = 0
}
