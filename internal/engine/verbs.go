package engine

import (
	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Verb is a verb of an association that writes, as a statement: its ends, and the call that is made of them.
type Verb struct {
	Op    string // what is attempted, in errors
	Table string // the source's, in errors
	// Values tells that some are given for junction rows that may be there already.
	Values bool
	Ends   Ends
	Call   assoc.Call
}

// Ends are what a verb is about, in whatever form they come. They are asked under the writer's lock, and must not use the store.
type Ends interface {
	// Association is the association that is meant, among those that there are.
	Association(set *assoc.Set) (*assoc.Association, error)
	// Resolve fills in the call: its source and targets, by their keys alone if these are enough and the ends can give them.
	Resolve(state table.Reader, a *assoc.Association, c *assoc.Call, keys bool) (byKeys bool, err error)
	// Wrote is told when the verb is done, for what it changed on the rows that came.
	Wrote(c *assoc.Call) error
}

// RunVerb carries out a verb as one atomic statement. Errors are those of package assoc, and of the statements that it takes.
func RunVerb(w Target, v *Verb) error { return Attempted(v.Op, v.Table, runVerb(w, v)) }

func runVerb(w Target, v *Verb) error {
	tx, err := w.begin(v.Op, v.exposure())
	if err != nil {
		return err
	}
	a, err := v.Ends.Association(tx.associations())
	switch {
	case err != nil || !a.Kind.NeedsTx(v.Call.Do, v.Values):
		defer tx.endStatement()
		if err != nil {
			return err
		}
		return tx.runVerb(a, v)
	case tx.draft != nil:
		return tx.runNested(v)
	}
	tx.endStatement()
	return w.Store.runVerb(v)
}

// exposure: adding looks at junction rows only.
func (v *Verb) exposure() exposure { return exposure(v.Call.Do != assoc.DoAdd) }

// runVerb carries out a verb of several statements in a transaction of its own.
func (s *Store) runVerb(v *Verb) error {
	tx := new(Tx)
	if err := s.Begin(tx); err != nil {
		return err
	}
	defer tx.Rollback()
	tx.statement++
	if err := tx.runNested(v); err != nil {
		return err
	}
	return tx.Commit()
}

// runNested carries out a verb of several statements, all of them or none.
func (tx *Tx) runNested(v *Verb) error {
	a, err := v.Ends.Association(tx.associations())
	if err != nil {
		return err
	}
	nested, err := tx.Nest(v.Op)
	if err != nil {
		return err
	}
	defer nested.Undo()
	if err := tx.runVerb(a, v); err != nil {
		return err
	}
	nested.Keep()
	return nil
}

func (tx *Tx) runVerb(a *assoc.Association, v *Verb) error {
	byKeys, err := v.Ends.Resolve(tx.state(), a, &v.Call, a.ByKeys(v.Call.Do))
	if err != nil {
		return err
	}
	tx.verb.tx, tx.verb.op = tx, v.Op
	if err := tx.associations().Run(a, &v.Call, byKeys, &tx.verb); err != nil {
		return err
	}
	return v.Ends.Wrote(&v.Call)
}

// statements lets package assoc carry out the statements of a verb in a transaction.
type statements struct {
	tx    *Tx
	op    string
	one   [1]index.Record // for an insert of one row
	cells cellRows
}

// Table is the table of that name as the transaction has it.
func (s *statements) Table(name string) *table.Table { return s.tx.state().Table(name) }

// Insert adds rows made from values.
func (s *statements) Insert(name string, values []table.Values) ([]index.Record, error) {
	recs := make([]index.Record, len(values))
	_, err := s.tx.insert(s.op, name, nil, values, recs)
	return recs, err
}

// InsertOf adds rows made from their cells at pos.
func (s *statements) InsertOf(name string, pos []int, cells []index.Value) error {
	recs := s.one[:]
	if n := len(cells) / len(pos); n != len(recs) {
		recs = make([]index.Record, n)
	}
	s.cells = cellRows{pos: pos, cells: cells}
	_, err := s.tx.insert(s.op, name, &s.cells, nil, recs)
	s.cells, s.one = cellRows{}, [1]index.Record{}
	return err
}

// Update writes values into rows, and the time into their timestamp.
func (s *statements) Update(name string, rows []index.Record, set table.Values) ([]index.Record, error) {
	r, err := s.tx.execute(&Change{Op: s.op, Table: name, Select: ByRecord, Records: rows}, nil, set)
	return r.After, err
}

// Delete removes rows.
func (s *statements) Delete(name string, rows []index.Record) error {
	if len(rows) == 1 {
		s.tx.one[0] = table.Change{Old: rows[0]}
		_, _, err := s.tx.executeOne(s.op, name)
		return Attempted(s.op, name, err)
	}
	_, err := s.tx.execute(&Change{Op: s.op, Table: name, Select: ByRecord, Records: rows, Delete: true}, nil, nil)
	return err
}

// cellRows are [Rows] that come as the cells of some columns: those of one row after the other.
type cellRows struct {
	def   *table.Def
	pos   []int
	cells []index.Value
}

func (r *cellRows) Prepare(def *table.Def) error {
	r.def = def
	return nil
}

func (r *cellRows) Record(i int, last int64) (index.Record, error) {
	return r.def.NewRecordOf(r.pos, r.cells[i*len(r.pos):], last)
}

func (r *cellRows) Given(int) []int { return r.pos }
