package engine

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// stamp is the time that a change of a row leaves in it, where the table is of a model that keeps one.
type stamp struct {
	def   *table.Def
	keeps bool // the table keeps the time, in the column at pos
	pos   int
	value index.Value
	err   error // the column does not take the time
}

// take takes the time, if there is a column for it.
func (s *stamp) take(set *assoc.Set) {
	column, ok := set.UpdatedAt(s.def.Name())
	if !ok {
		return
	}
	if s.pos, s.keeps = s.def.Column(column); !s.keeps {
		return
	}
	if s.value, s.err = s.def.Columns()[s.pos].FromGo(set.Clock()()); s.err != nil {
		s.err = s.def.Blame(s.err)
	}
}

// on writes the time into a changed row, whatever the statement wrote there. The checks of the table hold for it too.
func (s *stamp) on(now index.Record) (index.Record, error) {
	if !s.keeps || now.IsZero() {
		return now, nil
	}
	if s.err != nil {
		return now, s.err
	}
	now = s.def.WithCells(now, []int{s.pos}, []index.Value{s.value})
	return now, s.def.CheckRecord(now)
}

// updated is a record with an assignment carried out, and the time of it. One that says nothing but the time changes nothing.
func (s *stamp) updated(old index.Record, a *table.Assignment) (index.Record, error) {
	if s.keeps {
		if a.Drop(s.pos); a.Empty() {
			return old, nil
		}
	}
	now, err := s.def.Updated(old, a)
	if err != nil {
		return now, err
	}
	return s.on(now)
}
