package engine

import (
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
)

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
// a check that waits. Where somebody wants the store's commits none is.
func (tx *Tx) forgettable() bool {
	return !tx.fed && (!tx.needsUndo || tx.draft == nil && len(tx.pending) == 0)
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

// net is a change to one row, net, with what its records were written under.
type net struct {
	change
	first, last *table.Def
}

// netted are the net changes of a part of the log: for each row what it was before and is now, in the order in which the rows were first
// touched. Those of a row that came and went have neither. O(rows written).
func (tx *Tx) netted(log []logged) []net {
	var rows []net
	at := map[index.Record]int{} // the present record of a row -> its place in rows
	for _, e := range log {
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
	return rows
}

// Changes are the net changes of the transaction so far: for each row its state before the transaction and now, in the
// order in which the rows were first touched. A row that came and went is left out. Definitions are not listed, and neither
// are the rows that they rewrote: a row that was changed before and after its columns were altered is listed twice.
// O(rows written).
func (tx *Tx) Changes() []table.RowChange {
	var out []table.RowChange
	for _, r := range tx.netted(tx.log) {
		if !r.Old.IsZero() || !r.New.IsZero() {
			out = append(out, r.Row(r.first, r.last, r.cause()))
		}
	}
	return out
}

func (c *change) cause() table.Cause {
	out := table.Cause{Statement: int(c.statement), Kind: c.kind, Level: int(c.level)}
	if c.ref != nil {
		out.Reference = c.ref.Name
	}
	return out
}

// list is what the transaction did, for who wants the store's commits; state is what it leaves. O(rows written).
func (tx *Tx) list(state table.Reader) *snapshot.List {
	l := &snapshot.List{}
	step := snapshot.Step{}
	from := 0
	for i := range tx.log {
		e := &tx.log[i]
		if e.mark == nil {
			continue
		}
		if step.Tables = tx.tableChanges(tx.log[from:i], e.mark); step.Definitions != nil || len(step.Tables) > 0 {
			l.Steps = append(l.Steps, step)
		}
		step, from = snapshot.Step{Definitions: e.redefined}, i+1
	}
	if step.Tables = tx.tableChanges(tx.log[from:], state); step.Definitions != nil || len(step.Tables) > 0 {
		l.Steps = append(l.Steps, step)
	}
	return l
}

// tableChanges are the net changes of a part of the log that defines nothing, by table. A record is one row of one table, so that the rows of a
// table that was written to once are net as they are.
func (tx *Tx) tableChanges(log []logged, state interface {
	Table(name string) *table.Table
}) []snapshot.TableChanges {
	var out []snapshot.TableChanges
	again := false
	for i := range log {
		def := log[i].def
		if placeOf(out, def) < 0 {
			out = append(out, snapshot.TableChanges{Def: def, Was: log[i].numbers.Last(), Last: state.Table(def.Name()).Last()})
		} else {
			again = true
		}
	}
	add := func(def *table.Def, c *change) {
		if c.Old.IsZero() && c.New.IsZero() {
			return
		}
		t := &out[placeOf(out, def)]
		t.Changes, t.Causes = append(t.Changes, c.Change), append(t.Causes, c.cause())
	}
	if again {
		for _, r := range tx.netted(log) {
			add(r.first, &r.change)
		}
		return out
	}
	for i := range out {
		n := log[i].to - log[i].from
		out[i].Changes, out[i].Causes = make([]table.Change, 0, n), make([]table.Cause, 0, n)
		for j := range n {
			add(log[i].def, &tx.changes[log[i].from+j])
		}
	}
	return out
}

func placeOf(tables []snapshot.TableChanges, def *table.Def) int {
	for i := range tables {
		if tables[i].Def == def {
			return i
		}
	}
	return -1
}
