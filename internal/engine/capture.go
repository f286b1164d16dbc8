package engine

import (
	"fmt"

	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/table"
)

// Cause tells why a row changed.
type Cause struct {
	Statement int          `json:"statement"`           // the statement of the transaction, from 1
	Kind      cascade.Kind `json:"kind"`                // what it did to the row
	Reference string       `json:"reference,omitempty"` // the foreign key that led to the row; empty for rows named
	Level     int          `json:"level,omitempty"`     // how many references away from a row named
}

// RowChange is what a transaction has done to one row so far.
type RowChange struct {
	Table  string    `json:"table"`
	Before table.Row `json:"before"` // zero: the transaction inserted the row
	After  table.Row `json:"after"`  // zero: the transaction deleted it
	Cause  Cause     `json:"cause"`  // of the last change to it
}

// String reads: tracks[17]: cascade delete by tracks_album_fkey.
func (c RowChange) String() string {
	row := c.Before
	if row.IsZero() {
		row = c.After
	}
	s := fmt.Sprintf("%s: %s", row.Label(), c.Cause.Kind)
	if c.Cause.Reference != "" {
		s += " by " + c.Cause.Reference
	}
	return s
}

// change is a change to one row with its cause, as the log keeps it.
type change struct {
	table.Change
	ref       *cascade.Ref
	statement int32
	level     int32
	kind      cascade.Kind
}

// recordSet are records by identity.
type recordSet map[index.Record]struct{}

func (s recordSet) has(r index.Record) bool {
	_, ok := s[r]
	return ok
}

func (s *recordSet) add(r index.Record) {
	if *s == nil {
		*s = recordSet{}
	}
	(*s)[r] = struct{}{}
}

// forgettable tells whether changes need not be logged: those of an autocommit statement, which writes once, are undone only by
// a check that waits.
func (tx *Tx) forgettable() bool {
	return !tx.needsUndo || tx.draft == nil && len(tx.pending) == 0
}

// noteInserts logs inserted records.
func (tx *Tx) noteInserts(name string, before table.Numbers, recs []index.Record) {
	if tx.forgettable() {
		return
	}
	from := len(tx.changes)
	defers := tx.graph().Defers(name)
	for _, r := range recs {
		if defers {
			tx.wrote.add(r)
		}
		tx.changes = append(tx.changes, change{Change: table.Change{New: r}, statement: int32(tx.statement), kind: cascade.Inserted})
	}
	tx.log = append(tx.log, logged{def: tx.state().Table(name).Def(), from: from, to: len(tx.changes), numbers: before})
}

// notePlanned logs what a plan did to one table.
func (tx *Tx) notePlanned(t *table.Table, before table.Numbers, changes []table.Change, why func(i int) (*cascade.Ref, cascade.Kind, int32)) {
	if tx.forgettable() {
		return
	}
	from := len(tx.changes)
	defers := tx.graph().Defers(t.Def().Name())
	for i, c := range changes {
		if defers && !c.New.IsZero() {
			tx.wrote.add(c.New)
		}
		ref, kind, level := why(i)
		tx.changes = append(tx.changes, change{c, ref, int32(tx.statement), level, kind})
	}
	tx.log = append(tx.log, logged{def: t.Def(), from: from, to: len(tx.changes), numbers: before})
}

// Changes are the net changes of the transaction so far: for each row its state before the transaction and now, in the
// order in which the rows were first touched. A row that came and went is left out. Definitions are not listed, and neither
// are the rows that they rewrote: a row that was changed before and after its columns were altered is listed twice.
// O(rows written).
func (tx *Tx) Changes() []RowChange {
	type net struct {
		change
		first, last *table.Def // what Old and New are rows of
	}
	var rows []net
	at := map[index.Record]int{} // the present record of a row -> its place in rows
	for _, e := range tx.log {
		for _, c := range tx.changes[e.from:e.to] {
			i, known := at[c.Old]
			if c.Old.IsZero() || !known {
				i = len(rows)
				rows = append(rows, net{c, e.def, e.def})
			} else {
				delete(at, c.Old)
				c.Old = rows[i].Old
				rows[i].change, rows[i].last = c, e.def
			}
			if !c.New.IsZero() {
				at[c.New] = i
			}
		}
	}
	var out []RowChange
	for _, r := range rows {
		if !r.Old.IsZero() || !r.New.IsZero() {
			out = append(out, r.export(r.first, r.last))
		}
	}
	return out
}

// export gives the change to the user; first and last are the definitions that its rows were written under.
func (c change) export(first, last *table.Def) RowChange {
	out := RowChange{Table: last.Name(), Cause: Cause{Statement: int(c.statement), Kind: c.kind, Level: int(c.level)}}
	if c.ref != nil {
		out.Cause.Reference = c.ref.Name
	}
	if !c.Old.IsZero() {
		out.Before = table.RowOf(first, c.Old, nil)
	}
	if !c.New.IsZero() {
		out.After = table.RowOf(last, c.New, nil)
	}
	return out
}
