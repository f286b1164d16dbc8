package table

import "github.com/memrel/memrel/query"

// Catalog is what there is in a state, by name: tables, keys and references, each found through a unique index. It is asked when
// definitions change and by who shows them, never by a read; package snapshot keeps it, in go-memdb.
type Catalog interface {
	// Def is the definition of a table; nil if there is none of that name.
	Def(table string) *Def
	// Key is the primary or unique key of a table over exactly these columns, in any order: what a reference, a sourceKey or a
	// targetKey needs. Of several it is the primary key, then the first by its columns. ok is false if no such key covers them.
	Key(table string, columns []string) (k query.Key, ok bool)
	// Into are the references to a table, From those that it declares, in the order of their names.
	Into(parent string) []CatalogReference
	From(child string) []CatalogReference
}

// CatalogReference is a reference as the catalog has it: one for each child, columns, parent, key and name.
type CatalogReference struct {
	Child string
	Reference
}
