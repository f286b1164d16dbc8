package snapshot

import (
	"slices"
	"strings"

	"github.com/hashicorp/go-memdb"

	"github.com/memrel/memrel/table"
)

// Definitions are the tables that a state has, by name, and what was compiled from them together. They never change.
type Definitions struct {
	names    []string // sorted
	pos      map[string]int
	defs     []*table.Def
	compiled any
}

// NewDefinitions puts tables together. compiled is what the caller has worked out of all of them, to be found again
// with [Definitions.Compiled].
func NewDefinitions(defs []*table.Def, compiled any) *Definitions {
	d := &Definitions{defs: slices.Clone(defs), pos: make(map[string]int, len(defs)), compiled: compiled}
	slices.SortFunc(d.defs, func(a, b *table.Def) int { return strings.Compare(a.Name(), b.Name()) })
	for i, def := range d.defs {
		d.pos[def.Name()] = i
		d.names = append(d.names, def.Name())
	}
	return d
}

// Names are the names of the tables, sorted. The slice must not be changed.
func (d *Definitions) Names() []string { return d.names }

// Defs are the definitions of the tables, in the order of their names. The slice must not be changed.
func (d *Definitions) Defs() []*table.Def { return d.defs }

// Position is where a table is in the order of the names, for [Version.At]. ok is false if there is none of that name.
func (d *Definitions) Position(name string) (i int, ok bool) {
	i, ok = d.pos[name]
	return i, ok
}

// Compiled is what [NewDefinitions] was given.
func (d *Definitions) Compiled() any { return d.compiled }

// The go-memdb tables of the catalog and their indexes.
const (
	tablesTable = "tables"
	refsTable   = "references"
	byID        = "id"
	byChild     = "child"
	byParent    = "parent"
)

// tableRow is the catalog's object for one version of a table.
type tableRow struct {
	Name  string
	Table *table.Table
}

// RefRow is the catalog's object for a reference: one for each (child table, columns, parent table, parent columns) and
// name.
type RefRow struct {
	Child   string
	Columns string
	Parent  string
	Name    string
	Ref     table.Reference
}

func refRow(child string, r table.Reference) *RefRow {
	return &RefRow{Child: child, Parent: r.Table, Name: r.Name, Ref: r,
		Columns: strings.Join(r.Columns, ",") + "->" + strings.Join(r.RefColumns, ",")}
}

// newCatalog makes an empty catalog.
func newCatalog() *memdb.MemDB {
	str := func(field string) memdb.Indexer { return &memdb.StringFieldIndex{Field: field} }
	db, err := memdb.NewMemDB(&memdb.DBSchema{Tables: map[string]*memdb.TableSchema{
		tablesTable: {Name: tablesTable, Indexes: map[string]*memdb.IndexSchema{
			byID: {Name: byID, Unique: true, Indexer: str("Name")},
		}},
		refsTable: {Name: refsTable, Indexes: map[string]*memdb.IndexSchema{
			byID: {Name: byID, Unique: true, Indexer: &memdb.CompoundIndex{Indexes: []memdb.Indexer{
				str("Child"), str("Columns"), str("Parent"), str("Name")}}},
			byChild:  {Name: byChild, Indexer: str("Child")},
			byParent: {Name: byParent, Indexer: str("Parent")},
		}},
	}})
	must(err)
	return db
}

// must is for go-memdb's errors, all of which say that the schema above is not what the code below takes it for.
func must(err error) {
	if err != nil {
		panic("memrel: catalog: " + err.Error())
	}
}

// record brings the catalog from one state to another, in one go-memdb transaction. O(tables that changed), or
// O(tables) when definitions did.
func record(catalog *memdb.MemDB, from, to *state) {
	txn := catalog.Txn(true)
	defer txn.Abort()
	if from.defs != to.defs {
		recordDefinitions(txn, from.defs, to.defs)
	}
	for i, t := range to.tables {
		if old := from.table(to.defs.names[i]); old != t {
			must(txn.Insert(tablesTable, &tableRow{Name: to.defs.names[i], Table: t}))
		}
	}
	txn.Commit()
}

func recordDefinitions(txn *memdb.Txn, from, to *Definitions) {
	for i, name := range from.names {
		if at, ok := to.pos[name]; ok && to.defs[at] == from.defs[i] {
			continue
		}
		_, err := txn.DeleteAll(tablesTable, byID, name)
		must(err)
		_, err = txn.DeleteAll(refsTable, byChild, name)
		must(err)
	}
	for i, name := range to.names {
		if at, ok := from.pos[name]; ok && from.defs[at] == to.defs[i] {
			continue
		}
		for _, r := range to.defs[i].Schema().References {
			must(txn.Insert(refsTable, refRow(name, r)))
		}
	}
}

// catalogRefs reads references through one index of the catalog, ordered by name.
func catalogRefs(catalog *memdb.MemDB, by, name string) []*RefRow {
	it, err := catalog.Txn(false).Get(refsTable, by, name)
	must(err)
	var out []*RefRow
	for obj := it.Next(); obj != nil; obj = it.Next() {
		out = append(out, obj.(*RefRow))
	}
	slices.SortFunc(out, func(a, b *RefRow) int { return strings.Compare(a.Name+"\x00"+a.Child, b.Name+"\x00"+b.Child) })
	return out
}
