package memrel

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// statements lets package assoc carry out the statements of a verb in a transaction.
type statements struct {
	tx  *Tx
	op  string
	one [1]index.Record // for an insert of one row
}

// statements are the transaction's for a verb: one verb at a time.
func (tx *Tx) statements(op string) *statements {
	tx.verb.tx, tx.verb.op = tx, op
	return &tx.verb
}

// carryVerb runs a verb as one atomic statement of w. several tells, from what is defined, whether it may need more than one
// of the store's own statements.
func carryVerb(w Writer, op string, several func(*assoc.Set) bool, verb func(st table.Statements) error) error {
	one := func(tx *Tx) error { return verb(tx.statements(op)) }
	all := func(tx *Tx) error {
		tx.statement++
		return one(tx)
	}
	if tx, ok := w.(*Tx); ok && !tx.done && several(tx.associations()) {
		return tx.Update(all)
	}
	again := false
	err := write(w, op, false, func(tx *Tx) error {
		if again = tx.draft == nil && several(tx.associations()); again {
			return nil
		}
		return one(tx)
	})
	if db, ok := w.(*DB); ok && again {
		return db.Update(all)
	}
	return err
}

// Table is the table of that name as the transaction has it.
func (s *statements) Table(name string) *table.Table { return s.tx.state().Table(name) }

// Insert adds rows made from values.
func (s *statements) Insert(name string, rows []table.Values) ([]index.Record, error) {
	t := s.Table(name)
	if t == nil {
		return nil, unknownTable(s.op, name)
	}
	recs := make([]index.Record, len(rows))
	return recs, s.tx.build(s.op, t, recs, func(t *table.Table, i int, last int64) (index.Record, error) {
		return t.Def().NewRecord(rows[i], last)
	})
}

// InsertOf adds rows made from their cells at pos.
func (s *statements) InsertOf(name string, pos []int, cells []index.Value) error {
	t := s.Table(name)
	if t == nil {
		return unknownTable(s.op, name)
	}
	recs := s.one[:]
	if n := len(cells) / len(pos); n != len(recs) {
		recs = make([]index.Record, n)
	}
	defer clear(s.one[:])
	return s.tx.build(s.op, t, recs, func(t *table.Table, i int, last int64) (index.Record, error) {
		return t.Def().NewRecordOf(pos, cells[i*len(pos):], last)
	})
}

// Update writes values into rows, and the time into their timestamp.
func (s *statements) Update(name string, rows []index.Record, set table.Values) ([]index.Record, error) {
	def := s.Table(name).Def()
	a, err := def.CompileSet(set)
	if err != nil {
		return nil, attempted(s.op, name, err)
	}
	touch := s.tx.toucher(def)
	changes := make([]table.Change, len(rows))
	for i, old := range rows {
		now, err := def.Updated(old, a)
		if err != nil {
			return nil, attempted(s.op, name, err)
		}
		changes[i] = table.Change{Old: old, New: touch(old, now)}
	}
	return s.tx.carryOut(s.op, name, changes)
}

// Delete removes rows.
func (s *statements) Delete(name string, rows []index.Record) error {
	if len(rows) == 1 {
		_, err := s.tx.carryOutOne(s.op, name, table.Change{Old: rows[0]})
		return err
	}
	changes := make([]table.Change, len(rows))
	for i, old := range rows {
		changes[i] = table.Change{Old: old}
	}
	_, err := s.tx.carryOut(s.op, name, changes)
	return err
}

// toucher writes the time into the updatedAt of a changed row, unless the statement wrote there itself.
func (tx *Tx) toucher(def *table.Def) func(old, now index.Record) index.Record {
	set := tx.associations()
	info := set.Table(def.Name())
	if info == nil || info.UpdatedAt == "" {
		return func(_, now index.Record) index.Record { return now }
	}
	pos, ok := def.Column(info.UpdatedAt)
	if !ok {
		return func(_, now index.Record) index.Record { return now }
	}
	col := &def.Columns()[pos]
	stamp, err := col.FromGo(set.Now())
	return func(old, now index.Record) index.Record {
		if err != nil || now.IsZero() || !index.Equal(col.Type, old.At(pos), now.At(pos)) {
			return now
		}
		return def.Rewrite(now, []int{pos}, []index.Value{stamp})
	}
}
