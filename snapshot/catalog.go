package snapshot

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-memdb"

	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
)

// Catalog is the catalog of one set of definitions, in go-memdb. It never changes: other definitions have another, which shares
// with it what they share. It may be read from any goroutine.
//
//	tables        by name
//	keys          by table, columns in the order of their names, and name, or the first of these
//	references    by child, columns, parent, columns there, and name, or the child; and by what they refer to
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
	byPrefix = "id_prefix" // by the first parts of it
	byParent = "parent"
)

// The catalog's objects.
type (
	tableObject struct {
		name  string
		def   *table.Def
		table *table.Table // the version, where the catalog is one of versions
	}
	keyObject struct {
		table   string
		columns string // see sortedNames
		name    string
		key     query.Key
	}
	referenceObject struct {
		child     string
		reference table.Reference
	}
	// Association is an association as the catalog has it: by its source and alias, with what it was resolved to, and its place
	// among all.
	Association struct {
		Source   string
		Alias    string
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

// listed are names as one text, whose end shows where the list ends.
func listed(names []string) string { return strings.Join(names, "\x00") + ")" }

// textIndex is an index over texts of an object, each of which ends in a zero byte. It is asked for all of them, or, as a prefix, for the
// first few.
type textIndex func(obj any) []string

// FromObject implements [memdb.SingleIndexer].
func (x textIndex) FromObject(obj any) (ok bool, key []byte, err error) {
	return true, joined(x(obj)), nil
}

// FromArgs implements [memdb.Indexer].
func (x textIndex) FromArgs(args ...any) ([]byte, error) {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.(string)
	}
	return joined(texts), nil
}

// PrefixFromArgs implements [memdb.PrefixIndexer].
func (x textIndex) PrefixFromArgs(args ...any) ([]byte, error) { return x.FromArgs(args...) }

func joined(texts []string) []byte {
	n := 0
	for _, s := range texts {
		n += len(s) + 1
	}
	out := make([]byte, 0, n)
	for _, s := range texts {
		out = append(append(out, s...), 0)
	}
	return out
}

func catalogSchema() *memdb.DBSchema {
	tables := map[string]*memdb.TableSchema{}
	add := func(name string, id textIndex) map[string]*memdb.IndexSchema {
		indexes := map[string]*memdb.IndexSchema{byID: {Name: byID, Unique: true, Indexer: id}}
		tables[name] = &memdb.TableSchema{Name: name, Indexes: indexes}
		return indexes
	}
	add(tablesTable, func(obj any) []string { return []string{obj.(*tableObject).name} })
	add(keysTable, func(obj any) []string {
		k := obj.(*keyObject)
		return []string{k.table, k.columns, k.name}
	})
	add(referencesTable, func(obj any) []string {
		r := obj.(*referenceObject)
		return []string{r.child, listed(r.reference.Columns), r.reference.Table, listed(r.reference.RefColumns), r.reference.Name}
	})[byParent] = &memdb.IndexSchema{Name: byParent, Indexer: textIndex(func(obj any) []string {
		return []string{obj.(*referenceObject).reference.Table}
	})}
	add(sharedTable, func(obj any) []string {
		s := obj.(*Shared)
		return []string{s.Child, listed(s.Reference.Columns), s.Reference.Table, listed(s.Reference.RefColumns)}
	})
	add(associationsTable, func(obj any) []string {
		a := obj.(*Association)
		return []string{a.Source, a.Alias}
	})
	return &memdb.DBSchema{Tables: tables}
}

// noCatalog is the catalog of a store without tables.
var noCatalog = sync.OnceValue(func() *Catalog {
	db, err := memdb.NewMemDB(catalogSchema())
	must(err)
	return &Catalog{db}
})

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
		must(txn.Insert(tablesTable, &tableObject{t.Def().Name(), t.Def(), t}))
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
	return obj.(*tableObject).table
}

// withAssociations is the catalog with these associations and no others. Of two with one source and alias the later counts.
func (c *Catalog) withAssociations(all Associated) *Catalog {
	next := &Catalog{c.db.Snapshot()}
	txn := next.db.Txn(true)
	defer txn.Abort()
	for _, name := range []string{associationsTable, sharedTable} {
		_, err := txn.DeleteAll(name, byID)
		must(err)
	}
	for i := range all.Associations {
		a := &all.Associations[i]
		a.Place = i
		must(txn.Insert(associationsTable, a))
	}
	for i := range all.Shared {
		must(txn.Insert(sharedTable, &all.Shared[i]))
	}
	txn.Commit()
	return next
}

// Shared is what associations say of a reference: of the same columns to the same key; nil if none shares it.
func (c *Catalog) Shared(child string, r table.Reference) any {
	obj, err := c.db.Txn(false).First(sharedTable, byID, child, listed(r.Columns), r.Table, listed(r.RefColumns))
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*Shared).Resolved
}

// Associations are all associations, in the order in which they were defined.
func (c *Catalog) Associations() []Association {
	it, err := c.db.Txn(false).Get(associationsTable, byID)
	must(err)
	var out []Association
	for obj := it.Next(); obj != nil; obj = it.Next() {
		out = append(out, *obj.(*Association))
	}
	slices.SortFunc(out, func(a, b Association) int { return cmp.Compare(a.Place, b.Place) })
	return out
}

func remove(txn *memdb.Txn, name string) {
	n, err := txn.DeleteAll(tablesTable, byID, name)
	must(err)
	if n == 0 {
		return
	}
	for _, of := range []string{keysTable, referencesTable} {
		_, err := txn.DeleteAll(of, byPrefix, name)
		must(err)
	}
}

func add(txn *memdb.Txn, d *table.Def) {
	must(txn.Insert(tablesTable, &tableObject{name: d.Name(), def: d}))
	for i := range d.Keys() {
		k := d.Keys()[i]
		must(txn.Insert(keysTable, &keyObject{d.Name(), sortedNames(k.Columns), k.Name, k}))
	}
	for _, r := range d.Peek().References {
		must(txn.Insert(referencesTable, &referenceObject{d.Name(), r}))
	}
}

// Def implements [table.Catalog].
func (c *Catalog) Def(name string) *table.Def {
	obj, err := c.db.Txn(false).First(tablesTable, byID, name)
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*tableObject).def
}

// Key implements [table.Catalog].
func (c *Catalog) Key(name string, columns []string) (best query.Key, ok bool) {
	it, err := c.db.Txn(false).Get(keysTable, byPrefix, name, sortedNames(columns))
	must(err)
	for obj := it.Next(); obj != nil; obj = it.Next() {
		k := obj.(*keyObject).key
		if k.Unique() && !k.Prefixed && (!ok || k.Kind == query.PrimaryKey || best.Kind != query.PrimaryKey && slices.Compare(k.Pos, best.Pos) < 0) {
			best, ok = k, true
		}
	}
	return best, ok
}

// Into implements [table.Catalog].
func (c *Catalog) Into(parent string) []table.CatalogReference {
	return c.references(byParent, parent)
}

// From implements [table.Catalog].
func (c *Catalog) From(child string) []table.CatalogReference { return c.references(byPrefix, child) }

func (c *Catalog) references(by, name string) []table.CatalogReference {
	it, err := c.db.Txn(false).Get(referencesTable, by, name)
	must(err)
	var out []table.CatalogReference
	for obj := it.Next(); obj != nil; obj = it.Next() {
		o := obj.(*referenceObject)
		out = append(out, table.CatalogReference{Child: o.child, Reference: o.reference})
	}
	slices.SortFunc(out, func(a, b table.CatalogReference) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Child, b.Child))
	})
	return out
}

// Association is the association of a table by its alias; nil if there is none.
func (c *Catalog) Association(source, alias string) any {
	obj, err := c.db.Txn(false).First(associationsTable, byID, source, alias)
	must(err)
	if obj == nil {
		return nil
	}
	return obj.(*Association).Resolved
}
