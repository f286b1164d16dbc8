package snapshot

import (
	"slices"

	"github.com/memrel/memrel/table"
)

// Where tables keep their numbers, those that a draft has given out stay given out when the draft, or a part of its work, is given up. A
// numbering is found again by its identity, since its table may have another name by then; one whose table was dropped, or has restarted,
// is remembered in the draft.

// LoseNumbers remembers a numbering that no table of the draft has any more.
func (d *Draft) LoseNumbers(n table.Numbers) {
	if d.defs.kept {
		d.lost = append(d.lost, n)
	}
}

// loseDropped remembers the numberings of tables that the draft had and has no more.
func (d *Draft) loseDropped(had state) {
	if !had.defs.kept {
		return
	}
	for i, t := range had.tables {
		at, ok := d.defs.Position(had.defs.names[i])
		if ok && t.SameNumbering(d.tables[at]) || slices.ContainsFunc(d.tables, t.SameNumbering) {
			continue
		}
		d.lost = append(d.lost, t.Numbers())
	}
}

// numberings are those of tables, and others.
func numberings(tables []*table.Table, lost []table.Numbers) []table.Numbers {
	out := slices.Clip(lost)
	for _, t := range tables {
		out = append(out, t.Numbers())
	}
	return out
}

// spend has the tables of a state that keep their numbers go on after those that a state which is given up has given out. O(tables) where
// one keeps its numbers, and O(1) otherwise.
func (s *state) spend(gone []*table.Table, lost []table.Numbers, writable func(name string) *table.Table) {
	if !s.defs.kept {
		return
	}
	var numbers []table.Numbers
	for i, t := range s.tables {
		if !t.Def().KeepsNumbers() || i < len(gone) && gone[i] == t {
			continue
		}
		if numbers == nil {
			numbers = numberings(gone, lost)
		}
		for _, n := range numbers {
			if t.Spent(n) {
				t = writable(s.defs.names[i])
				t.Spend(n)
			}
		}
	}
}

// spend has the head go on after the numbers of a draft that is dropped. Nobody who watches is told: no row is another.
func (s *Store) spend(d *Draft) {
	if !s.head.defs.kept {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	watched := s.watched
	s.watched = nil
	s.head.spend(d.tables, d.lost, inPlace{s}.Writable)
	s.watched = watched
}
