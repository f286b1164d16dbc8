package memrel

import (
	"slices"

	"github.com/memrel/memrel/assoc"
	"github.com/memrel/memrel/cascade"
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/snapshot"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Definitions are data; package table says more of each.
type (
	// Definition is what can be defined: a [Schema], a [Table], a model, an association.
	Definition = table.Definition
	// Schema is the definition of a table as data.
	Schema = table.Schema
	// Column is one column of a table.
	Column = types.Column
	// Columns are the columns of a table, in order.
	Columns = []types.Column
	// UniqueKey is a unique key beside the primary key.
	UniqueKey = table.UniqueKey
	// Index is a secondary ordered index.
	Index = table.Index
	// Check is a condition that no row may make false.
	Check = table.Check
	// Reference is a foreign key.
	Reference = table.Reference
	// Action is what becomes of referencing rows; see the constants.
	Action = table.Action
	// Part is what [DB.Alter] adds to a table or removes from it.
	Part = table.Part
	// DropColumn is the [Part] that removes a column.
	DropColumn = table.DropColumn
	// DropConstraint is the [Part] that removes a key, index, check or reference.
	DropConstraint = table.DropConstraint
	// Type is the type of a column; see the constants.
	Type = index.Type
	// Diagnostic is something about a definition that is allowed but does not do what it seems to say.
	Diagnostic = types.Diagnostic
)

// The actions of a [Reference].
const (
	NoAction   = table.NoAction
	Restrict   = table.Restrict
	Cascade    = table.Cascade
	SetNull    = table.SetNull
	SetDefault = table.SetDefault
)

// The types of a [Column]. A list is ListOf one of the others.
const (
	Int    = index.Int
	Float  = index.Float
	Bool   = index.Bool
	String = index.String
	Bytes  = index.Bytes
	Time   = index.Time
	UUID   = index.UUID
	JSON   = index.JSON
)

// ListOf is the type of a list of scalars.
func ListOf(elem Type) Type { return index.ListOf(elem) }

// Define adds tables in a transaction of its own. They may refer to one another, and to the tables there are, in any
// order. If anything is refused nothing is defined. Errors are of kind [ErrDefinition].
func (db *DB) Define(defs ...Definition) error {
	return db.Update(func(tx *Tx) error { return tx.Define(defs...) })
}

// Alter changes a table in a transaction of its own; see [Tx.Alter].
func (db *DB) Alter(name string, parts ...Part) error {
	return db.Update(func(tx *Tx) error { return tx.Alter(name, parts...) })
}

// Drop removes tables in a transaction of its own; see [Tx.Drop].
func (db *DB) Drop(names ...string) error {
	return db.Update(func(tx *Tx) error { return tx.Drop(names...) })
}

// Define is [DB.Define] inside a transaction: the definitions are committed or rolled back with it.
func (tx *Tx) Define(defs ...Definition) error {
	return tx.redefine(func(b *table.Batch) error {
		for i, d := range defs {
			if d == nil {
				return types.Refused("", "42601", "give it a Schema or a handle", "definition %d is nil", i+1)
			}
			if err := d.Define(b); err != nil {
				return err
			}
		}
		return nil
	})
}

// Alter adds parts to a table (a [Column], [UniqueKey], [Index], [Check] or [Reference]) or removes them ([DropColumn],
// [DropConstraint]). Existing rows are held to the new definition: a violation refuses the change and names the rows.
// Errors are of kind [ErrDefinition], or those that the rows violate. O(rows) where columns, checks or keys are added.
func (tx *Tx) Alter(name string, parts ...Part) error {
	return tx.redefine(func(b *table.Batch) error {
		if tx.associations().Table(name) != nil {
			return assoc.Amendment{Table: name, Parts: parts}.Define(b)
		}
		s, err := b.Schema(name)
		if err != nil {
			return err
		}
		for _, p := range parts {
			if err := s.Alter(p); err != nil {
				return err
			}
		}
		return nil
	})
}

// Drop removes tables with their rows. A table that a remaining table refers to is not dropped.
func (tx *Tx) Drop(names ...string) error {
	return tx.redefine(func(b *table.Batch) error {
		for _, name := range names {
			if err := b.Drop(name); err != nil {
				return err
			}
		}
		return tx.stillReferred(names)
	})
}

func (tx *Tx) stillReferred(dropped []string) error {
	for _, name := range dropped {
		for _, r := range tx.graph().Into(name) {
			if !slices.Contains(dropped, r.Child) {
				return &Error{Kind: ErrDefinition, Op: "drop", Table: name, State: "2BP01", Constraint: r.Name,
					Detail: "table " + r.Child + " refers to it by foreign key " + r.Name,
					Hint:   "drop that foreign key or that table too"}
			}
		}
	}
	return nil
}

// redefine carries out a batch of definitions: all of it or nothing.
func (tx *Tx) redefine(fill func(*table.Batch) error) error {
	if tx.done {
		return txDone("define")
	}
	have := func(name string) (*table.Def, bool) {
		if t := tx.draft.Table(name); t != nil {
			return t.Def(), true
		}
		return nil, false
	}
	batch := table.NewBatch(have)
	if err := fill(batch); err != nil {
		return err
	}
	before := compiledOf(tx.draft.Definitions())
	hooks := before.hooks.with(batch)
	set, err := before.assoc.Extend(batch)
	if err != nil {
		return err
	}
	changed, err := batch.Compile()
	if err != nil {
		return err
	}
	defs := tx.remaining(batch, changed)
	graph, err := cascade.NewGraph(defs, set.CascadeOrder())
	if err != nil {
		return err
	}
	tables, err := tx.rebuild(changed)
	if err != nil {
		return err
	}
	if err := checkNewReferences(before.graph, graph, changed, overlaid{tx.draft, tables}); err != nil {
		return err
	}
	tx.log = append(tx.log, logged{mark: new(tx.draft.Mark())})
	tx.pending = slices.Clone(tx.pending)
	for i := range tx.pending {
		tx.pending[i].Row = index.Record{} // rows may have been rewritten
	}
	after := &compiled{graph, set, hooks}
	tx.draft.Redefine(snapshot.NewDefinitions(defs, after), tables)
	after.tell(before)
	return nil
}

// remaining are the tables that there are after a batch.
func (tx *Tx) remaining(batch *table.Batch, changed []*table.Def) []*table.Def {
	var defs []*table.Def
	for _, d := range tx.draft.Definitions().Defs() {
		altered := slices.ContainsFunc(changed, func(c *table.Def) bool { return c.Name() == d.Name() })
		if !altered && !slices.Contains(batch.Dropped(), d.Name()) {
			defs = append(defs, d)
		}
	}
	return append(defs, changed...)
}

// rebuild makes the tables of new and altered definitions, with the rows that they have.
func (tx *Tx) rebuild(changed []*table.Def) (map[string]*table.Table, error) {
	tables := make(map[string]*table.Table, len(changed))
	for _, def := range changed {
		old := tx.draft.Table(def.Name())
		if old == nil {
			tables[def.Name()] = table.New(def)
			continue
		}
		t, err := table.Rebuild(old, def)
		if err != nil {
			return nil, attempted("alter", def.Name(), err)
		}
		tables[def.Name()] = t
	}
	return tables, nil
}

// overlaid is a state with some tables replaced.
type overlaid struct {
	table.Reader
	tables map[string]*table.Table
}

func (o overlaid) Table(name string) *table.Table {
	if t, ok := o.tables[name]; ok {
		return t
	}
	return o.Reader.Table(name)
}

// checkNewReferences holds the rows that there are to the references that are new.
func checkNewReferences(before, after *cascade.Graph, changed []*table.Def, state table.Reader) error {
	for _, def := range changed {
		t := state.Table(def.Name())
		if t.Len() == 0 {
			continue
		}
		for _, r := range after.From(def.Name()) {
			if old := before.Ref(r.Child, r.Name); old != nil && r.SameConstraint(old) {
				continue
			}
			if err := after.CheckRef(state, r, t.Records()); err != nil {
				return attempted("alter", def.Name(), err)
			}
		}
	}
	return nil
}
