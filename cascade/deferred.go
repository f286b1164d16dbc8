package cascade

import (
	"github.com/memrel/memrel/index"
	"github.com/memrel/memrel/query"
	"github.com/memrel/memrel/table"
	"github.com/memrel/memrel/types"
)

// Deferred is a check that waits for the commit: that no row of Child holds Key, or that the key's parent is there, or that no two rows
// share a unique key. It names its reference or key, since the tables may be altered before the commit. It is made on the rows that there are then:
// a parent put back, a child repaired or deleted, a key taken over by another row all pass.
type Deferred struct {
	Child string
	Ref   string
	Key   []index.Value // as rows of the child hold it
	// Unique: the check is of a deferrable unique key of Child, which Ref names: no two rows have Key, or any one key if that is nil.
	Unique bool
	// Row is the referencing row that the check waits for: if it has gone or changed by then the check passes, since what
	// it was changed into has a check of its own. Without a Row the check waits because the referenced key went, or
	// because the rows were rewritten by an altered definition.
	Row index.Record
	// ParentGone: the check waits because the referenced key went.
	ParentGone bool
}

// CheckDeferred holds the state that r gives to pending checks, in their order. The error is the first violation, of kind
// [types.ErrForeignKey], [types.ErrRestrict], [types.ErrMatchFull] or [types.ErrUnique]. Checks of references and keys that are gone pass.
// O(checks x log n).
func (g *Graph) CheckDeferred(r table.Reader, pending []Deferred) error {
	interrupt := table.InterruptOf(r)
	for _, c := range pending {
		if interrupt.Row() {
			return interrupt.Err()
		}
		if c.Unique {
			if err := checkDeferredKey(r, c); err != nil {
				return err
			}
			continue
		}
		if ref := g.Ref(c.Child, c.Ref); ref != nil {
			if err := ref.checkDeferred(r, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// Ref is the reference of that name that a table declares; nil if there is none.
func (g *Graph) Ref(child, name string) *Ref {
	for _, ref := range g.From(child) {
		if ref.Name == name {
			return ref
		}
	}
	return nil
}

func (r *Ref) checkDeferred(reader table.Reader, c Deferred) error {
	if r.Unchecked || !c.Row.IsZero() && !reader.Table(r.Child).Tree(0).Holds(c.Row) {
		return nil
	}
	holders := holders(reader, r, c.Key)
	if len(holders) == 0 {
		return nil
	}
	e := r.checkKey(c.Key, func() bool { return r.hasParent(reader, c.Key) })
	if e == nil {
		return nil
	}
	if c.ParentGone && nulls(c.Key) == 0 {
		gone, _ := r.inParent(c.Key) // where it came from
		e = r.stillReferenced(gone, table.NoAction, holders)
		e.Op = "commit"
		return e
	}
	e.Op, e.Rows = "commit", holders
	return e
}

// hasParent tells whether the key that a row of the child holds has its parent.
func (r *Ref) hasParent(reader table.Reader, key []index.Value) bool {
	key, err := r.inParent(key)
	if err != nil {
		return false
	}
	tree := reader.Table(r.Table).Tree(r.parentTree)
	if !r.parentKeyNotUnique {
		_, ok := tree.Get(key...)
		return ok
	}
	found := false
	tree.Scan(index.Range{Low: key, High: key}, func(index.Record) bool {
		found = true
		return false
	})
	return found
}

// holders are the labels of the first rows that hold a key.
func holders(reader table.Reader, r *Ref, key []index.Value) []string {
	var labels []string
	key = r.lookup(key)
	reader.Table(r.Child).Tree(r.childTree).Scan(index.Range{Low: key, High: key}, func(rec index.Record) bool {
		if !r.childDef.Gone(rec) {
			labels = append(labels, r.childDef.Label(rec))
		}
		return len(labels) < types.MaxErrorRows
	})
	return labels
}

// CheckInserted tells whether records that are in table name now have their parents, and deferrable keys of their own, for statements
// that insert and do nothing else. Checks that are deferred come back as pending. The error is that of the first record, and of its
// references the first by name, and then of its keys; it is of kind [types.ErrForeignKey], [types.ErrMatchFull] or [types.ErrUnique],
// and at is the record's position. O(records x references x log n).
func (g *Graph) CheckInserted(r table.Reader, name string, recs []index.Record, interrupt *query.Interrupt, deferred Mode) (pending []Deferred, at int, err error) {
	pending, at, err = g.checkInsertedParents(r, name, recs, interrupt, deferred)
	if err == nil {
		pending, at, err = checkInsertedKeys(r.Table(name), pending, recs, interrupt, deferred)
	}
	return pending, at, err
}

func (g *Graph) checkInsertedParents(r table.Reader, name string, recs []index.Record, interrupt *query.Interrupt, deferred Mode) (pending []Deferred, at int, err error) {
	refs := g.From(name)
	if len(refs) == 0 {
		return nil, 0, nil
	}
	parents := make([]*index.Tree, len(refs))
	for i, ref := range refs {
		parents[i] = r.Table(ref.Table).Tree(ref.parentTree)
	}
	var buf [4]index.Value
	for at, rec := range recs {
		if interrupt.Row() {
			return nil, at, interrupt.Err()
		}
		for i, ref := range refs {
			if !ref.binds(rec) {
				continue
			}
			key := ref.childKey(buf[:0], rec)
			if ref.Deferrable && deferred(ref.Name, ref.InitiallyDeferred) {
				pending = ref.wait(pending, key, rec)
				continue
			}
			err := ref.checkKey(key, func() bool {
				key, err := ref.inParent(key)
				if err != nil {
					return false
				}
				_, ok := parents[i].Get(key...)
				return ok
			})
			if err != nil {
				return nil, at, err
			}
		}
	}
	return pending, 0, nil
}

// wait puts off a check of a key to the commit. It does so whether or not the key would pass now: what waits is checked
// in the order in which it came up, so which of two broken references is reported does not depend on what lies between.
// row is the referencing row that came; none if a referenced key went.
func (r *Ref) wait(pending []Deferred, key []index.Value, row index.Record) []Deferred {
	if nulls(key) == len(key) {
		return pending
	}
	return append(pending, Deferred{Child: r.Child, Ref: r.Name, Key: append([]index.Value(nil), key...), Row: row, ParentGone: row.IsZero()})
}

// Defers tells whether a table has references whose checks can wait, so that whoever writes to it has to remember which
// rows it wrote; see [Statement.Wrote].
func (g *Graph) Defers(name string) bool {
	for _, ref := range g.From(name) {
		if ref.Deferrable {
			return true
		}
	}
	return false
}
