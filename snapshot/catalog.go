package snapshot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/go-memdb"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Catalog is the catalog of one set of definitions, in go-memdb. It never changes: other definitions have another, which shares
// with it what they share. It may be read from any goroutine.
//
//	tables        by name
//	keys          by table, columns in the order of their names, and name
//	references    by child, columns, parent, columns there, and name; and by what they refer to
//	shared        what associations say of references, by child, columns, parent, and columns there
//	associations  by the table of the source, and alias; those that wait for their target too
type Catalog struct{ db *memdb.MemDB }

// The go-memdb tables of the catalog and their indexes.
const (
	tablesTable       = "tables"
	keysTable         = "keys"
	referencesTable   = "references"
	sharedTable       = "shared"
	associationsTable = "associations"

	byID     = "id"
	byTable  = "table"
	byChild  = "child"
	byParent = "parent"
)

// The catalog's objects. Their fields are exported for go-memdb, which reads them by reflection.
type (
	tableObject struct {
		Name  string
		Def   *table.Def
		Table *table.Table // the version, where the catalog is one of versions
	}
	keyObject struct {
		Table   string
		Columns string
		Name    string
		Key     query.Key
	}
	referenceObject struct {
		Child      string
		Columns    string
		Parent     string
		RefColumns string
		Name       string
		Reference  table.Reference
	}
	sharedObject struct {
		Child      string
		Columns    string
		Parent     string
		RefColumns string
		Resolved   any
	}
	// Association is an association as the catalog has it: by its source and alias, with what it was resolved to, and its place
	// among all.
	Association struct {
		Source   string
		Alias    string
		ID       string // of both
		Place    int
		Resolved any
	}
)

// Associated is what the catalog has of associations.
type Associated struct {
	Associations []Association
	Shared       []Shared
}

// Shared is what associations say of a reference.
type Shared struct {
	Child     string
	Reference table.Reference
	Resolved  any
}

// sortedNames are names of columns as one text, whatever their order. No name has a zero byte.
func sortedNames(names []string) string { return listed(slices.Sorted(slices.Values(names))) }

// listed are names as one text, which is not empty and does not begin with that of fewer names.
func listed(names []string) string { return strings.Join(names, "\x00") + ")" }

func catalogSchema() *memdb.DBSchema {
	text := func(field string) memdb.Indexer { return &memdb.StringFieldIndex{Field: field} }
	unique := func(fields ...string) *memdb.IndexSchema {
		x := &memdb.IndexSchema{Name: byID, Unique: true, Indexer: text(fields[0])}
		if len(fields) > 1 {
			all := make([]memdb.Indexer, len(fields))
			for i, f := range fields {
				all[i] = text(f)
			}
			x.Indexer = &memdb.CompoundIndex{Indexes: all}
		}
		return x
	}
	of := func(name string, indexes ...*memdb.IndexSchema) *memdb.TableSchema {
		t := &memdb.TableSchema{Name: name, Indexes: map[string]*memdb.IndexSchema{}}
		for _, x := range indexes {
			t.Indexes[x.Name] = x
		}
		return t
	}
	by := func(name, field string) *memdb.IndexSchema {
		return &memdb.IndexSchema{Name: name, Indexer: text(field)}
	}
	return &memdb.DBSchema{Tables: map[string]*memdb.TableSchema{
		tablesTable:       of(tablesTable, unique("Name")),
		keysTable:         of(keysTable, unique("Table", "Columns", "Name"), by(byTable, "Table")),
		referencesTable:   of(referencesTable, unique("Child", "Columns", "Parent", "RefColumns", "Name"), by(byChild, "Child"), by(byParent, "Parent")),
		sharedTable:       of(sharedTable, unique("Child", "Columns", "Parent", "RefColumns")),
		associationsTable: of(associationsTable, unique("ID")),
	}}
}

// newCatalog makes an empty catalog.
func newCatalog() *Catalog {
	db, err := memdb.NewMemDB(catalogSchema())
	must(err)
	return &Catalog{db}
}

// must is for go-memdb's errors, all of which say that the schema above is not what the code below takes it for.
func must(err error) {
	if err != nil {
		panic("memrel: catalog: " + err.Error())
	}
}

// with is the catalog after a batch of definitions, in one go-memdb transaction: tables that go, with their keys and references,
// and tables that come or change. O(what the batch is about x log n).
func (c *Catalog) with(gone []string, defs []*table.Def) *Catalog {
	next := &Catalog{c.db.Snapshot()}
	txn := next.db.Txn(true)
	defer txn.Abort()
	for _, name := range gone {
		remove(txn, name)
	}
	for _, d := range defs {
		remove(txn, d.Name())
		add(txn, d)
	}
	txn.Commit()
	return next
}

// withTables is the catalog with the versions of its tables, which are in the order of their names.
func (c *Catalog) withTables(tables []*table.Table) *Catalog {
	next := &Catalog{c.db.Snapshot()}
	txn := next.db.Txn(true)
	defer txn.Abort()
	for _, t := range tables {
		must(txn.Insert(tablesTable, &tableObject{Name: t.Def().Name(), Def: t.Def(), Table: t}))
	}
	txn.Commit()
	return next
}

// Table is the version of a table, in the catalog of a version; nil if there is none of that name.
func (c *Catalog) Table(name string) *table.Table {
	obj, err := c.db.Txn(false).First(tablesTable, byID, name)
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*tableObject).Table
}

// withAssociations is the catalog with these associations and no others. Of two with one source and alias the later counts.
func (c *Catalog) withAssociations(all Associated) *Catalog {
	next := &Catalog{c.db.Snapshot()}
	txn := next.db.Txn(true)
	defer txn.Abort()
	for _, name := range []string{associationsTable, sharedTable} {
		_, err := txn.DeleteAll(name, byID+"_prefix", "")
		must(err)
	}
	for i := range all.Associations {
		a := &all.Associations[i]
		a.ID, a.Place = listed([]string{a.Source, a.Alias}), i
		must(txn.Insert(associationsTable, a))
	}
	for _, s := range all.Shared {
		must(txn.Insert(sharedTable, &sharedObject{Child: s.Child, Columns: listed(s.Reference.Columns), Parent: listed([]string{s.Reference.Table}),
			RefColumns: listed(s.Reference.RefColumns), Resolved: s.Resolved}))
	}
	txn.Commit()
	return next
}

// Shared is what associations say of a reference: of the same columns to the same key; nil if none shares it.
func (c *Catalog) Shared(child string, r table.Reference) any {
	obj, err := c.db.Txn(false).First(sharedTable, byID, child, listed(r.Columns), listed([]string{r.Table}), listed(r.RefColumns))
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*sharedObject).Resolved
}

// Associations are all associations, in the order in which they were defined.
func (c *Catalog) Associations() []Association {
	it, err := c.db.Txn(false).Get(associationsTable, byID+"_prefix", "")
	must(err)
	var out []Association
	for obj := it.Next(); obj != nil; obj = it.Next() {
		out = append(out, *obj.(*Association))
	}
	slices.SortFunc(out, func(a, b Association) int { return cmp.Compare(a.Place, b.Place) })
	return out
}

func remove(txn *memdb.Txn, name string) {
	for _, x := range [][2]string{{tablesTable, byID}, {keysTable, byTable}, {referencesTable, byChild}} {
		_, err := txn.DeleteAll(x[0], x[1], name)
		must(err)
	}
}

func add(txn *memdb.Txn, d *table.Def) {
	must(txn.Insert(tablesTable, &tableObject{Name: d.Name(), Def: d}))
	for i := range d.Keys() {
		k := d.Keys()[i]
		must(txn.Insert(keysTable, &keyObject{Table: d.Name(), Columns: sortedNames(k.Columns), Name: k.Name, Key: k}))
	}
	for _, r := range d.Peek().References {
		must(txn.Insert(referencesTable, &referenceObject{Child: d.Name(), Columns: listed(r.Columns), Parent: listed([]string{r.Table}),
			RefColumns: listed(r.RefColumns), Name: r.Name, Reference: r}))
	}
}

// Def implements [table.Catalog].
func (c *Catalog) Def(name string) *table.Def {
	obj, err := c.db.Txn(false).First(tablesTable, byID, name)
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*tableObject).Def
}

// Key implements [table.Catalog].
func (c *Catalog) Key(name string, columns []string) (best query.Key, ok bool) {
	it, err := c.db.Txn(false).Get(keysTable, byID+"_prefix", name, sortedNames(columns))
	must(err)
	for obj := it.Next(); obj != nil; obj = it.Next() {
		o := obj.(*keyObject)
		if !o.Key.Unique() || o.Columns != sortedNames(columns) {
			continue
		}
		if !ok || o.Key.Kind == query.PrimaryKey || best.Kind != query.PrimaryKey && slices.Compare(o.Key.Pos, best.Pos) < 0 {
			best, ok = o.Key, true
		}
	}
	return best, ok
}

// Into implements [table.Catalog].
func (c *Catalog) Into(parent string) []table.CatalogReference {
	return c.references(byParent, listed([]string{parent}))
}

// From implements [table.Catalog].
func (c *Catalog) From(child string) []table.CatalogReference { return c.references(byChild, child) }

func (c *Catalog) references(by, name string) []table.CatalogReference {
	it, err := c.db.Txn(false).Get(referencesTable, by, name)
	must(err)
	var out []table.CatalogReference
	for obj := it.Next(); obj != nil; obj = it.Next() {
		o := obj.(*referenceObject)
		out = append(out, table.CatalogReference{Child: o.Child, Reference: o.Reference})
	}
	slices.SortFunc(out, func(a, b table.CatalogReference) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Child, b.Child))
	})
	return out
}

// Association is the association of a table by its alias; nil if there is none.
func (c *Catalog) Association(source, alias string) any {
	obj, err := c.db.Txn(false).First(associationsTable, byID, listed([]string{source, alias}))
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*Association).Resolved
}
